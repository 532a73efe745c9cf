"""Nova (listen v1) tells pieces: a turn is over at `speech_final` or `UtteranceEnd`, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pickled.messages.recognized import Recognized, RecognizedWord
from pickled.stt.turns import OfSound, number_of, text_of, words_of


@dataclass
class NovaTurns:
    """Of one connection."""

    open: bool = False
    _said: list[str] = field(default_factory=list)
    """Pieces of the turn that don't change any more."""
    _words: tuple[RecognizedWord, ...] = ()
    _sure: list[float] = field(default_factory=list)
    _start_ms: int | None = None
    _told: str = ""

    def read(self, message: Any, of_sound: OfSound) -> list[Recognized]:
        """`SpeechStarted`, `Results` and `UtteranceEnd`."""
        match getattr(message, "type", None):
            case "SpeechStarted":
                return self._begin(number_of(message, "timestamp"), of_sound)
            case "Results":
                return self._results(message, of_sound)
            case "UtteranceEnd" if self._said:
                return [self._end()]
        return []

    def _begin(self, at: float | None, of_sound: OfSound) -> list[Recognized]:
        if self.open:
            return []
        self.open = True
        self._start_ms = None if at is None else of_sound(at)
        return [Recognized("started", start_ms=self._start_ms)]

    def _results(self, message: Any, of_sound: OfSound) -> list[Recognized]:
        listed = getattr(getattr(message, "channel", None), "alternatives", None)
        best = listed[0] if isinstance(listed, list) and listed else None
        text, told = text_of(best, "transcript"), list[Recognized]()
        over = bool(getattr(message, "is_final", False))
        ends = over and any(
            getattr(message, each, None) is True for each in ("speech_final", "from_finalize")
        )
        if text:
            words, sure = words_of(best, of_sound), number_of(best, "confidence")
            told += self._begin(_first_word(best) or number_of(message, "start"), of_sound)
            so_far = " ".join((*self._said, text))
            if over:
                self._said.append(text)
                self._words += words
                self._sure += [sure] if sure is not None else []
            if so_far != self._told and not ends:
                told.append(Recognized("interim", so_far, False, sure, self._start_ms,
                                       self._words if over else self._words + words))  # fmt: skip
                self._told = so_far
        if ends and self.open:  # without words it was a noise that it took for speech
            told.append(self._end())
        return told

    def _end(self) -> Recognized:
        sure = sum(self._sure) / len(self._sure) if self._sure else None
        turn = Recognized("final", " ".join(self._said), False, sure, self._start_ms, self._words)
        self.open, self._said, self._words, self._sure = False, [], (), []
        self._start_ms, self._told = None, ""
        return turn


def _first_word(best: Any) -> float | None:
    """When it begins; the piece itself may begin long before, in silence."""
    listed = getattr(best, "words", None)
    return number_of(listed[0], "start") if isinstance(listed, list) and listed else None
