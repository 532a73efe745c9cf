"""What a node shows of itself: its info and its state."""

from __future__ import annotations

from typing import Literal

from pickled import __version__
from pickled.messages.node import NodeInfo, NodeState
from pickled.node.ear import Ear
from pickled.node.orders import Orders
from pickled.node.sound import Sink, Sound

_QUIET = {
    "fill_ms": 0.0,
    "underruns": 0,
    "clock_offset_ms": None,
    "mic_lost_ms": 0.0,
}
"""Numbers that change all the time."""


def node_info(
    session: int, role: Literal["public", "private"], sink: Sink, ear: Ear | None
) -> NodeInfo:
    """What it is and can."""
    devices = {"output": sink.name}
    if ear:
        devices["input"] = ear.microphone.name or ear.microphone.wanted
    return NodeInfo(version=__version__, session=session, role=role, devices=devices)


def node_state(
    sound: Sound, sink: Sink, orders: Orders, ear: Ear | None, problem: str
) -> NodeState:
    """How it is; `problem` is the node's own."""
    playback, offset = sound.playback, orders.clock.offset_ms
    deaf = ear.trouble if ear else ""
    return NodeState(
        playing=playback.playing,
        fill_ms=round(playback.fill_ms),
        underruns=playback.underruns + sink.underflows,
        muted=orders.muted.own,
        muted_alone=orders.muted.alone,
        mic_muted=orders.mic_muted.own,
        mic_muted_alone=orders.mic_muted.alone,
        volume=orders.volume,
        clock_offset_ms=None if offset is None else round(offset),
        has_sound=not sink.problem,
        hears=ear is not None and not deaf,
        echo=ear.watch.echo if ear else "unknown",
        ducked=sound.soft,
        mic_lost_ms=round(ear.lost_ms) if ear else 0.0,
        last_error=sink.problem or deaf or sink.note or problem or playback.admission.refusal,
    )


def differ_in_numbers_only(state: NodeState, shown: NodeState) -> bool:
    """Need it not be told at once?"""
    return state.model_copy(update=_QUIET) == shown.model_copy(update=_QUIET)
