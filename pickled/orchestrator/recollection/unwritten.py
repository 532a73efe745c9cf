"""What the disk did not take: it waits here for room, so much of it, the latest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from pickled.orchestrator.recollection.jobs import Job

MOST = 5_000
"""Things that wait; beyond that the oldest are lost, and counted."""


class Unwritten:
    """A bounded buffer of jobs, each with the stream that it belongs to."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[str, Job]] = deque()
        self.lost = 0
        """How many went since `told` was called."""

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def said(self) -> str:
        """How much waits and how much is lost, for people."""
        lost = f", {self.lost} are lost" if self.lost else ""
        return f"{len(self._jobs)} things wait for room{lost}"

    def add(self, jobs: Iterable[Job], stream: str) -> list[Job]:
        """Keep them as the latest; those that are lost for it."""
        self._jobs.extend((stream, each) for each in jobs)
        lost = [self._jobs.popleft()[1] for _ in range(len(self._jobs) - MOST)]
        self.lost += len(lost)
        return lost

    def put_back(self, jobs: Iterable[Job], stream: str) -> None:
        """Once more not written: they are the oldest still."""
        self._jobs.extendleft((stream, each) for each in reversed(list(jobs)))

    def next(self, most: int) -> tuple[str, list[Job]]:
        """The oldest of one stream, taken out; its name and at most so many."""
        taken: list[Job] = []
        stream = self._jobs[0][0] if self._jobs else ""
        while self._jobs and len(taken) < most and self._jobs[0][0] == stream:
            taken.append(self._jobs.popleft()[1])
        return stream, taken

    def drop(self, taken_back: Callable[[Job], bool]) -> int:
        """Forget those; how many."""
        before = len(self._jobs)
        self._jobs = deque(each for each in self._jobs if not taken_back(each[1]))
        return before - len(self._jobs)

    def told(self) -> int:
        """How many were lost, counted anew from here."""
        lost, self.lost = self.lost, 0
        return lost
