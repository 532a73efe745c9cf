"""What is wrong, why, and how to mend it: checks that run beside each other, each with a limit."""

from __future__ import annotations

import asyncio
import os
import platform
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from pickled import __version__
from pickled.brain.persona import parse_persona
from pickled.config import Config, MqttConfig, PartConfig, load
from pickled.daemon.tables import load_tables
from pickled.errors import BrokerError, ConfigError, PickledError, StoreError
from pickled.extras import PACKAGES, missing, needs, remedy
from pickled.mqtt.probe import Findings, look
from pickled.orchestrator.controls.personas import bundled_dir
from pickled.plugins import Surroundings, find, guard_of, with_last_resort
from pickled.topics import Root

LONGEST_CHECK_S = 30.0
LONGEST_PROBE_S = 10.0
_LONGEST_CONNECT_S = 5.0
_PORTS = {"ws": 80, "http": 80, "wss": 443, "https": 443, "mqtt": 1883, "mqtts": 8883}

Status = Literal["ok", "warn", "fail"]


_Job = Callable[[], Awaitable["Sequence[Check]"]]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: Status
    what: str
    """What was found."""
    why: str = ""
    """What it means, or what caused it."""
    remedy: str = ""
    """How to mend it."""


class _Probed(Protocol):
    async def probe(self) -> None:
        """Raises PickledError that names the remedy."""


async def examine(path: Path | None, *, environ: Mapping[str, str], cwd: Path) -> tuple[Check, ...]:
    """Look at everything; `fail` means that it can't run as it is configured."""
    machine = check_machine()
    try:
        loaded = load(path, environ=environ, cwd=cwd)
    except ConfigError as error:
        return machine, Check("configuration", "fail", "can't be used", remedy=str(error))
    config = loaded.config
    jobs: dict[str, _Job] = {
        "broker": partial(asyncio.to_thread, _check_broker, config),
        "model": partial(check_ladder, "model", "llm", config.llm, config),
        "voice": partial(check_ladder, "voice", "tts", config.tts, config),
        "personas": partial(asyncio.to_thread, _check_personas, config),
        "data": partial(asyncio.to_thread, _check_data_dir, config),
        "memory": partial(_check_memory, config),
        "embedder": partial(asyncio.to_thread, _check_embedder, config),
        "safety": partial(asyncio.to_thread, _check_lists, config),
        "guard": partial(_check_guard, config),
    }
    for number, part in enumerate(config.inputs):
        name = f"input {part.kind}" + (f" {number}" if len(config.inputs) > 1 else "")
        jobs[name] = partial(check_input, name, part, config)
    if not _is_for_daemon():
        jobs = {"broker": jobs["broker"]}
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
        except TimeoutError:
            reasons.append(f"{rung.kind}: no answer within {LONGEST_PROBE_S:g} s")
        else:
            if not reasons:
                return (Check(name, "ok", f"{works} answers"),)
            return (Check(name, "warn", f"{works} takes its place", remedy=" ".join(reasons)),)
    return (Check(name, "fail", "nothing answers", remedy=" ".join(reasons)),)


async def check_input(name: str, part: PartConfig, config: Config) -> tuple[Check, ...]:
    """Are an input's options valid, and do the services answer that it names?"""
    try:
        plug = find("inputs", part)
        async with plug.start(_surroundings(config)):
            pass
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


async def _check_memory(config: Config) -> tuple[Check, ...]:
    """Can its file be read, and what does it hold?"""
    from pickled.memory.database import FILE_NAME, open_database
    from pickled.memory.long_term import LongTerm

    assert config.data_dir is not None
    path = config.data_dir / FILE_NAME
    if not path.exists():
        return (Check("memory", "ok", "empty: it begins with the first `pickled run`"),)
    try:
        async with open_database(path, read_only=True) as database:
            state = await LongTerm(database, None, lambda: datetime.now(UTC)).stats()
    except StoreError as error:
        remedy = f"{error} `pickled memory check` says more."
        return (Check("memory", "fail", f"{path} can't be read", remedy=remedy),)
    held = f"{state.entries} entries, {state.viewers} viewers, {state.size_bytes / 1e6:.1f} MB"
    return (Check("memory", "ok", held),)


def _check_embedder(config: Config) -> tuple[Check, ...]:
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


