"""The MQTT contract as one table: the only place where a topic is written.

`topics/` (AsyncAPI, schemas, Mosquitto's access list) and Home Assistant's discovery are printed from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from pickled.messages import (
    chat,
    command,
    decision,
    memory,
    node,
    response,
    speech,
    state,
    stream,
    vision,
)
from pickled.messages.emotion import Emotion

Kind = Literal["state", "command", "event", "stream"]
Form = Literal["scalar", "json", "binary"]
Role = Literal["pickled", "node", "vision", "web", "hass", "deck"]

OnOff = Literal["ON", "OFF"]
Online = Literal["online", "offline"]
Percent = Annotated[float, Field(ge=0, le=100)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
Number = Annotated[float, Field(ge=0)]
_NUMBERS = (Percent, Seconds, Number)
_SCALARS = (*_NUMBERS, OnOff, Online, Emotion, state.ServiceLevel, state.MoodLabel, str)


@dataclass(frozen=True)
class Entity:
    """How a topic shows in Home Assistant: the platform and its own discovery keys."""

    platform: Literal[
        "switch", "select", "number", "button", "notify", "text", "sensor", "binary_sensor", "event"
    ]
    name: str
    keys: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Topic:
    """One row of the contract."""

    path: str
    """Below the instance; `{node}` stands for a node's name."""
    kind: Kind
    payload: Any
    """The type of the payload: a scalar type, a pydantic model, or bytes."""
    doc: str
    by: frozenset[Role]
    """Who publishes it."""
    to: frozenset[Role]
    """Who may read it."""
    qos: Literal[0, 1] = 1
    retain: bool = False
    max_rate: float | None = None
    """Messages a second at most, where there is a limit."""
    expiry_s: int | None = None
    """MQTT 5 message expiry."""
    built: bool = True
    """False: its feature comes later, and until then it is not published and not obeyed."""
    entity: Entity | None = None

    @property
    def form(self) -> Form:
        """`binary`, `json` (one object or list), or `scalar`."""
        if self.payload is bytes:
            return "binary"
        if self.kind == "command" or self.payload in _SCALARS:
            return "scalar"
        return "json"

    def encode(self, value: Any) -> bytes:
        """The payload for a value: scalars as bare strings, whole numbers without a point."""
        if isinstance(value, bytes):
            return value
        if isinstance(value, BaseModel):
            unset = self.kind != "state"
            return value.model_dump_json(by_alias=True, exclude_none=unset).encode()
        if isinstance(value, bool):
            return b"ON" if value else b"OFF"
        if isinstance(value, float):
            return f"{value:g}".encode() if value != int(value) else str(int(value)).encode()
        return str(value).encode()

    def decode(self, payload: bytes) -> Any:
        """The value of a state's, event's or stream's payload; raises pydantic.ValidationError.

        Commands have their own rules: `messages.command.parse`.
        """
        if self.form == "binary":
            return payload
        adapter = _adapter(self.path)
        if self.form == "json":
            return adapter.validate_json(payload)
        return adapter.validate_strings(payload.decode("utf-8", errors="replace"))


_ALL: frozenset[Role] = frozenset({"pickled", "web", "hass", "deck"})
_CONTROL: frozenset[Role] = frozenset({"web", "hass", "deck"})
_HOUSE: frozenset[Role] = frozenset({"web", "hass"})
_DAEMON: frozenset[Role] = frozenset({"pickled"})
_NODE: frozenset[Role] = frozenset({"node"})


def _state(
    path: str,
    payload: Any,
    doc: str,
    entity: Entity | None = None,
    *,
    built: bool = True,
    by: frozenset[Role] = _DAEMON,
    node: bool = False,
    limited: bool | None = None,
) -> Topic:
    """Numbers and JSON go out at most once a second, the rest at once."""
    numeric = payload in _NUMBERS or hasattr(payload, "model_fields")
    rate = 1.0 if (numeric if limited is None else limited) else None
    to = _ALL | (_NODE if node else frozenset())
    return Topic(path, "state", payload, doc, by, to, 1, True, rate, None, built, entity)


