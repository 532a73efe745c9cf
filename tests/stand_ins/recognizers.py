"""A recognizer that does what the test wrote down; it understands `tests.stand_ins.spoken`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Literal

from pickled.errors import RecognizerError
from pickled.messages.recognized import Recognized
from tests.stand_ins.spoken import understood


@dataclass
class ScriptedEar:
    """Tells words while they are spoken; a turn is a stretch of speech."""

    name: str = "scripted ear"
    replay_s: float = 30.0
    broken: bool = False
    """It answers no probe, and hears nothing."""
    fails_after_words: int | None = None
    """The first stretch in which it heard so many fails."""
    lost: bool = True
    """It fails as a connection does that is cut."""
    failure: Literal["raises", "returns", "gives text", "crashes"] = "raises"
    failures: int = 1
    ends: bool = True
    """False: it never tells that a turn is over."""
    deaf: bool = False
    """It finds no words in anything."""
    says: str = ""
    """Instead of the words that it found."""
    answers_s: float = 0.05
    given_s: float = 0.0
    """Sound that it was given, s."""
    uses: int = 0

    async def probe(self) -> None:
        if self.broken:
            raise RecognizerError("the ear is not there; start it")

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        self.uses += 1
        turn, told = b"", ""
        async for piece in sound:
            if self.broken:
                raise RecognizerError("the ear is not there; start it")
            turn += piece
            self.given_s += len(piece) / 32_000
            words = [] if self.deaf else [word for word, _, _ in understood(turn)]
            text = " ".join(words)
            if text and not told:
                yield Recognized("started", start_ms=0)
            if text != told:
                told = text
                yield Recognized("interim", text)
            if len(words) >= (self.fails_after_words or 1000) and self.failures:
                self.failures -= 1
                if self.failure == "gives text":
                    yield text  # type: ignore[misc]  # that is what is wrong with it
                if self.failure == "returns":
                    return
                self._fail()
            if not piece and turn:
                await asyncio.sleep(self.answers_s)
                if text and self.ends:
                    yield Recognized("final", self.says or text, confidence=0.9)
                turn, told = b"", ""

    def _fail(self) -> None:
        if self.failure == "crashes":
            raise KeyError("words")
        raise RecognizerError("the connection was cut", lost=self.lost)
