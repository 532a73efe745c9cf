"""Where the sound server plays us, against where it was told to: it moves streams on its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from pickled.node import sound_server
from pickled.node.devices import fits, follows
from pickled.node.sound_server import ServerSink

DUMMY = "auto_null"
"""The sink that the server makes when it has none: nobody hears it."""


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
    _missing: bool = False

    def look(self) -> str:
        """Ask the server: why it may not sound, or empty if all is well or nothing is told."""
        index = sound_server.sink_of(os.getpid())
        found = None if index is None else sound_server.sinks()
        return "" if index is None or not found else self.judge(found, index)

    def judge(self, found: Sequence[ServerSink], index: int) -> str:
        """The same, with what the server says: its sinks, and where we sound."""
        here = next((each.name for each in found if each.index == index), "")
        if here == DUMMY and self.asked != DUMMY:
            return "The sound server has no output but a dummy: connect one, or load a null sink."
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
        self.note = f"It sounds at {here}, not at {self.sink}."
        return ""

    def _is_meant(self, sink: ServerSink) -> bool:
        return sink.name == self.sink or fits(self.asked, sink.name, sink.description)

    def _misled(self, here: str, there: Sequence[str]) -> str:
        if not there:
            return f"{self.sink} is gone, and the sound server took {here} instead: connect it"
        return (
            f"It was moved to {here}, and goes back to {self.sink}: "
            f"to leave it there, start the node with `--output {here}`"
        )
