"""How Flux and Nova make turns of sound: by silence alone, and by their own rules for messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.stand_ins.spoken import RATE, is_loud

Message = dict[str, Any]
Said = list[tuple[str, float, float]]

_FRAME = RATE // 50 * 2
_ID = {"request_id": "00000000-0000-0000-0000-000000000000"}


@dataclass
class FluxEar:
    """Update, StartOfTurn, EagerEndOfTurn, TurnResumed, EndOfTurn; `Connected` first."""

    words: Callable[[bytes], Said]
    eager_ms: int
    """0: no eager end is told."""
    end_ms: int
    tells: bool = True
    _sequence: int = 0
    _turn: int = 0
    _state: str = "ready"
    _sound: bytearray = field(default_factory=bytearray)
    """Of the turn."""
    _start_s: float = 0.0
    _at_s: float = 0.0
    _silent_ms: int = 0
    _untold_ms: int = 0
    _rest: bytes = b""

    def greet(self) -> list[Message]:
        """What comes first."""
        return [self._numbered({"type": "Connected", **_ID})]

    def obey(self, kind: str) -> list[Message]:
        """A control message."""
        if kind == "ForceEndTurn" and self._state != "ready":
            return [self._end("manual")]
        return []

    def error(self, code: str) -> Message:
        """Nothing goes on."""
        return self._numbered({"type": "Error", "code": code, "description": "something broke"})

    def take(self, pcm: bytes) -> list[Message]:
        """What sound makes it tell."""
        told: list[Message] = []
        self._rest += pcm
        while len(self._rest) >= _FRAME:
            frame, self._rest = self._rest[:_FRAME], self._rest[_FRAME:]
            told += self._frame(frame)
        return told

    def _frame(self, frame: bytes) -> list[Message]:
        self._at_s += 0.02
        self._untold_ms += 20
        loud, told = is_loud(frame), list[Message]()
        self._silent_ms = 0 if loud else self._silent_ms + 20
        if self._state == "ready" and not loud:
            self._start_s = self._at_s
        else:
            self._sound += frame
        if self._state == "ready" and loud:
            self._state = "speaking"
            told.append(self._told("StartOfTurn"))
        elif self._state == "awaiting" and loud:
            self._state = "speaking"
            told.append(self._told("TurnResumed"))
        elif self._state == "speaking" and self.eager_ms and self._silent_ms == self.eager_ms:
            if self._said(always=True):
                self._state = "awaiting"
                told.append(self._told("EagerEndOfTurn"))
        elif self._state != "ready" and self._silent_ms >= self.end_ms:
            told.append(self._end("model"))
        if self._untold_ms >= 250:
            told.append(self._told("Update"))
        return told

    def _said(self, *, always: bool = False) -> Said:
        return self.words(bytes(self._sound)) if (self.tells or always) else []

    def _end(self, trigger: str) -> Message:
        said = self._said(always=True)
        message = self._told("EndOfTurn") | {"trigger": trigger, "turn": _text(said)}
        self._state, self._turn = "ready", self._turn + 1
        self._sound.clear()
        self._start_s = self._at_s
        return message

    def _told(self, event: str) -> Message:
        self._untold_ms = 0
        said = self._said(always=event in ("EagerEndOfTurn", "EndOfTurn"))
        words = [
            {"word": word, "confidence": 0.9, "start": self._start_s + start,
             "end": self._start_s + end}
            for word, start, end in said
        ]  # fmt: skip
        return self._numbered({
            "type": "TurnInfo", **_ID, "event": event, "turn_index": self._turn,
            "audio_window_start": self._start_s, "audio_window_end": self._at_s,
            "transcript": _text(said), "words": words,
            "end_of_turn_confidence": 0.9 if event == "EndOfTurn" else 0.1,
        })  # fmt: skip

    def _numbered(self, message: Message) -> Message:
        self._sequence += 1
        return {**message, "sequence_id": self._sequence - 1}


@dataclass
class NovaEar:
    """SpeechStarted, Results, UtteranceEnd, and Metadata at the end."""

    words: Callable[[bytes], Said]
    endpointing_ms: int
    utterance_end_ms: int
    interim: bool
    vad_events: bool
    never_final: bool = False
    _sound: bytearray = field(default_factory=bytearray)
    """Of which nothing final was told."""
    _start_s: float = 0.0
    _at_s: float = 0.0
    _silent_ms: int = 100_000
    _untold_ms: int = 0
    _pending: list[str] = field(default_factory=list)
    """Final pieces of the turn."""
    _owes_end: bool = False
    _rest: bytes = b""

    def greet(self) -> list[Message]:
        """Nothing: it waits for sound."""
        return []

    def obey(self, kind: str) -> list[Message]:
        """A control message."""
        match kind:
            case "Finalize":
                return [self._results(final=True, from_finalize=True)]
            case "CloseStream":
                return [{"type": "Metadata", "transaction_key": "deprecated", **_ID, "sha256": "0",
                         "created": "2026-11-30T00:00:00Z", "duration": self._at_s,
                         "channels": 1}]  # fmt: skip
        return []

    def error(self, code: str) -> Message:
        """Nothing goes on."""
        return {"type": "Error", "err_code": code, "err_msg": "something broke", "variant": code}

    def take(self, pcm: bytes) -> list[Message]:
        """What sound makes it tell."""
        told: list[Message] = []
        self._rest += pcm
        while len(self._rest) >= _FRAME:
            frame, self._rest = self._rest[:_FRAME], self._rest[_FRAME:]
            told += self._frame(frame)
        return told

    def _frame(self, frame: bytes) -> list[Message]:
        self._at_s += 0.02
        self._untold_ms += 20
        self._sound += frame
        loud, told = is_loud(frame), list[Message]()
        if loud and self._silent_ms > 1000 and self.vad_events:
            told.append({"type": "SpeechStarted", "channel": [0, 1], "timestamp": self._at_s})
        self._silent_ms = 0 if loud else self._silent_ms + 20
        has_words = self._owes_end or bool(self.words(bytes(self._sound)) if not loud else ())
        if has_words and self._silent_ms == self.endpointing_ms:
            told.append(self._results(final=True, speech_final=not self.never_final))
        elif self._owes_end and self._silent_ms == self.utterance_end_ms:
            self._owes_end = False
            told.append({"type": "UtteranceEnd", "channel": [0, 1],
                         "last_word_end": self._at_s - self._silent_ms / 1000})  # fmt: skip
            self._over()
        elif self._untold_ms >= 1000 and self.interim:
            told.append(self._results(final=len(self._sound) > 3 * RATE * 2))
        return told

    def _over(self) -> None:
        self._pending.clear()

    def _results(
        self, *, final: bool, speech_final: bool = False, from_finalize: bool = False
    ) -> Message:
        self._untold_ms = 0
        said, start = self.words(bytes(self._sound)), self._start_s
        words = [
            {"word": word, "punctuated_word": word, "confidence": 0.95, "start": start + begin,
             "end": start + end}
            for word, begin, end in said
        ]  # fmt: skip
        best = {"transcript": _text(said), "confidence": 0.95 if said else 0.0, "words": words}
        message: Message = {
            "type": "Results", "channel_index": [0, 1], "duration": self._at_s - start,
            "start": start, "is_final": final, "speech_final": speech_final,
            "from_finalize": from_finalize, "channel": {"alternatives": [best]},
            "metadata": {**_ID, "model_uuid": "0", "model_info": {"name": "nova", "version": "1",
                                                                 "arch": "nova"}},
        }  # fmt: skip
        if final:
            self._pending += [_text(said)] if said else []
            self._owes_end = self._owes_end or bool(said)
            self._sound.clear()
            self._start_s = self._at_s
        if speech_final or from_finalize:
            message["turn"] = " ".join(self._pending)
            self._over()
        return message


def _text(said: Said) -> str:
    return " ".join(word for word, _, _ in said)
