"""Knows what we wrote in chat ourselves, so that nobody answers it."""

from __future__ import annotations

from pickled.recent import Recent, Seen

_REMEMBERED = 200
SOON_S = 20.0
"""So long after it was sent, a line may still come back without its id being known."""


class OwnLines:
    """The lines that were sent lately: by id, and by text until the id is known."""

    def __init__(self) -> None:
        self._ids: Seen[str] = Seen(_REMEMBERED)
        self._texts: Recent[str, float] = Recent(_REMEMBERED)

    def sending(self, text: str, *, now: float) -> None:
        """That text is on its way; `now` in seconds of the loop's clock."""
        self._texts[_plain(text)] = now

    def sent(self, message_id: str) -> None:
        """It is in chat, with that id."""
        self._ids.add(message_id)

    def has(self, message_id: str, text: str, *, now: float) -> bool:
        """Is a line of our own account's one that we wrote?"""
        if message_id in self._ids:
            return True
        at = self._texts.get(_plain(text))
        return at is not None and now - at <= SOON_S


def _plain(text: str) -> str:
    return " ".join(text.split())
