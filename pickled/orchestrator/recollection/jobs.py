"""What waits to be stored, or taken out again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from pickled.messages.chat import ChatMessage, Ids, Retraction
from pickled.messages.stream import StreamEvent


@dataclass(frozen=True)
class Said:
    """What the co-host said, as it was heard."""

    turn: str
    persona: str
    heard: str
    about: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class StreamEnded:
    """It is to be summed up."""

    stream: str


@dataclass(frozen=True)
class Reached:
    """What was taken before it is stored."""

    event: asyncio.Event


Job = ChatMessage | StreamEvent | Said | Retraction | StreamEnded | Reached


def is_of(job: Job, retraction: Retraction) -> bool:
    """Does a retraction reach what is to be stored?"""
    match job:
        case ChatMessage():
            return retraction.concerns(job)
        case StreamEvent():
            return retraction.concerns(Ids("", job.user_id))
        case Said():
            return retraction.concerns(Ids(job.turn, ""))
    return False


def set_event() -> asyncio.Event:
    """One that nobody has to wait for at first."""
    event = asyncio.Event()
    event.set()
    return event
