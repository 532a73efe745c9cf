"""A part and its fallbacks: the first one that works is used, the others are asked again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import structlog

from pickled.back_off import BackOff
from pickled.errors import PickledError
from pickled.orchestrator.parts.fence import contained, describe
from pickled.orchestrator.parts.fenced import FencedModel, FencedVoice
from pickled.orchestrator.parts.keeping import Kept, keeping
from pickled.orchestrator.parts.pieces import Limits
from pickled.orchestrator.parts.supervise import Report
from pickled.plugins import Plug, Surroundings

log = structlog.get_logger()

PROBE_S = 2.0
"""How often a part that failed is asked again: it is back in service within 5 s."""

CALM_S = 5.0
"""How often all are asked while all of them work."""

PROBE_TIMEOUT_S = 3.0
READY_S = 5.0
"""So long who needs a part waits, right after the start, until it is known what works."""

BAN = BackOff(first_s=PROBE_S, cap_s=30.0)
"""A part that answers probes but fails in use is left alone for longer and longer, up to this."""

_FENCED: dict[str, Callable[[Any, Limits], Any]] = {"llm": FencedModel, "tts": FencedVoice}


class Part(Protocol):
    """What models and voices have in common."""

    @property
    def name(self) -> str:
        """As shown."""

    async def probe(self) -> None:
        """Raises PickledError if it can't work now."""


P = TypeVar("P", bound=Part)


@dataclass
class Rung(Generic[P]):
    """One part of the ladder."""

    kind: str
    given: P | None = None
    """None: it has not started."""
    works: bool = False
    why: str = "not asked yet"
    strikes: int = 0
    """Failures in use, without a success between them."""
    banned_until: float = 0.0
    doubt: str = ""
    """What failed in use, and may last although it answers probes; until it did what was asked."""
    lacks: str = ""
    """What it answers without, but shall have."""
    slow: str = ""
    """Why it answers later than it should."""
    first_byte_s: float = 0.0
    """How long a voice took to its last first sound."""

    @property
    def part(self) -> P:
        """Of one that works."""
        assert self.given is not None, f"{self.kind} is not there"
        return self.given

    @property
    def name(self) -> str:
        """As shown."""
        return self.given.name if self.given is not None else self.kind


