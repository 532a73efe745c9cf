"""Is the stream on, what is it called, who watches: told by events, and asked for beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from pydantic import ValidationError

from pickled.errors import TwitchError
from pickled.inputs import Emit
from pickled.inputs.twitch_eventsub.chat import SOURCE
from pickled.inputs.twitch_eventsub.fields import Event, number, text
from pickled.messages.stream import StreamEvent, StreamState
from pickled.services.twitch import Twitch, rows
from pickled.services.twitch.chat_settings import settings_in

log = structlog.get_logger()

SURE_S = 180.0
"""So long an event is believed where the list of streams says something else: it lags behind."""

_LONGEST_TITLE = 300


class Broadcast:
    """The state of one channel's stream."""

    def __init__(self, twitch: Twitch, *, poll_s: float, utc_now: Callable[[], datetime]) -> None:
        self.state: StreamState | None = None
        """None until it is known."""
        self._twitch = twitch
        self._poll_s = poll_s
        self._utc_now = utc_now
        self._emit: Emit = lambda _event: None
        self._told_at = float("-inf")
        self._again = asyncio.Event()

    async def run(self, emit: Emit) -> None:
        """Ask once in a while, and soon after something was told."""
        self._emit = emit
        while True:
            try:
                await self._ask()
            except TwitchError as error:
                log.info("the stream's state can't be asked for", why=str(error))
            self._again.clear()
            try:
                async with asyncio.timeout(self._poll_s):
                    await self._again.wait()
            except TimeoutError:
                continue

    def take(self, kind: str, event: Event) -> None:
        """Something was told: `stream.online` and the like."""
        before = self.state or StreamState(live=False)
        match kind:
            case "stream.online":
                since = _moment(event.get("started_at")) or self._utc_now()
                self._told_at = asyncio.get_running_loop().time()
                self._become(before.model_copy(update={"live": True, "since": since}))
            case "stream.offline":
                self._told_at = asyncio.get_running_loop().time()
                ended = {"live": False, "since": None, "viewers": None}
                self._become(before.model_copy(update=ended))
            case "channel.update":
                told = {
                    "title": text(event, "title", _LONGEST_TITLE),
                    "game": text(event, "category_name", _LONGEST_TITLE),
                }
                self._become(before.model_copy(update=told))
            case "channel.chat_settings.update" if (found := settings_in(event)) is not None:
                self._twitch.chat_settings = found
        self._again.set()

    async def _ask(self) -> None:
        channel = {"broadcaster_id": self._twitch.broadcaster_id}
        settings = rows(await self._twitch.helix.get("chat/settings", params=channel))
        if settings and (found := settings_in(settings[0])) is not None:
            self._twitch.chat_settings = found
        params = {"user_id": self._twitch.broadcaster_id}
        live = rows(await self._twitch.helix.get("streams", params=params))
        row = live[0] if live else None
        if row is None:
            listed = rows(await self._twitch.helix.get("channels", params=channel))
            row = listed[0] if listed else {}
        state = _state(row, live=bool(live))
        before = self.state
        sure = asyncio.get_running_loop().time() - self._told_at < SURE_S
        if before is not None and sure and state.live != before.live:
            kept = {"live": before.live, "since": before.since, "viewers": None}
            state = state.model_copy(update=kept)
        self._become(state)

    def _become(self, state: StreamState) -> None:
        before, self.state = self.state, state
        if before is not None and before.live != state.live:
            kind: Any = "online" if state.live else "offline"
            title = state.title if state.live else ""
            self._emit(StreamEvent(ts=self._utc_now(), event_type=kind, title=title, source=SOURCE))
        if before != state:
            self._emit(state)


def _state(row: Event, *, live: bool) -> StreamState:
    viewers = number(row, "viewer_count") if live else None
    try:
        return StreamState(
            live=live,
            title=text(row, "title", _LONGEST_TITLE),
            game=text(row, "game_name", _LONGEST_TITLE),
            viewers=int(viewers) if viewers is not None else None,
            since=_moment(row.get("started_at")) if live else None,
        )
    except (TypeError, ValidationError) as error:
        raise TwitchError("the list of streams can't be read") from error


def _moment(value: object) -> datetime | None:
    """A moment as Twitch writes it, with up to nine digits behind the point."""
    if not isinstance(value, str):
        return None
    whole, _, rest = value.rstrip("Z").partition(".")
    try:
        moment = datetime.fromisoformat(f"{whole}.{rest[:6]:0<6}" if rest else whole)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
