"""What is remembered: entries, what is recalled of them, viewers and facts about them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Message, Published, Timestamp

EntrySource = Literal["chat", "speech", "vision", "cohost", "stream", "fact", "summary", "import"]


class Scope(Message):
    """Whose memory it is: nothing ever passes from one scope to another."""

    persona: str
    """The persona's file name."""
    channel: str = ""


class Entry(Message):
    """One thing that is remembered."""

    id: str = Field(min_length=1, max_length=64)
    at: Timestamp
    author: str = ""
    """The name as shown."""
    author_id: str = ""
    """The service's own id of the viewer; empty for the co-host and the stream itself."""
    text: str = Field(min_length=1, max_length=2000)
    source: EntrySource = "chat"
    channel: str = ""
    persona: str = ""
    stream: str = ""
    """Which stream it is from."""
    importance: float = Field(default=0.5, ge=0, le=1)
    origins: tuple[str, ...] = ()
    """Ids of the chat messages (or of the entries) that it came from."""
    about: tuple[str, ...] = ()
    """Ids of the viewers whom it is about, beside its author."""
    expires_at: Timestamp | None = None


class Hit(Message):
    """One memory that fits what is being talked about."""

    id: str
    score: float
    """0–1; what it is made of is in `parts`."""
    text: str
    """With who said it, and when."""
    said: str = ""
    """The words alone."""
    viewer: str = ""
    at: Timestamp | None = None
    age_s: float = 0.0
    source: str = ""
    parts: dict[str, float] = Field(default_factory=dict)
    """`cosine words recency importance …`: why it was found."""


class MemoryHitEvent(Published):
    """A memory was recalled for a turn."""

    event_type: Literal["recalled"] = "recalled"
    id: str
    score: float
    text: str = ""
    viewer: str = ""
    age_s: float = 0.0
    source: str = ""


class MemoryState(Message):
    """`memory/state`."""

    entries: int
    viewers: int
    last_hit_count: int = 0
    emptied: int = 0
    """Recalled lines of which a prompt could show nothing, since the start."""
    embedder: str = ""
    """The model in use; `loading …`, or `none: …` with the reason, while words alone serve."""
    size_bytes: int = 0


class Fact(Message):
    """Something known about a viewer."""

    id: str
    text: str
    source_message: str = ""
    confidence: float = Field(default=0.5, ge=0, le=1)
    at: Timestamp
    """When it was said."""
    kind: str = ""
    """`taste identity has state plan activity told`: how it ages; a model found what is `told`."""
    until: Timestamp | None = None
    """When a plan is over."""


class ViewerProfile(Message):
    """Who a viewer is, within one scope."""

    user_id: str
    name: str
    names: tuple[str, ...] = ()
    """All names over time, the newest last; logins and names that can't be said among them."""
    first_seen: Timestamp
    last_seen: Timestamp
    last_visit: Timestamp | None = None
    """When the visit before the newest one ended."""
    streams: int = 0
    """How many streams they came to."""
    messages: int = 0
    roles: tuple[str, ...] = ()
    bits: int = 0
    subs: int = 0
    facts: tuple[Fact, ...] = ()
    """Those that matter most, at most a handful."""


class Line(Message):
    """One line of the conversation, as kept in short-term memory."""

    speaker: Literal["viewer", "streamer", "cohost", "stream"]
    user: str = ""
    user_id: str = ""
    message_id: str = ""
    text: str
    wrote: str | None = None
    """What of the text somebody wrote, where the rest is ours; None: all of it."""
    withheld: bool = False
    """An order to the model: no prompt quotes it, but what it wants said is known by it."""
