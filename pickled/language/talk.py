"""How people talk: signs of listening, orders to be quiet, and sentences that are not over yet."""

from __future__ import annotations

from pickled.language.address import folded, is_question
from pickled.language.meaning.line import asks
from pickled.language.sentences import CLOSERS
from pickled.language.tables import any_of, heads, listed
from pickled.patterns import on_first_use, pattern

TALK = "talk"
_BACK_CHANNELS = "back-channels"

FEW_WORDS = 2
"""A question may be as short, and a call stands among so many first words."""

LONGEST_CLAUSE = 7
"""Words; a longer one may have both clauses without a comma."""

_SENTENCE = pattern(r"[.!?…]\s+")
_WORD = pattern(r"[\w']+(?:-\w+)*")
_SOUND = pattern(lambda: any_of(listed(TALK, "sounds")))
_GOES_ON = (",", ";", ":", "-", "–", "—", "…", "..")


def words_of(text: str) -> list[str]:
    """What is said, word by word, folded; no marks."""
    return _WORD.findall(folded(text).replace("’", "'"))


def said_beside(text: str, language: str = "en") -> list[str]:
    """Its words without those that are only a sign of listening: `yeah`, `mhm`, laughter.

    English counts in every language.
    """
    words, place, kept = words_of(text), 0, list[str]()
    known = _back_channels(language.partition("-")[0].lower())
    longest = max(map(len, known))
    while place < len(words):
        lengths = range(min(longest, len(words) - place), 0, -1)
        found = next((n for n in lengths if tuple(words[place : place + n]) in known), 0)
        if not found and not _SOUND.fullmatch(words[place]):
            kept.append(words[place])
        place += found or 1
    return kept


def is_back_channel(text: str, language: str = "en") -> bool:
    """Does somebody only show that they listen? Nothing at all is no such sign."""
    return bool(words_of(text)) and not said_beside(text, language)


def is_unfinished(text: str, *, names: tuple[str, ...] = ()) -> bool:
    """Will more come, by its shape? A conjunction, an article, `uh` or a comma at its end tells so.

    So do a mere call, as `So John`, and a clause that waits for another: `if we are lucky`.
    """
    bare = text.strip().rstrip(CLOSERS)
    words = words_of(text)
    if not words or bare.endswith(("?", "!", "？", "！")):
        return False
    said = [word for word in words if word not in names]
    if not [word for word in said if word not in _CALLING]:
        return len(said) < len(words)
    last = words[-1]
    if bare.endswith(_GOES_ON) or last in _set("hesitations") or _is_open(words):
        return True
    asking = asks(" ".join(said))
    if last in _set("open after") and not (asking and _may_end_question(words)):
        return True
    return not asking and _waits_for_more(_last_sentence(bare))


def _is_open(words: list[str]) -> bool:
    """Does it end with a word, or words, that nobody ends with?"""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in _set("open"):
        return not (last in _ASKED_ALONE and len(words) <= FEW_WORDS)
    if last in _set("open links"):
        return bool(before) and before not in _set("before a last link")
    if last == "that" and words[-3:-2] == ["so"]:
        return True
    tails = (" ".join(words[-length:]) for length in (2, 3))
    return any(map(_set("open phrases").__contains__, tails))


def _may_end_question(words: list[str]) -> bool:
    """So do `where are we`, and `what is it for`, but not `did you know they`."""
    return words[-1] not in _SUBJECTS or words[-2:-1] == [] or words[-2] in _BE


def _waits_for_more(sentence: str) -> bool:
    """Is it one clause, of the kind that waits for another?"""
    words = words_of(sentence)
    while words and words[0] in _CALLING:
        words = words[1:]
    if not words or len(words) > LONGEST_CLAUSE:
        return False
    if words[0] in _set("begins"):
        return len(words) >= FEW_WORDS and _set("verbs").isdisjoint(words)
    return words[0] in _set("waits") and "," not in sentence


def _last_sentence(text: str) -> str:
    return _SENTENCE.split(text.rstrip(" .…"))[-1]


def calls_others(text: str) -> bool:
    """Does it begin by calling somebody else, as `so chat, …`, `guys, …`?"""
    head = words_of(text)[:FEW_WORDS]
    return any(word in _set("others") for word in head)


def is_asking(text: str) -> bool:
    """A question, by its mark or by its words."""
    return is_question(text) or asks(text)


def stops(word: str) -> bool:
    """Does that first word stop somebody at once?"""
    return word in _set("stop")


def is_order_to_stop(words: list[str]) -> bool:
    """Is it nothing but an order to be quiet?"""
    known = _set("stop")
    return any(map(known.__contains__, words)) and (known | _set("stop beside")).issuperset(words)


_CALLING = frozenset(
    {"okay", "well", "hey", "so", "hi", "hello", "ok", "oh", "and", "yo", "du", "hallo"}
)
_SUBJECTS = frozenset({"i", "we", "they", "she", "he"})
_BE = frozenset({"am", "are", "is", "was", "were"})
_ASKED_ALONE = frozenset({"where", "when", "who", "which", "quand", "wenn", "como", "que"})
"""Alone they are a question: `and when`."""


@on_first_use
def _sets() -> dict[str, frozenset[str]]:
    return {head: frozenset(entries) for head, entries in heads(TALK).items()}


def _set(head: str) -> frozenset[str]:
    return _sets()[head]


@on_first_use
def _by_language() -> dict[str, frozenset[tuple[str, ...]]]:
    """Signs of listening, word by word, by language; "" is for all of them."""
    return {
        head.removeprefix(_BACK_CHANNELS).strip(): frozenset(
            tuple(words_of(entry)) for entry in entries
        )
        for head, entries in heads(TALK).items()
        if head.startswith(_BACK_CHANNELS)
    }


def _back_channels(language: str) -> frozenset[tuple[str, ...]]:
    known = _by_language()
    return known[""] | known["en"] | known.get(language, frozenset())
