"""Where the sound server has us, against where it was told to: it moves streams on its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from pickled.node import sound_server
from pickled.node.devices import fits, follows
from pickled.node.side import INPUT, MONITOR, OUTPUT, SoundSide
from pickled.node.sound_server import ServerSink

DUMMY = OUTPUT.dummy
"""The sink that the server makes when it has none: nobody hears it."""

LOST_S = 1.0
"""Some of ALSA's ways to a server that died play on into nothing, and tell nobody."""


@dataclass
class Routing:
    """Knows where we should sound; each look tells whether we do."""

    asked: str
    """Part of a name; empty: where the server plays by itself."""
    elsewhere: bool = False
    """May it sound where nobody asked for it?"""
    sink: str = ""
    """Where it should sound; empty while that is not known."""
    note: str = ""
    """Where else it sounds, which is allowed."""
    side: SoundSide = OUTPUT
    _missing: bool = False
    _placed: bool = False
    """The server had our stream."""
    _lost_at: float | None = None

    def opened(self) -> None:
        """A new stream is on its way to the server."""
        self._placed, self._lost_at = False, None

    def look(self, now: float) -> str:
        """Ask the server: why it may not sound, or empty if all is well or nothing is told."""
        try:
            index = sound_server.sink_of(os.getpid(), self.side)
            found = None if index is None else sound_server.sinks(self.side)
        except TimeoutError:
            return ""
        if index is not None and found:
            self._placed, self._lost_at = True, None
            return self.judge(found, index)
        if self._placed and self._lost_at is None:
            self._lost_at = now
        gone = self._lost_at is not None and now - self._lost_at > LOST_S
        return self.side.lost if gone else ""

    @property
    def lost(self) -> bool:
        """Was its stream there before, and not at the last look?"""
        return self._lost_at is not None

    def judge(self, found: Sequence[ServerSink], index: int) -> str:
        """The same, with what the server says: its sinks, and where we sound."""
        here = next((each.name for each in found if each.index == index), "")
        own = self.side is INPUT and here.endswith(MONITOR) and follows(self.asked)
        if own or (here == self.side.dummy and self.asked != self.side.dummy):
            return self.side.no_place
        if not here or follows(self.asked):
            return ""
        self.sink = self.sink or here  # a device of ALSA's configuration: where it went at first
        back = self._missing
        there = [each.name for each in found if self._is_meant(each)]
        self._missing, self.note = not there, ""
        if here == self.sink:
            return ""
        if not self.elsewhere:
            return self._misled(here, there)
        if there and back:
            return f"{there[0]} is back"
        self.note = f"{self.side.found_at} {here}, not at {self.sink}."
        return ""

    def _is_meant(self, sink: ServerSink) -> bool:
        return sink.name == self.sink or fits(self.asked, sink.name, sink.description)

    def _misled(self, here: str, there: Sequence[str]) -> str:
        if not there:
            return f"{self.sink} is gone, and the sound server took {here} instead: connect it"
        return (
            f"It was moved to {here}, and goes back to {self.sink}: "
            f"to leave it there, start the node with `{self.side.option} {here}`"
        )
