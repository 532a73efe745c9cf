"""Asks whose chat is read, and looks whether Twitch knows that channel."""

from __future__ import annotations

import asyncio

import aiohttp

from pickled.cli.setup.draft import Draft
from pickled.cli.setup.interview import Interview
from pickled.config.forms import channel_name
from pickled.errors import SourceError
from pickled.inputs.twitch_anonymous import Options
from pickled.inputs.twitch_irc.connection import IrcConnection

KIND = "twitch_anonymous"
_SIGNED_IN = "twitch"


def ask_channel(questions: Interview, draft: Draft) -> None:
    """Take the channel; none is an answer, too."""
    questions.heading("The chat")
    at, before, options = _before(draft)
    name = questions.ask(
        "channel", "Your Twitch channel (no account needed; empty for none)",
        default=before, check=lambda text: channel_name(text) if text.strip() else "",
    )  # fmt: skip
    if not name:
        questions.say("None yet: it hears nothing but `pickled ask` and `pickled say`.", "dim")
        return
    if name != before:
        draft.set(name if at[-1] == "channel" else {"kind": KIND, "channel": name}, *at)
    try:
        asyncio.run(_join(Options.model_validate({**options, "channel": name})))
    except SourceError as error:
        questions.bad(f"twitch.tv/{name} can't be read now: {error}. It is kept all the same.")
    else:
        questions.good(f"the chat of twitch.tv/{name} can be read")
    if all(part.kind != _SIGNED_IN for part in draft.config().inputs):
        questions.say(
            "Follows, channel points, polls, ads and writing in chat need a sign-in: "
            "`pickled twitch login`, whenever you like.",
            "dim",
        )


def _before(draft: Draft) -> tuple[tuple[str | int, ...], str, dict[str, object]]:
    """Where the channel stands in the file, what it is now, and how Twitch is reached."""
    config = draft.config()
    for number, part in enumerate(config.inputs):
        if part.kind in (KIND, _SIGNED_IN):
            at = ("channel",) if config.channel else ("inputs", number, "channel")
            known = Options.model_fields
            options = {name: value for name, value in part.options.items() if name in known}
            return at, str(part.options.get("channel", "")), options
    if config.inputs:  # with others beside it, `channel` alone is not read
        return ("inputs", len(config.inputs)), "", {}
    return ("channel",), config.channel or "", {}


async def _join(options: Options) -> None:
    """Until the channel is read; raises SourceError."""
    async with aiohttp.ClientSession() as session:
        connection = IrcConnection(
            url=options.irc_url,
            channel=options.channel,
            timeouts=options.timeouts,
            take=lambda _message: None,
        )
        reading = asyncio.create_task(connection.run(session), name="look for the channel")
        await asyncio.wait({reading, connection.joined}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
        await asyncio.wait({reading})
        if not reading.cancelled() and (error := reading.exception()):
            raise error
