"""`pickled twitch`: sign in from any machine, see how the sign-ins stand, sign out again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import aiohttp
import typer
from rich.console import Console

from pickled import log
from pickled.cli.twitch_texts import CONSOLE, code_shown, rights_shown, what_next
from pickled.config import Config, load
from pickled.errors import PickledError, TwitchError, UsageError
from pickled.extras import missing, needs
from pickled.services.twitch import Options, Twitch, start
from pickled.services.twitch.configured import options_of
from pickled.services.twitch.oauth import DeviceCode, Granted, OAuth, Validated
from pickled.services.twitch.scopes import scopes_of
from pickled.services.twitch.sign_in_state import state_of
from pickled.services.twitch.tokens import Role, TokenFile, Tokens

_PATIENCE_S = 600.0
"""So long a person has for it, where Twitch gives more."""

app = typer.Typer(no_args_is_help=True, help="Sign in to Twitch: once as you, once as your bot.")

_Config = Annotated[
    Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
]
_As = Annotated[
    Literal["streamer", "bot"],
    typer.Option("--as", help="Your own account, or the one that the co-host writes with."),
]


@app.callback()
def _twitch() -> None:
    """Sign in to Twitch: once as you, once as your bot."""


@app.command(epilog="Example: `pickled twitch login`, `pickled twitch login --as bot`")
def login(
    as_: _As = "streamer",
    client_id: Annotated[
        str | None, typer.Option(help="Of your application; kept beside the sign-in.")
    ] = None,
    qr: Annotated[bool, typer.Option(help="Show the link as a picture, too.")] = True,
    config: _Config = None,
) -> None:
    """Show a code and a link; whoever opens it, on any device, signs this machine in.

    No web server, no secret, no password. It says which rights are asked for, and why.
    """
    settings = _settings(config)
    asyncio.run(_login(settings, as_, client_id or "", Console(soft_wrap=True), qr=qr))


@app.command(epilog="Example: `pickled twitch status`")
def status(config: _Config = None) -> None:
    """Who is signed in, and which rights are missing."""
    settings = _settings(config)
    good = asyncio.run(_status(settings, Console(soft_wrap=True)))
    raise typer.Exit(0 if good else 1)


@app.command(epilog="Example: `pickled twitch logout --as bot`")
def logout(as_: _As = "streamer", config: _Config = None) -> None:
    """End the sign-in at Twitch, and forget it here."""
    settings = _settings(config)
    asyncio.run(_logout(settings, as_, Console(soft_wrap=True)))


def _settings(path: Path | None) -> Config:
    if absent := missing("server"):
        raise PickledError(needs(absent[0]))
    log.only_errors()
    return load(path, environ=os.environ, cwd=Path.cwd()).config


def _options(config: Config) -> Options:
    options = options_of(config)
    if options is None:
        raise UsageError("No channel is named: write `channel: yourname` into pickled.yaml first.")
    return options


@asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[Twitch]:
    assert config.data_dir is not None
    async with start(_options(config).access(config.data_dir)) as twitch:
        yield twitch


async def _login(config: Config, role: Role, client_id: str, show: Console, *, qr: bool) -> None:
    options = _options(config)
    assert config.data_dir is not None
    file = TokenFile(config.data_dir, role)
    client_id = client_id or options.client_id or _known_client(config.data_dir)
    if not client_id:
        raise UsageError(CONSOLE)
    names = [each.name for each in scopes_of(role)]
    rights_shown(show, role, options.channel)
    async with aiohttp.ClientSession() as session:
        oauth = OAuth(session, options.id_url, options.answer_timeout_s)
        code = await oauth.device(client_id, names)
        code_shown(show, code.user_code, code.verification_uri, qr=qr)
        granted = await _agreed(oauth, code, client_id, names)
        found = await oauth.validate(granted.access_token.get_secret_value())
        if found is None:
            raise TwitchError("Twitch does not take the token that it gave: try once more")
        tokens = _kept(granted, found, client_id)
        if role == "streamer" and found.login != options.channel:
            await oauth.revoke(tokens)
            raise UsageError(
                f"That was {found.login}, and the channel is {options.channel}: nothing is kept. "
                "Open the link where you are signed in as the streamer, or use --as bot."
            )
        await asyncio.to_thread(file.write, tokens)
    show.print(f"Signed in as {found.login}; kept in {file.path}, for this user's eyes alone.")
    what_next(show, config, role, options.channel)


def _kept(granted: Granted, found: Validated, client_id: str) -> Tokens:
    log.hide(granted.access_token.get_secret_value())
    return Tokens(
        client_id=found.client_id or client_id,
        access_token=granted.access_token,
        refresh_token=granted.refresh_token,
        user_id=found.user_id,
        login=found.login,
        scopes=tuple(found.scopes),
        signed_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _known_client(data_dir: Path) -> str:
    """Of the other account's sign-in: one application serves for both."""
    roles: tuple[Role, ...] = ("streamer", "bot")
    for role in roles:
        tokens = TokenFile(data_dir, role).read()
        if tokens is not None:
            return tokens.client_id
    return ""


async def _agreed(oauth: OAuth, code: DeviceCode, client_id: str, names: list[str]) -> Granted:
    """Wait for the person; raises TwitchError when the code has run out."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + min(code.expires_in, _PATIENCE_S)
    while loop.time() < deadline:
        await asyncio.sleep(code.interval)
        try:
            granted = await oauth.granted(code, client_id, names)
        except TwitchError as error:
            if error.permanent:
                raise
            continue  # it answers again, perhaps
        if granted is not None:
            return granted
    raise TwitchError("nobody has typed the code in: run `pickled twitch login` once more")


async def _status(config: Config, show: Console) -> bool:
    """Can chat be read?"""
    async with _opened(config) as twitch:
        found = [await state_of(each) for each in twitch.sign_ins.values()]
    for each in found:
        if not each.login:
            show.print(f"{each.role}: nobody; `pickled twitch login --as {each.role}`")
        elif each.problem:
            show.print(f"{each.role}: {each.problem}")
        else:
            lacks = (
                f", without {' '.join(one.name for one in each.missing)}" if each.missing else ""
            )
            show.print(f"{each.role}: {each.login}{lacks}")
    return any(each.reads_chat for each in found)


async def _logout(config: Config, role: Role, show: Console) -> None:
    assert config.data_dir is not None
    file = TokenFile(config.data_dir, role)
    tokens = file.read()
    if tokens is None:
        show.print(f"Nobody is signed in as {role}.")
        return
    async with _opened(config) as twitch:
        try:
            await twitch.oauth.revoke(tokens)
        except TwitchError as error:
            show.print(f"{error}. It is forgotten here all the same.")
    file.remove()
    show.print(f"Signed out {tokens.login or role}.")
