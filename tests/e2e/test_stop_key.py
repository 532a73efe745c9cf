"""The stop key tells the truth: daemon, broker and nodes in any state, in random order."""

from __future__ import annotations

import asyncio
import random
import time
from array import array
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pickled.audio import SPEECH_RATE
from pickled.messages.node import NodeState
from tests.e2e.house import House, house
from tests.e2e.stop_key import StopKey, Switch
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(90)]

SHOWN_S, FROZEN_S, BROKER_S = 1.0, 4.0, 5.0
"""Within such a time what is shown is right."""
SLACK_S = 0.7
"""For a busy machine."""
STAYS_S = 0.3
AWAY_S = 3.2
"""A daemon that is frozen for so long is away to the nodes."""
MOST_FROZEN = 3
"""Steps, so that the broker does not drop the daemon."""
_WAV_HEADER = 44

TEXT = "This is said so that there is something to be heard while somebody presses a key."


@dataclass
class Scene:
    """A co-host, what has to be so, and what was pressed."""

    at_home: House
    key: StopKey
    daemon: Process
    dice: random.Random
    frozen_at: float = 0.0
    frozen_steps: int = 0
    silent: list[tuple[float, float]] = field(default_factory=list)
    """From when to when nothing may have been heard."""
    story: list[str] = field(default_factory=list)

    async def step(self) -> None:
        """One more thing happens, perhaps in mid-sentence; then what is shown is what is heard."""
        if self.key.here and self.dice.random() < 0.7:
            await self.speak()
        moment = self.at_home.now
        if self.key.frozen and self.frozen_steps >= MOST_FROZEN:
            await self.do("thaw")
        else:
            await self.do(self.dice.choice(self.possible()))
        self.frozen_steps = self.frozen_steps + 1 if self.key.frozen else 0
        await self.check(moment)

    def possible(self) -> list[str]:
        """What may happen now, the likely things more than once."""
        keys = ["ON", "OFF", "TOGGLE", "ON", "OFF", "retained ON", "retained OFF", "panic"]
        keys += [f"{node} {value}" for node in self.key.nodes for value in ("ON", "ON", "OFF")]
        if not self.key.alive:
            return [*keys, *["start"] * 4, "broker"]
        if self.key.frozen:
            return [*keys, *["thaw"] * 2, "kill", "broker"]
        return [*keys, *["kill"] * 3, *["freeze"] * 3, "broker"]

    async def do(self, what: str) -> None:
        """Let it happen, and tell the rules."""
        self.story.append(what)
        key, at_home = self.key, self.at_home
        match what.split():
            case ["kill"]:
                self.daemon.kill()
                await at_home.until_state("availability", "offline")
                key.kill()
            case ["start"]:
                self.daemon = await at_home.daemon()
                key.start()
            case ["freeze"]:
                self.daemon.freeze()
                self.frozen_at = at_home.now
                key.freeze()
            case ["thaw"]:
                self.daemon.thaw()
                if key.cut:
                    await at_home.until("availability", "online", after=at_home.now)
                key.thaw()
            case ["broker"]:
                await self.restart_broker()
                key.restart_broker()
            case ["panic"]:
                await at_home.send("cmd/panic")
                key.press("ON")
            case ["retained", "ON" | "OFF" as value]:
                path = at_home.root("muted/set")
                await at_home.watcher.publish(path, value, retain=True)
                key.press(value, retained=True)
            case ["ON" | "OFF" | "TOGGLE" as value]:
                await self.press(value)
            case [node, "ON" | "OFF" as value]:
                await at_home.send(f"node/{node}/muted/set", value)
                key.press_one(node, value)

    async def press(self, value: Switch) -> None:
        """The key for all; a TOGGLE only once it is clear who is to obey it."""
        if value == "TOGGLE" and self.key.frozen:
            await asyncio.sleep(max(0.0, self.frozen_at + AWAY_S - self.at_home.now))
        await self.at_home.send("muted/set", value)
        self.key.press(value)

    async def restart_broker(self) -> None:
        """It forgets everything; until those who can are connected again."""
        at_home = self.at_home
        moment = at_home.now
        await asyncio.to_thread(at_home.broker.restart)
        for node in self.key.nodes:
            await at_home.until(f"node/{node}/availability", "online", after=moment)
        if self.key.here:
            await at_home.until("availability", "online", after=moment)

    async def speak(self) -> None:
        """Sound flows from the node that leads, or it is refused."""
        at_home, key = self.at_home, self.key
        if key.shown:
            assert (await at_home.command("cmd/say", TEXT)).code == "not_allowed", self.told()
        elif key.audible(min(key.nodes)) and at_home.state("speaking/state") != "ON":
            answer = await at_home.command("cmd/say", TEXT)
            assert answer.turn, (answer, self.told())
            fits = f'"utterance":"{answer.turn}.0","state":"started"'
            path = f"node/{min(key.nodes)}/played"
            await at_home.until(path, lambda text: fits in text)

    async def check(self, moment: float) -> None:
        """In time, what is shown is what the rules say, and stays so."""
        limit = FROZEN_S if self.key.frozen else SHOWN_S
        limit = BROKER_S if self.story[-1] == "broker" else limit
        moment = self.at_home.now if self.story[-1] in ("start", "thaw", "TOGGLE") else moment
        if self.key.contested:
            await asyncio.sleep(limit)  # it may be shown otherwise until the others have objected
        while (wrong := self.wrong()) and self.at_home.now < moment + limit + SLACK_S:
            await asyncio.sleep(0.02)
        assert not wrong, f"{wrong} {limit} s after {self.told()}"
        self.key.shown = self.at_home.state("muted/state") == "ON"
        settled = self.at_home.now
        await asyncio.sleep(STAYS_S)
        assert not self.wrong(), f"{self.wrong()} later after {self.told()}"
        if self.key.shown:
            self.silent.append((settled + STAYS_S / 2, self.at_home.now))

    def wrong(self) -> str:
        """What is shown otherwise than it is; empty if nothing is."""
        shown = {"muted/state": self.at_home.state("muted/state")}
        right = {"muted/state": "ON" if self.key.shown else "OFF"}
        for node, own in self.key.nodes.items():
            text = self.at_home.state(f"node/{node}/state") or "{}"
            state = NodeState.model_validate_json(text)
            shown[node] = "" if not state.muted else "alone" if state.muted_alone else "general"
            right[node] = own
        return "" if shown == right else f"shown {shown}, but it is {right}"

    def told(self) -> str:
        """What happened, for whoever has to find out why."""
        return f"{self.story} with {self.key}"


