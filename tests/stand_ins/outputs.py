"""Outputs that note what they are asked for: a lamp, and a chat that is written in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from pickled.errors import PartError
from pickled.messages.chat import ChatMessage, Retraction


@dataclass
class StandInLamp:
    """Offers actions and notes what it is asked for."""

    actions: Mapping[str, str] = field(default_factory=lambda: {"lamp": "switches the lamp on"})
    done: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    broken: bool = False

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def act(self, name: str, args: Mapping[str, str]) -> None:
        if self.broken:
            raise PartError("the lamp is not there")
        self.done.append((name, dict(args)))


@dataclass
class StandInChat:
    """A chat in which it writes, and out of which its lines are deleted."""

    actions: Mapping[str, str] = field(default_factory=dict)
    lines: list[tuple[str, ChatMessage | None, bool]] = field(default_factory=list)
    """Text, the line it answers, and whether nobody else sees it."""

    async def run(self) -> None:
        await asyncio.Event().wait()

    def serves(self, source: str) -> bool:
        return source in ("", "twitch")

    async def write(self, text: str, *, to: ChatMessage | None, private: bool) -> None:
        self.lines.append((text, to, private))

    def retract(self, retraction: Retraction, /) -> int:
        gone = [each for each in self.lines if each[1] and retraction.concerns(each[1])]
        self.lines = [each for each in self.lines if each not in gone]
        return len(gone)
