"""What of the retained messages reaches somebody who subscribes with a wildcard."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from pickled.config import MqttConfig
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root

_QUIET_S, _LONGEST_S = 0.4, 4.0


@dataclass(frozen=True)
class Views:
    """What a view of all our topics gets as it connects."""

    there: int
    """Retained values that there are."""
    shown: int
    """Those that a view at QoS 1 gets."""
    kept: bool
    """Is the probe among them that was asked for by its whole name?"""
    through_wildcard: bool
    """Also by a wildcard?"""


def compare(config: MqttConfig, root: Root, probe: str, *, timeout_s: float) -> Views:
    """Subscribe in both ways; `probe` is a topic that was retained just before."""
    exactly = _retained(config, root, probe, qos=0, timeout_s=timeout_s)
    everything = f"{root.base}/#"
    there = _retained(config, root, everything, qos=0, timeout_s=timeout_s)
    shown = _retained(config, root, everything, qos=1, timeout_s=timeout_s)
    return Views(len(there | shown), len(shown), probe in exactly, probe in there | shown)


def _retained(
    config: MqttConfig, root: Root, wanted: str, *, qos: Literal[0, 1], timeout_s: float
) -> set[str]:
    """The topics of which a value comes at once; each way a connection of its own."""
    came: set[str] = set()
    with Conversation(config, root, timeout_s=timeout_s) as talk:
        talk.subscribe(wanted, qos=qos)
        end = time.monotonic() + _LONGEST_S
        while (left := end - time.monotonic()) > 0:
            if (message := talk.next(min(left, _QUIET_S))) is None:
                break
            if message.retain and message.payload:
                came.add(message.topic)
            if message.topic == wanted:
                break
    return came
