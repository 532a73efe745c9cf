"""When the next ad break comes: asked for while the stream is on, as no event tells it before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from pickled.errors import TwitchError
from pickled.inputs import Emit
from pickled.inputs.twitch_eventsub.chat import SOURCE
from pickled.messages.stream import StreamEvent
from pickled.services.twitch import Twitch, rows

log = structlog.get_logger()

AHEAD_S = 300.0
"""What comes later is not announced yet."""

_LONGEST_S = 180.0
_REFUSED = (401, 403)


class AdSchedule:
    """Of one channel; it needs the streamer's sign-in with `channel:read:ads`."""

    def __init__(
        self,
        twitch: Twitch,
        *,
        poll_s: float,
        is_live: Callable[[], bool],
        utc_now: Callable[[], datetime],
    ) -> None:
        self._twitch = twitch
        self._poll_s = poll_s
        self._is_live = is_live
        self._utc_now = utc_now

    async def run(self, emit: Emit) -> None:
        """Announce each break, more than once, until cancelled; without the right it is silent."""
        while True:
            await asyncio.sleep(self._poll_s)
            if not self._is_live():
                continue
            try:
                event = await self._next()
            except TwitchError as error:
                log.info("ad breaks are not announced", why=str(error))
                if error.status in _REFUSED or error.signed_out:
                    await asyncio.Event().wait()
                continue
            if event is not None:
                emit(event)

    async def _next(self) -> StreamEvent | None:
        """The next break, if it comes soon; raises TwitchError."""
        params = {"broadcaster_id": self._twitch.broadcaster_id}
        answer = await self._twitch.helix.get("channels/ads", params=params, as_="streamer")
        row = next(iter(rows(answer)), {})
        now, at = self._utc_now(), moment(row.get("next_ad_at"))
        if at is None or not 0 < (left := (at - now).total_seconds()) <= AHEAD_S:
            return None
        return StreamEvent(
            ts=now, event_type="ad", source=SOURCE, in_seconds=left,
            seconds=_seconds(row.get("duration")),
        )  # fmt: skip


def moment(told: Any) -> datetime | None:
    """As Twitch documents it, or in seconds, as it has been seen; None for no break."""
    try:
        if isinstance(told, int) and not isinstance(told, bool) and told > 0:
            return datetime.fromtimestamp(told, UTC)
        if isinstance(told, str) and told:
            found = datetime.fromisoformat(told)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _seconds(told: Any) -> float | None:
    """It may come as a text."""
    digits = str(told) if isinstance(told, int | str) and not isinstance(told, bool) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6) or int(digits) == 0:
        return None
    return min(float(digits), _LONGEST_S)
