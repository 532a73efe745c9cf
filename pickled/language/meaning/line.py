"""What a line of chat means, by its words alone: comparable with others, and whether it asks."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pickled.language.meaning.asking import asks_in, tells_in
from pickled.language.meaning.words import (
    CHAT_WORDS,
    phrased,
    term_of,
    terms_of,
    weight,
    weights_of,
    written,
)
from pickled.language.tables import listed, pairs
from pickled.patterns import on_first_use, pattern

MOST_UNASKED = 4
"""Words of a line that is taken for a common question though it doesn't ask: `location name`."""

LEAST = 0.2
"""Weight of words without which a common question is still the same."""

_CAMEL = pattern(r"^[A-Za-z]{2,}\d*$")
_STRETCHED = pattern(r"(.)\1{2,}")
_HUMP = pattern(r"[a-z][A-Z]")
_QUESTION_WORDS = frozenset(
    {"where", "when", "who", "why", "what", "how", "clock", "age"}
    | {"howmuch", "howmany", "howlong", "howfar"}
)
_ASKING = frozenset({"what", "how", "who", "when", "which", "why"})
_NEGATIONS = frozenset({"not", "no", "never", "without", "nobody"})
_TAGS = frozenset({"right", "no", "yes", "nah", "huh"})
_BEFORE_RIGHT = frozenset({"go", "turn", "left", "to", "the", "take", "or", "a", "not"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is compared; two lines of one `key` mean the same."""

    key: str
    terms: tuple[str, ...] = ()
    """What is said, sorted; words that matter little are among them with less weight."""
    marks: frozenset[str] = frozenset()
    """Numbers, directions, a negation: what must be the same in two lines that mean the same."""
    asks: bool = False
    emote: str = ""
    """What a line of emotes alone shows."""
    tells: bool = False
    """Does it state something, other than a wish?"""
    plain: str = ""
    """All words, spelt and written out, without names, emotes and links: what to embed."""
    intent: str = ""
    """What is often asked, in the table's wording."""
    subjects: frozenset[str] = frozenset()
    """Those terms that say most."""
    question_word: str = ""
    weights: Mapping[str, float] = field(default_factory=dict, compare=False)
    """How much each term says, 0–1, in their order."""
    heaviness: float = 0.0
    """The weight of all of them."""
    chaff: float = 0.0
    """The weight of those that are no subjects."""


def meaning(text: str, *, known: Collection[str] = (), emote: str = "") -> Meaning:
    """Of any text; `known` are names that are no part of it, `emote` one that stood beside it."""
    said, emote = _without_emotes(text[:1000], emote, known)
    plain = written(said, known)
    if not plain:
        emote = emote or _first_symbol(said)
        return Meaning(f"emote {emote}", emote=emote) if emote else Meaning("nothing")
    asking = asks_in(plain, said)
    if asking and len(plain) > 2 and plain[-1] in _TAGS and plain[-2] not in _BEFORE_RIGHT:
        plain = plain[:-1]
    terms = terms_of(phrased(plain))
    weights = weights_of(terms)
    intent = _intent(plain, weights)
    if intent[:1] == "?" and not asking and (len(plain) > MOST_UNASKED or plain[0] in _ASKING):
        intent = ""
    asking |= intent[:1] == "?"
    marks = _marks(plain, terms, negation=not asking)
    told, tells = " ".join(plain), False
    if intent:
        key, marks, asking = intent, frozenset(), intent[0] == "?"
    elif not terms:
        key = f"plain {told}"
    else:
        tells = not asking and tells_in(told)
        key = " ".join((*terms, *sorted(f"={mark}" for mark in marks), "." if tells else ""))
    heaviness = sum(weights.values())
    subjects = frozenset([each for each, value in weights.items() if value == 1])
    return Meaning(
        key,
        terms,
        marks,
        asking,
        tells=tells,
        plain=told,
        intent=intent[1:],
        subjects=subjects,
        question_word=next((each for each in terms if each in _QUESTION_WORDS), ""),
        weights=weights,
        heaviness=heaviness,
        chaff=heaviness - len(subjects),
    )


def asks(text: str) -> bool:
    """Is it a question, also one without a question mark?"""
    return meaning(text).asks


def _without_emotes(text: str, emote: str, known: Collection[str]) -> tuple[str, str]:
    """The text without words that are emotes, and the first of these."""
    names, kept = _emotes(), []
    pieces = text.split()
    for piece in pieces:
        bare = piece.strip(".,!?")
        if bare in names or (not bare.islower() and _is_camel(bare)):
            emote = emote or bare
        elif not (piece[0] == "@" or (known and piece.casefold() in known)):
            kept.append(piece)
    if kept and len(set(kept)) == 1:
        emote_name = _lower_emotes().get(_STRETCHED.sub(r"\1", kept[0].lower()))
        if emote_name:
            return "", emote or emote_name
    return (" ".join(kept), emote) if len(kept) < len(pieces) else (text, emote)


def _is_camel(bare: str) -> bool:
    return bool(_HUMP.search(bare) and _CAMEL.match(bare)) and bare not in _brands()


def _intent(plain: tuple[str, ...], weights: Mapping[str, float]) -> str:
    """With its mark; by all that is said, without what says least, or by the very words."""
    intents = _intents()
    more = frozenset([each for each, value in weights.items() if value > LEAST])
    found = intents.get(frozenset(weights)) if more else None
    found = found or intents.get(frozenset(plain))
    if not found and more and len(more) < len(weights):
        found = intents.get(more)
    return found or ""


def _marks(plain: tuple[str, ...], terms: tuple[str, ...], *, negation: bool) -> frozenset[str]:
    opposed = _opposed()
    marks = {each for each in terms if each in opposed or each[:1].isdigit() or each[-1:].isdigit()}
    if negation and not _NEGATIONS.isdisjoint(plain):
        marks.add("not")
    return frozenset(marks)


def _first_symbol(text: str) -> str:
    return next((each for each in text if unicodedata.category(each) == "So"), "")


@on_first_use
def _opposed() -> frozenset[str]:
    return frozenset(term_of(word) or word for word in listed(CHAT_WORDS, "opposed"))


@on_first_use
def _emotes() -> frozenset[str]:
    return frozenset(listed(CHAT_WORDS, "emotes"))


@on_first_use
def _lower_emotes() -> dict[str, str]:
    return {each.lower(): each for each in listed(CHAT_WORDS, "emotes") if len(each) > 2}


@on_first_use
def _brands() -> frozenset[str]:
    return frozenset(listed(CHAT_WORDS, "brands"))


@on_first_use
def _intents() -> dict[frozenset[str], str]:
    """The label with its mark, by the terms of its wordings, or by their words."""
    table: dict[frozenset[str], str] = {}
    for mark, head in (("?", "asked"), ("!", "said")):
        for label, wording in pairs(CHAT_WORDS, head):
            plain = written(wording, ())
            terms = terms_of(phrased(plain))
            says = any(weight(each) > LEAST for each in terms)
            table.setdefault(frozenset(terms if says else plain), mark + label)
    return table
