"""A co-host at home, of real processes: a broker, a daemon, audio-nodes, and somebody who looks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pickled.messages.command import CommandEvent
from pickled.messages.node import Played
from pickled.messages.response import ResponseState
from pickled.topics import Root
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import WAIT_S, Peer, Seen, peer, watch_contract
from tests.stand_ins.processes import Process, environment, python, started
from tests.stand_ins.pulse import NullSink
from tests.stand_ins.served import HOST

NODE = "laptop"
BACK_S = 5.0
"""Within this time after a dependency's return all is in service again."""

QUICK = {"connect_timeout_s": 0.5, "first_token_timeout_s": 1.0, "idle_timeout_s": 1.0}
"""Of a model: short, so that a test need not wait long."""


@dataclass
class House:
    """Starts the processes, and tells what is seen at the broker."""

    folder: Path
    broker: Broker
    watcher: Peer
    config: Path
    sink: NullSink | None = None
    root: Root = field(default_factory=Root)
    environ: dict[str, str] = field(default_factory=dict)
    """More of the environment of what is started."""
    _stack: ExitStack = field(default_factory=ExitStack)

    async def daemon(self) -> Process:
        """Start the daemon, and wait until it is online."""
        moment = self.now
        process = self.start("daemon", python("pickled", "run", "--config", str(self.config)))
        await self.until("availability", "online", after=moment)
        return process

    async def node(self, name: str = NODE) -> Process:
        """Start an audio-node on the sink, or on a WAV file, and wait until it is online."""
        moment = self.now
        where = f"mqtt://{self.broker.host}:{self.broker.port}"
        output = ["--wav", str(self.folder / f"{name}.wav")]
        if self.sink:
            output = ["--output", pulse.DEVICE]
        command = python("pickled", "node", "--name", name, "--broker", where, *output)
        process = self.start("node", command)
        await self.until(f"node/{name}/availability", "online", after=moment)
        return process

    async def model(self, port: int, *texts: str, tokens_per_s: int = 40) -> Process:
        """Start a stand-in for Ollama that says this, and wait until it answers."""
        said = [part for text in texts for part in ("--text", text)]
        pace = ["--first-token-ms", "200", "--tokens-per-s", str(tokens_per_s)]
        command = python("tests.stand_ins.ollama_process", "--port", str(port), *pace, *said)
        process = self.start("ollama", command)
        await asyncio.to_thread(process.until_log, "http://")
        return process

    async def run(self, *arguments: str, timeout: float = WAIT_S) -> tuple[int, str]:
        """Run a command of `pickled` to its end: its exit code, and all that it wrote."""
        process = self.start(arguments[0], python("pickled", *arguments))
        code = await asyncio.to_thread(process.wait, timeout)
        return code, process.log

    def start(self, name: str, command: list[str]) -> Process:
        """Start any program of ours; it ends with the test at the latest."""
        more = self.environ | (dict(self.sink.environ) if self.sink else {})
        environ = environment(self.folder, **more)
        context = started(name, command, folder=self.folder, environ=environ)
        return self._stack.enter_context(context)

    @property
    def now(self) -> float:
        """This moment, as in `Seen.at`."""
        return asyncio.get_running_loop().time()

    async def until(
        self,
        path: str,
        payload: str | Callable[[str], bool] | None = None,
        *,
        after: float = 0.0,
        timeout: float = WAIT_S,
    ) -> Seen:
        """The first message of that topic that came after a moment, with that payload."""

        def wanted(each: Seen) -> bool:
            if each.at < after or each.topic != self.root(path):
                return False
            return payload(each.text) if callable(payload) else payload in (None, each.text)

        try:
            return await self.watcher.until(wanted, timeout=timeout)
        except TimeoutError as error:
            late = [each for each in self.watcher.seen if each.at >= after]
            lines = [
                f"{each.at - self.now:8.3f} {each.topic} {each.text[:90]}"
                for each in late
                if not each.topic.endswith(("/audio", "/ping", "/pong"))
            ]
            seen = "\n".join(lines[-40:])
            raise AssertionError(f"{path} never came as wanted, only:\n{seen}") from error

    async def until_state(self, path: str, payload: str, *, timeout: float = WAIT_S) -> None:
        """Wait until a state is that."""
        if self.state(path) != payload:
            await self.until(path, payload, after=self.now, timeout=timeout)

    def state(self, path: str) -> str | None:
        """What was published last."""
        payloads = self.watcher.payloads(self.root(path))
        return payloads[-1] if payloads else None

    async def send(self, path: str, payload: str = "") -> float:
        """Publish a command; the moment at which it was."""
        moment = self.now
        await self.watcher.publish(self.root(path), payload)
        return moment

    async def command(
        self, path: str, value: str = "", *, timeout: float = WAIT_S, **fields: str
    ) -> CommandEvent:
        """Give a command until it is answered; however often it arrives, it is done once."""
        mark = secrets.token_hex(8)
        payload = json.dumps({"value": value} | fields | {"id": mark})
        async with asyncio.timeout(timeout):
            while True:
                moment = await self.send(path, payload)
                with contextlib.suppress(AssertionError):
                    answer = await self.until(
                        "event/command", lambda text: mark in text, after=moment, timeout=0.5
                    )
                    return CommandEvent.model_validate_json(answer.payload)

    async def say(self, text: str, *, within: float = WAIT_S) -> str:
        """Let it speak, and wait until it is heard; the turn."""
        until = self.now + within
        answer = await self.command("cmd/say", text, timeout=within)
        assert answer.code == "ok", answer
        assert answer.turn
        await self.heard(answer.turn, within=until - self.now)
        return answer.turn

    async def ask(self, text: str) -> ResponseState:
        """Ask it something, and wait until the answer was heard; how that turn ended."""
        answer = await self.command("cmd/ask", text)
        assert answer.turn, answer
        return await self.outcome(answer.turn)

    async def heard(self, turn: str, *, within: float = WAIT_S) -> Seen:
        """The message that tells that a turn has become sound."""
        fits = f'"utterance":"{turn}.0","state":"started"'
        return await self.until(f"node/{NODE}/played", lambda text: fits in text, timeout=within)

    async def outcome(self, turn: str, *, timeout: float = WAIT_S) -> ResponseState:
        """How a turn ended."""
        seen = await self.until("response/state", lambda text: turn in text, timeout=timeout)
        return ResponseState.model_validate_json(seen.payload)

    async def in_service(self, returned: float) -> str:
        """It speaks within 5 s of a dependency's return, and to the end; the turn."""
        until = returned + BACK_S
        await self.command("cmd/ping", timeout=until - self.now)
        await self.until_state("service_level/state", "full", timeout=until - self.now)
        turn = await self.say("All is well again.", within=until - self.now)
        ended = await self.outcome(turn)
        assert (ended.outcome, ended.heard) == ("finished", ended.text)
        return turn

    async def retained(self) -> dict[str, str]:
        """What somebody who comes now is told: path → payload."""
        async with peer(self.broker) as newcomer:
            await newcomer.caught_up()
            return {
                each.topic.removeprefix(self.root("")): each.text
                for each in newcomer.seen
                if each.retain
            }

    def played(self, *, after: float = 0.0) -> list[Played]:
        """What the nodes reported since a moment."""
        return [
            Played.model_validate_json(each.payload)
            for each in self.watcher.seen
            if each.at >= after and each.topic.endswith("/played")
        ]


