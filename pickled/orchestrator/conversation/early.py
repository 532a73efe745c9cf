"""An answer to the streamer that is begun before their turn is surely over, and kept or dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.brain.foresight import still_fits
from pickled.language.talk import words_of
from pickled.messages.decision import Request
from pickled.messages.response import Outcome
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.errands import Errand
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.conversation.speaking import Speaking
from pickled.orchestrator.turn.turn import Turn
from pickled.side_tasks import SideTasks

WANTED_S = 12.0
"""An answer of which nobody says for so long that it is wanted is not."""


@dataclass
class _Begun:
    turn: Turn
    task: asyncio.Task[Outcome]
    text: str
    under: tuple[object, ...]
    """What was in force then."""
    borrowed: bool
    """Its ids are known to nobody else: they go to somebody else if it is dropped."""


@dataclass
class Early:
    """At most one answer that may not be wanted; nobody hears, sees or keeps it before it is."""

    speaking: Speaking
    controls: Controls
    requests: Requests
    make: Callable[[Errand], Turn]
    """A turn that is not announced before it is settled."""
    dropped: int = field(default=0, init=False)
    """Since the start."""
    _begun: _Begun | None = field(default=None, init=False)
    _tasks: SideTasks = field(default_factory=SideTasks, init=False)

    def foresee(self, text: str) -> None:
        """The streamer has probably said that, and wants it answered."""
        if self._begun is not None and words_of(self._begun.text) == words_of(text):
            return
        self.drop()
        if self._may():
            message = self.requests.spoken(text, "streamer")
            request = self.requests.make("speech", "streamer", (message,))
            self._begin(request, text, borrowed=True)

    def prepare(self, request: Request) -> None:
        """That waits for the end of the streamer's pause: have it ready then."""
        if self._may():
            self._begin(request, request.messages[-1].text, borrowed=False)

    def goes_on(self, text: str) -> None:
        """The streamer's turn is not over: with other words the answer is none."""
        if self._begun is not None and words_of(self._begun.text) != words_of(text):
            self.drop()

    def fitting(self, text: str) -> Request | None:
        """The request of the answer that was begun, if it answers what was said after all."""
        if not self._is_there():
            self.drop()
            return None
        assert self._begun is not None
        names, language = self.controls.persona.triggers, self.controls.persona.language
        if not still_fits(self._begun.text, text, names=names, language=language):
            return None
        self._begun.borrowed = False
        message = self._begun.turn.request.messages[-1].model_copy(update={"text": text})
        return self._begun.turn.request.model_copy(update={"messages": (message,)})

    def take(self, errand: Errand) -> tuple[Turn, asyncio.Task[Outcome]] | None:
        """What was begun for it, if anything; whatever else was begun is dropped."""
        begun = self._begun
        wanted = begun is not None and begun.turn.request.turn == errand.request.turn
        if begun is None or not wanted or not self._is_there():
            self.drop()
            return None
        self._begun = None
        begun.turn.settle(errand.request)
        return begun.turn, begun.task

    def drop(self) -> None:
        """It is not wanted."""
        begun, self._begun = self._begun, None
        if begun is None:
            return
        self.dropped += 1
        begun.turn.drop()
        if begun.borrowed:
            request = begun.turn.request
            self.requests.give_back(request.messages[-1].id, request.turn)

    async def close(self) -> None:
        """Nothing is begun any more."""
        self.drop()
        await self._tasks.close()

    def _is_there(self) -> bool:
        """Does it still run, as it would if it began now?"""
        begun = self._begun
        return begun is not None and not begun.task.done() and begun.under == self._in_force()

    def _in_force(self) -> tuple[object, ...]:
        on = self.controls
        return on.persona, on.voice, on.approval, on.discreet

    def _may(self) -> bool:
        """Would it be said, and does nobody else speak?"""
        on = self.controls
        silent = on.muted or on.paused or on.inhibited or on.approval
        return not silent and self.speaking.turn is None

    def _begin(self, request: Request, text: str, *, borrowed: bool) -> None:
        turn = self.make(Errand(request))
        task = self._tasks.start(turn.run(), name=f"early turn {request.turn}")
        begun = self._begun = _Begun(turn, task, text, self._in_force(), borrowed)
        self._tasks.start(self._expire(begun), name=f"early turn {request.turn} expires")

    async def _expire(self, begun: _Begun) -> None:
        await asyncio.wait({begun.task}, timeout=WANTED_S)
        if self._begun is begun:
            self.drop()
