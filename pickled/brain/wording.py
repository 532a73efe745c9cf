"""Finds words for a cluster: a label that can be spoken, and one viewer's own wording."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pickled.brain.cluster import Cluster, Line
from pickled.brain.plain import shown, speakable, without_markers

LONGEST = 300
"""Characters of a sample."""

LONGEST_LABEL = 60
"""Characters of a label."""

_LINK = re.compile(r"\S*(?:://|www\.|\w\.\w+/)\S*")
_MENTION = re.compile(r"(?<!\w)@\w+[,:]?")


def told(cluster: Cluster, lines: Iterable[Line]) -> tuple[str, str]:
    """Its label and a sample, which is what most of the newest lines say, shortest first."""
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    for line in lines:
        key = line.wording.meaning.key
        counts[key] = counts.get(key, 0) + 1
        if key not in first or len(line.text) < len(first[key]):
            first[key] = line.text
    if not counts:
        return "", ""
    key = min(counts, key=lambda each: (-counts[each], len(first[each]), each))
    sample = shown(first[key])
    founder = cluster.wordings[key].meaning if key in cluster.wordings else cluster.founder
    return founder.intent or founder.emote or label(sample), sample


def label(text: str) -> str:
    """Short and speakable: no links, no names of those spoken to, cut at a word."""
    bare = _MENTION.sub(" ", _LINK.sub(" ", text))
    said = without_markers(speakable(bare)) or without_markers(speakable(text))
    if len(said) <= LONGEST_LABEL:
        return said
    return said[: LONGEST_LABEL - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
