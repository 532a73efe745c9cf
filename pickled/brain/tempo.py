"""How fast a model reads and writes, from what was measured of it, and what it can read in time.

Tokens are those of `language/tokens.py` throughout: measured and foretold in the same, so that it
does not matter that a model counts fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import isfinite

from pickled.language.tokens import tokens
from pickled.messages.prompt import Prompt

GOAL_S = 3.0
"""So soon after it was asked the first token is to come."""

KEPT = 5
"""Measurements of a model that count: the middle one is the figure."""

_LEAST_READ = 24
"""Tokens; of fewer, the way there takes longer than the reading."""
_LEAST_WRITTEN = 5
_FASTEST = 200_000.0
"""Tokens a s; nothing reads or writes so fast."""
_AT_ONCE_S = 1.0
"""Who begins sooner is fast: how much of it was the way there can't be told."""
_APART = 2.0
"""Times; measurements that differ more are not of the same state of things."""
_SLACK_S = 0.5
_SURE = 0.8
"""Of the time that there is, as no count of tokens is exact."""
_BEFORE_TEXT = 10.6
"""Tokens of the JSON before the first letter: `tests/bench/pieces.py`."""
_TYPICAL = 80
"""Tokens that are new in the shortest prompt: a question of 30 characters, and the task."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of a prompt without its words: whether another one is the same, and its tokens."""

    line: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Waited:
    """What was measured of one prompt's reading."""

    new: int
    """Tokens behind those that the server had read before."""
    whole: int
    """Tokens of all of it."""
    waited_s: float
    """To the first token, as we saw it."""
    told_s: float | None = None
    """How long the server says that it read; it may say anything."""
    unfinished: bool = False
    """We did not wait for the first token: it would have taken longer still."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a reading shows, in tokens a s."""

    value: float
    late: bool = False
    """The first token came later than it is to come."""
    missed: bool = False
    """It looks as if the server had read all of it anew."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """A model's figures; tokens a s, None where nothing was measured yet."""

    reads: float | None = None
    writes: float | None = None
    held: tuple[Mark, ...] = ()
    """What its server read last: what is the same at a prompt's beginning costs nothing."""
    real: float = 1.0
    """So many tokens of the model's own are one of ours."""

    @property
    def room(self) -> int | None:
        """New tokens that it reads in time."""
        return None if self.reads is None else int(self.reads * GOAL_S * _SURE)

    def reads_in_s(self, new: int) -> float:
        """How long it reads so much; 0 where nothing was measured."""
        return new / self.reads if self.reads else 0.0

    def first_word_s(self, new: int = _TYPICAL) -> float:
        """When the first letter comes of an answer in JSON to so much that is new."""
        return self.reads_in_s(new) + (_BEFORE_TEXT / self.writes if self.writes else 0.0)

    @property
    def too_slow_by(self) -> float:
        """How many times longer it reads the shortest prompt than it may; 0 before it was measured.

        What its server read before is taken to be there still.
        """
        return self.reads_in_s(_TYPICAL) / GOAL_S

    @property
    def too_slow(self) -> bool:
        """Not even the shortest prompt is read in time."""
        return self.too_slow_by > 1


def marks(prompt: Prompt) -> tuple[Mark, ...]:
    """The lines of all its messages, each message begun by its role."""
    found: list[Mark] = []
    for each in prompt.messages:
        found.append(Mark(hash(each.role), 0))
        found += marked(each.content.split("\n"))
    return tuple(found)


def marked(lines: Iterable[str]) -> list[Mark]:
    """Of lines; a comma at the end, where another one follows, makes no difference."""
    return [Mark(hash(each.removesuffix(",")), tokens(each)) for each in lines]


def common(lines: Sequence[Mark], held: Sequence[Mark]) -> int:
    """How many of the first lines are the same in both."""
    pairs = zip(lines, held, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0].line == pair[1].line, pairs))


def new_tokens(lines: Sequence[Mark], held: Sequence[Mark]) -> int:
    """Of a prompt, what is not held."""
    return sum(each.tokens for each in lines[common(lines, held) :])


