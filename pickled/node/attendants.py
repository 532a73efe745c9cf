"""The threads beside a device: one looks after it, and one hears of the sound server's changes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.node.side import SoundSide
from pickled.node.sound_server import Changes, installed


@dataclass
class Attendants:
    """Those of one device, until they are stopped."""

    name: str
    """What it is, as the thread that looks after it is called."""
    watch: Callable[[], None]
    """The work of that thread; it waits for `changed`, and ends once `stopping` is set."""
    side: SoundSide
    changed: threading.Event = field(default_factory=threading.Event, init=False)
    """Something may have changed at the sound server."""
    stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _changes: Changes = field(init=False)
    _threads: list[threading.Thread] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._changes = Changes(self.changed, self.side)

    def start(self) -> None:
        """From now on."""
        self.changed.set()
        work = {self.name: self.watch}
        if sys.platform == "linux" and installed():
            work[f"sound server, {self.side.plural}"] = self._changes.run
        for name, run in work.items():
            self._threads.append(threading.Thread(target=run, name=name, daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """One that hangs is left to the end of the process."""
        self.stopping.set()
        self.changed.set()
        self._changes.stop()
        for thread in self._threads:
            thread.join(timeout=1)
