"""The JSON states of the daemon: what it is, how it is, what it is busy with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel

from pickled.messages.base import Message, Published, Timestamp, TurnId
from pickled.messages.response import HeldAnswer, StageTimes

Component = Annotated[
    str,
    Field(
        pattern=r"^(?:broker|twitch|llm|stt|tts|memory|vision|node|obs|vtube|settings"
        r"|(?:input|output)\.[a-z][a-z0-9_-]{0,63}(?:\.[1-9][0-9]?)?)$"
    ),
]
"""`input.<kind>` and `output.<kind>` are named for what is configured; a second one has `.2`."""
Status = Literal["up", "degraded", "down", "disabled"]
ServiceLevel = Literal["full", "reduced", "captions", "silent"]
MoodLabel = Literal["hyped", "happy", "calm", "tense", "upset"]
LinkQuality = Literal["good", "low", "lost"]


class Info(Message):
    """`info`: who is speaking this contract."""

    version: str
    contract: int = 1
    session: int
    instance: str
    personas: tuple[str, ...]
    voices: tuple[str, ...]
    emotions: tuple[str, ...]
    capabilities: tuple[str, ...] = ()
    """`text`: what is said and written is published."""
    web: str | None = None
    """The address of the dashboard, once there is one."""


class ComponentHealth(Message):
    """How one part is."""

    status: Status
    detail: str = ""
    since: Timestamp


class Health(RootModel[dict[Component, ComponentHealth]]):
    """`health/state`: component → how it is."""


class HealthEvent(Published):
    """A part changed its status."""

    event_type: Literal["changed"] = "changed"
    component: Component
    from_: Status | None = Field(default=None, alias="from")
    to: Status
    detail: str = ""

    model_config = ConfigDict(populate_by_name=True)


class ErrorEvent(Published):
    """Something went wrong that a person may want to know."""

    event_type: Literal["error"] = "error"
    component: str
    code: str
    message: str


class Texts(Message):
    """`texts/state`: what is empty most of the time; an empty retained payload is none."""

    caption: str = ""
    crowd_question: str = ""


class QueueState(Message):
    """`queue/state`: what waits to be answered."""

    waiting: int = 0
    oldest_s: float = 0.0
    dropped: dict[str, int] = Field(default_factory=dict)
    """Since the start, by reason."""


class LatencyState(StageTimes):
    """`latency/state`: how long the last turn's stages took."""

    turn: TurnId | None = None
    p50: float | None = None
    p95: float | None = None


class HeldState(RootModel[tuple[HeldAnswer, ...]]):
    """`held/state`: answers that wait for a person, oldest first."""


class Lease(Message):
    """A do-not-speak lease."""

    holder: str
    until: Timestamp


class InhibitState(RootModel[tuple[Lease, ...]]):
    """`inhibit/state`: who holds a do-not-speak lease."""


class ContextValue(Message):
    """A fact from the house."""

    value: str | float
    unit: str = ""
    until: Timestamp | None = None


class ContextState(RootModel[dict[str, ContextValue]]):
    """`context/state`: key → fact."""


class LinkState(Message):
    """`link/state`: the streamer's uplink."""

    quality: LinkQuality
    bitrate_kbps: float | None = None
    rtt_ms: float | None = None
    delay_ms: float | None = None
    since: Timestamp | None = None


class MoodState(Message):
    """`mood/state`: how chat feels."""

    score: float = Field(ge=-1, le=1)
    label: MoodLabel
    chatters: int = 0
    window_s: float = 0.0


class CrowdTopic(Message):
    """What several viewers say at once."""

    label: str
    count: int
    viewers: int
    sample: str
    question: bool = False


class CrowdState(Message):
    """`crowd/state`: largest topic first."""

    topics: tuple[CrowdTopic, ...] = ()


class TrainingState(Message):
    """`training/state`."""

    dataset: int = 0
    candidates: int = 0
    job: str = ""
    progress: float | None = None
    live_model: str = ""
    candidate_model: str = ""
    report: str = ""
