"""Keeps the co-host from speaking others' sentences, or the system prompt, as its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pickled.language.injection import disguise
from pickled.language.injection.comparable import letters, plain, runs, weight, words
from pickled.language.injection.copies import Spoken, copies, is_asked, is_attributed, spoken
from pickled.language.injection.hidden import GLUED, Hidden, hidden, is_hidden
from pickled.language.injection.quoted import Quoted, as_written, is_bid, unveiled
from pickled.language.injection.retold import Sentences, retold, sentences
from pickled.language.injection.tricks import trick
from pickled.patterns import pattern

LONGEST_LEAK = 5
"""Words of the system prompt in a row that may still be spoken."""

_LINE = 1_000
_CLAUSE = 2_000
_SEAM = 3
"""Clauses before this one that are read together with it."""
_SEAM_WORDS = 12
_NEAR = 3
"""Lines before and after, in which the same author may have told what to do with a line."""
_MOST_LINES = 400
_CAPITAL = pattern(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SENTENCE_NAME = 4
"""Words of a name from which on it may be a sentence."""


@dataclass(frozen=True, slots=True)
class Others:
    """What others said in one prompt, and the rules of its system part; `others` makes it."""

    lines: tuple[Quoted, ...]
    odd: tuple[Quoted, ...]
    """Of these, orders and what was decoded."""
    pairs: dict[tuple[str, str], tuple[int, ...]]
    """Two words in a row: the lines that have them."""
    sentences: Sentences
    hidden: Hidden
    """All lines, as they read backwards, rotated or by their initials."""
    rules: frozenset[tuple[str, ...]]
    """Runs of the system prompt that must not be spoken."""
    ordered: frozenset[str]
    """The words of those who give orders. If there are any, short copies count, and questions."""


def others(lines: Iterable[tuple[str, str]], *, rules: str) -> Others:
    """Index of (author, text) of all that others said in a prompt, and of its system part.

    Give the texts as they were before orders were cut out of them, oldest first, and nothing that
    the co-host said itself.
    """
    given = [(author[:_LINE], text[:_LINE]) for author, text in lines][-_MOST_LINES:]
    flats = [disguise.flat(text) for _, text in given]
    seen = [(flat, plain(flat)) for flat in flats]
    quoted = _quoted(given, seen)
    pairs: dict[tuple[str, str], dict[int, None]] = {}
    for number, line in enumerate(quoted):
        for pair in zip(line.words, line.words[1:], strict=False):
            pairs.setdefault(pair, {})[number] = None
    return Others(
        lines=tuple(quoted),
        odd=tuple(each for each in quoted if each.order or each.coded),
        pairs={pair: tuple(numbers) for pair, numbers in pairs.items()},
        sentences=sentences(quoted),
        hidden=hidden(each for _, each in seen),
        rules=frozenset(runs(words(rules), LONGEST_LEAK + 1)),
        ordered=frozenset(word for line in quoted if line.order for word in line.words),
    )


def echoes(clause: str, others: Others, *, before: Sequence[str] = ()) -> str | None:
    """The rule that the clause breaks: `echo` or `prompt`; None if it may be spoken.

    `before` are the clauses of the same answer that were spoken already.
    """
    clause = clause[:_CLAUSE]
    earlier = words(" ".join(each[:_CLAUSE] for each in before[-_SEAM:]))[-_SEAM_WORDS:]
    seam = letters(before[-1][-_LINE:])[1 - GLUED :] if before else ""
    decoded = disguise.decoded(clause) if disguise.may_be_coded(clause) else ()
    for text in (clause, *decoded):
        said = spoken(text, earlier)
        if not others.rules.isdisjoint(runs(said.words, LONGEST_LEAK + 1)):
            return "prompt"
        glued = letters(text)
        if (
            _is_echo(said, others)
            or is_hidden(seam + glued, others.hidden)
            or any(_holds_letters(glued, each, seam=seam) for each in others.odd)
        ):
            return "echo"
    return None


def _quoted(given: Sequence[tuple[str, str]], seen: Sequence[tuple[str, str]]) -> list[Quoted]:
    """The lines, given their (flat, plain) texts as well, and the names that may be a sentence."""
    bids = [is_bid(flat) for flat, _ in seen]
    blamed = _blamed(given)
    names = {author: frozenset(words(author)) for author, _ in given}
    quoted: list[Quoted] = []
    for place, (author, text) in enumerate(given):
        flat, plain_text = seen[place]
        name, order = names[author], place in blamed
        around = range(max(0, place - _NEAR), min(len(given), place + _NEAR + 1))
        bid = any(bids[at] and given[at][0] == author for at in around)
        quoted.append(as_written(flat, seen=plain_text, author=name, order=order, bids=bid))
        quoted += unveiled(text, flat=flat, author=name, order=order)
    culprits = {given[place][0] for place in blamed}
    for author in names:
        quoted += _named(author, order=author in culprits)
    return quoted


def _named(author: str, *, order: bool) -> Iterator[Quoted]:
    name = disguise.flat(_CAPITAL.sub(" ", author).replace("_", " "))
    if order or name.count(" ") + 1 >= _SENTENCE_NAME or is_bid(name):
        named = not order and not _says_something(name)
        seen = plain(name)
        yield as_written(name, seen=seen, author=frozenset(), order=order, bids=True, named=named)


def _says_something(name: str) -> bool:
    """Whether a flat name is a sentence for sure, so that not even a greeting may have it."""
    found = words(name)
    return "be" in found or "me" in found


def _blamed(given: Sequence[tuple[str, str]]) -> frozenset[int]:
    """Lines that give orders, alone or with their author's last one, and all of that author."""
    found: set[int] = set()
    last: dict[str, int] = {}
    named: dict[str, bool] = {}
    for place, (author, text) in enumerate(given):
        if author not in named:
            named[author] = bool(trick(author))
        if named[author] or trick(text):
            found.add(place)
        elif author and author in last and trick(f"{given[last[author]][1]} {text}"):
            found |= {place, last[author]}
        last[author] = place
    authors = {given[place][0] for place in found} - {""}
    return frozenset(found | {at for at, (author, _) in enumerate(given) if author in authors})


