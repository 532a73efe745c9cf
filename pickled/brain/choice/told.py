"""Has the streamer just told aloud what somebody asked? Only where the words leave little doubt."""

from __future__ import annotations

from pickled.language.meaning.line import Meaning, meaning
from pickled.language.tables import listed
from pickled.language.talk import TALK, is_asking, words_of
from pickled.patterns import on_first_use

ENOUGH = 2 / 3
"""Of what a question is about, the streamer has to name as much; of one thing or two, all."""

_FEW = 2
_LONGEST = 400
"""Characters of what was said that are looked at, the last ones."""


def is_answered(asked: str, said: str, *, called: bool = False) -> bool:
    """Does what the streamer said tell what was asked?

    It has to name what the question is about, not ask itself, and say something more: a place after
    `where`, a number after `how many`, and else what it is. Two things have to be named where the
    co-host was `called`, and after a question that is answered by yes or no.
    """
    question, told = meaning(asked[-_LONGEST:]), meaning(said[-_LONGEST:])
    about = (question.subjects or frozenset(question.terms)) - {question.question_word}
    if not about or is_asking(said) or not _asks(asked, question):
        return False
    named = about & set(told.terms)
    if len(named) < (len(about) if len(about) <= _FEW else ENOUGH * len(about)):
        return False
    if (called or not question.question_word) and len(named) < _FEW:
        return False
    return _tells(question, told, words_of(said))


def _asks(asked: str, question: Meaning) -> bool:
    return question.asks or is_asking(asked)


def _tells(question: Meaning, told: Meaning, words: list[str]) -> bool:
    """Is there more in it, of the kind that was asked for?"""
    word = question.question_word
    numbers = any(any(map(str.isdigit, each)) for each in words) or not _words(
        "numbers"
    ).isdisjoint(words)
    if (word.startswith("how") and word != "how") or word in ("age", "clock", "when"):
        return numbers
    if word in ("where", "why"):
        return not _words(f"answers {word}").isdisjoint(words)
    more = told.subjects - question.subjects
    return bool(more or numbers) and _is_linked(words)


def _is_linked(words: list[str]) -> bool:
    """Is it told what something is, and not only how: `is a lighthouse`, but `is so tall`?"""
    links, degrees = _words("links"), _words("degrees")
    after = [then for word, then in zip(words, [*words[1:], ""], strict=True) if word in links]
    return any(then and then not in degrees for then in after)


def _words(head: str) -> frozenset[str]:
    return _lists()[head]


@on_first_use
def _lists() -> dict[str, frozenset[str]]:
    heads = ("answers where", "answers why", "degrees", "links", "numbers")
    return {head: frozenset(listed(TALK, head)) for head in heads}
