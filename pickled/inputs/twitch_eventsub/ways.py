"""By which way chat comes just now, and how that is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.messages.state import Status


class Ways:
    """Events for who has signed in, and chat's lines for everybody."""

    def __init__(
        self,
        report: Callable[[Status, str], None],
        channel: str,
        complaints: Callable[[], list[str]],
    ) -> None:
        self._report = report
        self._channel = channel
        self._complaints = complaints
        """What is wrong with sign-ins."""
        self._chat = asyncio.Event()
        self._no_chat = asyncio.Event()
        self._no_chat.set()
        self._events: dict[str, str] = {}
        """Who listens → what is wrong with it, "" where nothing is."""
        self._why = "not signed in yet"
        """Why chat does not come over events."""
        self._irc: tuple[Status, str] = ("down", "it is starting")

    async def until(self, *, chat: bool) -> None:
        """Wait until events bring chat, or don't any more."""
        await (self._chat if chat else self._no_chat).wait()

    def anonymous(self, status: Status, detail: str) -> None:
        """How reading without an account goes."""
        self._irc = status, detail
        self._tell()

    def events(self, login: str, *, chat: bool, works: bool, why: str, refused: str) -> None:
        """How listening with that sign-in goes; `chat`: it is the one that brings chat."""
        self._events[login] = "" if works else why
        if chat:
            self._why = refused or ("" if works else why)
            self._set_chat(works and not refused)
        self._tell()

    def no_chat(self, why: str) -> None:
        """No sign-in may read chat."""
        self._why = why
        self._set_chat(False)
        self._tell()

    def events_down(self, why: str) -> None:
        """No events come at all."""
        self._events.clear()
        self._why = why
        self._set_chat(False)
        self._tell()

    def _set_chat(self, there: bool) -> None:
        (self._chat if there else self._no_chat).set()
        (self._no_chat if there else self._chat).clear()

    def _tell(self) -> None:
        wrong = [f"{login}: {why}" for login, why in self._events.items() if why]
        wrong += self._complaints()
        if self._chat.is_set():
            if wrong:
                self._report("degraded", f"events are missing: {'; '.join(wrong)}")
            else:
                names = " and ".join(self._events)
                self._report("up", f"listening to #{self._channel} as {names}")
        elif self._irc[0] == "up":
            self._report("degraded", f"reading #{self._channel} without an account: {self._why}")
        else:
            self._report("down", f"{self._why}; without an account: {self._irc[1]}")
