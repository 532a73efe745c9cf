"""Ways in which a model that copies a sentence may alter it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_OF_SOMEBODY_ELSE = {
    "i": "he",
    "my": "his",
    "me": "him",
    "im": "he's",
    "we": "they",
    "our": "their",
    "us": "them",
    "you": "I",
    "your": "my",
}
_SMALL_WORDS = {
    "really": "truly",
    "very": "so",
    "is": "'s",
    "this": "that",
    "the": "this",
    "a": "one",
    "everyone": "everybody",
    "everybody": "everyone",
    "now": "right now",
    "all": "all of",
    "totally": "completely",
    "just": "only",
    "never": "never ever",
    "and": "plus",
    "people": "folks",
    "will": "shall",
}
_FILLERS = ("honestly", "like", "you know,", "well")
_LEFT_OUT = frozenset(
    ("the", "a", "an", "just", "so", "really", "very", "also", "that", "is", "are")
)
_SHORTEST_NOUN = 4


def _exchanged(sentence: str, table: Mapping[str, str]) -> str:
    return " ".join(table.get(each.lower(), each) for each in sentence.split())


def _turned_about(sentence: str) -> str:
    words = sentence.split()
    half = len(words) // 2
    return f"{' '.join(words[half:])}, {' '.join(words[:half])}"


def _in_another_number(sentence: str) -> str:
    words = sentence.split()
    longest = sorted(range(len(words)), key=lambda at: -len(words[at]))[:2]
    for at in longest:
        if len(words[at]) >= _SHORTEST_NOUN and words[at].isalpha():
            words[at] = words[at][:-1] if words[at].endswith("s") else f"{words[at]}s"
    return " ".join(words)


def _with_fillers(sentence: str) -> str:
    words = sentence.split()
    filled: list[str] = []
    for at, word in enumerate(words):
        filled.append(word)
        if at % 2 and at < len(words) - 1:
            filled.append(_FILLERS[at // 2 % len(_FILLERS)])
    return " ".join(filled)


def _in_short_clauses(sentence: str) -> str:
    words = sentence.split()
    length = max(2, len(words) // 3)
    parts = (words[at : at + length] for at in range(0, len(words), length))
    return ". ".join(" ".join(each).capitalize() for each in parts) + "."


def _without_small_words(sentence: str) -> str:
    return " ".join(each for each in sentence.split() if each.lower() not in _LEFT_OUT)


ALTERATIONS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "announced": lambda sentence: f"Sure thing, here we go, okay: {sentence} There you have it.",
    "of somebody else": lambda sentence: _exchanged(sentence, _OF_SOMEBODY_ELSE),
    "turned about": _turned_about,
    "in another number": _in_another_number,
    "with other small words": lambda sentence: _exchanged(sentence, _SMALL_WORDS),
    "with fillers": _with_fillers,
    "in short clauses": _in_short_clauses,
    "without small words": _without_small_words,
    "with a question behind": lambda sentence: f"{sentence}, right?",
}
"""By what becomes of the sentence."""
