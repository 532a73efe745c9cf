"""Does an answer that was begun for what the streamer seemed to say fit what they did say?"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from pickled.language.address import named
from pickled.language.meaning.line import LEAST, meaning
from pickled.language.meaning.sameness import contrary
from pickled.language.meaning.words import term_of, weight
from pickled.language.talk import is_back_channel, words_of

_LIGHT = frozenset({"please", "now", "then", "there", "here", "today", "actually", "again"})
"""At the end of a sentence, one of these says nothing else."""

_NEGATIONS = frozenset(
    {"not", "no", "never", "nor", "nicht", "kein", "keine", "nie", "pas", "jamais", "nunca"}
    | {"without", "ohne", "sans", "sin", "cannot", "non", "niet"}
)

_ALIKE = 0.75
"""Two spellings of one word are as much alike: `colour` and `color`."""


def still_fits(foreseen: str, said: str, *, names: tuple[str, ...], language: str = "en") -> bool:
    """Does an answer to the one text answer the other one?

    It does if they are the same words, in whatever spelling, or if they differ by one word: one
    more or less that says little, a name of the co-host where it is called anyway, one more within
    the sentence, another spelling. It does not where somebody else is called, where one of them
    asks and the other one doesn't or asks for something else, where a number, a direction or a
    negation differs, nor where a word that says something stands at the end of only one.
    """
    before, after = words_of(foreseen), words_of(said)
    if before == after:
        return True
    if not before or not after or bool(named(foreseen, names)) != bool(named(said, names)):
        return False
    one, other = meaning(foreseen, known=names), meaning(said, known=names)
    if one.asks != other.asks or one.question_word != other.question_word or contrary(one, other):
        return False
    changes = [
        (before[start:end], after[begin:stop], stop == len(after) and end == len(before))
        for kind, start, end, begin, stop in SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes()
        if kind != "equal"
    ]
    if len(changes) != 1:
        return False
    gone, come, at_end = changes[0]
    return _says_the_same(gone, come, at_end=at_end, names=names, language=language)


def _says_the_same(
    gone: Sequence[str], come: Sequence[str], *, at_end: bool, names: tuple[str, ...], language: str
) -> bool:
    """Is that one change none that needs another answer?"""
    if len(gone) > 1 or len(come) > 1 or any(map(_negates, (*gone, *come))):
        return False
    if gone and come:
        alike = SequenceMatcher(None, gone[0], come[0]).ratio() >= _ALIKE
        return alike or all(_says_little(each) for each in (gone[0], come[0]))
    word = (*gone, *come)[0]
    if word in names or word in _LIGHT or is_back_channel(word, language):
        return True
    return not at_end or not term_of(word)


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def _says_little(word: str) -> bool:
    term = term_of(word)
    return not term or weight(term) <= LEAST