def _command(
    path: str,
    payload: type[command.Command],
    doc: str,
    entity: Entity | None = None,
    *,
    built: bool = True,
    by: frozenset[Role] = _CONTROL,
    to: frozenset[Role] = _DAEMON,
) -> Topic:
    return Topic(path, "command", payload, doc, by | _DAEMON, to, 1, False, None, 30, built, entity)


def _event(
    path: str,
    payload: Any,
    doc: str,
    *,
    built: bool = True,
    by: frozenset[Role] = _DAEMON,
    rate: float | None = 50.0,
    deck: bool = False,
    entity: Entity | None = None,
) -> Topic:
    to: frozenset[Role] = _HOUSE | _DAEMON | (frozenset({"deck"}) if deck else frozenset())
    return Topic(path, "event", payload, doc, by, to, 1, False, rate, None, built, entity)


def _tts(path: str, payload: Any, doc: str, *, qos: Literal[0, 1], expiry_s: int) -> Topic:
    to: frozenset[Role] = frozenset({"node", "web"})
    return Topic(
        f"node/{{node}}/tts/{path}", "stream", payload, doc, _DAEMON, to, qos, False, None, expiry_s
    )


def _node(
    path: str,
    payload: Any,
    doc: str,
    *,
    qos: Literal[0, 1] = 1,
    retain: bool = False,
    built: bool = True,
    to: frozenset[Role] = _ALL,
) -> Topic:
    kind: Kind = "state" if retain else "stream"
    return Topic(
        f"node/{{node}}/{path}", kind, payload, doc, _NODE, to, qos, retain, None, None, built
    )


def _ha(platform: Any, name: str, **keys: Any) -> Entity:
    return Entity(platform, name, keys)


def _diagnostic(platform: Any, name: str, **keys: Any) -> Entity:
    return Entity(platform, name, {"entity_category": "diagnostic", **keys})


