"""Reads a model's answer while it is being written: the emotion, and the text as it grows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pickled.brain.answer_opening import opened
from pickled.brain.answer_text import meant, without_action
from pickled.brain.led_answer import read_led
from pickled.brain.loose_json import Shape, Written, read_object
from pickled.errors import ModelError
from pickled.language.thoughts import Thoughts
from pickled.messages.emotion import EMOTIONS, Emotion
from pickled.messages.opener import Opener
from pickled.patterns import pattern

LARGEST_ANSWER = 8192
"""Characters; a model that says more has lost its way."""

MOST_WRITTEN = 32_768
"""Characters of what may be an answer or a thought; what is known to be a thought doesn't count."""

LONGEST_PREAMBLE = 80
"""Characters before the object, as `Sure! Here it is:`. More of them may be thoughts whose end
alone is marked: then the object may be one, too, and is believed at the end only."""

THOUGHT_ONLY = (
    "thought until its words were used up, and said nothing; switch its thinking off where it "
    "runs, or raise `max_tokens`"
)
"""What becomes of a model that thinks, and what to do about it."""

_TOO_LONG = f"the answer is longer than {LARGEST_ANSWER} characters"
_OTHER_SHAPE = "the answer has another shape than was asked for"
_OBJECT = pattern(r'\{\s*(?:"|emotion\b|text\b|\}|\Z)')
_FENCE = pattern(r"```\w*")
_NOT_PROSE = pattern(r"[\[<]|\W*(?:emotion|text)\W{0,3}:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer in what a model says."""

    written: Written | None
    """None: it can't become one."""
    before: int = 0
    """How many characters were said before it, but for a fence."""


class AnswerParser:
    """Takes the pieces of one answer, in whichever form: the emotion, then the text."""

    def __init__(
        self,
        emotions: Sequence[str],
        *,
        names: AbstractSet[str] = frozenset(),
        actions: Sequence[str] = (),
        openers: Sequence[Opener] = (),
    ) -> None:
        """`names` are the viewers of the prompt, folded: the answer ends where one goes on.

        `actions` are the words that may stand behind the text, as ` !clip`, and `openers` those
        that may stand before it, in a place of their own.
        """
        self._emotions = frozenset(emotions)
        self._names = names
        self._actions = actions
        self._openers = openers
        self._opener_texts = frozenset(each.text for each in openers)
        self._thoughts = Thoughts()
        self.emotion: Emotion | None = None
        """Set once it is complete; what is not in the list is neutral."""
        self.text = ""
        """Only ever grows."""
        self.action: str | None = None
        """What stood behind the text; known once that is closed, or after `finish`."""
        self.shape: Shape | None = None
        """The form that the answer has; None of prose."""
        self.text_closed = False
        """The text has come to its end, and the emotion is known; what follows is only form."""
        self.rests = False
        """A sentence is whole, and likely the last one: no word of it is waited for any more."""
        self.complete = False
        """After `finish`: the answer was closed, and not torn off by a limit."""

    @property
    def over(self) -> bool:
        """Whatever the model still writes, it is none of the answer."""
        return self.text_closed or self._thoughts.ended

    def feed(self, delta: str) -> None:
        """Take the next piece; raises ModelError when there is too much, or another shape."""
        if self.over:
            return
        self._thoughts.feed(delta)
        if len(self._thoughts.said) > MOST_WRITTEN:
            raise ModelError(_TOO_LONG)
        found = self._found(final=self._thoughts.ended)
        if found is None or found.before > LONGEST_PREAMBLE:
            return
        if found.written is not None and (not found.before or not _wrong(found.written)):
            self._take(found.written, final=self._thoughts.ended)

    def finish(self, *, torn: bool = False) -> None:
        """The model is done; raises ModelError if there is nothing that can be said.

        `torn`: a limit ended it, and what it wrote can't show that.
        """
        if not self.text_closed:
            self._thoughts.finish()
            if (found := self._found(final=True)) is None:
                self._prose(self._thoughts.said)
            elif (written := found.written) is None:
                raise ModelError("the answer is not valid JSON")
            else:
                self._take(written, final=True)
                if written.shape != "text":
                    torn = written.growing is not None and not self._thoughts.ended
        self.complete = self.text_closed or not torn
        self.emotion = self.emotion or "neutral"
        if not any(map(str.isalnum, self.text)):
            if self._thoughts.thought:
                raise ModelError(f"the model {THOUGHT_ONLY}", lasts=True)
            raise ModelError("the answer has no text")

    def _found(self, *, final: bool) -> _Found | None:
        """The answer in what was said, if it has begun, and is no prose."""
        said = self._thoughts.said
        if led := read_led(said, final=final):
            return _Found(self._opened(led))
        if found := _OBJECT.search(said):
            before = len(_FENCE.sub("", said[: found.start()]).strip())
            told, texts = said[found.start() :], self._opener_texts
            written = read_object(told, final=final, openers=texts)
            return _Found(self._opened(written) if written else None, before)
        return None

    def _opened(self, written: Written) -> Written:
        return opened(written, self._openers) if self._openers else written

    def _prose(self, said: str) -> None:
        """What a model says that ignores the format; a bare value of another shape is no prose."""
        said = _FENCE.sub(" ", said).strip()
        if "{" in said:
            raise ModelError("the answer is not valid JSON")
        try:
            value = json.loads(said)
        except (ValueError, RecursionError):
            value = None
            if said in ("null", "NaN"):
                raise ModelError(_OTHER_SHAPE) from None
        else:
            if not isinstance(value, str):
                raise ModelError(_OTHER_SHAPE)
        found = meant(said if value is None else value, final=True, names=self._names)
        if _NOT_PROSE.match(found.text):
            raise ModelError(_OTHER_SHAPE)
        self.emotion = self._known(found.emotion) if found.emotion else None
        self._grow(" ".join(found.text.split()), final=True)

    def _take(self, written: Written, *, final: bool) -> None:
        if _wrong(written):
            raise ModelError(_OTHER_SHAPE)
        fields, growing, self.shape = written.fields, written.growing, written.shape
        if self.emotion is None and "emotion" in fields and (growing != "emotion" or final):
            self.emotion = self._known(fields["emotion"])
        closed = "text" in fields and growing != "text"
        if (raw := fields.get("text")) is not None:
            found = meant(raw, final=closed or final, names=self._names)
            if found.emotion and self.emotion is None and final:
                self.emotion = self._known(found.emotion)
            closed = closed or found.ended
            self._grow(found.text, final=closed or final)
        self._thoughts.committed = bool(self.text)
        self.rests = written.rests and growing == "text" and self.emotion is not None
        self.text_closed = closed and (self.emotion is not None or written.closed or final)
        if self.text_closed:
            self.emotion = self.emotion or "neutral"

    def _grow(self, meant_text: str, *, final: bool) -> None:
        text, self.action = without_action(meant_text, self._actions, final=final)
        if not text.startswith(self.text):
            raise ModelError(_OTHER_SHAPE)
        if len(text) > LARGEST_ANSWER:
            raise ModelError(_TOO_LONG)
        self.text = text

    def _known(self, emotion: object) -> Emotion:
        name = emotion.strip().lower() if isinstance(emotion, str) else ""
        return next(
            (each for each in EMOTIONS if each == name and each in self._emotions), "neutral"
        )


def _wrong(written: Written) -> bool:
    """Is it another object than was asked for?"""
    first = next((key for key in written.fields if key != "emotion"), "text")
    return first != "text" or written.fields.get("text", "") is None
