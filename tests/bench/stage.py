"""What all arms of a benchmark share: chat, model, voice, sound device; and our own processes."""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pickled.topics import Root
from tests.bench.opener_pieces import JOHN
from tests.bench.services import DEFAULT, MODEL, Hardware, Service, service
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import Peer, Seen, peer
from tests.stand_ins.processes import Process, environment, python, started
from tests.stand_ins.twitch_irc import TwitchIrc, privmsg, twitch_irc

CHANNEL, NODE = "wren", "bench"
READY_S = 30.0
ROOT = Root()


@dataclass
class Stage:
    """The stand-ins, as long as one arm plays."""

    folder: Path
    model: Service
    voice: Service
    irc: TwitchIrc
    sink: pulse.NullSink | None
    """None: there is no sound server here, sound goes to a file that keeps real time."""
    sent: dict[str, float] = field(default_factory=dict)
    """When each line of chat was sent, by its id."""

    async def chat(self, text: str, *, user: str) -> str:
        """A line of chat; its id."""
        number = len(self.sent) + 1
        name = f"00000000-0000-4000-8000-{number:0>12}"
        self.sent[name] = time.monotonic()
        login = user.casefold()
        await self.irc.say(
            privmsg(text, channel=CHANNEL, id=name, user_id=login, login=login, display_name=user)
        )
        return name

    def environ(self, **more: str) -> dict[str, str]:
        """For a process that plays sound."""
        return environment(self.folder, **(self.sink.environ if self.sink else {}), **more)


@asynccontextmanager
async def stage(sink: pulse.NullSink | None, hardware: Hardware = DEFAULT) -> AsyncIterator[Stage]:
    """Model, voice and chat, new and with empty journals."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pickled-bench-")))
        model = stack.enter_context(service("model", folder, hardware))
        voice = stack.enter_context(service("voice", folder))
        async with twitch_irc() as irc:
            yield Stage(folder, model, voice, irc, sink)


@dataclass
class CoHost:
    """Our own broker, daemon and node, and somebody who looks."""

    stage: Stage
    broker: Broker
    watcher: Peer
    daemon: Process
    node: Process

    async def until(
        self, path: str, wanted: Callable[[Any], bool], *, after: float = 0, timeout: float = 30
    ) -> Seen:
        """The first message of that topic since a moment whose JSON is wanted."""
        name = ROOT(path, node=NODE)
        return await self.watcher.until(
            lambda each: each.at >= after and each.topic == name and wanted(value(each)),
            timeout=timeout,
        )

    def seen(self, path: str, *, after: float = 0) -> list[tuple[float, Any]]:
        """What was published on a topic, with the moments at which it was seen."""
        name = ROOT(path, node=NODE)
        return [
            (each.at, value(each))
            for each in self.watcher.seen
            if each.topic == name and each.at >= after
        ]

    async def send(self, path: str, payload: str = "") -> float:
        """Publish a command; the moment just before."""
        moment = time.monotonic()
        await self.watcher.publish(ROOT(path), payload)
        return moment


@asynccontextmanager
async def co_host(
    on: Stage,
    *,
    watched: Path | None = None,
    guessing: bool = True,
    openers: bool = False,
    form: str = "auto",
) -> AsyncIterator[CoHost]:
    """Everything of ours, ready to answer.

    `watched`: a journal for how long the daemon's event loop is blocked. `guessing`: may it ask the
    voice before a clause is sure? `openers`: with those of the persona, once they are made. `form`:
    the one in which answers are asked for.
    """
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(Broker())
        watcher = await stack.enter_async_context(peer(broker, see=f"{ROOT.base}/#"))
        config = on.folder / "pickled.yaml"
        config.write_text(json.dumps(_configuration(on, broker, form, guessing=guessing)))
        (on.folder / "personas").mkdir()
        john = yaml.safe_load(JOHN.read_text(encoding="utf-8"))
        john["openers"] = john["openers"] if openers else []
        (on.folder / "personas" / JOHN.name).write_text(json.dumps(john))

        def start(name: str, command: list[str]) -> Process:
            return stack.enter_context(
                started(name, command, folder=on.folder, environ=on.environ())
            )

        output = ["--output", pulse.DEVICE] if on.sink else ["--wav", str(on.folder / "out.wav")]
        where = ["--name", NODE, "--broker", broker.url]
        node = start("node", python("pickled", "node", *where, *output))
        run = ["run", "--config", str(config)]
        command = python("pickled", *run)
        if watched:
            command = python("tests.bench.watched", str(watched), *run)
        daemon = start("daemon", command)
        co = CoHost(on, broker, watcher, daemon, node)
        await co.until("node/{node}/availability", lambda said: said == "online", timeout=READY_S)
        await co.until("service_level/state", lambda said: said == "full", timeout=READY_S)
        await on.irc.joined(within_s=READY_S)
        await asyncio.sleep(1.5)  # the node's clock and the first probes
        if openers:
            await asyncio.to_thread(daemon.until_log, "openers are ready", timeout_s=READY_S)
        yield co


def value(seen: Seen) -> Any:
    """JSON as what it means, everything else as text."""
    if seen.payload[:1] in (b"{", b"["):
        return json.loads(seen.payload)
    return seen.text


def _configuration(on: Stage, broker: Broker, form: str, *, guessing: bool) -> dict[str, Any]:
    never = {} if guessing else {"unheard_percent": 0}
    return {
        "personas_dir": str(on.folder / "personas"),
        "data_dir": str(on.folder / "data"),
        "mqtt": {"host": broker.host, "port": broker.port},
        "inputs": [{"kind": "twitch_anonymous", "channel": CHANNEL, "irc_url": on.irc.url}],
        "llm": {"kind": "ollama", "host": on.model.url, "model": MODEL, "answer_form": form},
        "tts": {"kind": "wyoming", "url": on.voice.url, **never},
    }


QUESTIONS = (
    "john, where are you now?",
    "hey john what is that building",
    "John how far is the lighthouse?",
    "is it cold there john",
    "john say hi to my cat",
)


async def quiet_chat(
    on: Stage, turns: int, *, answered: Callable[[str, float], Any], seed: int = 1
) -> list[str]:
    """One viewer after the other asks, each a moment after the answer before has ended; their ids.

    `answered` is awaited with the id and when it was sent.
    """
    dice = random.Random(seed)
    asked = []
    for number in range(turns):
        name = await on.chat(QUESTIONS[number % len(QUESTIONS)], user=f"Viewer{number}")
        asked.append(name)
        await answered(name, on.sent[name])
        await asyncio.sleep(dice.uniform(0.5, 1.5))
    return asked
