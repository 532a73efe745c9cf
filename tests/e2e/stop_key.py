"""What has to be shown and heard after each press of a stop key, whatever is dead by then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Switch = Literal["ON", "OFF", "TOGGLE"]
Own = Literal["", "alone", "general"]


@dataclass
class StopKey:
    """The rules of `muted/state`, for one daemon and some nodes."""

    nodes: dict[str, Own]
    """Each node's own mute."""
    daemon: bool = False
    """The daemon's."""
    saved: bool = False
    """The same in its settings."""
    shown: bool = False
    """What `muted/state` has to say."""
    alive: bool = True
    frozen: bool = False
    cut: bool = False
    """The daemon lost the broker without noticing."""
    key_kept: bool = False
    """A retained ON waits at the broker."""
    _waiting: list[Switch] = field(default_factory=list)
    """What a frozen daemon will read."""

    @property
    def here(self) -> bool:
        """Is the daemon there?"""
        return self.alive and not self.frozen

    @property
    def contested(self) -> bool:
        """Some nodes are muted by themselves: those that are heard object to what these say."""
        some = any(self.nodes.values()) and not all(self.nodes.values())
        return some and not self.here and not self._any_general

    def audible(self, node: str) -> bool:
        """May that node be heard?"""
        return not (self.shown or self.nodes[node])

    def press(self, value: Switch, *, retained: bool = False) -> None:
        """`muted/set`, or ON for a panic."""
        decided: Switch = value
        if value == "TOGGLE":
            decided = "OFF" if self.here and self.shown else "ON"
        released = decided == "OFF" and not retained
        if decided == "ON" or released:
            self.nodes = dict.fromkeys(self.nodes, "" if released else "general")
        if self.here:
            self._obey(decided, retained=retained)
        elif self.frozen and not self.cut:
            if not (retained and decided == "OFF"):
                self._waiting.append(decided)
        elif retained:
            self.key_kept = decided == "ON"
        if self.here:
            self._show()
        elif decided == "ON" or released:
            self.shown = decided == "ON"

    def press_one(self, node: str, value: Switch) -> None:
        """`node/<node>/muted/set`."""
        if value == "ON":
            self.nodes[node] = self.nodes[node] or "alone"
        else:
            self.nodes[node] = ""
        if self.here:
            self._show()
        elif value == "ON":
            self.shown |= self._any_general or all(self.nodes.values())
        else:
            self.shown = self._any_general

    def kill(self) -> None:
        """The daemon is gone with all that it had not read."""
        self.alive = self.frozen = self.cut = False
        self._waiting.clear()

    def start(self) -> None:
        """The daemon is there again."""
        self.alive = True
        if self._any_general:
            self.daemon = True
        elif self.shown and any(self.nodes.values()):
            self.daemon = self.saved
        else:
            self.daemon = self.shown
        if self.key_kept:
            self._obey("ON", retained=True)
        self.key_kept = False
        self._show()

    def freeze(self) -> None:
        """The daemon hangs."""
        self.frozen = True

    def thaw(self) -> None:
        """The daemon goes on: it reads what was said meanwhile."""
        self.frozen = False
        for value in self._waiting:
            self._obey(value)
        self._waiting.clear()
        if self.cut:
            self.daemon |= self._any_general
        self.cut = False
        self._show()

    def restart_broker(self) -> None:
        """The broker forgets everything."""
        self.key_kept = False
        self.cut = self.frozen
        if self.here:
            self.daemon |= self._any_general
            self._show()

    @property
    def _any_general(self) -> bool:
        return "general" in self.nodes.values()

    def _obey(self, value: Switch, *, retained: bool = False) -> None:
        if value == "ON" or not retained:
            self.daemon = self.saved = value == "ON"

    def _show(self) -> None:
        self.shown = self.daemon or self._any_general or all(self.nodes.values())