_STATES = (
    _state("availability", Online, "Is the daemon there? Last will `offline`.", node=True),
    _state("info", state.Info, "Version, personas, voices, emotions.", limited=False),
    _state("muted/state", OnOff, "Makes no sound.", _ha("switch", "Mute", icon="mdi:volume-off"), node=True),
    _state("mic_muted/state", OnOff, "Nodes send no microphone audio.",
           _ha("switch", "Microphone mute", icon="mdi:microphone-off"), node=True),
    _state("paused/state", OnOff, "Listens and remembers, answers nothing.",
           _ha("switch", "Pause", icon="mdi:pause-circle")),
    _state("approval/state", OnOff, "Every answer waits for a person.",
           _ha("switch", "Approval", icon="mdi:check-decagram")),
    _state("held/state", state.HeldState, "Answers that wait, oldest first.",
           _ha("sensor", "Held answers", icon="mdi:tray-full", value_template="{{ value_json | length }}")),
    _state("discreet/state", OnOff, "No places, no scene.", _ha("switch", "Discreet", icon="mdi:incognito")),
    _state("thinking/state", OnOff, "An answer is being written.",
           _ha("binary_sensor", "Thinking", icon="mdi:thought-bubble")),
    _state("speaking/state", OnOff, "Sound is heard, by the nodes' report.",
           _ha("binary_sensor", "Speaking", icon="mdi:account-voice")),
    _state("listening/state", OnOff, "The streamer is talking.",
           _ha("binary_sensor", "Listening", icon="mdi:ear-hearing")),
    _state("emotion/state", Emotion, "The emotion of the last answer.",
           _ha("sensor", "Emotion", icon="mdi:emoticon-outline", device_class="enum")),
    _state("persona/state", str, "The persona in force.", _ha("select", "Persona", icon="mdi:drama-masks")),
    _state("voice/state", str, "The voice in force.", _ha("select", "Voice", icon="mdi:account-voice")),
    _state("volume/state", Percent, "Volume of all nodes, %.",
           _ha("number", "Volume", icon="mdi:volume-high", unit_of_measurement="%", min=0, max=100), node=True),
    _state("cooldown/state", Seconds, "Pause after each answer, s.",
           _ha("number", "Cooldown", icon="mdi:timer-sand", unit_of_measurement="s", min=0, max=3600, step=0.5,
               mode="box")),
    _state("spontaneity/state", Percent, "How often it answers what nobody asked it, %.",
           _ha("number", "Spontaneity", icon="mdi:dice-multiple", unit_of_measurement="%", min=0, max=100)),
    _state("caption/state", str, "The words being spoken now; empty when silent.",
           _ha("sensor", "Caption", icon="mdi:subtitles", value_template="{{ value[:250] }}")),
    _state("response/state", response.ResponseState, "The last answer, and what was heard of it.",
           _ha("sensor", "Last answer", icon="mdi:message-reply-text",
               value_template="{{ value_json.text[:250] }}")),
    _state("memory/state", memory.MemoryState, "What the memory holds."),
    _state("mood/state", state.MoodState, "How chat feels."),
    _state("mood_label/state", state.MoodLabel, "How chat feels, in a word.",
           _ha("sensor", "Chat mood", icon="mdi:emoticon", device_class="enum",
               options=["hyped", "happy", "calm", "tense", "upset"])),
    _state("chat_rate/state", Number, "Chat messages a minute.",
           _ha("sensor", "Chat rate", icon="mdi:chat", unit_of_measurement="msg/min",
               state_class="measurement")),
    _state("crowd/state", state.CrowdState, "What several viewers say at once."),
    _state("crowd_question/state", str, "What most viewers ask; empty when nothing is.",
           _ha("sensor", "Chat asks", icon="mdi:account-question")),
    _state("queue/state", state.QueueState, "What waits, and what was dropped.",
           _diagnostic("sensor", "Waiting", value_template="{{ value_json.waiting }}")),
    _state("latency/state", state.LatencyState, "Stages of the last turn, ms.",
           _diagnostic("sensor", "Latency", unit_of_measurement="ms", state_class="measurement",
                       value_template="{{ value_json.total }}")),
    _state("health/state", state.Health, "Each part, and how it is."),
    _state("service_level/state", state.ServiceLevel, "What it can do just now.",
           _diagnostic("sensor", "Service level", icon="mdi:heart-pulse", device_class="enum",
                       options=["full", "reduced", "captions", "silent"])),
    _state("stream/state", stream.StreamState, "Is the stream live, with what title?"),
    _state("live/state", OnOff, "Is the stream live?", _ha("binary_sensor", "Live", icon="mdi:broadcast")),
    _state("scene/state", vision.SceneState, "The last thing seen.", built=False, by=frozenset({"vision"})),
    _state("link/state", state.LinkState, "The streamer's uplink.",
           _ha("sensor", "Uplink", icon="mdi:signal", value_template="{{ value_json.quality }}")),
    _state("inhibit/state", state.InhibitState, "Who holds a do-not-speak lease."),
    _state("context/state", state.ContextState, "Facts from the house."),
    _state("vision_enabled/state", OnOff, "Does it look?", built=False, by=frozenset({"vision"})),
    _state("vision_prompt/state", str, "What it looks for.", built=False, by=frozenset({"vision"})),
    _state("training/state", state.TrainingState, "The learning loop.", built=False),
    _state("vision/availability", Online, "Is the vision-server there?", built=False, by=frozenset({"vision"})),
    _state("vision/snapshot", bytes, "JPEG, only when the user switched that on.", built=False,
           by=frozenset({"vision"})),
)  # fmt: skip

