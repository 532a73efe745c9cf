"""The sign-ins at Twitch: are they good, and have they the rights that are needed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pickled.config import Config
from pickled.doctor.check import Check, Status
from pickled.errors import ConfigError

if TYPE_CHECKING:  # a laptop that only plays has nothing of the server's
    from pickled.services.twitch.sign_in_state import SignInState


async def check_twitch(config: Config) -> tuple[Check, ...]:
    """One check for each account that is signed in; nothing where no part signs in."""
    if config.data_dir is None:
        return ()
    from pickled.services.twitch import start
    from pickled.services.twitch.configured import options_of, signs_in
    from pickled.services.twitch.sign_in_state import state_of

    try:
        options = options_of(config) if signs_in(config) else None
    except ConfigError:
        options = None  # the part's own check says what is wrong with it
    if options is None:
        return ()
    async with start(options.access(config.data_dir)) as twitch:
        found = [await state_of(each) for each in twitch.sign_ins.values()]
    if not any(each.login for each in found):
        why = "Chat is read without an account: no follows, points, polls or ads, and no writing."
        remedy = "Sign in with `pickled twitch login`."
        return (Check("twitch sign-in", "warn", "nobody is signed in", why, remedy),)
    return tuple(_told(each) for each in found if each.login)


def _told(standing: SignInState) -> Check:
    name, remedy = f"twitch {standing.role}", f"`pickled twitch login --as {standing.role}`"
    if standing.problem:
        status: Status = "fail" if standing.signed_out else "warn"
        return Check(name, status, f"{standing.login} can't be used", standing.problem, remedy)
    if not standing.missing:
        return Check(name, "ok", f"signed in as {standing.login}, with all rights")
    why = "; ".join(f"{each.name}: {each.why}" for each in standing.missing)
    status = "warn" if standing.reads_chat else "fail"
    return Check(
        name, status, f"signed in as {standing.login}, and rights are missing", why, remedy
    )
