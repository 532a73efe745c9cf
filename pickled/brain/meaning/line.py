"""What a line of chat means, by its words alone: comparable with others, and whether it asks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from pickled.brain.address import folded
from pickled.brain.meaning import chat_words, spelling
from pickled.brain.meaning.asking import asks_in, tells_in
from pickled.brain.meaning.spelling import stem

MOST_WORDS = 60
"""Words of a line that are looked at."""

MOST_TERMS = 24
"""Different terms of a line that are compared."""

MOST_UNASKED = 4
"""Words of a line that is taken for a common question though it doesn't ask: `location name`."""

LEAST = 0.2
"""Weight of words without which a common question is still the same."""

ASKED_OR_WISHED = 0.85
"""What remains of a likeness when one asks and the other one wishes, or is too short to tell."""

ASKED_OR_TOLD = 0.6
"""The same when one asks and the other one tells: `the waves are so big`."""

TOLD_OR_WISHED = 0.6
"""The same when one tells and the other one wishes."""

BESIDE_INTENT = 0.85
"""What remains of a likeness when only one is a common question: `how old is that temple`."""

_LINK = re.compile(r"://|www\.|\w\.\w{2,20}/")
_MENTION = re.compile(r"(?<!\w)@\w+")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_WORD = re.compile(r"[^\W_]+|\+\d")
_CAMEL = re.compile(r"^[A-Za-z]{2,}\d*$")
_STRETCHED = re.compile(r"(.)\1{2,}")
_HUMP = re.compile(r"[a-z][A-Z]")
_ASKING = frozenset({"what", "how", "who", "when", "which", "why"})
_TAGS = frozenset({"right", "no", "yes", "nah", "huh"})
_BEFORE_RIGHT = frozenset({"go", "turn", "left", "to", "the", "take", "or", "a", "not"})
_SPACELESS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


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


def meaning(text: str, *, known: Collection[str] = (), emote: str = "") -> Meaning:
    """Of any text; `known` are names that are no part of it, `emote` one that stood beside it."""
    said, emote = _without_emotes(text[:1000], emote, known)
    plain = _plain(said, known)
    if not plain:
        emote = emote or _first_symbol(said)
        return Meaning(f"emote {emote}", emote=emote) if emote else Meaning("nothing")
    asking = asks_in(plain, said)
    if asking and len(plain) > 2 and plain[-1] in _TAGS and plain[-2] not in _BEFORE_RIGHT:
        plain = plain[:-1]
    terms = _terms(_phrased(plain))
    intent = _intent(plain, terms)
    if intent[:1] == "?" and not asking and (len(plain) > MOST_UNASKED or plain[0] in _ASKING):
        intent = ""
    asking |= intent[:1] == "?"
    marks = _marks(plain, terms, negation=not asking)
    if intent:
        asking, told = intent[0] == "?", " ".join(plain)
        return Meaning(intent, terms, frozenset(), asking, plain=told, intent=intent[1:])
    told = " ".join(plain)
    if not terms:
        return Meaning(f"plain {told}", (), marks, asking, plain=told)
    tells = not asking and tells_in(told)
    key = " ".join((*terms, *sorted(f"={mark}" for mark in marks), "." if tells else ""))
    return Meaning(key, terms, marks, asking, tells=tells, plain=told)


def asks(text: str) -> bool:
    """Is it a question, also one without a question mark?"""
    return meaning(text).asks


def likeness(one: Meaning, other: Meaning) -> float:
    """How much two lines have in common, 0–1: the weight of what both say in that of all said.

    Lines of different numbers, directions or polarity have nothing in common.
    """
    if one.key == other.key:
        return 1.0
    both = [each for each in one.terms if each in other.terms]
    if not both or contradict(one, other):
        return 0.0
    shared = sum(map(weight, both))
    if not any(weight(each) == 1 for each in both) and (_has_subject(one) or _has_subject(other)):
        return 0.0
    alike = 2 * shared / (heaviness(one.terms) + heaviness(other.terms))
    if one.intent != other.intent:
        alike *= BESIDE_INTENT
    if one.asks == other.asks and one.tells == other.tells:
        return alike
    if one.asks == other.asks:
        return alike * TOLD_OR_WISHED
    return alike * (ASKED_OR_TOLD if one.tells or other.tells else ASKED_OR_WISHED)


