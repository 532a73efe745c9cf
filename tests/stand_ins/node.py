"""The rehearsals' audio-node, with what can go wrong with a real one."""

from __future__ import annotations

import asyncio

from pickled.mqtt import Incoming
from pickled.rehearsal.node import Stream, VirtualNode


class StandInNode(VirtualNode):
    """Answers pings, plays what it gets in real (virtual) time, obeys clear and mute."""

    frozen = False
    """It plays no more, and answers nothing."""

    def give_up(self) -> None:
        """Drop what it plays, as after a long starvation."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self._cleared = stream.stream
            self._later = asyncio.create_task(self._report(stream, "cleared"))

    def start_again(self) -> None:
        """Another run of the node takes its place."""
        self._stream = None
        self._info = self._info.model_copy(update={"session": self._info.session + 1})
        self.appear()

    def _available(self, stream: Stream) -> float:
        return 0.0 if self.frozen else super()._available(stream)

    def _fall_silent(self, *, up_to: int) -> None:
        if not self.frozen:
            super()._fall_silent(up_to=up_to)

    def _ping(self, message: Incoming) -> None:
        if not self.frozen:
            super()._ping(message)