_MUTES: frozenset[Role] = _DAEMON | _NODE
_VISION: frozenset[Role] = frozenset({"vision"})
_COMMANDS = (
    _command("muted/set", command.Switch, "Mute: makes no sound.", to=_MUTES),
    _command("mic_muted/set", command.Switch, "Mute the microphones.", to=_MUTES),
    _command("paused/set", command.Switch, "Pause: answers nothing."),
    _command("approval/set", command.Switch, "Every answer waits for a person."),
    _command("discreet/set", command.Switch, "No places, no scene."),
    _command("persona/set", command.Choose, "Who it is, from the next turn on."),
    _command("voice/set", command.Choose, "How it sounds, from the next turn on."),
    _command("volume/set", command.Percent, "Volume of all nodes, %."),
    _command("cooldown/set", command.Seconds, "Pause after each answer, s."),
    _command("spontaneity/set", command.Percent, "How often it answers what nobody asked it, %."),
    _command("link/set", command.SetLink, "The streamer's uplink."),
    _command("vision_enabled/set", command.Switch, "Look, or don't.", built=False, to=_VISION),
    _command("vision_prompt/set", command.SetText, "What to look for.", built=False, to=_VISION),
    _command("cmd/say", command.Say, "Speak this, as given.", _ha("notify", "Say")),
    _command("cmd/ask", command.Ask, "Answer this, as if the streamer had said it.",
             _ha("text", "Ask", icon="mdi:comment-question", max=255)),
    _command("cmd/skip", command.AboutTurn, "Stop what is being said.",
             _ha("button", "Skip", icon="mdi:skip-next"), to=_MUTES),
    _command("cmd/panic", command.Anything, "Stop at once, empty every queue, mute.",
             _ha("button", "Panic", icon="mdi:alert-octagon"), to=_MUTES),
    _command("cmd/approve", command.AboutTurn, "Let an answer that waits be spoken.",
             _ha("button", "Approve", icon="mdi:check")),
    _command("cmd/reject", command.AboutTurn, "Drop an answer that waits.",
             _ha("button", "Reject", icon="mdi:close")),
    _command("cmd/inhibit", command.Inhibit, "Hold a do-not-speak lease for so many seconds."),
    _command("cmd/rate", command.Rate, "Was that answer good?", built=False),
    _command("cmd/forget", command.Forget, "Delete everywhere.", by=frozenset({"web"})),
    _command("cmd/memory_search", command.MemorySearch, "Search in memory.", by=frozenset({"web"})),
    _command("cmd/viewer", command.AboutViewer, "What is kept about a viewer.",
             by=frozenset({"web"})),
    _command("cmd/context", command.SetContext, "A fact from the house.", by=_HOUSE),
    _command("cmd/event", command.TellEvent, "A stream event from elsewhere.", by=_HOUSE),
    _command("cmd/reload", command.Anything, "Read the personas again.", by=_HOUSE,
             entity=_ha("button", "Reload", icon="mdi:reload", entity_category="config")),
    _command("cmd/ping", command.Anything, "Answers `ok`: is anybody there?"),
    _command("cmd/vision_capture", command.Anything, "Look now.", built=False, to=_VISION),
)  # fmt: skip

_EVENTS = (
    _event("event/chat", chat.ChatMessage | chat.ChatBatch | chat.ChatDeleted | chat.ChatCleared,
           "What happens in chat.", rate=60.0),
    _event("event/speech", speech.Speech, "What the streamer says."),
    _event("event/vision", vision.Scene, "What is seen.", built=False, by=frozenset({"vision"})),
    _event("event/stream", stream.StreamEvent, "Follows, subs, raids, tips.",
           entity=_ha("event", "Stream", icon="mdi:party-popper", event_types=list(stream.STREAM_EVENT_TYPES))),
    _event("event/vector", chat.VectorEvent, "The meaning of a chat message, as the crowd was counted by it."),
    _event("event/decision", decision.Decision, "Why something is answered, and why not."),
    _event("event/memory_hit", memory.MemoryHitEvent, "A memory was recalled."),
    _event("event/response", response.ResponseEvent, "An answer begins, says a clause, ends.",
           entity=_ha("event", "Answer", icon="mdi:message-reply",
                      event_types=["started", "clause", "finished", "interrupted"])),
    _event("event/safety", response.SafetyEvent, "The gate stopped something; never says what.",
           entity=_ha("event", "Safety", icon="mdi:shield-alert", event_types=["blocked", "masked"])),
    _event("event/retraction", response.RetractionEvent, "Something was taken back."),
    _event("event/health", state.HealthEvent, "A part changed its status."),
    _event("event/command", command.CommandEvent, "The answer to every command.", rate=None, deck=True),
    _event("event/error", state.ErrorEvent, "Something went wrong."),
)  # fmt: skip