def fits(lines: Sequence[Mark], tempo: Tempo) -> bool:
    """Is a prompt read in time? Yes, where nothing was measured."""
    return tempo.room is None or new_tokens(lines, tempo.held) <= tempo.room


def surely_fits(prompt: Prompt, tempo: Tempo) -> bool:
    """The same in no time, for the fast: no letter of English takes a whole token."""
    texts = [each.content for each in prompt.messages]
    return tempo.room is None or (
        sum(map(len, texts)) <= tempo.room and all(each.isascii() for each in texts)
    )


def rate(reading: Waited, before: float | None, *, missed: bool = False) -> Measured | None:
    """What a reading shows beside the figure so far; None: nothing.

    `missed`: the last one looked as if all had been read anew. Once that happens when another
    program used the server; twice, and it is as slow as it looks.
    """
    late = reading.waited_s > GOAL_S
    if reading.new < _LEAST_READ or not reading.waited_s > 0:
        return None
    if reading.unfinished:
        at_most = reading.new / reading.waited_s
        return Measured(at_most, late) if late and at_most < (before or _FASTEST) else None
    seconds = _believed(reading)
    if seconds is None:
        at_least = reading.new / reading.waited_s
        if reading.waited_s < _AT_ONCE_S:
            return Measured(min(max(at_least, before or 0.0), _FASTEST))
        seconds = reading.waited_s
    value = min(reading.new / seconds, _FASTEST)
    whole = reading.whole / seconds
    if before and not missed and value * _APART < before and before / _APART < whole < before * 2:
        return Measured(whole, late, missed=True)
    return Measured(value, late)


def _believed(reading: Waited) -> float | None:
    """What the server says, if it can be so: nothing takes longer than we waited, and whoever
    waited long waited for something."""
    told, waited = reading.told_s, reading.waited_s
    if told is None or not isfinite(told) or not 0 < told <= waited + _SLACK_S:
        return None
    if reading.new / told > _FASTEST or (waited > GOAL_S and told < waited / _APART):
        return None
    return told


def with_rate(rates: Sequence[Measured], new: Measured) -> tuple[Measured, ...]:
    """The measurements that count from now on: one that came too late, and much slower than the
    middle of those before, shows that these are over.
    """
    before = settled(rates)
    if before and new.late and not new.missed and new.value * _APART < before:
        return (new,)
    return (*rates, new)[-KEPT:]


def settled(rates: Sequence[Measured]) -> float | None:
    """One figure of the measurements that count, the middle one; None if there are none."""
    return middle([each.value for each in rates])


def middle(values: Sequence[float]) -> float | None:
    """The median; None if there are none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def writing(count: float, seconds: float | None) -> float | None:
    """Tokens a s of so many that were written; None if that can't be, or says nothing."""
    if seconds is None or not isfinite(seconds) or seconds <= 0 or count < _LEAST_WRITTEN:
        return None
    value = count / seconds
    return value if value <= _FASTEST else None


def verdict(tempo: Tempo, *, smaller: str = "") -> str:
    """In words: what the model does, and whether that is soon enough; "" before it was measured."""
    if tempo.reads is None:
        return ""
    reads, word = tempo.reads * tempo.real, tempo.first_word_s()
    writes = f", writes {tempo.writes:.3g}" if tempo.writes else ""
    told = f"reads {reads:.3g} tokens/s{writes}: first word after about {word:.1f} s"
    if not tempo.too_slow:
        return f"{told}; fits"
    return f"{told}; too slow" + (f": try {smaller}" if smaller else ": try a smaller model")


def compressing_costs_s(
    tempo: Tempo, plain: Sequence[Mark], shorter: Sequence[Mark], *, took_s: float
) -> float:
    """By how much the first token is later for it, s; negative: sooner.

    What it rewrites is not what the server holds: that is read anew.
    """
    before, after = new_tokens(plain, tempo.held), new_tokens(shorter, tempo.held)
    return took_s + tempo.reads_in_s(after) - tempo.reads_in_s(before)
