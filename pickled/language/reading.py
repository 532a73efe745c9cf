"""A text that is read once: each form, each verdict is made when first asked for, and handed on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from pickled.messages.chat import Retraction
from pickled.recent import Recent

MOST_KNOWN = 4_096
"""Texts; when there are more, the oldest is forgotten."""

LONGEST_KNOWN = 500
"""Characters, as many as Twitch allows; a longer text is read each time."""

MOST_VERDICTS = 16
"""On one text; when there are more, all are forgotten."""

Made = TypeVar("Made")
By = ParamSpec("By")


class Reading:
    """One text, and what was made of it so far."""

    __slots__ = ("_forms", "_verdicts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._forms: dict[Callable[[str], Any], Any] = {}
        self._verdicts: dict[Hashable, Any] = {}

    def form(self, make: Callable[[str], Made]) -> Made:
        """What `make` makes of the text; the same for the same text."""
        if make not in self._forms:
            self._forms[make] = make(self.text)
        made: Made = self._forms[make]
        return made

    def verdict(
        self, judge: Callable[Concatenate[Reading, By], Made], *by: By.args, **also: By.kwargs
    ) -> Made:
        """What `judge` says of it by these; they can be hashed, and the same give the same."""
        key = (judge, *by, *also.items())
        if key not in self._verdicts:
            if len(self._verdicts) >= MOST_VERDICTS:
                self._verdicts.clear()
            self._verdicts[key] = judge(self, *by, **also)
        found: Made = self._verdicts[key]
        return found

    def rest(self) -> None:
        """Keep the verdicts alone: forms take more room than a text, and are made again."""
        self._forms.clear()


def read(text: str | Reading) -> Reading:
    """The reading of a text, or the one that it is."""
    return text if isinstance(text, Reading) else Reading(text)


@dataclass
class Readings:
    """Texts that are known, with the verdicts on them: chat repeats itself, and so do viewers."""

    _known: Recent[str, Reading] = field(default_factory=lambda: Recent(MOST_KNOWN))
    _newest: Reading = field(default_factory=lambda: Reading(""))

    def of(self, text: str) -> Reading:
        """Its reading, the one from before if it is known; only the newest has its forms."""
        reading = self._known.get(text) or Reading(text)
        if reading is not self._newest:
            self._newest.rest()
            self._newest = reading
        if text not in self._known and len(text) <= LONGEST_KNOWN:
            self._known[text] = reading
        return reading

    def clear(self) -> None:
        """Know nothing any more."""
        self._known.clear()
        self._newest = Reading("")

    def retract(self, retraction: Retraction) -> int:
        """Whose texts they are is not known: all go; none of them counts as a line."""
        del retraction
        self.clear()
        return 0
