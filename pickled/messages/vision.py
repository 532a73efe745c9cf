"""What is seen on the stream."""

from __future__ import annotations

from typing import Literal

from pickled.messages.base import Message, Published, Timestamp


class SceneState(Message):
    """`scene/state`: the last thing seen."""

    text: str
    """Empty in discreet."""
    captured_at: Timestamp
    model: str = ""
    latency_ms: float | None = None
    tokens: int | None = None
    cost: float | None = None


class Scene(Published):
    """Something new was seen, or what was seen before is still there."""

    event_type: Literal["scene"] = "scene"
    text: str
    """Words of a model about a picture: whoever holds up a sign writes into it."""
    captured_at: Timestamp
    """When the picture was taken."""
    model: str = ""
    latency_ms: float | None = None
    """What the model took; without one where a still picture is only said to be still there."""
    tokens: int | None = None
    """Of this call, as the model's server counted them."""
    cost: float | None = None
    """Of this call, by the prices that the owner has set."""
