"""The mouth: the audio-nodes that are there, and what speaks to them."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.outputs.voice.nodes import Nodes
from pickled.outputs.voice.speaker import Speaker, StreamNumbers

STREAM_SETTING = "stream"


@dataclass(frozen=True)
class Voicing:
    """The nodes and the speaker."""

    nodes: Nodes
    speaker: Speaker
    session: int
    lives: tuple[Life, ...]


def voicing(ground: Ground) -> Voicing:
    """Make them; a run of the daemon is a session of its own to the nodes."""
    outside, health = ground.outside, ground.health
    nodes = Nodes(outside.bus, wall_ms=ground.clock.wall_ms)
    ground.microphones.nodes = nodes
    session = outside.random.getrandbits(32)
    speaker = Speaker(
        bus=outside.audio,
        nodes=nodes,
        session=session,
        numbers=_stream_numbers(ground),
        wall_ms=ground.clock.wall_ms,
    )

    async def connected() -> None:
        nodes.forget_what_was_told()

    def listen() -> None:
        nodes.listen()
        speaker.listen()
        nodes.on_change.append(lambda _: health.nodes(nodes.online))
        outside.bus.on_connect(connected)
        health.nodes(nodes.online)

    return Voicing(nodes, speaker, session, (Life("nodes", listen=listen, run=nodes.run),))


def _stream_numbers(ground: Ground) -> StreamNumbers:
    def save(number: int) -> None:
        ground.settings.set(STREAM_SETTING, number, configured=0)
        ground.side_tasks.start(ground.saving.now(), name="save the stream's number")

    return StreamNumbers(saved=int(ground.settings.get(STREAM_SETTING, 0)), save=save)
