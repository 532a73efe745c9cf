"""Reads a model's answer while it is being written: the emotion, and the text as it grows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from pickled.errors import ModelError
from pickled.messages.emotion import EMOTIONS, Emotion
from pickled.patterns import pattern

LARGEST_ANSWER = 8192
"""Characters; a model that writes more has lost its way."""

_OTHER_SHAPE = "the answer has another shape than was asked for"
_CONTROL = pattern(r"[\x00-\x1f]")
_THOUGHTS = pattern(r"\s*<think>.*?(?:</think>|$)", re.DOTALL)
_FENCE = pattern(r"```\w*")
_NOT_PROSE = pattern(r"[\[<]|\W*(?:emotion|text)\W{0,3}:", re.IGNORECASE)


class AnswerParser:
    """Takes the pieces of one answer: JSON with `emotion`, then `text`."""

    def __init__(self, emotions: Sequence[str]) -> None:
        self._emotions = frozenset(emotions)
        self._answer = ""
        self.emotion: Emotion | None = None
        """Set once it is complete; what is not in the list is neutral."""
        self.text = ""
        """Only ever grows."""
        self.text_closed = False
        """The text has come to its end, and the emotion is known; what follows is only form."""
        self.complete = False
        """After `finish`: the answer was closed, and not torn off by a limit."""

    def feed(self, delta: str) -> None:
        """Take the next piece; raises ModelError when there is too much, or text is taken back."""
        if len(self._answer) + len(delta) > LARGEST_ANSWER:
            raise ModelError(f"the answer is longer than {LARGEST_ANSWER} characters")
        self._answer += delta
        written = self._json()
        fields = _partial(written) if written else None
        if fields:
            self._take(fields, still_growing=next(reversed(fields)) == "emotion")
            whole = from_json(written, allow_partial=True)
            self.text_closed = self.emotion is not None and "text" in whole

    def finish(self) -> None:
        """The model is done; raises ModelError if there is nothing that can be said."""
        written = self._json()
        if not written:
            self.text, self.complete = self._prose(), True
        else:
            fields = _partial(written)
            if fields is None:
                raise ModelError("the answer is not valid JSON")
            self._take(fields, still_growing=False)
            self.complete = _is_closed(written)
        self.emotion = self.emotion or "neutral"
        if not any(map(str.isalnum, self.text)):
            raise ModelError("the answer has no text")

    def _json(self) -> str:
        """From the first brace on: prose, thoughts or a fence may stand before it."""
        said = _THOUGHTS.sub("", self._answer, count=1)
        start = said.find("{")
        return _CONTROL.sub(" ", said[start:]) if start >= 0 else ""

    def _prose(self) -> str:
        """What a model says that ignores the format; a bare value of another shape is no prose."""
        said = _FENCE.sub(" ", _THOUGHTS.sub("", self._answer, count=1)).strip()
        try:
            value = json.loads(said)
        except ValueError:
            if _NOT_PROSE.match(said):
                raise ModelError(_OTHER_SHAPE) from None
            return " ".join(said.split())
        if not isinstance(value, str):
            raise ModelError(_OTHER_SHAPE)
        return " ".join(value.split())

    def _take(self, fields: dict[str, Any], *, still_growing: bool) -> None:
        if self.emotion is None and "emotion" in fields and not still_growing:
            self.emotion = self._known(fields["emotion"])
        if next((key for key in fields if key != "emotion"), "text") != "text":
            raise ModelError(_OTHER_SHAPE)
        text = fields.get("text", "")
        if not isinstance(text, str) or not text.startswith(self.text):
            raise ModelError(_OTHER_SHAPE)
        self.text = text

    def _known(self, emotion: object) -> Emotion:
        name = emotion.strip().lower() if isinstance(emotion, str) else ""
        return next(
            (each for each in EMOTIONS if each == name and each in self._emotions), "neutral"
        )


def _partial(written: str) -> dict[str, Any] | None:
    """The object so far; None if it can't become one."""
    try:
        fields = from_json(written, allow_partial="trailing-strings")
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _is_closed(written: str) -> bool:
    """False for an answer that was torn off at its end; raises ModelError if it is broken."""
    try:
        json.JSONDecoder(object_pairs_hook=_once).raw_decode(written)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(written.rstrip()) - len(r"\u00")
        if at_end or error.msg.startswith("Unterminated string"):
            return False
        raise ModelError("the answer is not valid JSON") from error
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ModelError("the answer says something twice")
    return fields
