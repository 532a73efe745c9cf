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
    alone: bool = False
    """Its own was set for this node only: it never mutes others."""
    daemon: bool | None = None
    """What the retained state said last; None before that."""
    known: bool = False
    """The state was seen since the connection was made."""
    obeyed_at: float = float("-inf")
    """When a command was obeyed last (monotonic, s)."""
    claimed_at: float | None = None
    """When somebody else said ON in the daemon's place; None if nobody did (monotonic, s)."""
    objected_at: float = float("-inf")
    """When we said otherwise last (monotonic, s)."""
    objections: int = 0
    """How often, shortly after one another."""
    released_at: float = float("-inf")
    """When we said OFF after a release of our own last (monotonic, s)."""

    @property
    def on(self) -> bool:
        """Is it in force?"""
        return self.own or bool(self.daemon)

    @property
    def general(self) -> bool:
        """Its own mute is one of all nodes."""
        return self.own and not self.alone

    def command(
        self,
        value: Switching,
        *,
        fresh: bool,
        daemon_online: bool,
        now: float = 0.0,
        alone: bool = False,
    ) -> None:
        """Obey a command, which may be for this node `alone`.

        One that is not `fresh` (retained, or kept by the broker while we were away) only mutes.
        A TOGGLE is the daemon's to decide; while it is away, or unknown, the node goes ON.
        """
        if value == "ON" or (value == "TOGGLE" and not daemon_online):
            self.alone = alone and not self.general
            self.own, self.obeyed_at = True, now
        elif value == "OFF" and fresh:
            self.own, self.alone, self.obeyed_at = False, False, now

    def tell(self, state: bool) -> None:
        """The retained state is that."""
        self.daemon, self.known = state, True