@asynccontextmanager
async def house(
    folder: Path,
    broker: Broker,
    *,
    sink: NullSink | None = None,
    contract: bool = True,
    login: tuple[str, str] | tuple[None, None] = (None, None),
    **settings: Any,
) -> AsyncIterator[House]:
    """A broker with somebody who holds all traffic against the contract; starts no process yet.

    Without `contract` he only looks. `login` is his name and password at the broker. `settings`
    are those of `pickled.yaml`.
    """
    given = {
        "data_dir": str(folder / "data"),
        "mqtt": {"host": broker.host, "port": broker.port},
        "tts": {"kind": "local", "engine": "flite"},
        "llm": {"kind": "readout"},
    }
    config = folder / "pickled.yaml"
    config.write_text(json.dumps(given | settings))
    user, password = login
    looking = peer(broker, username=user, password=password)
    if contract:
        looking = watch_contract(
            broker, elsewhere=("caught-up/#",), username=user, password=password
        )
    async with looking as watcher:
        with ExitStack() as stack:
            yield House(folder, broker, watcher, config, sink, _stack=stack)


def model_at(port: int, **options: Any) -> dict[str, Any]:
    """The `llm` section for a stand-in on this machine, with `readout` behind it."""
    fallback = [{"kind": "readout"}]
    return {"kind": "ollama", "host": f"http://{HOST}:{port}", **options, "fallback": fallback}


def needs_sound() -> None:
    """Skip the test where sound can't be made or recorded."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
