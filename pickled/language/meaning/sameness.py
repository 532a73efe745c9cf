"""How much two lines have in common, and how sure it is that they mean the same."""

from __future__ import annotations

from collections.abc import Collection
from math import exp
from typing import NamedTuple

from pickled.language.meaning.line import Meaning

ASKED_OR_WISHED = 0.85
"""What remains of a likeness when one asks and the other one wishes, or is too short to tell."""

ASKED_OR_TOLD = 0.6
"""The same when one asks and the other one tells: `the waves are so big`."""

TOLD_OR_WISHED = 0.6
"""The same when one tells and the other one wishes."""

BESIDE_INTENT = 0.85
"""What remains of a likeness when only one is a common question: `how old is that temple`."""


class Evidence(NamedTuple):
    """Weights of a logistic regression: what speaks for one meaning of two lines, as log odds.

    Fitted on the pairs of lines in `tests/corpora/planted_{dev,seen,seen2}.jsonl`, each set
    with the same weight; `both_ask` was added, since by words less of what is asked is found.
    """

    nothing: float
    """With nothing else known."""
    alike: float
    """Times the likeness by words, 0–1."""
    near: float
    """Times the cosine of their vectors."""
    very_near: float
    """Times the square of it."""
    subjects: float
    """Times the share of common words in those that say most."""
    agree: float
    """Both ask, or both don't."""
    both_ask: float
    one_tells: float
    one_intent: float
    substitutes: float
    same_question: float
    """One question word: `how far`, `where`."""


BY_WORDS = Evidence(-7.22, 4.52, 0.0, 0.0, 4.59, 0.81, 0.5, -1.11, 0.90, -1.14, 1.53)
WITH_VECTORS = Evidence(-8.87, 2.02, 4.16, 4.30, 3.02, 0.90, 0.0, -1.13, 1.16, -1.56, 0.87)


def sameness(one: Meaning, other: Meaning, *, near: float | None = None) -> float:
    """How sure it is that they mean the same, 0–1; `near` is the cosine of vectors, if known.

    Never the same: lines of different numbers, directions or polarity.
    """
    if one.key == other.key:
        return 1.0
    if contrary(one, other):
        return 0.0
    known = BY_WORDS if near is None else WITH_VECTORS
    near = max(near or 0.0, 0.2)
    common = len(one.subjects & other.subjects)
    mine, theirs = len(one.subjects), len(other.subjects)
    odds = known.nothing + known.near * near + known.very_near * near * near
    odds += known.alike * _likeness(one, other, common)
    if common:
        odds += known.subjects * common / (mine + theirs - common)
    odds += known.agree * (one.asks == other.asks)
    odds += known.both_ask * (one.asks and other.asks)
    odds += known.one_tells * (one.tells != other.tells)
    odds += known.one_intent * (bool(one.intent) != bool(other.intent))
    odds += known.substitutes * _substitutes(mine, theirs, common)
    if one.question_word and one.question_word == other.question_word:
        odds += known.same_question
    return 1 / (1 + exp(-odds))


def likeness(one: Meaning, other: Meaning) -> float:
    """How much two lines have in common, 0–1: the weight of what both say in that of all said.

    Lines of different numbers, directions or polarity have nothing in common.
    """
    if one.key == other.key:
        return 1.0
    return _likeness(one, other, len(one.subjects & other.subjects))


def most_alike(one: Meaning, other: Meaning) -> float:
    """No less than their likeness, by what they are about alone: nearly always enough to tell."""
    common = len(one.subjects & other.subjects) + min(one.chaff, other.chaff)
    return _ROUNDED + 2 * common / (one.heaviness + other.heaviness or 1.0)


_ROUNDED = 1e-9
"""More than the sums are off by."""


def _likeness(one: Meaning, other: Meaning, common: int) -> float:
    """The same of two keys, with so many subjects in common."""
    if not common and (one.subjects or other.subjects):
        return 0.0
    theirs = other.weights
    both = [value for each, value in one.weights.items() if each in theirs]
    if not both or contradict(one, other):
        return 0.0
    alike = 2 * sum(both) / (one.heaviness + other.heaviness)
    if one.intent != other.intent:
        alike *= BESIDE_INTENT
    if one.asks == other.asks and one.tells == other.tells:
        return alike
    if one.asks == other.asks:
        return alike * TOLD_OR_WISHED
    return alike * (ASKED_OR_TOLD if one.tells or other.tells else ASKED_OR_WISHED)


def contradict(one: Meaning, other: Meaning) -> bool:
    """Do they differ in what they ask, a negation or a number, or is one the other's opposite?"""
    if one.intent and other.intent:
        return one.intent != other.intent
    if (one.intent or other.intent) and one.asks != other.asks:
        return True
    return contrary(one, other)


def contrary(one: Meaning, other: Meaning) -> bool:
    """Do they differ in a negation or a number, or is one the other's opposite?"""
    if one.marks == other.marks:
        return False
    for each in one.marks ^ other.marks:
        if each == "not" or not each.isalpha():
            return True
    return not (one.marks <= other.marks or other.marks <= one.marks)


def apart(marks: Collection[str], others: Collection[str]) -> bool:
    """Does each side have a mark that the other one lacks?"""
    if not (marks and others):
        return False
    return any(each not in others for each in marks) and any(each not in marks for each in others)


def substitutes(one: Meaning, other: Meaning) -> bool:
    """Do they say the same of two things: `order the soup`, `order the stew`?"""
    common = len(one.subjects & other.subjects)
    return _substitutes(len(one.subjects), len(other.subjects), common)


def _substitutes(mine: int, theirs: int, common: int) -> bool:
    """The same by how many subjects each has, and both."""
    if mine == common or theirs == common:
        return False
    return mine - common == theirs - common == 1 or common > 0
