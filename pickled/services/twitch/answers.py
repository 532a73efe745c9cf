"""What Twitch's services answer: read with a limit, and told of without what is secret."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from pickled.errors import TwitchError
from pickled.services.outside import readable

LARGEST = 2_000_000
"""Bytes of an answer."""

Read = TypeVar("Read", bound=BaseModel)


async def answer_of(response: aiohttp.ClientResponse) -> Any:
    """The JSON of an answer; None for one that has none, or is too large."""
    if response.status == 204:
        return None
    data = await response.content.read(LARGEST + 1)
    while len(data) <= LARGEST and (more := await response.content.read(LARGEST)):
        data += more
    if len(data) > LARGEST:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def reason_in(answer: Any, *secrets: str) -> str:
    """`: ` and the service's own words on why it refuses; "" where it has none."""
    said = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(said, str):
        return ""
    for each in secrets:
        said = said.replace(each, "***") if each else said
    return f": {text}" if (text := readable(said, "")) else ""


def read_as(model: type[Read], answer: Any) -> Read:
    """The answer as that; raises TwitchError for anything else."""
    try:
        return model.model_validate(answer)
    except ValidationError:
        # Its text would show what came.
        raise TwitchError("what answers does not speak as Twitch does") from None
