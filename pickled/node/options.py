"""What a node is started with."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pickled.config import MqttConfig
from pickled.messages.node import Played
from pickled.node.sound import Sink


@dataclass(frozen=True, kw_only=True)
class HearingOptions:
    """How it listens."""

    input: str | None = None
    """Part of the microphone's name; None for no microphone at all."""
    echo: Literal["auto", "yes", "no"] = "auto"
    """Does the microphone hear what the node plays?"""
    duck: bool = True
    """Is it softer while somebody speaks?"""
    least_db: float | None = None
    """A voice below that many dB under full scale is not sent."""
    below_usual_db: float | None = None
    """Nor one that is so much softer than the usual one."""


@dataclass(frozen=True, kw_only=True)
class NodeOptions:
    """What a node is started with."""

    name: str
    mqtt: MqttConfig = field(default_factory=MqttConfig)
    instance: str = "home"
    output: str | None = None
    """Part of the device's name; None for the default one."""
    elsewhere: bool = False
    """May it sound at another device while the named one is away?"""
    role: Literal["public", "private"] = "public"
    gain_db: float = 0.0
    wav: Path | None = None
    """Write the sound to this file instead of playing it."""
    hearing: HearingOptions = field(default_factory=HearingOptions)
    hotkey: str | None = None
    """Keys that mute this node, in pynput's notation."""
    state_dir: Path | None = None
    """Where mutes and volume are kept; default the platform's folder."""
    sink: Sink | None = None
    """Where sound goes, if neither to a device nor to a file."""
    on_played: Callable[[Played], None] = lambda _: None
    """Told of each acknowledgement, in the node's thread."""


def default_name() -> str:
    """A node's name from that of the machine."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", socket.gethostname().split(".")[0].lower())
    return plain.strip("-_")[:32] or "node"
