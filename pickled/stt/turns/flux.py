"""Flux (listen v2) tells turns itself: begun, probably over, gone on, over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pickled.messages.recognized import Recognized
from pickled.stt.turns import OfSound, number_of, sureness, text_of, words_of


@dataclass
class FluxTurns:
    """Of one connection."""

    open: bool = False
    _said: str = ""
    """What was told of the turn."""
    _start_ms: int | None = None

    def read(self, message: Any, of_sound: OfSound) -> list[Recognized]:
        """A `TurnInfo`; what else there is says nothing of a turn."""
        if getattr(message, "type", None) != "TurnInfo":
            return []
        event, text = text_of(message, "event"), text_of(message, "transcript")
        told: list[Recognized] = []
        if not self.open and (text or event == "StartOfTurn"):
            told.append(self._begin(message, of_sound))
        match event:
            case "EndOfTurn" if self.open:
                told.append(self._turn("final", text, message, of_sound))
                self.open, self._said, self._start_ms = False, "", None
            case "EagerEndOfTurn" | "TurnResumed" if self.open and (text or self._said):
                eager = event == "EagerEndOfTurn"
                told.append(self._turn("interim", text, message, of_sound, eager=eager))
            case "Update" | "StartOfTurn" if text and text != self._said:
                told.append(self._turn("interim", text, message, of_sound))
        if self.open:
            self._said = text or self._said
        return told

    def _begin(self, message: Any, of_sound: OfSound) -> Recognized:
        self.open = True
        words = words_of(message, of_sound)
        window = number_of(message, "audio_window_start")
        self._start_ms = words[0].start_ms if words else None
        if self._start_ms is None and window is not None:
            self._start_ms = of_sound(window)
        return Recognized("started", start_ms=self._start_ms)

    def _turn(
        self, state: Any, text: str, message: Any, of_sound: OfSound, *, eager: bool = False
    ) -> Recognized:
        return Recognized(
            state, text or self._said, eager, sureness(message), self._start_ms,
            words_of(message, of_sound),
        )  # fmt: skip