def _check_lists(config: Config) -> tuple[Check, ...]:
    """Can the lists be read, and does the owner know what no list can see?"""
    try:
        load_tables(config)
    except ConfigError as error:
        return (Check("safety", "fail", "a list can't be used", remedy=str(error)),)
    safety, remedies = config.safety, []
    if safety.words_file is None:
        remedies.append("Name your own words in `safety.words_file`.")
    if safety.private_words_file is None:
        remedies.append(
            "Name your street and your family in `safety.private_words_file`: "
            "they are then never spoken or published."
        )
    what = "the bundled list is in force" if safety.words_file is None else str(safety.words_file)
    why = "A word list can't see what is vile in clean words, nor irony, nor a lie about somebody."
    return (Check("safety", "warn" if remedies else "ok", what, why, " ".join(remedies)),)


async def _check_guard(config: Config) -> tuple[Check, ...]:
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
    except (PickledError, TimeoutError) as error:
        why = "Meanwhile clauses with names or quotes are not spoken, others pass unjudged."
        return (Check("guard", "warn", f"{part.kind} does not answer", why, str(error)),)


async def _probe(folder: str, part: PartConfig, config: Config) -> str:
    plug = find(folder, part)
    async with asyncio.timeout(LONGEST_PROBE_S), plug.start(_surroundings(config)) as started:
        probed: _Probed = started
        await probed.probe()
        return str(getattr(started, "name", part.kind))


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


def _check_broker(config: Config) -> tuple[Check, ...]:
    mqtt, root = config.mqtt, Root(config.mqtt.base_topic, config.instance)
    where = f"{mqtt.host}:{mqtt.port}"
    try:
        found = look(mqtt, root)
    except BrokerError as error:
        return (Check("broker", "fail", f"{where} can't be used", remedy=str(error)),)
    if found.refused or not found.heard:
        why = found.refused or "What we publish does not come back to us."
        remedy = "Give our user the rights of `pickled` in topics/mosquitto/acl."
        broker = Check("broker", "fail", f"{where} lets us do too little", why, remedy)
    else:
        broker = Check("broker", "ok", f"{where} lets us in, publish and read")
    return broker, _check_users(found, mqtt), _check_nodes(found)


def _check_users(found: Findings, mqtt: MqttConfig) -> Check:
    if found.open_to_all:
        why = "Whoever reaches the broker can make the co-host speak, and listen to it."
        remedy = "Use topics/mosquitto/mosquitto.conf and its access list, with passwords."
        return Check("users", "warn", "the broker asks nobody for a name", why, remedy)
    if not found.guarded:
        why = "Every user may do everything, so also a lost laptop or a tablet on the wall."
        remedy = "Use topics/mosquitto/acl (`pickled topics acl --node NAME`) with its six users."
        return Check("users", "warn", "there is no access list in force", why, remedy)
    return Check("users", "ok", f"an access list is in force; we are {mqtt.username}")


def _check_nodes(found: Findings) -> Check:
    daemon = "the daemon runs" if found.daemon else "the daemon does not run"
    if not found.nodes:
        remedy = "Start `pickled node --broker mqtt://…` on the machine that shall be heard."
        return Check("nodes", "warn", f"{daemon}, no node is online", "Nothing sounds.", remedy)
    return Check("nodes", "ok", f"{daemon}, online: {', '.join(sorted(found.nodes))}")


def _check_personas(config: Config) -> tuple[Check, ...]:
    files: dict[str, Path] = {}
    for folder in (bundled_dir(), config.personas_dir):
        files |= {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    wrong = []
    for path in files.values():
        try:
            parse_persona(path.read_text(encoding="utf-8"), source=str(path))
        except (ConfigError, OSError, UnicodeDecodeError) as error:
            wrong.append(str(error))
    names = ", ".join(sorted(files)) or "none"
    if config.persona not in files:
        remedy = f"Write {config.personas_dir / config.persona}.yaml, or name another `persona`."
        return (Check("personas", "fail", names, f"there is no {config.persona}", remedy),)
    wrong += [
        f"schedule: there is no persona {each.persona!r}."
        for each in config.schedule
        if each.persona not in files
    ]
    if wrong:
        return (Check("personas", "fail", names, remedy=" ".join(wrong)),)
    return (Check("personas", "ok", names),)


def _check_data_dir(config: Config) -> tuple[Check, ...]:
    folder = config.data_dir or Path()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        if existing == folder:
            with tempfile.TemporaryFile(dir=folder):
                pass
        elif not (existing.is_dir() and os.access(existing, os.W_OK)):
            raise PermissionError(13, f"it can't be created in {existing}")
    except OSError as error:
        remedy = "Give the user that runs pickled the right to write there, or set `data_dir`."
        return (Check("data", "fail", f"{folder} can't be written", str(error), remedy),)
    return (Check("data", "ok", f"{folder} can be written"),)


def _surroundings(config: Config) -> Surroundings:
    def ignore(_status: Any, _detail: str) -> None:
        """A check says itself how things are."""

    return Surroundings(config.base_dir, config.data_dir or Path(), ignore)
