"""Finds words for a cluster: a label that can be spoken, and one viewer's own wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pickled.language.meaning.cluster import Cluster, Member
from pickled.language.meaning.words import LINK, written
from pickled.language.plain import shown, speakable, without_markers
from pickled.patterns import pattern

LONGEST = 300
"""Characters of a sample."""

LONGEST_LABEL = 60
"""Characters of a label."""

MOST_CHOSEN_FROM = 24
"""Different texts among which a sample is chosen."""

_EMOTE = pattern(r"\b[A-Z]{3}|[a-z][A-Z]")
_WORDS = range(3, 13)
"""Words of a text that is neither short for something nor long."""


def told(cluster: Cluster, lines: Iterable[Member]) -> tuple[str, str]:
    """Its label and a sample, which is what most of the newest lines say, written well.

    A sample stays as long as its line is there, so that what is shown doesn't flicker; unless by
    now twice as many say it another way.
    """
    present = list(lines)
    if not present:
        return "", ""
    counts = Counter(line.wording for line in present)
    most = min(counts, key=lambda each: (-counts[each], each.meaning.key))
    kept = cluster.sample
    if kept not in present or 2 * counts[kept.wording] < counts[most]:
        said_so = [line for line in present if line.wording is most]
        kept = cluster.sample = _best(said_so, asked=cluster.question)
    sample = shown(kept.text)
    said = kept.wording.meaning
    return said.intent or said.emote or label(sample), sample


def _best(lines: list[Member], *, asked: bool) -> Member:
    """The newest line of the text that is written best."""
    newest = list({line.text: line for line in lines}.values())[-MOST_CHOSEN_FROM:]
    return min(newest, key=lambda line: (_flaws(line.text, asked=asked), line.text, line.id))


def _flaws(text: str, *, asked: bool) -> int:
    """How far a text is from what one would read out."""
    words, bare = written(text, ()), text.replace("'", "").replace("’", "")
    said = "".join(each if each.isalnum() else " " for each in bare.lower()).split()
    shouted = len(bare) > 4 and sum(map(str.isupper, bare)) > len(bare) // 2
    addressed = "@" in bare or bool(LINK.search(bare) or _EMOTE.search(bare))
    odd = len(set(said) - set(words)) + (not bare.isascii())
    return (
        4 * (shouted + addressed)
        + 2 * (len(said) not in _WORDS)
        + min(odd, 3)
        + (asked and not bare.rstrip().endswith("?"))
    )


def label(text: str) -> str:
    """Short and speakable: no links, no names of those spoken to, cut at a word."""
    bare = " ".join(each for each in text.split() if each[0] != "@" and not LINK.search(each))
    said = without_markers(speakable(bare)) or without_markers(speakable(text))
    if len(said) <= LONGEST_LABEL:
        return said
    return said[: LONGEST_LABEL - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
