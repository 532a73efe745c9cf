"""Whether words that a clause has in a row with somebody's line are that person's sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pickled.language.injection.comparable import (
    echo_words,
    is_question,
    plain,
    weight,
    within,
    word_set,
    words,
    words_of,
)
from pickled.language.injection.disguise import flat
from pickled.language.injection.quoted import GREETING, SENTENCE, Quoted
from pickled.patterns import on_first_use

_WHOLE = 0.75
"""Share of a clause from which on it is somebody's sentence, and not an answer to it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clause after what was spoken before it."""

    words: tuple[str, ...]
    start: int
    """Where the clause begins within them."""
    asked: tuple[bool, ...]
    """Which of them stand in a question."""


def spoken(text: str, earlier: Sequence[str]) -> Spoken:
    """A clause as it is compared, behind the words that were spoken before."""
    said, asked = list(earlier), [False] * len(earlier)
    for sentence in SENTENCE.findall(plain(flat(text))):
        found = words_of(sentence)
        said += found
        asked += [is_question(sentence)] * len(found)
    return Spoken(tuple(said), len(earlier), tuple(asked))


def copies(said: Spoken, line: Quoted, places: list[int], *, alarmed: bool) -> bool:
    """Whether the words that both have in a row are more than a co-host takes up honestly.

    `places`: where a pair of words begins that the line has as well. `alarmed`: somebody gives
    orders, so short copies count, and questions.
    """
    new = [each for each in _stretches(places) if each[1] > said.start]
    if line.coded or line.order:
        most = 2 if line.coded else 1
        runs = [said.words[start:end] for start, end in new]
        return any(len(each) > 2 and each != each[::-1] and weight(each) >= most for each in runs)
    own = [
        (start, end)
        for start, end in new
        if not is_attributed(said, line, start, end)
        and not _is_greeted(said, line, start)
        and (alarmed or not is_asked(said, start, end))
    ]
    copied = sum(end - max(start, said.start) for start, end in own)
    is_whole = copied >= _WHOLE * (len(said.words) - said.start)
    return any(
        _is_sentence(said.words[start:end], line, is_whole=is_whole, alarmed=alarmed)
        for start, end in own
    )


def is_asked(said: Spoken, start: int, end: int) -> bool:
    """Whether these words, as far as they are new, stand in a question."""
    return all(said.asked[max(start, said.start) : end])


def _is_greeted(said: Spoken, line: Quoted, start: int) -> bool:
    """Whether a run is the name of somebody who is greeted or thanked."""
    return line.named and not _greets().isdisjoint(said.words[max(0, start - 2) : start])


def is_attributed(said: Spoken, line: Quoted, start: int, end: int) -> bool:
    """Whether the words around a run say whose words they are."""
    around = (said.words[max(0, start - 10) : start], said.words[end : end + 4])
    if not _spoke().isdisjoint(said.words[start + 1 : end - 2]):
        return True
    if start >= 2 and said.words[start - 1] in _spoke() and said.words[start - 2] != "me":
        return True
    return any(
        not _says().isdisjoint(words)
        and not (
            _somebody().isdisjoint(words)
            and line.author.isdisjoint(words)
            and not any(map(str.isdigit, words))
        )
        for words in around
    )


def _is_sentence(run: tuple[str, ...], line: Quoted, *, is_whole: bool, alarmed: bool) -> bool:
    """Whether a run of words is somebody's sentence, by its length and what it says."""
    weighs, length = weight(run), len(run)
    if _is_payload(run, line, weighs):
        return True
    if line.asks and not line.bids and not alarmed:
        return length >= 6 and weighs >= 4
    for each in line.sentences:
        if len(each) >= 3 and within(each, run) and (weight(each) >= 2 or _is_plain(each)):
            return not _is_phrase(run)
    is_end = any(each[-length:] == run for each in line.sentences)
    is_bidden = line.bids and (is_whole or not _is_short_phrase(run))
    if is_bidden and weighs >= 1 and _length_without_greeting(run) >= 3:
        return is_end or (weighs >= 2 and (length >= 5 or (length == 4 and "be" in run)))
    if is_whole and length >= 3 and alarmed:
        return weighs >= 1
    if is_whole and length >= 3 and weighs >= (2 if is_end else 3):
        return not _is_phrase(run)
    if is_end and length >= 4 and weighs >= 2:
        return not (_is_phrase(run) or _is_short_phrase(run))
    return length >= 5 and weighs >= 4


def _is_payload(run: tuple[str, ...], line: Quoted, weighs: float) -> bool:
    """Whether it is what the line asks to say; of a line that bids also in common words."""
    longest = 5 if weighs >= 1 else 6
    if weighs < 1 and not line.bids:
        return False
    return any(
        (len(each) >= 3 and weighs >= 1 and within(each, run))
        or (len(run) >= longest and within(run, each))
        for each in line.payloads
    )


def _is_plain(sentence: tuple[str, ...]) -> bool:
    """Whether a sentence of common words alone is long enough to be somebody's."""
    return len(sentence) >= _PLAIN and _length_without_greeting(sentence) >= _PLAIN


def _is_phrase(run: tuple[str, ...]) -> bool:
    """A thing with its place, as "the phone in the canal": no sentence by itself."""
    if run[0] not in _articles() or len(run) not in range(3, 7) or "be" in run:
        return False
    return run[2] in _prepositions() or (
        run[3:4] != () and run[3] in _prepositions() and not run[2].endswith("s")
    )


def _is_short_phrase(run: tuple[str, ...]) -> bool:
    """As "at the festival", "running a shop": what an answer takes up and says something of."""
    if len(run) > 4 or "be" in run or run[0] == "me":
        return False
    return run[0] in _articles() or run[0] in _prepositions() or run[0].endswith("ing")


def _length_without_greeting(run: tuple[str, ...]) -> int:
    return len(GREETING.sub("", " ".join(run)).split())


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """First and past-the-last word of each run, from the places of its pairs."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place + 1:
            found[-1] = (found[-1][0], place + 2)
        else:
            found.append((place, place + 2))
    return found


_PLAIN = 6
"""Words; a sentence that says nothing in particular is only from here on a copy."""
_greets = on_first_use(
    lambda: frozenset(words("hi hey hello thanks thank welcome hallo hola ciao bye night"))
)
_says = word_set("says")
_spoke = word_set("spoke")
_articles = word_set("articles")
_prepositions = word_set("prepositions")
_somebody = on_first_use(lambda: frozenset(words(" ".join(echo_words("somebody")))) - {"me"})