class Ladder(Generic[P]):
    """First choice first; `report` tells `up`, `degraded` (a fallback is in use) or `down`."""

    def __init__(self, rungs: Sequence[Rung[P]], report: Report) -> None:
        self.rungs = tuple(rungs)
        self._report = report
        self._failed = asyncio.Event()
        self.asked = asyncio.Event()
        """Set once all were asked for the first time."""
        self.keep: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
        """Entered by `run` to have the parts started, where that was left to it."""
        self.question: Callable[[P], Awaitable[None]] | None = None
        """Asked of a part that answers; what it raises is told, and keeps it from nothing."""

    def working(self) -> list[Rung[P]]:
        """What can be used now, first choice first."""
        return [rung for rung in self.rungs if rung.works]

    async def ready(self) -> None:
        """Wait, at most READY_S, until the first choice works or all were asked once."""
        if self.asked.is_set() or self.rungs[0].works:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await self.asked.wait()

    def parts(self) -> list[P]:
        """All that have started, working or not."""
        return [rung.given for rung in self.rungs if rung.given is not None]

    def failed(self, rung: Rung[P], error: PickledError) -> None:
        """It failed in use: it is not used again before it answers a probe."""
        now = asyncio.get_running_loop().time()
        rung.banned_until = now + BAN.longest(rung.strikes)
        rung.strikes += 1
        if getattr(error, "lasts", False):
            rung.doubt = describe(error)
        self._note(rung, error)
        self._failed.set()
        self._tell()

    def succeeded(self, rung: Rung[P]) -> None:
        """It did what it was asked for."""
        rung.strikes = 0
        if rung.doubt:
            rung.doubt = ""
            self._tell()

    def slowed(self, rung: Rung[P], why: str) -> None:
        """It answers later than it should, or ("") does no longer; said once."""
        if bool(rung.slow) == bool(why):
            return
        rung.slow = why
        if why:
            log.warning("is slow", part=rung.name, why=why)
        if self.asked.is_set():
            self._tell()

    def changed(self, rung: Rung[P], part: P | None, why: str) -> None:
        """It has started, or ended: it is used when it answers a probe."""
        rung.given = part
        if part is not None:
            rung.why = "not asked yet"
        else:
            self._note(rung, PickledError(why))
            if self.asked.is_set():
                self._tell()
        self._failed.set()

    async def probe(self) -> None:
        """Ask all parts how they are."""
        await asyncio.gather(*(self._ask(rung) for rung in self.rungs))
        self.asked.set()
        self._tell()

    async def run(self) -> None:
        """Ask all parts, and again from time to time; more often while one of them fails."""
        async with self.keep():
            await self._look_after()

    async def _look_after(self) -> None:
        await self.probe()
        while True:
            self._failed.clear()
            calm = all(rung.works for rung in self.rungs)
            try:
                async with asyncio.timeout(CALM_S if calm else PROBE_S):
                    await self._failed.wait()
                await asyncio.sleep(PROBE_S)
            except TimeoutError:
                pass
            await self.probe()

    async def _ask(self, rung: Rung[P]) -> None:
        part = rung.given
        if part is None or asyncio.get_running_loop().time() < rung.banned_until:
            return
        try:
            await contained(rung.name, part.probe, limit_s=PROBE_TIMEOUT_S, error=PickledError)
        except PickledError as error:
            self._note(rung, error)
        else:
            if not rung.works:
                log.info("answers", part=rung.name)
            rung.works, rung.why = rung.given is part, ""
            rung.lacks = await self._lacking(part)

    async def _lacking(self, part: P) -> str:
        if self.question is None:
            return ""
        ask = partial(self.question, part)
        try:
            await contained(part.name, ask, limit_s=PROBE_TIMEOUT_S, error=PickledError)
        except PickledError as error:
            return describe(error)
        return ""

    def _note(self, rung: Rung[P], error: PickledError) -> None:
        why = describe(error)
        if rung.works or rung.why != why:
            log.warning("does not work", part=rung.name, why=why)
        rung.works, rung.why = False, why

    def _tell(self) -> None:
        first, working = self.rungs[0], self.working()
        if not working:
            self._report("down", "; ".join(f"{rung.name}: {rung.why}" for rung in self.rungs))
        elif working[0] is not first:
            self._report("degraded", f"{working[0].name} instead: {first.why}")
        elif why := first.doubt or first.lacks:
            self._report("degraded", f"{first.name}: {why}")
        else:
            self._report("up", f"{first.name}; {first.slow}" if first.slow else first.name)


@asynccontextmanager
async def start_ladder(
    plugs: Sequence[Plug],
    surroundings: Surroundings,
    *,
    dice: Callable[[], float],
    later: bool = False,
) -> AsyncIterator[Ladder[Any]]:
    """Start all parts of a ladder, or with `later` let `run` do that; `run` asks how they are.

    One that can't start is a rung that doesn't work, and is started again and again.
    """
    ladder: Ladder[Any] = Ladder(
        [Rung(plug.kind, why="it is starting") for plug in plugs], surroundings.report
    )

    def kept(plug: Plug, rung: Rung[Any]) -> Kept[Any]:
        def change() -> None:
            limits, part = Limits.beside(plug.options), keeper.part
            fenced = None if part is None else _FENCED[plug.folder](part, limits)
            ladder.changed(rung, fenced, keeper.why)

        keeper: Kept[Any] = Kept(plug, surroundings, dice, change)
        return keeper

    parts = list(map(kept, plugs, ladder.rungs))
    if later:
        ladder.keep = partial(keeping, parts)
        yield ladder
        return
    async with keeping(parts):
        yield ladder
