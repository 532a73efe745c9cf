"""What Deepgram's messages say of the streamer's turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from pickled.messages.recognized import Recognized, RecognizedWord

OfSound = Callable[[float], int]
"""A moment on the server's clock, s, as ms of the sound that was given."""

_MOST_WORDS = 1000
_LARGEST = 1e9


class TurnReader(Protocol):
    """Reads the messages of one connection, in order."""

    @property
    def open(self) -> bool:
        """Has a turn begun that has no end yet?"""

    def read(self, message: Any, of_sound: OfSound) -> list[Recognized]:
        """What a message means."""


def text_of(message: Any, name: str) -> str:
    """A text in a message; empty for anything else."""
    value = getattr(message, name, None)
    return " ".join(value.split()) if isinstance(value, str) else ""


def number_of(message: Any, name: str) -> float | None:
    """A number in a message."""
    value: Any = getattr(message, name, None)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < _LARGEST else None


def words_of(message: Any, of_sound: OfSound) -> tuple[RecognizedWord, ...]:
    """Its words, where it tells when each was said."""
    listed = getattr(message, "words", None)
    found = []
    for each in listed[:_MOST_WORDS] if isinstance(listed, list) else ():
        text = text_of(each, "punctuated_word") or text_of(each, "word")
        start, end = number_of(each, "start"), number_of(each, "end")
        if text and start is not None and end is not None:
            confidence = number_of(each, "confidence")
            found.append(RecognizedWord(text, of_sound(start), of_sound(end), confidence))
    return tuple(found)


def sureness(message: Any) -> float | None:
    """The mean of its words' confidence."""
    listed = getattr(message, "words", None)
    known = [
        number
        for each in (listed[:_MOST_WORDS] if isinstance(listed, list) else ())
        if (number := number_of(each, "confidence")) is not None
    ]
    return sum(known) / len(known) if known else None