def _has_subject(said: Meaning) -> bool:
    return any(weight(each) == 1 for each in said.terms)


def contradict(one: Meaning, other: Meaning) -> bool:
    """Do they differ in what they ask, a negation or a number, or is one the other's opposite?"""
    if one.intent and other.intent:
        return one.intent != other.intent
    if (one.intent or other.intent) and one.asks != other.asks:
        return True
    if one.marks == other.marks:
        return False
    mine, theirs = one.marks - other.marks, other.marks - one.marks
    if any(each == "not" or not each.isalpha() for each in mine | theirs):
        return True
    return bool(mine and theirs)


def substitutes(one: Meaning, other: Meaning) -> bool:
    """Do they say the same of two things: `order the soup`, `order the stew`?"""
    mine = [each for each in one.terms if weight(each) == 1 and each not in other.terms]
    theirs = [each for each in other.terms if weight(each) == 1 and each not in one.terms]
    if not (mine and theirs):
        return False
    return len(mine) == len(theirs) == 1 or any(
        weight(each) == 1 for each in one.terms if each in other.terms
    )


def weight(term: str) -> float:
    """How much a term says, 0–1."""
    return _weights().get(term, 1.0)


def heaviness(terms: tuple[str, ...]) -> float:
    """The weight of all of them."""
    weights = _weights()
    return sum(weights.get(each, 1.0) for each in terms)


def _without_emotes(text: str, emote: str, known: Collection[str]) -> tuple[str, str]:
    """The text without words that are emotes, and the first of these."""
    names, kept = _emotes(), []
    pieces = text.split()
    for piece in pieces:
        bare = piece.strip(".,!?")
        if bare in names or (_HUMP.search(bare) and _CAMEL.match(bare) and bare not in _brands()):
            emote = emote or bare
        elif not (piece[0] == "@" or piece.casefold() in known):
            kept.append(piece)
    if kept and len(set(kept)) == 1:
        emote_name = _lower_emotes().get(_STRETCHED.sub(r"\1", kept[0].lower()))
        if emote_name:
            return "", emote or emote_name
    return (" ".join(kept), emote) if len(kept) < len(pieces) else (text, emote)


