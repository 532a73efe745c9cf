"""What the world gets of an answer: each file here is one output, but for `voice/`.

`voice/` is always there and no plug: it speaks to the audio-nodes, and a turn waits for what of it
was heard. Everything else hangs on what is published, by the tap and the bus that it is offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from pickled.messages.chat import ChatMessage, Retraction


class Output(Protocol):
    """What `start` of each file here yields."""

    @property
    def actions(self) -> Mapping[str, str]:
        """What it can be asked for: name → what it does, in a sentence; may be empty."""

    async def run(self) -> None:
        """Until cancelled.

        Raises PickledError when its service is lost; it is started again.
        """


@runtime_checkable
class Performer(Output, Protocol):
    """An output that does what it offers as `actions`."""

    async def act(self, name: str, args: Mapping[str, str]) -> None:
        """Do that action, one of `actions`; raises PickledError if it can't be done."""


@runtime_checkable
class ChatWriter(Output, Protocol):
    """An output that writes in chat."""

    def serves(self, source: str) -> bool:
        """Can it write just now where lines of that kind of input come from? "": anywhere."""

    async def write(self, text: str, *, to: ChatMessage | None, private: bool) -> None:
        """Write that, as an answer to a line where there is one; `private`: to nobody else.

        Raises PickledError if it is not written.
        """

    def retract(self, retraction: Retraction, /) -> int:
        """Delete what was written to what is taken back; how many lines."""