def _is_echo(said: Spoken, others: Others) -> bool:
    alarmed = bool(others.ordered)
    if _is_made_of(others.ordered, said):
        return True
    found: dict[int, list[int]] = {}
    for at, pair in enumerate(zip(said.words, said.words[1:], strict=False)):
        for number in others.pairs.get(pair, ()):
            found.setdefault(number, []).append(at)
    if any(copies(said, others.lines[n], at, alarmed=alarmed) for n, at in found.items()):
        return True
    for number, start, end in retold(said.words, others.sentences, start=said.start):
        line = others.lines[number]
        if is_attributed(said, line, start, end):
            continue
        if alarmed or not (is_asked(said, start, end) or (line.asks and not line.bids)):
            return True
    return False


def _is_made_of(ordered: frozenset[str], said: Spoken) -> bool:
    """Whether telling words on end are put together anew from those of who gives orders."""
    count = 0
    for place, word in enumerate(said.words):
        if weight((word,)):
            count = count + 1 if word in ordered else 0
            if count >= 3 and place >= said.start:
                return True
    return False


def _holds_letters(clause: str, line: Quoted, *, seam: str) -> bool:
    """Whether a clause has a line's letters with other gaps, or its payload of a word or two."""
    short = ("".join(each) for each in line.payloads if line.order and len(each) <= 2)
    if any(len(each) >= 5 and weight((each,)) and each in clause for each in short):
        return True
    if len(line.letters) < GLUED:
        return False
    if len(clause) >= GLUED and (clause in line.letters or (line.coded and line.letters in clause)):
        return True
    whole = seam + clause
    return (line.coded or any(map(_is_glued, line.words))) and any(
        whole[at : at + GLUED] in line.letters for at in range(len(whole) - GLUED + 1)
    )


def _is_glued(word: str) -> bool:
    return len(word) > GLUED + 4