def _plain(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Its words: folded, spelt, contractions and abbreviations written out; no links and names."""
    text = folded(text)
    if "/" in text or "www." in text:
        text = " ".join(piece for piece in text.split() if not _LINK.search(piece))
    if "@" in text:
        text = _MENTION.sub(" ", text)
    text = _APOSTROPHE.sub("", text)
    words: list[str] = []
    for word in _WORD.findall(text)[:MOST_WORDS]:
        if word not in known:
            words += _written_out(word)
    return tuple(words)


@lru_cache(maxsize=20_000)
def _written_out(word: str) -> tuple[str, ...]:
    if len(word) > 40:
        return (word[:40],)
    if _SPACELESS.search(word):
        return tuple(word[i : i + 2] for i in range(max(1, len(word) - 1)))
    short = _short_for()
    if word in short:
        return short[word]
    word = spelling.corrected(word, _vocabulary())
    return short.get(word, (word,))


def _phrased(words: tuple[str, ...]) -> list[str]:
    """With what several words say together as one."""
    phrases, place = _phrases(), 0
    found: list[str] = []
    while place < len(words):
        for length in _phrase_lengths().get(words[place], ()):
            if said := phrases.get(words[place : place + length]):
                found += said
                place += length
                break
        else:
            found.append(words[place])
            place += 1
    return found


def _terms(words: list[str]) -> tuple[str, ...]:
    terms = dict.fromkeys(term for word in words if (term := _term(word)))
    return tuple(sorted(list(terms)[:MOST_TERMS]))


@lru_cache(maxsize=20_000)
def _term(word: str) -> str:
    """The word that stands for all of its meaning; empty for a word that says nothing."""
    if word in _nothing():
        return ""
    same = _same()
    if word in same:
        return same[word]
    root = stem(word)
    return same.get(root, root)


def _intent(plain: tuple[str, ...], terms: tuple[str, ...]) -> str:
    """With its mark; by all that is said, without what says least, or by the very words."""
    intents = _intents()
    found = intents.get(frozenset(terms)) or intents.get(frozenset(plain))
    if not found:
        more = frozenset(each for each in terms if weight(each) > LEAST)
        found = intents.get(more) if more and len(more) < len(terms) else None
    return found or ""


def _marks(plain: tuple[str, ...], terms: tuple[str, ...], *, negation: bool) -> frozenset[str]:
    marks = {
        each for each in terms if each in _opposed() or each[:1].isdigit() or each[-1:].isdigit()
    }
    if negation and any(each in ("not", "no", "never", "without", "nobody") for each in plain):
        marks.add("not")
    return frozenset(marks)


def _first_symbol(text: str) -> str:
    return next((each for each in text if unicodedata.category(each) == "So"), "")


@lru_cache(maxsize=1)
def _short_for() -> dict[str, tuple[str, ...]]:
    table = {}
    for chunk in re.split(r"[;\n]", chat_words.SHORT_FOR):
        for pair in [chunk] if chunk.count(":") == 1 else chunk.split():
            short, _, long = pair.strip().partition(":")
            table[short.strip()] = tuple(long.split())
    table.pop("", None)
    return table


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    pairs = (each.partition(":") for each in re.split(r"[;\n]", chat_words.PHRASES) if each.strip())
    return {tuple(phrase.split()): tuple(said.split()) for phrase, _, said in pairs}


@lru_cache(maxsize=1)
def _phrase_lengths() -> dict[str, tuple[int, ...]]:
    """By first word, longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in _phrases():
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return {word: tuple(sorted(each, reverse=True)) for word, each in lengths.items()}


@lru_cache(maxsize=1)
def _nothing() -> frozenset[str]:
    return frozenset(chat_words.NOTHING.split())


@lru_cache(maxsize=1)
def _same() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in re.split(r"[;\n]", chat_words.SAME):
        head, _, others = line.partition(":")
        head = head.strip()
        for word in (head, *others.split()):
            table.setdefault(word, head)
            table.setdefault(stem(word), head)
    table.pop("", None)
    return table


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    table = {}
    for line in chat_words.LITTLE.strip().splitlines():
        number, _, words = line.partition(":")
        table.update({_term(word) or word: float(number) for word in words.split()})
    return table


@lru_cache(maxsize=1)
def _opposed() -> frozenset[str]:
    return frozenset(_term(word) or word for word in chat_words.OPPOSED.split())


@lru_cache(maxsize=1)
def _emotes() -> frozenset[str]:
    return frozenset(chat_words.EMOTES.split())


@lru_cache(maxsize=1)
def _lower_emotes() -> dict[str, str]:
    return {each.lower(): each for each in chat_words.EMOTES.split() if len(each) > 2}


@lru_cache(maxsize=1)
def _brands() -> frozenset[str]:
    return frozenset(chat_words.BRANDS.split())


@lru_cache(maxsize=1)
def _vocabulary() -> spelling.Vocabulary:
    """All words of the tables."""
    words = dict.fromkeys(chat_words.COMMON.split())
    words.update(dict.fromkeys(chat_words.NOTHING.split()))
    words.update(dict.fromkeys(re.findall(r"[^\W\d_]+", chat_words.SAME + chat_words.LITTLE)))
    for shorts in _short_for().values():
        words.update(dict.fromkeys(shorts))
    words.update(dict.fromkeys(re.findall(r"[^\W\d_]+", chat_words.INTENTS)))
    words.update(dict.fromkeys(re.findall(r"[^\W\d_]+", chat_words.PHRASES)))
    return spelling.Vocabulary(words)


@lru_cache(maxsize=1)
def _intents() -> dict[frozenset[str], str]:
    """The label with its mark, by the terms of its wordings, or by their words."""
    table: dict[frozenset[str], str] = {}
    for entry in re.split(r"\n(?=[?!])", chat_words.INTENTS.strip()):
        label, _, wordings = entry.partition(":")
        for wording in wordings.split("|"):
            plain = _plain(wording, ())
            table.setdefault(frozenset(_terms(_phrased(plain)) or plain), label)
    return table
