"""While the daemon is away, the node says in its place what is heard."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.node.mute import Mute

AWAY_AFTER_S = 3.0
"""Without a ping for so long the daemon is away, whatever its availability says."""
UNKNOWN_S = 0.5
"""A state that the broker does not send so soon after the connection is none that it keeps."""


@dataclass
class Deputy:
    """Knows whether the daemon is there, and which mutes have to be told to the world."""

    muted: Mute
    mic_muted: Mute
    gone: bool = True
    """It said so, or we lost the broker."""
    heard_at: float = float("-inf")
    """When it gave a sign of life last (monotonic, s)."""
    up_at: float | None = None
    """When our connection was made; None without one."""

    def hear(self, now: float) -> None:
        """The daemon gave a sign of life."""
        self.gone, self.heard_at = False, now

    def away(self, now: float) -> bool:
        """Must we do without it?"""
        return self.gone or now - self.heard_at > AWAY_AFTER_S

    def due(self, now: float, *, connected: bool) -> list[tuple[str, bool]]:
        """What has to be published now, by its path in the table; it counts as told."""
        if not connected:
            self._lose()
        elif self.up_at is None:
            self.up_at = now
        if self.up_at is None or not self.away(now):
            return []
        mutes = (("muted/state", self.muted), ("mic_muted/state", self.mic_muted))
        found = [(path, mute, self._value(mute, now, self.up_at)) for path, mute in mutes]
        for _, mute, value in found:
            if value is not None:
                mute.tell(value)
                mute.obeyed_at = float("-inf")
        return [(path, value) for path, _, value in found if value is not None]

    def _lose(self) -> None:
        """Without the broker we know nothing of the daemon, nor of what is kept."""
        if self.up_at is not None:
            self.up_at, self.gone = None, True
            self.muted.known = self.mic_muted.known = False

    def _value(self, mute: Mute, now: float, up_at: float) -> bool | None:
        if mute.obeyed_at > self.heard_at:  # nobody else may have obeyed it
            return mute.own
        if mute.general and not mute.daemon:  # mute wins
            return True
        if not mute.known and now - up_at > UNKNOWN_S:
            return mute.own if mute.daemon is None else mute.general or mute.daemon
        return None
