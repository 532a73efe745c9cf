"""While the daemon is away, the node says in its place what is heard."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.node.mute import Mute

AWAY_AFTER_S = 3.0
"""Without a ping for so long the daemon is away, whatever its availability says."""
UNKNOWN_S = 0.5
"""A state that the broker does not send so soon after the connection is none that it keeps."""

OBJECT_AFTER_S = 0.3
"""So long a node that is not muted follows another one's ON in the daemon's place."""
INSISTED_S, CONTRADICTED_S = 0.8, 0.25
"""An ON that comes so soon after our objection, or our release, is one of all nodes."""
ALONE_AFTER_S = 0.4
"""A node that is muted alone says so when all others have spoken: else its ON would be taken for
one of all, that contradicts a release."""
MOST_OBJECTIONS, FORGOTTEN_S = 3, 10.0
"""Over a slow network whoever insists comes late: so many within so long a time are enough."""


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
    _away_at: float | None = None
    """Since when we do without it."""

    def hear(self, now: float) -> None:
        """The daemon gave a sign of life."""
        self.gone, self.heard_at, self._away_at = False, now, None

    def away(self, now: float) -> bool:
        """Must we do without it?"""
        return self.gone or now - self.heard_at > AWAY_AFTER_S

    def written(self, mute: Mute, state: bool, now: float) -> None:
        """Somebody wrote the state.

        While the daemon is away that is another node: of a mute of all nodes we have heard
        ourselves, so it may be its own alone. We follow it at first, object soon, and believe it
        if it insists, as only the holder of a mute of all does.
        """
        if now - mute.objected_at > FORGOTTEN_S:
            mute.objections = 0
        insisted = (
            now - mute.objected_at < INSISTED_S
            or now - mute.released_at < CONTRADICTED_S
            or mute.objections >= MOST_OBJECTIONS
        )
        if not state:
            mute.claimed_at = None
        elif mute.known and not mute.daemon and not insisted:
            mute.claimed_at = now
        mute.tell(state)

    def due(self, now: float, *, connected: bool) -> list[tuple[str, bool]]:
        """What has to be published now, by its path in the table; it counts as told."""
        if not connected:
            self._lose()
        elif self.up_at is None:
            self.up_at = now
        mutes = (("muted/state", self.muted), ("mic_muted/state", self.mic_muted))
        for _, mute in mutes:
            if mute.claimed_at is not None and mute.claimed_at < self.heard_at:
                mute.claimed_at = None  # the daemon lived on: it was its own word, or it knew
        if self.up_at is None or not self.away(now):
            return []
        if self._away_at is None:
            self._away_at = now
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
            since = max(mute.obeyed_at, self._away_at or now)
            if mute.own and not mute.general and now - since < ALONE_AFTER_S:
                return None
            mute.released_at = mute.released_at if mute.own else now
            return mute.own
        if mute.general and not mute.daemon:  # mute wins
            return True
        if mute.claimed_at is not None and not mute.own and now - mute.claimed_at > OBJECT_AFTER_S:
            mute.claimed_at, mute.objected_at = None, now
            mute.objections += 1
            return False  # we are heard
        if not mute.known and now - up_at > UNKNOWN_S:
            return mute.own if mute.daemon is None else mute.general or mute.daemon
        return None
