"""The rehearsals' audio-node, with what can go wrong with a real one."""

from __future__ import annotations

from pickled.messages.node import NodeState
from pickled.mqtt import Incoming
from pickled.rehearsal.node import VirtualNode, VirtualStream


class StandInNode(VirtualNode):
    """Answers pings, plays what it gets in real (virtual) time, obeys clear and mute."""

    frozen = False
    """It plays no more, and answers nothing."""
    no_sound = ""
    """Why nothing can be heard; empty if it can."""

    def lose_sound(self, why: str) -> None:
        """Its device is gone: it says so, and plays nothing; an empty reason: it is back."""
        self.no_sound = why
        if why:
            self.give_up()
        self._tell()

    def give_up(self) -> None:
        """Drop what it plays, as after a long starvation."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self._cleared = stream.stream
            self._later.start(self._report(stream, "cleared"), name="cleared")

    def start_again(self) -> None:
        """Another run of the node takes its place."""
        self._stream = None
        self._info = self._info.model_copy(update={"session": self._info.session + 1})
        self.appear()

    def _available(self, stream: VirtualStream) -> float:
        return 0.0 if self.frozen else super()._available(stream)

    def _fall_silent(self, *, up_to: int) -> None:
        if not self.frozen:
            super()._fall_silent(up_to=up_to)

    def _state(self) -> NodeState:
        lost = {"has_sound": not self.no_sound, "last_error": self.no_sound}
        return super()._state().model_copy(update=lost)

    def _ping(self, message: Incoming) -> None:
        if not self.frozen:
            super()._ping(message)
