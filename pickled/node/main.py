"""Puts the audio-node together and runs it; nothing here knows the daemon's insides."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import platformdirs

from pickled.errors import ConfigError, PickledError
from pickled.messages.node import NodeState
from pickled.node.admission import Admission
from pickled.node.appearance import differ_in_numbers_only, node_info, node_state
from pickled.node.audio_system import AudioSystem
from pickled.node.clock import slept_s
from pickled.node.device import DeviceSink
from pickled.node.ear import Ear
from pickled.node.ending import ended_by_signals, told_of_crashes
from pickled.node.hearing import Surrounding, make_ear
from pickled.node.hotkey import Hotkey
from pickled.node.kept import KeptFile, KeptState
from pickled.node.link import Link
from pickled.node.mute import Mute
from pickled.node.options import NodeOptions
from pickled.node.orders import AUDIO, CONTROL, Orders
from pickled.node.reports import Report
from pickled.node.service import LifeSigns
from pickled.node.sound import Sink, Sound
from pickled.node.streams import Playback
from pickled.node.wav import WavSink
from pickled.notify import service_manager
from pickled.topics import Root

LOOK_S = 0.05
LIFE_S = 3.0
"""Who hears nothing of the broker for so long stops what it plays."""
NUMBERS_S = 1.0
"""Numbers in the state go out at most so often."""
FADE_S = 0.05
"""Time for the last block to be faded out before the device is closed."""

_PUBLISHED_ALWAYS = {"finished", "cleared", "muted"}

log = logging.getLogger(__name__)


def run_node(options: NodeOptions) -> int:
    """Run until SIGTERM or Ctrl-C; raises PickledError when it can't go on."""
    node = AudioNode(options, LifeSigns(service_manager(os.environ)))
    with ended_by_signals(node), told_of_crashes(node):
        node.run()
    return 0


