"""What a node is told over MQTT, and what it does about it."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import ValidationError

from pickled.audio import Frame
from pickled.errors import ContractError
from pickled.messages import command
from pickled.messages.node import Ping, Pong, TtsBegin
from pickled.mqtt import Incoming
from pickled.node.clock import DaemonClock, instant
from pickled.node.deputy import Deputy
from pickled.node.mute import Mute, Switching
from pickled.node.shape import decibels
from pickled.node.sound import Sound

CONTROL = {
    "availability": 1,
    "muted/state": 1,
    "mic_muted/state": 1,
    "volume/state": 1,
    "muted/set": 1,
    "mic_muted/set": 1,
    "cmd/panic": 1,
    "cmd/skip": 0,
    "node/{node}/muted/set": 1,
    "node/{node}/mic_muted/set": 1,
    "node/{node}/volume/set": 1,
    "node/{node}/ping": 0,
    "node/{node}/tts/clear": 1,
}
"""What the control connection subscribes, at which QoS; at 0 nothing waits while we are away."""

AUDIO = {"node/{node}/tts/begin": 1, "node/{node}/tts/audio": 0, "node/{node}/tts/end": 1}

log = logging.getLogger(__name__)


@dataclass
class Orders:
    """Obeys each message; called by the connections' threads."""

    sound: Sound
    muted: Mute
    mic_muted: Mute
    volume: float
    """The node's own, 0–100."""
    gain_db: float
    pong: Callable[[Pong], None]
    deafen: Callable[[bool], None] = lambda _on: None
    """Told whether the microphone is muted; nothing of it leaves once that returns."""
    clock: DaemonClock = field(default_factory=DaemonClock)
    obeyed: int = 0
    """Counts the commands that set something, so that the state is shown after each of them."""
    daemon_ups: int = 0
    """Counts how often the daemon said `online`, so that the node shows itself each time."""
    deputy: Deputy = field(init=False)
    _volume_of_all: float = 100.0
    _skips: deque[str] = field(default_factory=lambda: deque(maxlen=64))

    def __post_init__(self) -> None:
        self.deputy = Deputy(self.muted, self.mic_muted)

    def take(self, message: Incoming, fresh: bool) -> None:
        """Do what a message says; one that is not in the contract is ignored, and named in the log.

        What is not `fresh` waited at the broker while we were away: it may mute, nothing else.
        """
        try:
            self._act(message, fresh and not message.retain)
        except (ContractError, ValidationError) as error:
            log.warning("%s is ignored: %s", message.topic, str(error).splitlines()[0])

    def apply(self) -> None:
        """Let the sound follow the mute and the volumes."""
        factor = decibels(self.gain_db) * self.volume / 100 * self._volume_of_all / 100
        self.sound.volume(factor)
        on = self.muted.on
        self.sound.change(lambda playback, now: playback.mute(on, now))
        self.deafen(self.mic_muted.on)

    def switch_by_hand(self) -> None:
        """Somebody at this machine mutes it alone, or releases it, without any broker."""
        value: Switching = "OFF" if self.muted.own else "ON"
        self.muted.command(value, fresh=True, daemon_online=False, now=time.monotonic(), alone=True)
        self._done()

    def _act(self, message: Incoming, fresh: bool) -> None:
        match message.row.path:
            case "availability":
                self._daemon_is(message.row.decode(message.payload))
            case "muted/state":
                self._written(self.muted, message)
                self.apply()
            case "mic_muted/state":
                self._written(self.mic_muted, message)
                self.apply()
            case "volume/state":
                self._volume_of_all = message.row.decode(message.payload)
                self.apply()
            case "muted/set":
                self._switch(self.muted, message, fresh)
            case "mic_muted/set":
                self._switch(self.mic_muted, message, fresh)
            case "node/{node}/muted/set":
                self._switch(self.muted, message, fresh, alone=True)
            case "node/{node}/mic_muted/set":
                self._switch(self.mic_muted, message, fresh, alone=True)
            case "cmd/panic":
                self._panic(message)
            case "cmd/skip":
                self._skip(message, fresh)
            case "node/{node}/volume/set":
                self._set_volume(message, fresh)
            case "node/{node}/ping":
                self._answer(message)
            case _:
                self._stream(message, fresh)

    def _daemon_is(self, availability: str) -> None:
        if availability == "online":
            self.deputy.hear(time.monotonic())
            self.daemon_ups += 1
            self.sound.wake.set()
        else:
            self.deputy.gone = True

    def _written(self, mute: Mute, message: Incoming) -> None:
        state = message.row.decode(message.payload) == "ON"
        self.deputy.written(mute, state, time.monotonic())

    def _switch(self, mute: Mute, message: Incoming, fresh: bool, *, alone: bool = False) -> None:
        if message.retain and not message.payload:
            return  # that is how a retained command is removed
        value = command.parse(command.Switch, message.payload).value
        now = time.monotonic()
        # Nobody else decides a TOGGLE of this node alone, and only an OFF releases.
        decided_elsewhere = not alone and not self.deputy.away(now)
        mute.command(value, fresh=fresh, daemon_online=decided_elsewhere, now=now, alone=alone)
        self._done()

    def _panic(self, message: Incoming) -> None:
        if message.retain and not message.payload:
            return
        self.muted.command("ON", fresh=True, daemon_online=False, now=time.monotonic())
        self._done()

    def _skip(self, message: Incoming, fresh: bool) -> None:
        order = command.parse(command.AboutTurn, message.payload)
        if not fresh or (order.id and order.id in self._skips):
            return
        if order.id:
            self._skips.append(order.id)
        self.sound.change(lambda playback, now: playback.skip(order.turn, now))

    def _set_volume(self, message: Incoming, fresh: bool) -> None:
        if not fresh:
            return
        value = command.parse(command.Percent, message.payload).value
        self.volume = 100.0 if value is None else value
        self._done()

    def _done(self) -> None:
        self.apply()
        self.obeyed += 1
        self.sound.wake.set()

    def _answer(self, message: Incoming) -> None:
        ping: Ping = message.row.decode(message.payload)
        self.deputy.hear(time.monotonic())
        now = instant()
        self.pong(Pong(id=ping.id, sent_ms=ping.sent_ms, node_ms=now.wall_ms))
        self.clock.hear(ping, now)

    def _stream(self, message: Incoming, fresh: bool) -> None:
        path = message.row.path
        if path == "node/{node}/tts/clear":
            clear = message.row.decode(message.payload)
            self.sound.change(lambda playback, now: playback.clear(clear, now))
        elif not fresh:
            return
        elif path == "node/{node}/tts/begin":
            self._begin(message.row.decode(message.payload))
        elif path == "node/{node}/tts/audio":
            frame = Frame.decode(message.payload)
            self.sound.change(lambda playback, now: playback.frame(frame, now))
        elif path == "node/{node}/tts/end":
            end = message.row.decode(message.payload)
            self.sound.change(lambda playback, now: playback.end(end, now))

    def _begin(self, begin: TtsBegin) -> None:
        sent_ms = begin.sent_ms
        age_ms = 0.0 if sent_ms is None else self.clock.age_ms(sent_ms, instant())
        self.sound.change(lambda playback, now: playback.begin(begin, now, age_ms=age_ms))
