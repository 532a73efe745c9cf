"""An answer that only says what the last ones said: held back while it may be one."""

from __future__ import annotations

from collections.abc import Iterable

from pickled.language.clauses import ClauseSplitter
from pickled.language.meaning.line import meaning
from pickled.language.meaning.sameness import sameness
from pickled.messages.prompt import Prompt

ALIKE = 0.9
"""From this on two clauses say the same, 0-1."""

TIMES = 2
"""So often it may be said among the last answers: who asks the same again gets the same again, but
not a third one."""

SHORTEST = 12
"""Letters; a shorter answer, as `Yes, of course!`, may come again."""

SAY_SOMETHING_ELSE = "\nYou have just said that, word by word. Say something else this time."


class Repeats:
    """Takes the clauses of one answer; gives those back that are not an old one again.

    Most answers differ from the first clause on: nothing of them waits.
    """

    def __init__(self, said: Iterable[str]) -> None:
        """`said` are the co-host's own last answers."""
        self._candidates = [clauses for each in said if (clauses := _clauses(each))]
        self._place = 0
        self.held: list[str] = []
        """What may be a repetition so far."""

    @property
    def only(self) -> bool:
        """Was the whole answer said so often before?"""
        letters = sum(map(str.isalnum, "".join(self.held)))
        return len(self._candidates) >= TIMES and letters >= SHORTEST

    def is_new(self, clause: str) -> bool:
        """Would `take` give that clause back at once, and no other?"""
        return not self.held and len(self._like(clause, self._place)) < TIMES

    def take(self, clause: str) -> list[str]:
        """The clauses that may be spoken now."""
        place, self._place = self._place, self._place + 1
        self.held.append(clause)
        self._candidates = self._like(clause, place)
        return [] if len(self._candidates) >= TIMES else self.rest()

    def _like(self, clause: str, place: int) -> list[list[str]]:
        return [
            each for each in self._candidates if place < len(each) and _alike(clause, each[place])
        ]

    def rest(self) -> list[str]:
        """What is held, as it is spoken nevertheless."""
        held, self.held = self.held, []
        return held


def loops(said: Iterable[str]) -> bool:
    """Were the last two answers the same, letter by letter, or was one of the last given often?"""
    letters = [bare for each in said if len(bare := _bare(each)) >= SHORTEST]
    twice = len(letters) > 1 and letters[-1] == letters[-2]
    return twice or any(letters.count(each) > TIMES for each in letters)


def otherwise(prompt: Prompt) -> Prompt:
    """The same task, for something else than what came of it."""
    *before, last = prompt.messages
    asked = last.model_copy(update={"content": last.content + SAY_SOMETHING_ELSE})
    return prompt.model_copy(update={"messages": (*before, asked)})


def _clauses(text: str) -> list[str]:
    splitter = ClauseSplitter()
    return [*splitter.feed(text), *splitter.finish()]


def _alike(one: str, other: str) -> bool:
    if _bare(one) == _bare(other):
        return True
    return sameness(meaning(one), meaning(other)) >= ALIKE


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
