"""What happens in chat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol, TypeVar

from pydantic import Field

from pickled.messages.base import Message, Published

SOMEBODY = "somebody"
"""Who has a name that can't be said."""


class Fragment(Message):
    """A piece of a chat message, as the service cut it."""

    type: Literal["text", "emote", "cheermote", "mention"]
    text: str


class ChatMessage(Published):
    """One line of chat."""

    event_type: Literal["message"] = "message"
    id: str = Field(min_length=1)
    """The service's own id; the same message never passes twice."""
    user: str
    """The name as shown."""
    user_id: str
    channel: str = ""
    source: str = ""
    """The kind of input that it came from."""
    badges: tuple[str, ...] = ()
    """`broadcaster moderator vip subscriber …`"""
    text: str
    reply_to: str | None = None
    """The id of the message that this one answers."""
    reply_to_user: str | None = None
    fragments: tuple[Fragment, ...] = ()
    bits: int = Field(default=0, ge=0)
    partner: bool = False
    """Written in `channel`, which shares its chat with ours: known, and never answered."""
    login: str = Field(default="", exclude=True)
    """The account's name, where it differs from the one shown; for memory, never published."""
    masked_name: str = Field(default="", exclude=True)
    """The name that was shown, where it can't be said; for memory, never published."""

    @property
    def other_names(self) -> tuple[str, ...]:
        """By which somebody may look for the author, beside `user`."""
        return tuple(filter(None, (self.login, self.masked_name)))


class ChatBatch(Published):
    """Chat above 50 messages a second."""

    event_type: Literal["batch"] = "batch"
    messages: tuple[ChatMessage, ...]


class ChatDeleted(Published):
    """A moderator deleted one message."""

    event_type: Literal["deleted"] = "deleted"
    id: str
    user: str = ""
    user_id: str = ""
    channel: str = ""
    source: str = ""


class ChatCleared(Published):
    """A moderator removed a viewer's messages (`user_id`), or cleared all of chat (without)."""

    event_type: Literal["cleared"] = "cleared"
    user: str = ""
    user_id: str | None = None
    channel: str = ""
    source: str = ""


class Authored(Protocol):
    """A line of chat, or what stands for it."""

    @property
    def id(self) -> str:
        """The message's."""

    @property
    def user_id(self) -> str:
        """Its author's."""


AuthoredT = TypeVar("AuthoredT", bound=Authored)


class Ids(NamedTuple):
    """Which line, and whose; empty where there is none."""

    id: str
    user_id: str


class Retraction(Message):
    """What is taken back: one message, all that a viewer wrote, or all of chat."""

    kind: Literal["message", "user", "all"]
    id: str = ""
    """The message's or the viewer's."""

    @classmethod
    def of_message(cls, message_id: str) -> Retraction:
        """One line."""
        return cls(kind="message", id=message_id)

    @classmethod
    def of_viewer(cls, user_id: str) -> Retraction:
        """All lines of a viewer."""
        return cls(kind="user", id=user_id)

    @classmethod
    def of_all_chat(cls) -> Retraction:
        """All lines of everybody."""
        return cls(kind="all")

    @classmethod
    def by(cls, event: ChatDeleted | ChatCleared) -> Retraction:
        """What that event takes back."""
        if isinstance(event, ChatDeleted):
            return cls.of_message(event.id)
        return cls.of_all_chat() if event.user_id is None else cls.of_viewer(event.user_id)

    def concerns(self, line: Authored) -> bool:
        """Is that line taken back? What has no id is never meant by one."""
        if self.kind == "all":
            return True
        return self.id != "" and self.id == (line.id if self.kind == "message" else line.user_id)

    def among(self, lines: Iterable[AuthoredT]) -> list[AuthoredT]:
        """Those that it concerns, of very many."""
        wanted = self.id
        match self.kind:
            case "all":
                return list(lines)
            case "message":
                return [line for line in lines if line.id == wanted != ""]
            case "user":
                return [line for line in lines if line.user_id == wanted != ""]


class VectorEvent(Published):
    """The meaning of a message, as the crowd was counted by it: it makes a replay exact."""

    event_type: Literal["vector"] = "vector"
    message: str
    """Its id."""
    text: str = ""
    """What was embedded: its words, without names, emotes and links."""
    data: str
    """Base64 of one signed byte per dimension; the vector has the length 127."""