@dataclass
class AudioNode:
    """One run of a node."""

    options: NodeOptions
    service: LifeSigns = field(default_factory=LifeSigns)
    ending: bool = False
    """Set to end it."""
    crash: BaseException | None = None
    """What a thread died of: a node that is half alive must end, so that it is started again."""
    _wake: threading.Event = field(default_factory=threading.Event)
    _session: int = field(default_factory=lambda: secrets.randbits(32))
    _problem: str = ""
    _shown: NodeState | None = None
    _shown_at: float = 0.0
    _obeyed: int = 0
    _online: tuple[int, int, int] | None = None
    """Which connections `online` was published on, and for which `online` of the daemon's, by their
    counts."""
    _slept_s: float = field(default_factory=slept_s)
    _store: KeptFile = field(init=False)
    _kept: KeptState = field(init=False)
    _sound: Sound = field(init=False)
    _sink: Sink = field(init=False)
    _ear: Ear | None = field(init=False)
    _hotkey: Hotkey | None = field(init=False)
    _orders: Orders = field(init=False)
    _control: Link = field(init=False)
    _audio: Link = field(init=False)

    def run(self) -> None:
        """Everything from start to end; raises PickledError."""
        self._remember()
        self._build()
        self._sink.start(self._sound.pull)
        log.info("node %s: sound goes to %s", self.options.name, self._sink.name)
        if self._ear:
            self._ear.start()
        if self._hotkey:
            self._hotkey.start()
        try:
            self._control.start()
            self._audio.start()
            while not self.ending:
                self._wake.wait(LOOK_S)
                self._wake.clear()
                self._step(time.monotonic())
                self.service.step(time.monotonic(), self._told())
        finally:
            self._end()

    def _told(self) -> str:
        where = self._sink.problem or f"sound goes to {self._sink.name}"
        return f"{'online' if self._online else 'no broker'}; {where}"

    def _remember(self) -> None:
        options = self.options
        folder = options.state_dir or platformdirs.user_state_path("pickled")
        name = f"node-{options.mqtt.base_topic}-{options.instance}-{options.name}.json"
        self._store = KeptFile(folder / name)
        self._kept, self._problem = self._store.load()
        if self._problem:
            log.warning("%s", self._problem)
        self._store.save(self._kept)

    def _build(self) -> None:
        options, kept = self.options, self._kept
        system = AudioSystem()
        self._sink = options.sink or (
            WavSink(options.wav)
            if options.wav
            else DeviceSink(options.output, options.elsewhere, system=system)
        )
        self._sound = Sound(self._wake, Playback(Admission(kept.floor)))
        root = Root(options.mqtt.base_topic, options.instance)
        self._orders = Orders(
            sound=self._sound,
            muted=Mute(own=kept.muted, alone=kept.muted_alone),
            mic_muted=Mute(own=kept.mic_muted, alone=kept.mic_muted_alone),
            volume=kept.volume,
            gain_db=options.gain_db,
            pong=lambda pong: self._publish("node/{node}/pong", pong),
            deafen=self._deafen,
        )
        shared = (options.mqtt, root, options.name)
        self._control = Link(*shared, "control", CONTROL, self._orders.take, self._wake)
        self._audio = Link(*shared, "audio", AUDIO, self._orders.take, self._wake)
        around = Surrounding(
            system=system,
            sound=self._sound,
            sink=self._sink,
            control=self._control,
            audio=self._audio,
            orders=self._orders,
            session=self._session,
        )
        self._ear = make_ear(options.hearing, around)
        self._hotkey = (
            Hotkey(options.hotkey, self._orders.switch_by_hand) if options.hotkey else None
        )
        self._orders.apply()

    def _publish(self, path: str, value: Any) -> None:
        self._control.publish(path, value)

    def _deafen(self, on: bool) -> None:
        if self._ear:
            self._ear.mute(on)

    def _announce(self) -> None:
        """Everything is shown anew; `online`, of both connections, last.

        After each (re)connect, and whenever the daemon has come: not every broker gives it what is
        retained, as it subscribes with a wildcard.
        """
        counts = (self._control.ups, self._audio.ups, self._orders.daemon_ups)
        if not self._control.connected:
            self._online = None
        elif not self._audio.connected:
            if self._online:
                self._control.publish("node/{node}/availability", "offline")
            self._online = None
        elif self._online != counts:
            self._online = counts
            self._publish_all()

    def _publish_all(self) -> None:
        info = node_info(self._session, self.options.role, self._sink, self._ear)
        self._control.publish("node/{node}/info", info)
        self._shown, self._shown_at = self._state(), time.monotonic()
        self._control.publish("node/{node}/state", self._shown)
        self._control.publish("node/{node}/availability", "online")
        if self._ear:
            self._ear.again()

    def _step(self, now: float) -> None:
        for link in (self._control, self._audio):
            if link.failure:
                raise link.failure
            link.look(now)
        if self.crash:
            raise PickledError(f"the node broke: {self.crash!r}") from self.crash
        self._keep()
        for path, value in self._orders.deputy.due(now, connected=self._control.connected):
            self._control.publish(path, value)
            self._orders.apply()
        self._announce()
        self._stop_if_alone(now)
        self._stop_if_unheard()
        for report in self._sound.reports(self._sink.latency_s):
            self._acknowledge(report)
        self._show(now)

    def _keep(self) -> None:
        """Save what changed, before it is shown."""
        orders, floor = self._orders, self._sound.playback.admission.floor
        kept = KeptState(
            muted=orders.muted.own,
            muted_alone=orders.muted.alone,
            mic_muted=orders.mic_muted.own,
            mic_muted_alone=orders.mic_muted.alone,
            volume=orders.volume,
            floor=floor,
            floor_at=self._kept.floor_at if floor == self._kept.floor else time.time(),
        )
        if kept == self._kept:
            return
        self._kept = kept
        try:
            self._store.save(kept)
        except ConfigError as error:
            self._problem = str(error)
            log.warning("%s", error)

    def _stop_if_alone(self, now: float) -> None:
        """Nothing goes on for long without the broker, and nothing from before a sleep does."""
        before, self._slept_s = self._slept_s, slept_s()
        slept = self._slept_s - before > LIFE_S
        heard_at = max(self._control.heard_at, self._audio.heard_at)
        if self._sound.playback.busy and (slept or now - heard_at > LIFE_S):
            log.warning("stopped playing: %s", "the machine slept" if slept else "no broker")
            self._sound.change(lambda playback, at: playback.clear_all(at))

    def _stop_if_unheard(self) -> None:
        """What plays to nobody is not played."""
        lost = bool(self._sink.problem)
        if lost != self._sound.playback.unheard:
            self._sound.change(lambda playback, now: playback.lose_sound(lost, now))

    def _acknowledge(self, report: Report) -> None:
        played = report.played
        if self._control.connected or played.state in _PUBLISHED_ALWAYS:
            at_ms = (report.at + time.time() - time.monotonic()) * 1000
            stamped = played.model_copy(update={"at_ms": round(at_ms, 3)})
            self._control.publish("node/{node}/played", stamped)
        self.options.on_played(report.played)

    def _show(self, now: float) -> None:
        """Publish the state when it has changed: numbers once a second, the rest at once."""
        state, shown = self._state(), self._shown
        commanded = self._orders.obeyed != self._obeyed
        if shown and not commanded:
            quiet = differ_in_numbers_only(state, shown)
            if state == shown or (quiet and now - self._shown_at < NUMBERS_S):
                return
        self._obeyed, self._shown, self._shown_at = self._orders.obeyed, state, now
        if self._online:
            self._control.publish("node/{node}/state", state)

    def _state(self) -> NodeState:
        return node_state(self._sound, self._sink, self._orders, self._ear, self._problem)

    def _end(self) -> None:
        self.service.stopping()
        if self._hotkey:
            self._hotkey.stop()
        if self._ear:
            self._ear.stop()
        self._sound.change(lambda playback, now: playback.clear_all(now))
        for report in self._sound.reports(0.0):
            self._acknowledge(report)
        time.sleep(FADE_S)
        self._control.stop()
        self._audio.stop()
        self._sink.stop()
