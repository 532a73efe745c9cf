"""What the words of a line stand for: written out, spelt right, and the one word for many."""

from __future__ import annotations

from collections.abc import Collection

from pickled.language.address import folded
from pickled.language.meaning import spelling
from pickled.language.meaning.spelling import stem
from pickled.language.tables import heads, listed, pairs
from pickled.patterns import on_first_use, pattern, remembered

CHAT_WORDS = "meaning/chat_words"
_WEIGHT = "weight "

MOST_WORDS = 60
"""Words of a line that are looked at."""

MOST_TERMS = 24
"""Different terms of a line that are compared."""

LINK = pattern(r"://|www\.|\w\.\w{2,20}/")
_MENTION = pattern(r"(?<!\w)@\w+")
_APOSTROPHE = pattern(r"(?<=\w)['’‘`´](?=\w)")
_WORD = pattern(r"[^\W_]+|\+\d")
_LETTERS = pattern(r"[^\W\d_]+")
_SPACELESS = pattern(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def written(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Its words: folded, spelt, contractions and abbreviations written out; no links and names."""
    text = folded(text)
    if "/" in text or "www." in text:
        text = " ".join(piece for piece in text.split() if not LINK.search(piece))
    if "@" in text:
        text = _MENTION.sub(" ", text)
    if "'" in text or "`" in text or not text.isascii():
        text = _APOSTROPHE.sub("", text)
    words: list[str] = []
    for word in _WORD.findall(text)[:MOST_WORDS]:
        if word not in known:
            words += _written_out(word)
    return tuple(words)


@remembered(20_000)
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


def phrased(words: tuple[str, ...]) -> list[str]:
    """With what several words say together as one."""
    phrases, lengths, place = _phrases(), _phrase_lengths(), 0
    found: list[str] = []
    while place < len(words):
        for length in lengths.get(words[place], ()):
            if said := phrases.get(words[place : place + length]):
                found += said
                place += length
                break
        else:
            found.append(words[place])
            place += 1
    return found


def terms_of(words: list[str]) -> tuple[str, ...]:
    """What is compared of them, sorted."""
    terms = dict.fromkeys(term for word in words if (term := term_of(word)))
    return tuple(sorted(list(terms)[:MOST_TERMS]))


@remembered(20_000)
def term_of(word: str) -> str:
    """The word that stands for all of its meaning; empty for a word that says nothing."""
    if word in _nothing():
        return ""
    same = _same()
    if word in same:
        return same[word]
    root = stem(word)
    return same.get(root, root)


def weight(term: str) -> float:
    """How much a term says, 0–1."""
    return _weights().get(term, 1.0)


def weights_of(terms: tuple[str, ...]) -> dict[str, float]:
    """The same of each of them, in their order."""
    known = _weights().get
    return {each: known(each, 1.0) for each in terms}


@on_first_use
def _short_for() -> dict[str, tuple[str, ...]]:
    return {short: tuple(long.split()) for short, long in pairs(CHAT_WORDS, "short for")}


@on_first_use
def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    found = pairs(CHAT_WORDS, "phrases")
    return {tuple(phrase.split()): tuple(said.split()) for phrase, said in found}


@on_first_use
def _phrase_lengths() -> dict[str, tuple[int, ...]]:
    """By first word, longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in _phrases():
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return {word: tuple(sorted(each, reverse=True)) for word, each in lengths.items()}


@on_first_use
def _nothing() -> frozenset[str]:
    return frozenset(listed(CHAT_WORDS, "nothing"))


@on_first_use
def _same() -> dict[str, str]:
    table: dict[str, str] = {}
    for head, others in pairs(CHAT_WORDS, "same"):
        for word in (head, *others.split()):
            table.setdefault(word, head)
            table.setdefault(stem(word), head)
    return table


@on_first_use
def _weights() -> dict[str, float]:
    table = {}
    for head, words in heads(CHAT_WORDS).items():
        if head.startswith(_WEIGHT):
            number = float(head.removeprefix(_WEIGHT))
            table.update({term_of(word) or word: number for word in words})
    return table


@on_first_use
def _vocabulary() -> spelling.Vocabulary:
    """All words of the tables."""
    words = dict.fromkeys(listed("meaning/common_words"))
    words.update(dict.fromkeys(listed(CHAT_WORDS, "nothing")))
    for shorts in _short_for().values():
        words.update(dict.fromkeys(shorts))
    for head, entries in heads(CHAT_WORDS).items():
        if head.startswith(_WEIGHT) or head in ("phrases", "same", "asked", "said"):
            words.update(dict.fromkeys(_LETTERS.findall("\n".join(entries))))
    return spelling.Vocabulary(words)
