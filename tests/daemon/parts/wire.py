"""A service that an input and an output share: whoever is connected hears what the other sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pickled.messages.base import Strict

OPENED: list[Wire] = []
"""All connections that were ever made."""


class Where(Strict):
    """Its address."""

    url: str


@dataclass
class Wire:
    """One connection."""

    url: str
    told: list[str] = field(default_factory=list)


@asynccontextmanager
async def connect(where: Where) -> AsyncIterator[Wire]:
    """Open it, and close it at the end."""
    wire = Wire(where.url)
    OPENED.append(wire)
    try:
        yield wire
    finally:
        wire.told.append("wire closed")