async def play(folder: Path, broker: Broker, *, seed: int, nodes: int, steps: int) -> None:
    """A random sequence, and at its end an OFF that everybody hears."""
    names = ["laptop", "phone"][:nodes]
    async with house(folder, broker, contract=False) as at_home:
        processes = {name: await at_home.node(name) for name in names}
        daemon = await at_home.daemon()
        key = StopKey(dict.fromkeys(names, ""))
        scene = Scene(at_home, key, daemon, random.Random(seed))
        for _ in range(steps):
            await scene.step()
        last = [] if key.here else ["thaw" if key.alive else "start"]
        for what in (*last, "OFF"):
            moment = at_home.now
            await scene.do(what)
            await scene.check(moment)
        await at_home.until_state("speaking/state", "OFF")
        await scene.speak()
        for name, process in processes.items():
            process.terminate()
            await asyncio.to_thread(process.wait)
            check_silence(folder / f"{name}.wav", scene)


def check_silence(wav: Path, scene: Scene) -> None:
    """Nothing was heard while mute was shown: the file runs in real time, up to its end."""
    ended = scene.at_home.now - (time.time() - wav.stat().st_mtime)
    samples = array("h", wav.read_bytes()[_WAV_HEADER:])
    assert any(samples), "nothing was ever heard"
    begin = ended - len(samples) / SPEECH_RATE
    for start, end in scene.silent:
        first, last = (int((at - begin) * SPEECH_RATE) for at in (start, end))
        assert not any(samples[max(first, 0) : last]), scene.told()


@pytest.mark.parametrize(("seed", "nodes"), [(1, 1), (2, 2), (3, 2)])
async def test_stop_key_tells_what_is_heard(
    tmp_path: Path, broker: Broker, seed: int, nodes: int
) -> None:
    """Keys, panic, a node's own switch; daemon killed and frozen, broker restarted: it is true."""
    await play(tmp_path, broker, seed=seed, nodes=nodes, steps=6)


@pytest.mark.prove
@pytest.mark.timeout(580)
@pytest.mark.parametrize("nodes", [1, 2])
async def test_stop_key_tells_what_is_heard_for_long(
    tmp_path: Path, broker: Broker, nodes: int
) -> None:
    """A hundred steps in one life of the nodes."""
    await play(tmp_path, broker, seed=100 + nodes, nodes=nodes, steps=100)
