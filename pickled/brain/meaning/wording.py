"""Finds words for a cluster: a label that can be spoken, and one viewer's own wording."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pickled.brain.meaning.cluster import Cluster, Line
from pickled.brain.plain import shown, speakable, without_markers

LONGEST = 300
"""Characters of a sample."""

LONGEST_LABEL = 60
"""Characters of a label."""

_LINK = re.compile(r"://|www\.|\w\.\w{2,20}/")


def told(cluster: Cluster, lines: Iterable[Line]) -> tuple[str, str]:
    """Its label and a sample, which is what most of the newest lines say, as most wrote it."""
    counts: dict[str, int] = {}
    texts: dict[str, dict[str, int]] = {}
    for line in lines:
        key = line.wording.meaning.key
        counts[key] = counts.get(key, 0) + 1
        said = texts.setdefault(key, {})
        said[line.text] = said.get(line.text, 0) + 1
    if not counts:
        return "", ""
    key = min(counts, key=lambda each: (-counts[each], each))
    sample = shown(min(texts[key], key=lambda each: (-texts[key][each], len(each), each)))
    said_most = cluster.wordings[key].meaning
    return said_most.intent or said_most.emote or label(sample), sample


def label(text: str) -> str:
    """Short and speakable: no links, no names of those spoken to, cut at a word."""
    bare = " ".join(each for each in text.split() if each[0] != "@" and not _LINK.search(each))
    said = without_markers(speakable(bare)) or without_markers(speakable(text))
    if len(said) <= LONGEST_LABEL:
        return said
    return said[: LONGEST_LABEL - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
