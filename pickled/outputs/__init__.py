"""What the world gets of an answer: each file here is one output, but for `voice/`.

`voice/` is always there and no plug: it speaks to the audio-nodes, and a turn waits for what of it
was heard. Everything else hangs on what is published, by the tap and the bus that it is offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Output(Protocol):
    """What `start` of each file here yields."""

    @property
    def actions(self) -> Mapping[str, str]:
        """What it can be asked for: name → what it does, in a sentence; may be empty."""

    async def run(self) -> None:
        """Until cancelled.

        Raises PickledError when its service is lost; it is started again.
        """