_NODES = (
    _node("availability", Online, "Is the node there? Last will `offline`.", retain=True),
    _node("info", node.NodeInfo, "What the node is and can.", retain=True),
    _node("state", node.NodeState, "How the node is.", retain=True),
    _command("node/{node}/volume/set", command.Percent, "Volume of this node alone, %.", by=_HOUSE, to=_NODE),
    _command("node/{node}/muted/set", command.Switch, "Mute this node alone.", by=_HOUSE, to=_NODE),
    _command("node/{node}/mic_muted/set", command.Switch, "Mute the microphone of this node alone.", by=_HOUSE, to=_NODE),
    Topic("node/{node}/ping", "stream", node.Ping, "Every second: is the node alive, and what is its clock?",
          _DAEMON, _NODE, 0, expiry_s=3),
    _node("pong", node.Pong, "The answer to a ping.", qos=0, to=_DAEMON),
    _tts("begin", node.TtsBegin, "An utterance starts.", qos=1, expiry_s=5),
    _tts("audio", bytes, "Frames of sound: 20-byte header, then samples.", qos=0, expiry_s=2),
    _tts("end", node.StreamEnd, "No further frames come.", qos=1, expiry_s=30),
    _tts("clear", node.StreamEnd, "Drop everything up to this stream.", qos=1, expiry_s=5),
    _node("played", node.Played, "What has become sound.", to=_DAEMON | {"web"}),
    _node("mic/begin", node.MicBegin, "A microphone stream starts.", built=False, to=_DAEMON),
    _node("mic/audio", bytes, "Frames of the microphone.", qos=0, built=False, to=_DAEMON),
    _node("mic/end", node.StreamEnd, "The microphone stream ends.", built=False, to=_DAEMON),
    _node("vad", node.Vad, "The streamer begins or stops to talk.", built=False, to=_DAEMON),
)  # fmt: skip

REPLIES = "reply"
"""Below the instance: `reply/<user>/…` are MQTT 5 response topics that only this user may read."""

TOPICS: tuple[Topic, ...] = _STATES + _COMMANDS + _EVENTS + _NODES
_BY_PATH = {each.path: each for each in TOPICS}
_NODE_TOPIC = re.compile(r"node/([^/]+)/(.+)", re.DOTALL)


def topic(path: str) -> Topic:
    """The row of that path, as it is written in the table; raises KeyError."""
    return _BY_PATH[path]


@cache
def _adapter(path: str) -> TypeAdapter[Any]:
    return TypeAdapter(_BY_PATH[path].payload)


@dataclass(frozen=True)
class Root:
    """Where an instance's topics lie."""

    base: str = "pickled"
    instance: str = "home"

    def __call__(self, path: str, *, node: str = "{node}") -> str:
        """The whole topic of a path of the table; `node="+"` gives a filter."""
        return f"{self.base}/{self.instance}/{path.replace('{node}', node)}"

    def find(self, topic_name: str) -> tuple[Topic, str | None] | None:
        """The row that a topic belongs to, and the node's name; None if it is not in the contract."""
        prefix = f"{self.base}/{self.instance}/"
        if not topic_name.startswith(prefix):
            return None
        path = topic_name[len(prefix) :]
        if row := _BY_PATH.get(path):
            return row, None
        inner = _NODE_TOPIC.fullmatch(path)
        if inner and (row := _BY_PATH.get(f"node/{{node}}/{inner[2]}")):
            return row, inner[1]
        return None
