"""Looks at everything that a configuration names: checks beside each other, each with a limit."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from pickled import __version__
from pickled.config import load
from pickled.doctor.broker import check_broker
from pickled.doctor.check import Check
from pickled.doctor.chosen import check_chosen
from pickled.doctor.devices import check_sound
from pickled.doctor.files import check_data_dir, check_lists, check_memory, check_personas
from pickled.doctor.in_use import check_in_use
from pickled.doctor.leftovers import check_left_overs
from pickled.doctor.parts import check_embedder, check_guard, check_ladder, check_listed
from pickled.doctor.persona_models import check_persona_models
from pickled.doctor.speed import check_speed
from pickled.doctor.twitch import check_twitch
from pickled.doctor.vision import check_vision
from pickled.doctor.websocket import check_websocket
from pickled.errors import ConfigError
from pickled.extras import PACKAGES, missing, needs, remedy

LONGEST_CHECK_S = 30.0

_Job = Callable[[], Awaitable[Sequence[Check]]]


async def examine(
    path: Path | None,
    *,
    environ: Mapping[str, str],
    cwd: Path,
    output: str | None = None,
    websocket_port: int | None = None,
) -> tuple[Check, ...]:
    """Look at everything; `fail` means that it can't run as it is configured.

    `output` is the sound device that a node here shall play to.
    """
    machine = check_machine()
    try:
        loaded = load(path, environ=environ, cwd=cwd)
    except ConfigError as error:
        return machine, Check("configuration", "fail", "can't be used", remedy=str(error))
    config = loaded.config
    jobs: dict[str, _Job] = {
        "broker": partial(asyncio.to_thread, check_broker, config, as_daemon=_is_for_daemon()),
        "websocket": partial(asyncio.to_thread, check_websocket, config, websocket_port),
        "model": partial(check_ladder, "model", "llm", config.llm, config),
        "model speed": partial(check_speed, config),
        "voice": partial(check_ladder, "voice", "tts", config.tts, config),
        "personas": partial(asyncio.to_thread, check_personas, config),
        "persona models": partial(check_persona_models, config),
        "home assistant": partial(asyncio.to_thread, check_left_overs, config),
        "data": partial(asyncio.to_thread, check_data_dir, config),
        "data in use": partial(asyncio.to_thread, check_in_use, config),
        "memory": partial(check_memory, config),
        "embedder": partial(asyncio.to_thread, check_embedder, config),
        "safety": partial(asyncio.to_thread, check_lists, config),
        "guard": partial(check_guard, config),
        "twitch": partial(check_twitch, config),
        "vision": partial(check_vision, config),
    }
    if config.stt is not None:
        jobs["hearing"] = partial(check_ladder, "hearing", "stt", config.stt, config)
    for sort, folder, listed in (
        ("input", "inputs", config.inputs),
        ("output", "outputs", config.outputs),
    ):
        for number, part in enumerate(listed):
            name = f"{sort} {part.kind}" + (f" {number}" if len(listed) > 1 else "")
            jobs[name] = partial(check_listed, name, folder, part, config)
    if not _is_for_daemon():
        jobs = {name: jobs[name] for name in ("broker", "websocket")}
    if output or not (_is_for_daemon() or missing("node")):
        jobs["sound"] = partial(asyncio.to_thread, check_sound, output, environ)
    jobs["discovery"] = partial(asyncio.to_thread, check_chosen, config)
    found = await asyncio.gather(*(_limited(name, job) for name, job in jobs.items()))
    whence = str(loaded.path) if loaded.path else "no pickled.yaml, all defaults"
    notes = " ".join(loaded.notes)
    configuration = Check("configuration", "warn" if notes else "ok", whence, why=notes)
    return machine, configuration, *(check for checks in found for check in checks)


def check_machine() -> Check:
    """Python, the platform, and what the packages that are there are enough for."""
    python = f"pickled {__version__}, Python {platform.python_version()}, {platform.system()}"
    if _is_for_daemon():
        if not (absent := missing("server")):
            return Check("machine", "ok", python)
        why = f"{', '.join(absent)}: not installed"
        return Check("machine", "fail", python, why, f"For the daemon {remedy('server')}.")
    if missing("node"):
        why = "Neither the daemon's packages nor the node's are installed."
        both = f"For the daemon {remedy('server')}; for a node that is heard {remedy('node')}."
        return Check("machine", "fail", python, why, both)
    why = "A node can run here; the daemon can't, so what it would need is not looked at."
    return Check("machine", "warn", python, why, f"If it shall: {remedy('server', 'node')}.")


def _is_for_daemon() -> bool:
    """Is anything of the server extra installed? A laptop has nothing of it."""
    return missing("server") != PACKAGES["server"]


async def _limited(name: str, job: _Job) -> Sequence[Check]:
    try:
        async with asyncio.timeout(LONGEST_CHECK_S):
            return await job()
    except TimeoutError:
        return (Check(name, "fail", f"no result within {LONGEST_CHECK_S:g} s"),)
    except ModuleNotFoundError as error:
        if not (lacking := needs(error.name)):
            raise
        return (Check(name, "fail", "can't be looked at", remedy=lacking),)
