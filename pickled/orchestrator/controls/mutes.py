"""The two mutes: what is shown is what is heard, mute wins, and the nodes may hold one, too."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pickled.messages.command import Switch
from pickled.messages.node import NodeState
from pickled.mqtt import Bus, Incoming
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.parts.clock import Clock
from pickled.outputs.voice.nodes import Node, Nodes
from pickled.side_tasks import SideTasks

log = structlog.get_logger()

MUTES = ("muted", "mic_muted")
OBEYED_WITHIN_S = 0.5
"""After an OFF, what the nodes say about their mutes counts again only then."""
AWAY_AFTER_S = 3.0
"""Whoever hears nothing of us for so long does without us."""
CATCH_UP_S = 0.2
"""After we stood still, so long a TOGGLE is taken as the nodes took it, who did without us."""
_KNOWN_IDS = 64


@dataclass
class Mutes:
    """Decides what `muted/state` and `mic_muted/state` say."""

    bus: Bus
    controls: Controls
    nodes: Nodes
    clock: Clock
    session: int
    on_silenced: Callable[[], object]
    """Stop speaking."""
    on_released: Callable[[], object]
    _begun: bool = False
    _retained: dict[str, bool] = field(default_factory=dict)
    """What the broker kept when we came."""
    _decided: set[str] = field(default_factory=set)
    """Mutes that somebody has commanded already."""
    _released_at: dict[str, float] = field(default_factory=dict)
    _ticked: float = float("inf")
    _catching_up_until: float = float("-inf")
    _count: int = 0
    _ids: deque[str] = field(default_factory=lambda: deque(maxlen=_KNOWN_IDS))
    _sending: SideTasks = field(default_factory=SideTasks)
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    def listen(self) -> None:
        """Subscribe, and show no mute before it is known; before the bus starts."""
        self.controls.mutes_known = False
        for name in MUTES:
            self.bus.on(f"{name}/state", self._written)
        self.bus.on_connect(self._connected)
        self.nodes.on_appear.append(self._appeared)
        self.nodes.on_change.append(lambda _: self._look())
        self._ticked = self.clock.now()

    def tick(self) -> None:
        """Each second: did we stand still?"""
        if self._stood_still():
            self._catching_up_until = self.clock.now() + CATCH_UP_S
        self._ticked = self.clock.now()

    def close(self) -> None:
        """Look no more."""
        for timer in self._timers:
            timer.cancel()

    def is_ours(self, command_id: str) -> bool:
        """Is that the id of a command that we sent to the nodes?"""
        return command_id in self._ids

    def command(self, name: str, value: str) -> None:
        """`ON`, `OFF`, or the other one of what is in force; the nodes heard all but the last.

        A TOGGLE that waited while we stood still only mutes: the nodes took it so.
        """
        toggled = value == "TOGGLE"
        late = toggled and self._away()
        on = value == "ON" or late or (toggled and not getattr(self.controls, name))
        self.switch(name, on=on, tell_nodes=toggled and not late)

    def switch(self, name: str, *, on: bool, tell_nodes: bool = True) -> None:
        """Mute, or release both kinds; `tell_nodes` where they did not hear it themselves."""
        was = bool(getattr(self.controls, name))
        self._decided.add(name)
        if not on:
            self._released_at[name] = self.clock.now()
            self._look_later()
        self.controls.set_held(name, self._held(name))
        self.controls.set_switch(name, on)
        self._followed(name, was=was, again=on)
        if tell_nodes:
            self._tell_nodes(name, on)

    async def _connected(self) -> None:
        """At the start: a command, a node's mute, what the broker kept, or the setting."""
        if self._begun:
            return
        await self.bus.settle()
        self._begun = True
        for name in MUTES:
            if name not in self._decided and (on := self._at_start(name)) is not None:
                self.controls.set_switch(name, on)
            self.controls.set_held(name, self._held(name))
        self.controls.mutes_known = True
        self.controls.publish()

    def _at_start(self, name: str) -> bool | None:
        states = [node.state for node in self.nodes.online]
        if any(_general(state, name) for state in states):
            return True
        retained = self._retained.get(name)
        if retained and any(_alone(state, name) for state in states):
            return None
        return retained

    def _written(self, message: Incoming) -> None:
        """Somebody else wrote the state: we know better, but at our start."""
        name = message.row.path.removesuffix("/state")
        if not self._begun:
            if message.payload in (b"ON", b"OFF"):
                self._retained[name] = message.payload == b"ON"
        elif message.payload != message.row.encode(bool(getattr(self.controls, name))):
            self.controls.publish(again=message.row.path)

    def _appeared(self, node: Node) -> None:
        """Mute wins: a node that holds a general mute mutes all."""
        for name in MUTES:
            if node.online and _general(node.state, name) and not self.controls.switched(name):
                log.warning("a node is muted, so all is", node=node.name, switch=name)
                self.switch(name, on=True, tell_nodes=False)

    def _look(self) -> None:
        """Do the nodes hold a mute?"""
        if not self._begun:
            return
        for name in MUTES:
            was = bool(getattr(self.controls, name))
            self.controls.set_held(name, self._held(name))
            self._followed(name, was=was)

    def _held(self, name: str) -> bool:
        """One node's general mute is enough; of their own ones, all have to be on."""
        if self.clock.now() - self._released_at.get(name, float("-inf")) < OBEYED_WITHIN_S:
            return False
        states = [node.state for node in self.nodes.online]
        everyone = bool(states) and all(getattr(state, name) for state in states)
        return everyone or any(_general(state, name) for state in states)

    def _followed(self, name: str, *, was: bool, again: bool = False) -> None:
        on = bool(getattr(self.controls, name))
        if name == "muted" and on and (again or not was):
            self.on_silenced()
        elif was and not on:
            self.on_released()

    def _stood_still(self) -> bool:
        return self.clock.now() - self._ticked > AWAY_AFTER_S

    def _away(self) -> bool:
        """Did the nodes do without us when what comes in now was said?"""
        return self._stood_still() or self.clock.now() < self._catching_up_until

    def _look_later(self) -> None:
        def due() -> None:
            self._timers.discard(timer)
            self._look()

        timer = asyncio.get_running_loop().call_later(OBEYED_WITHIN_S, due)
        self._timers.add(timer)

    def _tell_nodes(self, name: str, on: bool) -> None:
        """The nodes don't act on a TOGGLE while we are there: they get what was decided."""
        self._count += 1
        command_id = f"decided-{self.session}-{self._count}"
        self._ids.append(command_id)
        decided = Switch(value="ON" if on else "OFF", id=command_id)
        self._sending.start(self.bus.publish(f"{name}/set", decided), name=f"tell {name}")


def _general(state: NodeState, name: str) -> bool:
    return bool(getattr(state, name)) and not _alone(state, name)


def _alone(state: NodeState, name: str) -> bool:
    return bool(getattr(state, f"{name}_alone"))
