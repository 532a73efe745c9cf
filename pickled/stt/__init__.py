"""Recognizers of what the streamer says."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Protocol

from pickled.messages.recognized import Recognized

REPLAY_S = 30.0
"""Of a recognizer that says nothing of it."""


class Recognizer(Protocol):
    """What `start` of each file here yields.

    It may have one field more: `replay_s` (so much sound of a turn that another one began it may
    be given at once, s).
    """

    @property
    def name(self) -> str:
        """As shown: the kind and the model."""

    def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """Turn by turn: `started`, any number of `interim`, then `final`, until the sound ends.

        The sound is PCM as it comes, signed 16 bit mono at 16 kHz, whole samples. It comes while
        somebody speaks; a stretch of speech ends with an empty piece (`PAUSE`), and the next one
        may be hours away. To stop waiting for a piece loses none. `started` may be left out, as may
        a turn without words. Raises RecognizerError when it can't go on.
        """

    async def probe(self) -> None:
        """Can it recognize now? Raises RecognizerError that names the remedy."""


def replay_of(part: Recognizer) -> float:
    """Its `replay_s`, whatever it has there."""
    given: Any = getattr(part, "replay_s", REPLAY_S)
    known = isinstance(given, int | float) and 0 <= given <= REPLAY_S
    return float(given) if known else REPLAY_S
