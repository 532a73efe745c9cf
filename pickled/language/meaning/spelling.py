"""Finds the word that was meant by a slip of the keys, and the stem of a word; English mostly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pickled.patterns import pattern

SHORTEST = 4
"""Letters of a word that may be taken for a slip of another one."""

LONG = 6
"""A longer word may also have a wrong letter, or one too many; `statue` is no slip of `state`."""

LONGEST = 16

_STRETCHED = pattern(r"(.)\1{2,}")
_DOUBLED = pattern(r"(.)\1")
_WHOLE_WORDS = """
this his is was has does us yes bus gas plus class glass dress bless boss miss pass less news
always thing king ring sing bring spring string wing morning evening during wedding red bed need
feed speed seed hundred here there where care fire else
"""
_UNSTEMMED = frozenset(_WHOLE_WORDS.split())


_ENDINGS = (("ing", 2), ("ied", 2), ("ies", 2), ("ed", 2), ("s", 3))
_VOWEL = pattern("[aeiouy]")
_MUTE = pattern("[^aeiou]*[aeiou][^aeiouwxy]e$")


class Vocabulary:
    """Words that are spelt right, found also by what a slip leaves of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._left: dict[str, tuple[str, ...]] = {}
        for word in sorted(self.words):
            if SHORTEST <= len(word) <= LONGEST:
                for left in _one_less(word):
                    self._left[left] = (*self._left.get(left, ()), word)

    def near(self, word: str) -> Iterator[str]:
        """Words that may be one slip away."""
        seen: dict[str, None] = {}
        for left in (word, *_one_less(word)):
            seen.update(dict.fromkeys(self._left.get(left, ())))
            if left in self.words and len(left) >= SHORTEST:
                seen[left] = None
        yield from seen


def corrected(word: str, vocabulary: Vocabulary) -> str:
    """The word without stretched letters, and without a slip if just one word can be meant."""
    if word in vocabulary.words or not word.isascii():
        return word
    if _DOUBLED.search(word):
        twice = _STRETCHED.sub(r"\1\1", word)
        for shorter in (twice, _STRETCHED.sub(r"\1", word), _DOUBLED.sub(r"\1", twice)):
            if shorter in vocabulary.words:
                return shorter
        word = _STRETCHED.sub(r"\1", word)
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return word
    root = stem(word)
    if root != word and (root in vocabulary.words or root + "e" in vocabulary.words):
        return word
    near = [each for each in vocabulary.near(word) if slip(word, each)]
    meant = [each for each in near if each[0] == word[0]]
    for likely in (
        [each for each in near if sorted(each) == sorted(word)],
        [each for each in meant if len(each) > len(word)],
        [each for each in meant if len(word) > LONG],
    ):
        if likely:
            return likely[0] if len(likely) == 1 else word
    return word


def slip(one: str, other: str) -> bool:
    """Is one letter missing, added, changed, or are two neighbours exchanged?"""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return (
        one[start : start + 2] == other[start : start + 2][::-1]
        and one[start + 2 :] == other[start + 2 :]
    )


def stem(word: str) -> str:
    """Without the endings of grammar."""
    if len(word) < 4 or word in _UNSTEMMED or not word.isascii():
        return word
    for ending, shortest in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return _root(word[: -len(ending)], ending) or word
    return word[:-1] if len(word) > 4 and word.endswith("e") and not _MUTE.match(word) else word


def _root(root: str, ending: str) -> str:
    """What is left of a word, with the letters back that the ending took or doubled."""
    if not _VOWEL.search(root) or (ending == "s" and root.endswith("s")):
        return ""
    if ending in ("ied", "ies"):
        return root + "y"
    if ending == "s":
        return stem(root)
    if len(root) > 2 and root[-1] == root[-2] and root[-1] not in "lsefoz":
        return root[:-1]
    return root + "e" if _MUTE.match(root + "e") else root


def _one_less(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))
