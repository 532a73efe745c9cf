"""The collective brain: a sliding window in which lines of one meaning are one topic."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pickled.language.address import LONGEST, folded
from pickled.language.meaning import labels, merging
from pickled.language.meaning.cluster import Cluster, Member, Wording
from pickled.language.meaning.index import Index
from pickled.language.meaning.line import Meaning, meaning
from pickled.language.meaning.settling import Settling
from pickled.language.meaning.vectors import Vector as Vector
from pickled.language.meaning.vectors import quantized as quantized
from pickled.language.reading import Reading
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.state import CrowdTopic

WINDOW_S = 60.0
MOST_LINES = 30_000
"""Lines of the window; the oldest leave early under a flood."""

MOST_CLUSTERS = 2_000
"""The one that was not heard of for longest goes first, with its lines."""

_LONGEST_EMOTE = 50


@dataclass(frozen=True, slots=True)
class Support:
    """Who says the same as a message."""

    cluster: str
    count: int
    """Lines."""
    viewers: int
    """Different viewers."""
    question: bool
    first: bool
    """Did this message found its cluster?"""


class Crowd:
    """What the viewers of the last minute say, by meaning; knows no clock."""

    def __init__(self, *, window_s: float = WINDOW_S, known: Collection[str] = ()) -> None:
        self.window_s = window_s
        self._known = frozenset(filter(None, (folded(each).strip() for each in known)))
        self._lines: deque[Member] = deque()
        self._by_id: dict[str, Member] = {}
        self._index = Index()
        self._clusters: OrderedDict[str, Cluster] = OrderedDict()
        """By name; the one that was heard of last comes last."""
        self._merged: dict[str, Cluster] = {}
        self._founded = 0
        self._settling = Settling()

    def add(self, message: ChatMessage, *, now: float, reading: Reading | None = None) -> Support:
        """Take a line in; a known id changes nothing. `now`: seconds of a steady clock.

        `reading` is that of its text, where it was read already.
        """
        self._expire(now)
        line = self._by_id.get(message.id)
        if line is None:
            line = self._taken(message, reading or Reading(message.text), now)
        return _support(line)

    def wants_vector(self, message_id: str) -> bool:
        """Has it words of which no vector is known?"""
        line = self._by_id.get(message_id)
        if line is None or line.wording.vector:
            return False
        return bool(line.wording.meaning.terms)

    def wording(self, message_id: str) -> str:
        """What to embed of it: its words written out, without names, emotes and links.

        Of a common question the wording of the table.
        """
        line = self._by_id.get(message_id)
        if line is None:
            return ""
        said = line.wording.meaning
        return said.intent or said.plain

    def add_vector(self, message_id: str, vector: Vector) -> None:
        """Tell where that text lies; its cluster may merge with others."""
        line = self._by_id.get(message_id)
        if line is None or not vector:
            return
        self._index.place(line.wording, vector)
        self._merge((line.wording.cluster,))

    def support(self, message_id: str, *, now: float) -> Support | None:
        """Who says the same; None once it has left the window."""
        self._expire(now)
        line = self._by_id.get(message_id)
        return _support(line) if line is not None else None

    def messages(self, cluster: str) -> tuple[str, ...]:
        """Ids of its newest lines, newest last; at most `MOST_IDS`."""
        found = self._clusters.get(cluster) or self._merged.get(cluster)
        return tuple(line.id for line in _newest(found, self._by_id)) if found else ()

    def retract(self, retraction: Retraction) -> int:
        """Count nothing that is taken back; how many lines went."""
        gone = retraction.among(self._by_id.values())
        self._settling.forget(self._index)
        if retraction.kind == "all":
            self._forget_everything()
        else:
            for line in gone:
                self._drop(line)
            self._forget_words(gone)
        return len(gone)

    def topics(
        self, *, now: float, most: int = 8, least_viewers: int = 3
    ) -> tuple[CrowdTopic, ...]:
        """What several viewers say, the most viewers first."""
        self._expire(now)
        large = [each for each in self._clusters.values() if len(each.viewers) >= least_viewers]
        large.sort(key=_size)
        return tuple(self._topic(each) for each in large[: max(most, 0)])

    def question(self, *, now: float, least_viewers: int = 3) -> CrowdTopic | None:
        """What the most viewers ask."""
        self._expire(now)
        asked = (each for each in self._clusters.values() if each.question)
        large = [each for each in asked if len(each.viewers) >= least_viewers]
        return self._topic(min(large, key=_size)) if large else None

    def _taken(self, message: ChatMessage, reading: Reading, now: float) -> Member:
        said = reading.verdict(_meaning, *_without_fragments(message), self._known)
        wording = self._index.wordings.get(said.key)
        first = False
        if wording is None:
            cluster = self._index.nearest(said)
            first = cluster is None
            wording = Wording(said, cluster or self._found(said))
            self._index.add(wording)
        text = message.text[: labels.LONGEST]
        line = Member(message.id, message.user_id, text, now, wording, said.asks, first)
        wording.lines += 1
        wording.cluster.take(line)
        self._clusters.move_to_end(wording.cluster.name)
        self._lines.append(line)
        self._by_id[line.id] = line
        if len(self._lines) > MOST_LINES:
            self._leave(self._lines.popleft())
        return line

    def _found(self, said: Meaning) -> Cluster:
        if len(self._clusters) >= MOST_CLUSTERS:
            for line in list(self._of(next(iter(self._clusters.values())))):
                self._drop(line)
        self._founded += 1
        cluster = Cluster(f"c{self._founded}", said, self._founded)
        self._clusters[cluster.name] = cluster
        return cluster

    def _of(self, cluster: Cluster) -> Iterator[Member]:
        if cluster.lines <= (cluster.newest.maxlen or 0):
            return _newest(cluster, self._by_id)
        return (line for line in self._by_id.values() if line.wording.cluster is cluster)

    def _expire(self, now: float) -> None:
        self._settling.step(now, index=self._index, present=self._clusters, absorb=self._absorb)
        lines, oldest = self._lines, now - self.window_s
        while lines and lines[0].at <= oldest:
            self._leave(lines.popleft())

    def _leave(self, line: Member) -> None:
        """The oldest line goes, if it is still there."""
        if self._by_id.get(line.id) is line:
            self._drop(line)

    def _drop(self, line: Member) -> None:
        """It is not counted any more; what remains of it in queues goes as their time comes."""
        if self._by_id.pop(line.id, None) is None:
            return
        wording = line.wording
        cluster = wording.cluster
        cluster.drop(line)
        wording.lines -= 1
        while cluster.newest and cluster.newest[0].id not in self._by_id:
            cluster.newest.popleft()
        if not wording.lines:
            self._index.remove(wording)
        if not cluster.lines:
            self._clusters.pop(cluster.name, None)
            for name in cluster.names:
                self._merged.pop(name, None)

    def _forget_words(self, gone: list[Member]) -> None:
        """Of these lines, and of those that left before: who wrote them is not known."""
        if gone:
            self._lines = deque(line for line in self._lines if self._by_id.get(line.id) is line)
        for cluster in {line.wording.cluster for line in gone}:
            cluster.newest = deque(_newest(cluster, self._by_id), cluster.newest.maxlen)
        for cluster in self._clusters.values():
            cluster.forget_words(self._by_id)

    def _forget_everything(self) -> None:
        self._lines.clear()
        self._by_id.clear()
        self._index = Index()
        self._clusters.clear()
        self._merged.clear()

    def _merge(self, changed: Iterable[Cluster]) -> None:
        merging.merge(changed, present=self._clusters, absorb=self._absorb)

    def _absorb(self, goes: Cluster, stays: Cluster) -> None:
        stays.absorb(goes)
        for name in (goes.name, *goes.names):
            self._merged[name] = stays
        del self._clusters[goes.name]

    def _topic(self, cluster: Cluster) -> CrowdTopic:
        label, sample = labels.told(cluster, _newest(cluster, self._by_id))
        return CrowdTopic(
            label=label,
            count=cluster.lines,
            viewers=len(cluster.viewers),
            sample=sample,
            question=cluster.question,
        )


def _meaning(reading: Reading, text: str, emote: str, known: frozenset[str]) -> Meaning:
    """Of a line without the service's emotes: nearly always the text that was read."""
    del reading
    return meaning(text, known=known, emote=emote)


def _support(line: Member) -> Support:
    cluster = line.wording.cluster
    return Support(cluster.name, cluster.lines, len(cluster.viewers), cluster.question, line.first)


def _size(cluster: Cluster) -> tuple[int, int, int]:
    return -len(cluster.viewers), -cluster.lines, cluster.number


def _newest(cluster: Cluster, present: dict[str, Member]) -> Iterator[Member]:
    return (line for line in tuple(cluster.newest) if present.get(line.id) is line)


def _without_fragments(message: ChatMessage) -> tuple[str, str]:
    """The text without the service's emotes and mentions, and the first emote."""
    text = message.text[:LONGEST]
    if not message.fragments:
        return text, ""
    emotes = [each.text for each in message.fragments if each.type == "emote"]
    if not emotes:
        return text, ""
    kept = " ".join(each.text for each in message.fragments if each.type != "emote")
    return kept[:LONGEST], emotes[0][:_LONGEST_EMOTE]
