"""What can be done in a Twitch channel beside writing: each action is one call of the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pickled.errors import TwitchError
from pickled.services.twitch import Twitch

Args = Mapping[str, str]

WHAT: dict[str, str] = {
    "marker": "marks this moment in the recording of the stream",
    "clip": "makes a clip of the last half minute",
    "poll": "asks chat in a poll",
    "prediction": "lets chat bet channel points on what will happen",
    "shoutout": "shows chat another channel",
    "title": "changes the title of the stream",
}

_LONGEST_CHOICE = 25
_LONGEST_QUESTION = 60
_LONGEST_BET = 45
_LONGEST_TITLE = 140


async def act(twitch: Twitch, name: str, args: Args) -> None:
    """Do it; raises TwitchError with what is missing, or why Twitch refuses."""
    if not twitch.broadcaster_id:
        raise TwitchError("nobody is signed in: `pickled twitch login`")
    await _DO[name](twitch, args)


async def _marker(twitch: Twitch, args: Args) -> None:
    asked: dict[str, Any] = {"user_id": twitch.broadcaster_id}
    if text := args.get("title"):
        asked["description"] = text[:_LONGEST_TITLE]
    await twitch.helix.post("streams/markers", json=asked, as_="streamer")


async def _clip(twitch: Twitch, args: Args) -> None:
    del args
    params = {"broadcaster_id": twitch.broadcaster_id}
    await twitch.helix.post("clips", params=params, as_="streamer")


async def _poll(twitch: Twitch, args: Args) -> None:
    asked = {
        "broadcaster_id": twitch.broadcaster_id,
        "title": _needed(args, "title")[:_LONGEST_QUESTION],
        "choices": [{"title": each} for each in _choices(args, most=5)],
        "duration": _seconds(args, least=15),
    }
    await twitch.helix.post("polls", json=asked, as_="streamer")


async def _prediction(twitch: Twitch, args: Args) -> None:
    asked = {
        "broadcaster_id": twitch.broadcaster_id,
        "title": _needed(args, "title")[:_LONGEST_BET],
        "outcomes": [{"title": each} for each in _choices(args, most=10)],
        "prediction_window": _seconds(args, least=30),
    }
    await twitch.helix.post("predictions", json=asked, as_="streamer")


async def _shoutout(twitch: Twitch, args: Args) -> None:
    params = {
        "from_broadcaster_id": twitch.broadcaster_id,
        "to_broadcaster_id": _needed(args, "user_id"),
        "moderator_id": twitch.user_id,
    }
    await twitch.helix.post("chat/shoutouts", params=params)


async def _title(twitch: Twitch, args: Args) -> None:
    params = {"broadcaster_id": twitch.broadcaster_id}
    asked = {"title": _needed(args, "title")[:_LONGEST_TITLE]}
    await twitch.helix.patch("channels", params=params, json=asked, as_="streamer")


def _needed(args: Args, name: str) -> str:
    if not (value := args.get(name, "").strip()):
        raise TwitchError(f"it needs `{name}`: give it in the persona, `args: {{{name}: …}}`")
    return value


def _choices(args: Args, *, most: int) -> list[str]:
    """`Left | Right`."""
    given = [each.strip()[:_LONGEST_CHOICE] for each in _needed(args, "choices").split("|")]
    choices = [each for each in given if each]
    if not 2 <= len(choices) <= most:
        raise TwitchError(f"`choices` are 2 to {most}, with | between them")
    return choices


def _seconds(args: Args, *, least: int) -> int:
    given = args.get("seconds", "60")
    if not (given.isascii() and given.isdigit()) or not least <= int(given) <= 1800:
        raise TwitchError(f"`seconds` is a number from {least} to 1800")
    return int(given)


_DO: dict[str, Callable[[Twitch, Args], Awaitable[None]]] = {
    "marker": _marker,
    "clip": _clip,
    "poll": _poll,
    "prediction": _prediction,
    "shoutout": _shoutout,
    "title": _title,
}
