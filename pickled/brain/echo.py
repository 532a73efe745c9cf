"""Keeps the co-host from speaking others' sentences, or the system prompt, as its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pickled.brain import disguise, echo_words
from pickled.brain.injection import orders

LONGEST_LEAK = 5
"""Words of the system prompt in a row that may still be spoken."""

_LINE = 1_000
_CLAUSE = 2_000
_SEAM = 3
"""Clauses before this one that are read together with it."""
_SEAM_WORDS = 12
_WHOLE = 0.75
"""Share of a clause from which on it is somebody's sentence, and not an answer to it."""
_MOST_LINES = 400
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_DOUBLED = re.compile(r"(.)\1+")
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*")
_PAYLOAD = re.compile(
    r"\b(?:say|repeat|shout|yell|announce|call yourself|tell (?:everyone|everybody|chat|them|us)"
    r"|sag|sage|wiederhole|sprich|dis|repete|di|repite|ripeti|diga|repita|zeg|herhaal|powiedz"
    r"|powtorz|скажи|повтори)\b[\s:,\"'“«]*(?:that |exactly |after me |this |the words? )?(.+)"
)
_GREETING = re.compile(
    r"^(?:(?:hi|hey|hello|happy birthday|thanks?|thank you|good (?:morning|night|luck|evening)"
    r"|congrat\w*|bye|goodbye|welcome|cheers|get well|gute nacht|hallo|hola|salut|bonjour|ciao)"
    r"\b[\s,!]*(?:to|for|you|soon|an|a)?\b\s*)+"
)
_PERSON = dict.fromkeys(echo_words.PERSON.split(), "me") | dict.fromkeys(
    ("am", "is", "are", "was", "were", "be", "been"), "be"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text of somebody else, as it is compared."""

    author: frozenset[str]
    words: tuple[str, ...]
    letters: str
    order: bool
    """It gives orders, or its author does."""
    payload: tuple[str, ...] = ()
    """What it asks to say."""
    coded: bool = False
    """Not as it was written: decoded, backwards, its initials."""


@dataclass(frozen=True, slots=True)
class Others:
    """What others said in one prompt, and the rules of its system part; `others` makes it."""

    lines: tuple[Quoted, ...]
    pairs: dict[tuple[str, str], tuple[int, ...]]
    """Two words in a row: the lines that have them."""
    rules: frozenset[tuple[str, ...]]
    """Runs of the system prompt that must not be spoken."""
    alarmed: bool
    """Somebody gives orders: short copies count, and questions too."""


def others(lines: Iterable[tuple[str, str]], *, rules: str) -> Others:
    """Index of (author, text) of all that others said in a prompt, and of its system part.

    Give the texts as they were before orders were cut out of them, oldest first, and nothing that
    the co-host said itself.
    """
    given = [(author[:_LINE], text[:_LINE]) for author, text in lines][-_MOST_LINES:]
    blamed = _blamed(given)
    quoted: list[Quoted] = []
    for place, (author, text) in enumerate(given):
        quoted += _readings(author, text, order=place in blamed)
        if place in blamed:
            quoted += _readings("", author, order=True)
    pairs: dict[tuple[str, str], dict[int, None]] = {}
    for number, line in enumerate(quoted):
        for pair in zip(line.words, line.words[1:], strict=False):
            pairs.setdefault(pair, {})[number] = None
    return Others(
        lines=tuple(quoted),
        pairs={pair: tuple(numbers) for pair, numbers in pairs.items()},
        rules=frozenset(_runs(_words(rules), LONGEST_LEAK + 1)),
        alarmed=bool(blamed),
    )


def echoes(clause: str, others: Others, *, before: Sequence[str] = ()) -> str | None:
    """The rule that the clause breaks: `echo` or `prompt`; None if it may be spoken.

    `before` are the clauses of the same answer that were spoken already.
    """
    clause = clause[:_CLAUSE]
    earlier = _words(" ".join(each[:_CLAUSE] for each in before[-_SEAM:]))[-_SEAM_WORDS:]
    for text in (clause, *disguise.decoded(clause)):
        spoken = _spoken(text, earlier)
        if not others.rules.isdisjoint(_runs(spoken.words, LONGEST_LEAK + 1)):
            return "prompt"
        if _is_echo(spoken, others):
            return "echo"
    return None


def _blamed(given: Sequence[tuple[str, str]]) -> frozenset[int]:
    """Lines that give orders, alone or with their author's last one, and all of that author."""
    found: set[int] = set()
    last: dict[str, int] = {}
    for place, (author, text) in enumerate(given):
        if orders(text) or orders(author):
            found.add(place)
        elif author and author in last and orders(f"{given[last[author]][1]} {text}"):
            found |= {place, last[author]}
        last[author] = place
    authors = {given[place][0] for place in found} - {""}
    return frozenset(found | {at for at, (author, _) in enumerate(given) if author in authors})


def _readings(author: str, text: str, *, order: bool) -> Iterator[Quoted]:
    """The text as written, and as it reads decoded, backwards, rotated, or by its initials."""
    flat = disguise.flat(text)
    words = _words(text)
    name = frozenset(_words(author))
    asked = _PAYLOAD.search(flat)
    payload = tuple(_words(_GREETING.sub("", asked[1]))) if asked else ()
    yield Quoted(name, tuple(words), "".join(words), order, payload)
    hidden = [
        flat[::-1],
        disguise.rotated(flat),
        " ".join(reversed(words)),
        *disguise.decoded(text),
    ]
    if not text.isascii():
        hidden.append(disguise.upright(text))
    for each in hidden:
        unveiled = _words(each)
        yield Quoted(name, tuple(unveiled), "".join(unveiled), order, coded=True)
    initials = "".join(each[0] for each in words)
    yield Quoted(name, (), initials, order, coded=True)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A clause after what was spoken before it."""

    words: tuple[str, ...]
    start: int
    """Where the clause begins within them."""
    asked: tuple[bool, ...]
    """Which of them stand in a question."""

    @property
    def clause(self) -> tuple[str, ...]:
        return self.words[self.start :]


def _spoken(text: str, earlier: Sequence[str]) -> _Spoken:
    words, asked = list(earlier), [False] * len(earlier)
    for sentence in _SENTENCE.findall(text):
        said = _words(sentence)
        words += said
        asked += [sentence.rstrip().endswith(("?", "？"))] * len(said)
    return _Spoken(tuple(words), len(earlier), tuple(asked))


def _is_echo(spoken: _Spoken, others: Others) -> bool:
    found: dict[int, list[int]] = {}
    for at, pair in enumerate(zip(spoken.words, spoken.words[1:], strict=False)):
        for number in others.pairs.get(pair, ()):
            found.setdefault(number, []).append(at)
    return any(
        _copies(spoken, others.lines[number], _stretches(places), alarmed=others.alarmed)
        for number, places in found.items()
    ) or any(_holds_letters(spoken.clause, line) for line in others.lines)


def _copies(
    spoken: _Spoken, line: Quoted, stretches: list[tuple[int, int]], *, alarmed: bool
) -> bool:
    """Whether the words that both have in a row are more than a co-host takes up honestly."""
    new = [(start, end) for start, end in stretches if end > spoken.start]
    if line.coded or line.order:
        most = 2 if line.coded else 1
        runs = [spoken.words[start:end] for start, end in new]
        return any(len(each) > 2 and each != each[::-1] and _weight(each) >= most for each in runs)
    own = [
        (start, end)
        for start, end in new
        if not _is_attributed(spoken, line, start, end)
        and (alarmed or not all(spoken.asked[max(start, spoken.start) : end]))
    ]
    copied = sum(end - max(start, spoken.start) for start, end in own)
    is_whole = copied >= _WHOLE * len(spoken.clause)
    return any(
        _is_sentence(spoken.words[start:end], line, is_whole=is_whole, alarmed=alarmed)
        for start, end in own
    )


def _is_sentence(run: tuple[str, ...], line: Quoted, *, is_whole: bool, alarmed: bool) -> bool:
    """Whether a run of words is somebody's sentence, by its length and what it says."""
    weight, length = _weight(run), len(run)
    if (
        len(line.payload) >= 3
        and weight >= 1
        and (_within(line.payload, run) or (length >= 5 and _within(run, line.payload)))
    ):
        return True
    if is_whole and length >= 3:
        return weight >= (1 if alarmed else 3) or (weight >= 2 and length >= 4)
    return length >= 6 and weight >= 4


def _holds_letters(clause: tuple[str, ...], line: Quoted) -> bool:
    """Spelled with other gaps, or a payload of a word or two."""
    letters = "".join(clause)
    if line.order and 0 < len(line.payload) <= 2:
        short = "".join(line.payload)
        return len(short) >= 5 and _weight(line.payload) >= 1 and short in letters
    if len(letters) < 10 or not (line.coded or line.order):
        return False
    return letters in line.letters or (
        line.coded and len(line.letters) >= 10 and line.letters in letters
    )


def _is_attributed(spoken: _Spoken, line: Quoted, start: int, end: int) -> bool:
    """Whether the words around a run say whose words they are."""
    around = (spoken.words[max(0, start - 10) : start], spoken.words[end : end + 4])
    return any(
        not _SAYS.isdisjoint(words)
        and not (
            _SOMEBODY.isdisjoint(words)
            and line.author.isdisjoint(words)
            and not any(map(str.isdigit, words))
        )
        for words in around
    )


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """First and past-the-last word of each run, from the places of its pairs."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place + 1:
            found[-1] = (found[-1][0], place + 2)
        else:
            found.append((place, place + 2))
    return found


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(whole)} "


def _weight(words: Sequence[str]) -> float:
    """How many of the words mean something by themselves; of Chinese signs it takes three."""
    signs = sum(1 for each in words if len(each) == 1 and each > "\u3000")
    return sum(1 for each in words if each not in _LIGHT and len(each) > 1) + signs // 3


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _words(text: str) -> list[str]:
    """Words as they are compared: one spelling, and one person, as a sentence may turn about."""
    plain = _DOUBLED.sub(r"\1", disguise.latin(disguise.flat(text)))
    return [_PERSON.get(each, each) for each in _WORD.findall(plain)]


_LIGHT = frozenset(_words(echo_words.COMMON))
_SAYS = frozenset(_words(echo_words.SAYS))
_SOMEBODY = frozenset(_words(echo_words.SOMEBODY)) - {"me"}
