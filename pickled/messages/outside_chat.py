"""A line of chat that somebody brings from another platform, or takes back again."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from pickled.messages.command import Command

LONGEST_PLATFORM = 15
LONGEST_USER_ID = 48
"""Characters; memory keeps 64 of a user's id, and ours have the platform in front."""

LONGEST_MESSAGE_ID = 200
LONGEST_LINE = 500
"""Characters, as Twitch has it; so much is looked at for everybody."""

MOST_BADGES = 20


def _text(value: object) -> object:
    """Bridges send ids as numbers, too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


def _one_line(value: object) -> object:
    """What is written over several lines is one of chat; control characters are nothing."""
    if not isinstance(value, str):
        return value
    spaced = (
        " " if each.isspace() or each < " " or "\x7f" <= each < "\xa0" else each for each in value
    )
    return " ".join("".join(spaced).split())


def _small(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


_ID = r"^[^\s\x00-\x1f\x7f-\x9f]+$"
_MessageId = Annotated[
    str, Field(min_length=1, max_length=LONGEST_MESSAGE_ID, pattern=_ID), BeforeValidator(_text)
]
_Badge = Annotated[str, Field(min_length=1, max_length=64), BeforeValidator(_small)]


class TellChat(Command):
    """A line of chat from any other place (`user` and `text`), or its retraction (`delete`)."""

    platform: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=LONGEST_PLATFORM),
        BeforeValidator(_small),
    ]
    """Where it was written: small letters, digits, `_` and `-`, as `youtube`."""
    id: _MessageId | None = None
    """The platform's own id of the line: the same one is taken once, and can be deleted."""
    user: Annotated[str, Field(max_length=64), BeforeValidator(_one_line)] = ""
    """The author's name, as shown."""
    user_id: Annotated[
        str,
        Field(max_length=LONGEST_USER_ID, pattern=r"^[^\s\x00-\x1f\x7f-\x9f]*$"),
        BeforeValidator(_text),
    ] = ""
    """The platform's own id of the author; without it, the name stands for them."""
    text: Annotated[str, Field(max_length=LONGEST_LINE), BeforeValidator(_one_line)] = ""
    badges: Annotated[tuple[_Badge, ...], Field(max_length=MOST_BADGES)] = ()
    """`subscriber vip moderator …`; those of moderators count where the owner says so."""
    reply_to: _MessageId | None = None
    """The id of the line that this one answers."""
    delete: _MessageId | None = None
    """The id of a line that is taken back; beside it stands nothing but the platform."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if self.delete is not None:
            if self.model_fields_set - {"platform", "delete"}:
                raise ValueError("beside `delete` stands nothing but `platform`")
        elif not (self.user and self.text):
            raise ValueError("a line needs `user` and `text`, a retraction needs `delete`")
        return self

    @property
    def once(self) -> str | None:
        """Chat knows its lines by itself: among the ids of commands they would push others out."""
        return None

    @property
    def may_come_twice(self) -> bool:
        """Done twice, it is done once: by its line's id."""
        return self.id is not None or self.delete is not None
