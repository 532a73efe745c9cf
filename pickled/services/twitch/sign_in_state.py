"""How a sign-in stands: whose it is, what it may, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.errors import TwitchError
from pickled.services.twitch.scopes import Right, missing_of
from pickled.services.twitch.sign_in import SignIn
from pickled.services.twitch.tokens import Role


@dataclass(frozen=True)
class SignInState:
    """What Twitch says of one sign-in."""

    role: Role
    login: str = ""
    """Empty: nobody has signed in."""
    missing: tuple[Right, ...] = ()
    problem: str = ""
    """Why it is of no use, or can't be looked at; "" for nothing."""
    signed_out: bool = False
    """Only a new sign-in helps."""

    @property
    def reads_chat(self) -> bool:
        """Has it all that reading chat needs?"""
        return self.login != "" and not self.problem and not any(e.needed for e in self.missing)


async def state_of(sign_in: SignIn) -> SignInState:
    """Ask Twitch; a token that has run out is renewed for that."""
    try:
        found = await sign_in.validate()
    except TwitchError as error:
        nobody = not sign_in.signed_in and not sign_in.complaint
        problem = "" if nobody else str(error)
        login = "" if nobody else sign_in.login or sign_in.role
        return SignInState(sign_in.role, login, problem=problem, signed_out=error.signed_out)
    return SignInState(sign_in.role, found.login, missing_of(sign_in.role, tuple(found.scopes)))
