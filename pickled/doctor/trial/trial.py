"""Tries one part: it is found, starts, works, ends when it is told to, and starts again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pickled.config import Config, PartConfig, load
from pickled.doctor.check import Check
from pickled.doctor.trial.uses import USES, Use
from pickled.errors import ConfigError, UsageError
from pickled.mqtt.in_process import MemoryBroker
from pickled.offers import Offers
from pickled.orchestrator.parts.fence import CLOSE_S, describe, failure, give_up, ordinary, run_part
from pickled.orchestrator.parts.loop_watch import BLOCKED_S, watching
from pickled.orchestrator.parts.shared import Shared
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug, Surroundings, find, guard_of, origin

BEGIN_S = 0.3
"""So long it works before it is told to end."""


async def try_part(
    asked: str, path: Path | None, *, environ: Mapping[str, str], cwd: Path, seconds: float
) -> tuple[Check, ...]:
    """Try `FOLDER:KIND` with the options that it has in the configuration; check by check.

    An input or output runs for so many seconds. Raises UsageError for what names no part.
    """
    folder, _, kind = asked.partition(":")
    if folder not in USES or not kind:
        raise UsageError(f"{asked!r}: name it as FOLDER:KIND, with one of {', '.join(USES)}")
    try:
        config = load(path, environ=environ, cwd=cwd).config
    except ConfigError as error:
        return (Check("configuration", "fail", "can't be used", remedy=str(error)),)
    try:
        plug = find(folder, section_of(config, folder, kind))
    except ConfigError as error:
        if not isinstance(error.__cause__, ValidationError):
            return (Check("found", "fail", "can't be used", remedy=str(error)),)
        wrong = Check("options", "fail", "are not valid", remedy=str(error))
        return (Check("found", "ok", origin(folder, kind)), wrong)
    found = Check("found", "ok", f"{origin(folder, kind)}, module {plug.module.__name__}")
    return (found, Check("options", "ok", "are valid"), *await try_plug(plug, config, seconds))


def section_of(config: Config, folder: str, kind: str) -> PartConfig:
    """Where the configuration names that part; else its kind alone, with the default options."""
    named = (each for part in _named(config, folder) for each in _with_fallbacks(part))
    return next(
        (each for each in named if each.kind == kind), PartConfig.model_construct(kind=kind)
    )


def _named(config: Config, folder: str) -> tuple[PartConfig, ...]:
    match folder:
        case "inputs":
            return config.inputs
        case "outputs":
            return config.outputs
        case "llm":
            return (config.llm,)
        case "tts":
            return (config.tts,)
    alone = {
        "stt": config.stt,
        "llm.guard": guard_of(config),
        "llm.compress": config.compressor,
        "memory.embed": config.memory.embedder,
    }
    part = alone[folder]
    return (part,) if part else ()


def _with_fallbacks(part: PartConfig) -> Iterator[PartConfig]:
    yield part
    for each in part.fallback:
        yield from _with_fallbacks(each)


async def try_plug(plug: Plug, config: Config, seconds: float) -> list[Check]:
    """Check by check, in two lives; an input or output runs for so many seconds."""
    told: list[str] = []
    blocked: list[float] = []
    tap, shared = PublishingTap(), Shared()
    around = Surroundings(
        config.base_dir,
        config.data_dir or Path(),
        lambda status, detail: told.append(f"{status}: {detail}" if detail else status),
        Offers(tap=tap, bus=MemoryBroker().bus(), share=shared),
    )
    use = USES[plug.folder]
    module = plug.module.__name__
    async with watching({module: plug.kind}, lambda _who, took: blocked.append(took)):
        try:
            checks = await _lives(plug, around, use, partial(use.checks, plug, tap, seconds))
        finally:
            await shared.close()
        await asyncio.sleep(0)  # what the watch has to say is said in the loop
    if told:
        checks.append(Check("reports", "ok", "; ".join(dict.fromkeys(told))))
    return [*checks, _free(blocked)]


async def _lives(
    plug: Plug, around: Surroundings, use: Use, works: Callable[[Any], Awaitable[list[Check]]]
) -> list[Check]:
    """Twice: in the first life it works, in the second it is interrupted."""
    checks: list[Check] = []

    async def work(part: Any) -> None:
        checks.extend(await works(part))

    first = await _live(plug, around, work)
    checks = [first.starts("starts"), *checks]
    if first.started_s is None:
        return checks

    async def interrupt(part: Any) -> None:
        checks.append(await _interrupted(plug.kind, partial(use.work, part)))

    second = await _live(plug, around, interrupt)
    ends = [life.closes() for life in (first, second) if life.started_s is not None]
    worst = next((each for each in ends if each.status != "ok"), ends[0])
    return [*checks, worst, second.starts("starts again")]


@dataclass
class _Life:
    """What happened between start and end."""

    started_s: float | None = None
    """None: it did not start."""
    ended_s: float | None = None
    """None: it did not end in time."""
    failed: BaseException | None = None

    def starts(self, name: str) -> Check:
        if self.started_s is None:
            why = describe(self.failed) if self.failed else ""
            return Check(name, "fail", "does not start", why, "What its `start` does is logged.")
        return Check(name, "ok", f"in {self.started_s * 1000:.0f} ms")

    def closes(self) -> Check:
        if self.ended_s is None:
            why = f"What follows its `yield` in `start` takes longer than {CLOSE_S:g} s."
            return Check("closes", "fail", "does not end", why, "It would be left behind.")
        if self.failed is not None:
            return Check("closes", "fail", "fails when it is closed", describe(self.failed))
        return Check("closes", "ok", f"in {self.ended_s * 1000:.0f} ms")


async def _live(plug: Plug, around: Surroundings, use: Callable[[Any], Awaitable[None]]) -> _Life:
    now = asyncio.get_running_loop().time
    life, begun, used = _Life(), now(), asyncio.Event()

    async def live(part: Any) -> None:
        nonlocal begun
        life.started_s = now() - begun
        try:
            await use(part)
        finally:
            begun = now()
            used.set()

    task = asyncio.create_task(run_part(plug.kind, partial(plug.start, around), live))
    waiting = asyncio.create_task(used.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    await asyncio.wait({task}, timeout=CLOSE_S)
    if task.done():
        life.ended_s, life.failed = now() - begun, task.exception()
    else:
        task.cancel()
        await asyncio.wait({task})
    return life


async def _interrupted(name: str, work: Callable[[], Awaitable[None]]) -> Check:
    """It works, and is told to end in the midst of it."""
    now = asyncio.get_running_loop().time
    task = asyncio.create_task(ordinary(work), name=name)
    await asyncio.wait({task}, timeout=BEGIN_S)
    if task.done() and (failed := failure(task)):
        return Check("stops", "warn", "not tried: it had failed before", describe(failed))
    begun = now()
    task.cancel()
    await asyncio.wait({task}, timeout=CLOSE_S)
    if not task.done():
        await give_up(name, task)
        why = "It swallows the CancelledError, or what it does in `finally` takes too long."
        return Check("stops", "fail", f"works on for {CLOSE_S:g} s after it was cancelled", why)
    if not task.cancelled() and (error := task.exception()):
        return Check("stops", "warn", "fails when it is cancelled", describe(error))
    return Check("stops", "ok", f"{(now() - begun) * 1000:.0f} ms after it was cancelled")


def _free(blocked: list[float]) -> Check:
    if not blocked:
        return Check("loop", "ok", f"was never held up for {BLOCKED_S:g} s")
    return Check(
        "loop",
        "fail",
        f"was held up for {max(blocked):.1f} s",
        "While one part blocks, nothing is heard, spoken or muted.",
        "Call what takes long by `await asyncio.to_thread(…)`.",
    )
