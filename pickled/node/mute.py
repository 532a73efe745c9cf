"""When a node is silent: its own mute, which only an OFF command releases, and the daemon's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Switching = Literal["ON", "OFF", "TOGGLE"]


@dataclass
class Mute:
    """One mute (of the sound, or of the microphone)."""

    own: bool = False
    """Kept on the node's disk."""
    daemon: bool = False
    """What the retained state says."""

    @property
    def on(self) -> bool:
        """Is it in force?"""
        return self.own or self.daemon

    def command(self, value: Switching, *, fresh: bool, daemon_online: bool) -> None:
        """Obey a command.

        One that is not `fresh` (retained, or kept by the broker while we were away) only mutes.
        A TOGGLE is the daemon's to decide; while it is away, or unknown, the node goes ON.
        """
        if value == "ON" or (value == "TOGGLE" and not daemon_online):
            self.own = True
        elif value == "OFF" and fresh:
            self.own = False
