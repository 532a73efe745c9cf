"""The two sides of sound: where it goes out and where it comes in, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass

FILE = "write the sound to a file: `pickled node --wav FILE`"


@dataclass(frozen=True)
class SoundSide:
    """Outputs or inputs, in words for people and for the sound server."""

    noun: str
    option: str
    """By which one is named."""
    instead: str
    """What does without one."""
    lost: str
    """What is wrong when the server has our stream no more."""
    found_at: str
    """What our stream does at a place."""
    plural: str
    """The server's word for its places."""
    head: str
    """How its list names each of them."""
    streams: str
    stream_head: str
    place: str
    """How a stream says where it is."""
    variable: str
    """Where the way to the server looks for a name."""
    channels: str
    """PortAudio's word for how many there are."""
    default: str
    dummy: str
    """What the server makes when it has none."""
    no_place: str


OUTPUT = SoundSide(
    noun="sound output",
    option="--output",
    instead=FILE,
    lost="The sound server does not play it any more",
    found_at="It sounds at",
    plural="sinks",
    head="Sink #",
    streams="sink-inputs",
    stream_head="Sink Input #",
    place="\tSink: ",
    variable="PULSE_SINK",
    channels="max_output_channels",
    default="default_output_device",
    dummy="auto_null",
    no_place=("The sound server has no output but a dummy: connect one, or load a null sink."),
)

INPUT = SoundSide(
    noun="microphone",
    option="--input",
    instead="start the node without `--input`",
    lost="The sound server does not record for it any more",
    found_at="It listens at",
    plural="sources",
    head="Source #",
    streams="source-outputs",
    stream_head="Source Output #",
    place="\tSource: ",
    variable="PULSE_SOURCE",
    channels="max_input_channels",
    default="default_input_device",
    dummy="auto_null.monitor",
    no_place="The sound server has no microphone but what it plays itself: connect one.",
)

MONITOR = ".monitor"
"""So the source of what a sink plays is called: no microphone, unless somebody names it."""
