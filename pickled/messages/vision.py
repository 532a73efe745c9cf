"""What is seen on the stream."""

from __future__ import annotations

from typing import Literal

from pickled.messages.base import Message, Published, Timestamp


class SceneState(Message):
    """`scene/state`: the last thing seen."""

    text: str
    captured_at: Timestamp
    model: str = ""
    latency_ms: float | None = None


class Scene(Published):
    """Something new was seen."""

    event_type: Literal["scene"] = "scene"
    text: str
    captured_at: Timestamp
    model: str = ""
    latency_ms: float | None = None
