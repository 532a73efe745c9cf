"""Messages that wait to be decided on, oldest first, at hand by rank and by meaning."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from pickled.brain.choice.score import Scored
from pickled.messages.chat import ChatMessage

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A message that waits to be decided on, and what was seen in it when it came."""

    message: ChatMessage
    arrived: float
    """Seconds of the loop's clock."""
    wait_s: float = 0.0
    """So long it is left to the streamer before it is looked at, s."""
    addressed: bool = False
    question: bool = False
    """It asks something, of nobody else."""
    marked: bool = False
    """It has a question mark."""
    says: float = 1.0
    """0–1: how much it says; a single word or emote says little."""
    spam: float = 0.0
    """0–1"""
    words: str = ""
    """What near-equal texts share."""
    wording: str = ""
    """A short name for these words."""
    cluster: str = ""
    """What texts of one meaning shared when it came."""

    @property
    def ripe(self) -> float:
        """From then on it can be decided on, in seconds of the loop's clock."""
        return self.arrived + self.wait_s

    @property
    def viewer(self) -> tuple[str, str]:
        """Who wrote it."""
        return self.message.source, self.message.user_id or self.message.user


@dataclass(slots=True)
class _Entry:
    each: Waiting
    worth: Scored
    rank: tuple[float, int, str]


class Pool:
    """Waiting messages; each operation costs the same whatever the speed of chat."""

    def __init__(self) -> None:
        self._all: OrderedDict[str, _Entry] = OrderedDict()
        self._ranks: list[tuple[float, int, str]] = []
        self._clusters: dict[str, dict[str, None]] = {}
        self._viewers: dict[tuple[str, str], dict[str, None]] = {}
        self._added = 0

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Waiting]:
        return (entry.each for entry in self._all.values())

    def __contains__(self, each: Waiting) -> bool:
        return each.message.id in self._all

    @property
    def first(self) -> Waiting:
        """The one that waits for longest; there must be one."""
        return next(iter(self))

    @property
    def worst(self) -> Waiting:
        """The one with the lowest rank, of equals the oldest; there must be one."""
        return self._all[self._ranks[0][2]].each

    @property
    def best(self) -> Waiting:
        """The one that was worth most when it came, of equals the newest; there must be one."""
        return self._all[self._ranks[-1][2]].each

    def first_of(self, cluster: str) -> Waiting:
        """The oldest of that meaning; there must be one."""
        return self._all[next(iter(self._clusters[cluster]))].each

    def of_viewer(self, viewer: tuple[str, str]) -> list[Waiting]:
        """What that viewer wrote, oldest first."""
        return [self._all[name].each for name in self._viewers.get(viewer, ())]

    def worth(self, each: Waiting) -> Scored:
        """What it was worth when it came; it must be there."""
        return self._all[each.message.id].worth

    def add(self, each: Waiting, worth: Scored) -> None:
        """Put it last; its id must be new."""
        name = each.message.id
        self._added += 1
        rank = (worth.score, self._added, name)
        self._all[name] = _Entry(each, worth, rank)
        insort(self._ranks, rank)
        self._clusters.setdefault(each.cluster, {})[name] = None
        self._viewers.setdefault(each.viewer, {})[name] = None

    def take(self, each: Waiting) -> Waiting:
        """Take it out; it must be there."""
        name = each.message.id
        entry = self._all.pop(name)
        del self._ranks[bisect_left(self._ranks, entry.rank)]
        _leave(self._clusters, each.cluster, name)
        _leave(self._viewers, each.viewer, name)
        return each

    def take_if(self, which: Callable[[Waiting], bool]) -> list[Waiting]:
        """Take out those for which it holds, oldest first."""
        return [self.take(each) for each in [one for one in self if which(one)]]

    def take_while(self, which: Callable[[Waiting], bool]) -> list[Waiting]:
        """Take out the oldest ones as long as it holds."""
        gone = []
        while self._all and which(self.first):
            gone.append(self.take(self.first))
        return gone


def _leave(index: dict[Key, dict[str, None]], key: Key, name: str) -> None:
    names = index[key]
    del names[name]
    if not names:
        del index[key]
