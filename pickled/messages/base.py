"""What all messages have in common: frozen models, time stamps, ids."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer


def iso_ms(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as the contract writes moments."""
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def _has_utc(moment: datetime) -> datetime:
    """Refuse what lies before the first or after the last moment once it is written as UTC."""
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("there is no such moment in UTC") from error
    return moment


Timestamp = Annotated[
    AwareDatetime,
    AfterValidator(_has_utc),
    PlainSerializer(iso_ms, return_type=str, when_used="json"),
]

TurnId = Annotated[str, Field(pattern=r"^[a-z2-7]{12}$")]
"""One decision to speak, until its outcome."""

NodeName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]


class Message(BaseModel):
    """Something that we publish or keep: readers ignore what they don't know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Strict(BaseModel):
    """Something that we are told: an unknown key is an error."""

    # Built on first use: most of the many commands are never given.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Published(Message):
    """An event on `~/event/…`: never retained."""

    ts: Timestamp
    turn: TurnId | None = None
    suppressed: int = Field(default=0, ge=0)
    """How many events of this topic were left out before this one."""
