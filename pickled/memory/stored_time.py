"""Moments as the database keeps them: whole milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime


def milliseconds(moment: datetime) -> int:
    """Since 1970; the nearest one, so that a moment of whole milliseconds comes back as it was."""
    return round(moment.timestamp() * 1000)


def moment(stored: int) -> datetime:
    """The moment that was stored."""
    return datetime.fromtimestamp(stored / 1000, UTC)
