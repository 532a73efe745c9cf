"""Puts the ear together, for a node that has a microphone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pickled.messages.node import Vad
from pickled.node.audio_system import AudioSystem
from pickled.node.deputy import UNKNOWN_S
from pickled.node.ducking import Ducking
from pickled.node.ear import Ear
from pickled.node.echo import EchoWatch
from pickled.node.link import Link
from pickled.node.mic_stream import MicStream
from pickled.node.microphone import Microphone
from pickled.node.options import HearingOptions
from pickled.node.orders import Orders
from pickled.node.sound import Sink, Sound
from pickled.node.voicing import LevelGuard, silero


@dataclass(frozen=True)
class Surrounding:
    """What an ear has to do with."""

    system: AudioSystem
    sound: Sound
    sink: Sink
    control: Link
    audio: Link
    orders: Orders
    session: int

    def may_send(self) -> bool:
        """Are both connections there, and is it known whether the microphone is muted?"""
        if not (self.control.connected and self.audio.connected):
            return False
        up_at = self.orders.deputy.up_at
        settled = up_at is not None and time.monotonic() - up_at > UNKNOWN_S
        return settled or self.orders.mic_muted.known


def make_ear(options: HearingOptions, around: Surrounding) -> Ear | None:
    """It hears nothing before its start; None without a microphone. Raises DeviceError."""
    if options.input is None:
        return None

    def tell(vad: Vad) -> None:
        if around.control.connected:
            around.control.publish("node/{node}/vad", vad)

    return Ear(
        microphone=Microphone(options.input, around.system),
        detector=silero(),
        stream=MicStream(around.session, around.audio.publish, around.may_send),
        sound=around.sound,
        tell=tell,
        soften=around.sound.soften,
        sound_latency_s=lambda: around.sink.latency_s,
        guard=LevelGuard(options.least_db, options.below_usual_db),
        watch=EchoWatch(
            "unknown" if options.echo == "auto" else options.echo, sure=options.echo != "auto"
        ),
        ducking=Ducking(options.duck),
    )
