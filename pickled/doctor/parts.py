"""The parts of the configuration: which of them start, and which answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pickled.config import Config, PartConfig
from pickled.doctor.check import Check
from pickled.errors import ConfigError, PickledError
from pickled.extras import missing, remedy
from pickled.messages.state import Status
from pickled.orchestrator.parts.fence import contained
from pickled.plugins import Surroundings, find, guard_of, with_last_resort

LONGEST_PROBE_S = 10.0
_LOADS_S = 8.0
"""So long a model that is loading is waited for; then it is said."""
_AGAIN_S = 0.2
_LONGEST_CONNECT_S = 5.0
_PORTS = {"ws": 80, "http": 80, "wss": 443, "https": 443, "mqtt": 1883, "mqtts": 8883}


async def check_ladder(
    name: str, folder: str, part: PartConfig, config: Config
) -> tuple[Check, ...]:
    """Which of a part's rungs answers; the first one that doesn't is explained."""
    reasons = []
    for rung in (part, *with_last_resort(folder, part).fallback):
        try:
            works = await _probe(folder, rung, config)
        except ConfigError as error:
            return (Check(name, "fail", f"{rung.kind} can't be used", remedy=str(error)),)
        except PickledError as error:
            reasons.append(f"{rung.kind}: {error}")
        else:
            if not reasons:
                return (Check(name, "ok", f"{works} answers"),)
            return (Check(name, "warn", f"{works} takes its place", remedy=" ".join(reasons)),)
    return (Check(name, "fail", "nothing answers", remedy=" ".join(reasons)),)


async def check_listed(
    name: str, folder: str, part: PartConfig, config: Config
) -> tuple[Check, ...]:
    """Are the options of an input or output valid, and do the services answer that it names?"""
    try:
        plug = find(folder, part)

        async def open_and_close() -> None:
            async with plug.start(surroundings(config)):
                pass

        await contained(part.kind, open_and_close, limit_s=LONGEST_PROBE_S, error=PickledError)
    except PickledError as error:
        return (Check(name, "fail", "can't be used", remedy=str(error)),)
    for option, value in plug.options.model_dump().items():
        if not (option.endswith("url") and isinstance(value, str)):
            continue
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        try:
            async with asyncio.timeout(_LONGEST_CONNECT_S):
                _, writer = await asyncio.open_connection(host, port)
            writer.close()
        except (OSError, TimeoutError) as error:
            why = str(error) or f"no answer within {_LONGEST_CONNECT_S:g} s"
            return (
                Check(
                    name, "fail", f"{host}:{port} can't be reached", why,
                    f"Is this machine online? The address is the option {option}.",
                ),
            )  # fmt: skip
    return (Check(name, "ok", "can be used"),)


def check_embedder(config: Config) -> tuple[Check, ...]:
    """Are its packages there? The model itself loads with the daemon."""
    embedder = config.memory.embedder
    if embedder is None:
        return (Check("embedder", "ok", "none is wanted: memory goes by words"),)
    if embedder.kind == "sentence_transformers" and missing("embeddings"):
        return (
            Check(
                "embedder", "warn", "memory goes by words alone",
                "What was said in other words is not found.",
                f"{remedy('server', 'embeddings')}, or set `memory.embedder` to null.",
            ),
        )  # fmt: skip
    return (Check("embedder", "ok", embedder.kind),)


async def check_guard(config: Config) -> tuple[Check, ...]:
    """Is the model there that judges by meaning?"""
    part = guard_of(config)
    if part is None:
        return (
            Check(
                "guard", "warn", "no model judges what is said",
                "What is vile in clean words is spoken: only its meaning could tell.",
                "Set `safety.guard_model`, as llama-guard3:1b (`ollama pull llama-guard3:1b`), "
                "or keep the mute key at hand.",
            ),
        )  # fmt: skip
    try:
        return (Check("guard", "ok", f"{await _probe('llm.guard', part, config)} answers"),)
    except PickledError as error:
        why = "Meanwhile clauses with names or quotes are not spoken, others pass unjudged."
        return (Check("guard", "warn", f"{part.kind} does not answer", why, str(error)),)


async def _probe(folder: str, part: PartConfig, config: Config) -> str:
    """Its name, once it has answered; raises PickledError, whatever it does instead."""
    plug = find(folder, part)

    async def ask() -> str:
        async with plug.start(surroundings(config)) as started:
            await (_loaded(started) if folder == "stt" else started.probe())
            return str(getattr(started, "name", part.kind))

    return await contained(part.kind, ask, limit_s=LONGEST_PROBE_S, error=PickledError)


async def _loaded(started: Any) -> None:
    """Wait until its model is; raises what its probe raises."""
    until = asyncio.get_running_loop().time() + _LOADS_S
    while True:
        try:
            await started.probe()
        except PickledError as error:
            if not getattr(error, "loading", False) or asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(_AGAIN_S)
        else:
            return


def surroundings(config: Config) -> Surroundings:
    """What a part is started with, to be looked at."""

    def ignore(_status: Status, _detail: str) -> None:
        """A check says itself how things are."""

    return Surroundings(config.base_dir, config.data_dir or Path(), ignore)
