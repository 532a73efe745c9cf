"""The one form in which words are compared: one spelling, one person, stems, and their weight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pickled.language.injection import disguise
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

WORD = pattern(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
"""A sign of Chinese or Japanese is a word."""

_DOUBLED = pattern(r"(.)\1+")
_VOWELS = pattern(r"(?<!^)[aeiouyw]")
_BEING = dict.fromkeys(("am", "is", "are", "was", "were", "be", "been"), "be")
_LONG_STEM = 6
"""Letters from which on a stem is compared by its consonants alone, as misspellings keep them."""


def plain(flat: str) -> str:
    """A flat text (`disguise.flat`) in Latin letters, and none of them twice in a row."""
    return _DOUBLED.sub(r"\1", disguise.latin(flat))


def words_of(text: str) -> list[str]:
    """The words of a text that is `plain` already."""
    one_for = _one_for()
    return [one_for.get(each, each) for each in WORD.findall(text)]


@on_first_use
def _one_for() -> Mapping[str, str]:
    """The one word for all persons, and the one for all forms of being."""
    return dict.fromkeys(echo_words("person"), "me") | _BEING


def words(text: str) -> list[str]:
    """Words as they are compared: one spelling, and one person, as a sentence may turn about."""
    return words_of(plain(disguise.flat(text)))


def letters_of(text: str) -> str:
    """The letters of a text that is `plain` already, without gaps."""
    return _DOUBLED.sub(r"\1", "".join(WORD.findall(text)))


def letters(text: str) -> str:
    """Without gaps, in one spelling."""
    return letters_of(plain(disguise.flat(text)))


def runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    """Each so many words in a row."""
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether the words stand in a row among the others."""
    return f" {' '.join(part)} " in f" {' '.join(whole)} "


def weight(words: Sequence[str]) -> float:
    """How many of the words mean something by themselves; of Chinese signs it takes three."""
    count = signs = 0
    light = light_words()
    for each in words:
        if len(each) > 1:
            count += each not in light
        elif each > "\u3000":
            signs += 1
    return count + signs // 3


def stem(word: str) -> str:
    """The word without its ending, and of a long one only the consonants behind its first letter.

    Rough on purpose: it brings "streamers" and a misspelt "stremer" together.
    """
    if not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return _VOWELS.sub("", word) if len(word) >= _LONG_STEM else word


def is_question(text: str) -> bool:
    """Whether it ends as a question."""
    return text.rstrip().endswith(("?", "？"))


_ENDINGS = ("ing", "ed", "es", "s", "e")


def echo_words(head: str) -> tuple[str, ...]:
    """The words under one head of `echo_words.txt`."""
    return listed("injection/echo_words", head)


def word_set(head: str) -> Callable[[], frozenset[str]]:
    """The same as they are compared; made when they are first asked for."""
    return on_first_use(lambda: frozenset(words(" ".join(echo_words(head)))))


light_words = word_set("common")
"""Words of which a sentence alone belongs to nobody."""
empty_words = word_set("empty")
"""Words that may be put in, left out or exchanged, and the sentence is still the same."""
praise = word_set("praise")
"""Words of which agreeing does no harm."""
