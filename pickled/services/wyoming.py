"""A conversation with a service that speaks Wyoming, the protocol of a smart home's voices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlsplit

from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event

from pickled.errors import PickledError

URL = r"^tcp://[^\s/@]+:\d{1,5}/?$"

_SEND_S = 2.0
_LONGEST_LINE = 1 << 20
"""Bytes; older services tell all they have in one line."""

_LONGEST_REASON = 200
_NOT_WYOMING = (AttributeError, EOFError, KeyError, RecursionError, TypeError, ValueError)
"""What the package raises on lines that aren't Wyoming's."""

T = TypeVar("T")


class WyomingLine:
    """One connection; each failure of it is an `error`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        error: Callable[[str], PickledError],
    ) -> None:
        self._reader, self._writer, self._error = reader, writer, error

    async def send(self, event: Event) -> None:
        """Send an event."""
        try:
            async with asyncio.timeout(_SEND_S):
                await async_write_event(event, self._writer)
        except OSError as error:
            raise self._error("the Wyoming service closed the connection") from error

    async def read(self, until: float) -> Event:
        """The next event, until that moment of the loop's clock."""
        try:
            async with asyncio.timeout_at(until):
                event = await async_read_event(self._reader)
        except TimeoutError as error:
            raise self._error("the Wyoming service took too long") from error
        except (OSError, *_NOT_WYOMING) as error:
            raise self._error("the Wyoming service broke off, or is none") from error
        if event is None:
            raise self._error("the Wyoming service broke off, or is none")
        if Error.is_type(event.type):
            text = " ".join(str(self.understood(Error.from_event, event).text).split())
            raise self._error(f"the Wyoming service failed: {text[:_LONGEST_REASON]}")
        return event

    def understood(self, read: Callable[[Event], T], event: Event) -> T:
        """What an event says."""
        try:
            return read(event)
        except _NOT_WYOMING as error:
            raise self._error("what answers does not speak Wyoming") from error


@asynccontextmanager
async def wyoming_line(
    url: str, *, connect_s: float, error: Callable[[str], PickledError], example: str
) -> AsyncIterator[WyomingLine]:
    """A connection that is cut afterwards: nothing that is still on its way is waited for."""
    address = urlsplit(url)
    try:
        async with asyncio.timeout(connect_s):
            reader, writer = await asyncio.open_connection(
                address.hostname, address.port, limit=_LONGEST_LINE
            )
    except (OSError, ValueError) as failed:
        raise error(
            f"no Wyoming service answers at {url}; start it, for instance {example}"
        ) from failed
    try:
        yield WyomingLine(reader, writer, error)
    finally:
        writer.transport.abort()
