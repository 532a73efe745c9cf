"""The MQTT contract as one table: the only place where a topic is written.

`topics/` (AsyncAPI, schemas, Mosquitto's access list) and Home Assistant's discovery are printed from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pickled.entity_rows import (
    HELD,
    REFUSED,
    SPOKEN,
    TROUBLE,
    as_object,
    config,
    diagnostic,
    entity,
    on_if,
    words,
)
from pickled.messages import (
    action,
    chat,
    chosen_line,
    command,
    decision,
    memory,
    node,
    outside_chat,
    response,
    speech,
    state,
    stream,
    vision,
)
from pickled.messages.emotion import Emotion
from pickled.patterns import pattern
from pickled.topic_rows import (
    CHAT,
    DAEMON,
    HOUSE,
    NODE,
    VISION,
    Number,
    Online,
    OnOff,
    Percent,
    Role,
    Seconds,
    Topic,
    command_row,
    event_row,
    node_row,
    state_row,
    tts_row,
)

_STATES = (
    state_row("availability", Online, "Is the daemon there? Last will `offline`.", node=True, vision=True),
    state_row("info", state.Info, "Version, personas, voices, emotions.", limited=False),
    state_row("muted/state", OnOff, "Makes no sound.",
              entity("switch", "Mute", icon="mdi:volume-off", always=True), node=True, by=DAEMON | NODE),
    state_row("mic_muted/state", OnOff, "Nodes send no microphone audio.",
              entity("switch", "Microphone mute", icon="mdi:microphone-off", always=True), node=True, by=DAEMON | NODE),
    state_row("paused/state", OnOff, "Listens and remembers, answers nothing.",
              entity("switch", "Pause", icon="mdi:pause-circle")),
    state_row("approval/state", OnOff, "Every answer waits for a person.",
              config("switch", "Approval", icon="mdi:check-decagram")),
    state_row("held/state", state.HeldState, "Answers that wait, oldest first.",
              entity("sensor", "Held answers", icon="mdi:tray-full", value_template="{{ value_json | length }}",
                     attributes="held/state", json_attributes_template=HELD)),
    state_row("discreet/state", OnOff, "No places, no scene.", entity("switch", "Discreet", icon="mdi:incognito"), vision=True),
    state_row("thinking/state", OnOff, "An answer is being written.",
              diagnostic("binary_sensor", "Thinking", icon="mdi:thought-bubble")),
    state_row("speaking/state", OnOff, "Sound is heard, by the nodes' report.",
              entity("binary_sensor", "Speaking", icon="mdi:account-voice")),
    state_row("listening/state", OnOff, "The streamer is talking.",
              diagnostic("binary_sensor", "Listening", icon="mdi:ear-hearing")),
    state_row("emotion/state", Emotion, "The emotion of the last answer.",
              diagnostic("sensor", "Emotion", icon="mdi:emoticon-outline", device_class="enum")),
    state_row("persona/state", str, "The persona in force.", entity("select", "Persona", icon="mdi:drama-masks")),
    state_row("voice/state", str, "The voice in force.", config("select", "Voice", icon="mdi:account-voice")),
    state_row("volume/state", Percent, "Volume of all nodes, %.",
              entity("number", "Volume", icon="mdi:volume-high", unit_of_measurement="%", min=0, max=100), node=True),
    state_row("cooldown/state", Seconds, "Pause after each answer, s.",
              config("number", "Cooldown", icon="mdi:timer-sand", unit_of_measurement="s", min=0, max=3600, step=0.5,
                     mode="box")),
    state_row("spontaneity/state", Percent, "How often it answers what nobody asked it, %.",
              config("number", "Spontaneity", icon="mdi:dice-multiple", unit_of_measurement="%", min=0, max=100)),
    state_row("caption/state", str, "The words being spoken now; empty when silent."),
    state_row("texts/state", state.Texts, "Both that may be empty, retained also when they are.",
              entity("sensor", "Caption", key="caption", icon="mdi:subtitles", words=True,
                     value_template=words("value_json.caption")),
              diagnostic("sensor", "Chat asks", key="crowd_question", icon="mdi:account-question", words=True,
                         value_template=words("value_json.crowd_question"), attributes="crowd/state"),
              limited=False),
    state_row("response/state", response.ResponseState, "The last answer, and what was heard of it.",
              entity("sensor", "Last answer", icon="mdi:message-reply-text", words=True,
                     value_template=words("value_json.text"), attributes="response/state"),
              diagnostic("sensor", "Last answered", key="answered", device_class="timestamp",
                         value_template="{{ value_json.at }}")),
    state_row("memory/state", memory.MemoryState, "What the memory holds.",
              diagnostic("sensor", "Memory entries", icon="mdi:brain", state_class="measurement",
                         value_template="{{ value_json.entries }}", attributes="memory/state"),
              diagnostic("sensor", "Known viewers", key="viewers", icon="mdi:account-group", state_class="measurement",
                         value_template="{{ value_json.viewers }}")),
    state_row("mood/state", state.MoodState, "How chat feels."),
    state_row("mood_label/state", state.MoodLabel, "How chat feels, in a word.",
              diagnostic("sensor", "Chat mood", icon="mdi:emoticon", device_class="enum",
                         options=["hyped", "happy", "calm", "tense", "upset"], attributes="mood/state")),
    state_row("chat_rate/state", Number, "Chat messages a minute.",
              diagnostic("sensor", "Chat rate", icon="mdi:chat", unit_of_measurement="msg/min",
                         state_class="measurement")),
    state_row("crowd/state", state.CrowdState, "What several viewers say at once."),
    state_row("crowd_question/state", str, "What most viewers ask; empty when nothing is."),
    state_row("queue/state", state.QueueState, "What waits, and what was dropped.",
              diagnostic("sensor", "Waiting", icon="mdi:tray", value_template="{{ value_json.waiting }}",
                         attributes="queue/state")),
    state_row("latency/state", state.LatencyState, "Stages of the last turn, ms.",
              diagnostic("sensor", "Latency", unit_of_measurement="ms", state_class="measurement",
                         value_template="{{ value_json.total }}", attributes="latency/state")),
    state_row("health/state", state.Health, "Each part, and how it is.",
              diagnostic("sensor", "Health", icon="mdi:stethoscope", value_template=TROUBLE, attributes="health/state"),
              diagnostic("binary_sensor", "Problem", key="problem", device_class="problem",
                         value_template=on_if("value_json.values() | selectattr('status', 'in', ['degraded', 'down'])"
                                              " | list"))),
    state_row("service_level/state", state.ServiceLevel, "What it can do just now.",
              diagnostic("sensor", "Service level", icon="mdi:heart-pulse", device_class="enum",
                         options=["full", "reduced", "captions", "silent"])),
    state_row("stream/state", stream.StreamState, "Is the stream live, with what title?"),
    state_row("live/state", OnOff, "Is the stream live?", entity("binary_sensor", "Live", icon="mdi:broadcast", attributes="stream/state"), vision=True),
    state_row("scene/state", vision.SceneState, "The last thing seen, after the gate; without text in discreet.",
              diagnostic("sensor", "Scene", icon="mdi:eye", words=True, value_template=words("value_json.text"),
                         attributes="scene/state")),
    state_row("link/state", state.LinkState, "The streamer's uplink.",
              config("select", "Uplink", key="uplink", icon="mdi:signal", options=["good", "low", "lost"],
                     value_template="{{ value_json.quality }}", attributes="link/state")),
    state_row("inhibit/state", state.InhibitState, "Who holds a do-not-speak lease.",
              config("switch", "Do not speak", icon="mdi:account-voice-off", sets="cmd/inhibit",
                     value_template=on_if("value_json"), state_on="ON", state_off="OFF",
                     payload_on='{"holder": "home_assistant", "seconds": 3600}',
                     payload_off='{"holder": "home_assistant", "seconds": 0}',
                     attributes="inhibit/state", json_attributes_template=as_object("{'leases': value_json}"))),
    state_row("context/state", state.ContextState, "Facts from the house."),
    state_row("vision_enabled/state", OnOff, "Does it look?", entity("switch", "Look", icon="mdi:eye"), by=VISION),
    state_row("vision_prompt/state", str, "What it looks for.",
              config("text", "Look for", icon="mdi:eye-settings", max=255, value_template=words("value")), by=VISION),
    state_row("training/state", state.TrainingState, "The learning loop.", built=False),
    state_row("vision/availability", Online, "Is the vision-server there?",
              diagnostic("binary_sensor", "Online", key="online", device_class="connectivity", always=True,
                         payload_on="online", payload_off="offline"), by=VISION),
    state_row("vision/snapshot", bytes, "JPEG, only when the user switched that on; never in discreet.", by=VISION),
)  # fmt: skip

_MUTES: frozenset[Role] = DAEMON | NODE
_COMMANDS = (
    command_row("muted/set", command.Switch, "Mute: makes no sound.", to=_MUTES),
    command_row("mic_muted/set", command.Switch, "Mute the microphones.", to=_MUTES),
    command_row("paused/set", command.Switch, "Pause: answers nothing."),
    command_row("approval/set", command.Switch, "Every answer waits for a person."),
    command_row("discreet/set", command.Switch, "No places, no scene."),
    command_row("persona/set", command.Choose, "Who it is, from the next turn on."),
    command_row("voice/set", command.Choose, "How it sounds, from the next turn on."),
    command_row("volume/set", command.Percent, "Volume of all nodes, %."),
    command_row("cooldown/set", command.Seconds, "Pause after each answer, s."),
    command_row("spontaneity/set", command.Percent, "How often it answers what nobody asked it, %."),
    command_row("link/set", command.SetLink, "The streamer's uplink."),
    command_row("vision_enabled/set", command.Switch, "Look, or don't.", to=VISION),
    command_row("vision_prompt/set", command.SetText, "What to look for.", to=VISION),
    command_row("cmd/say", command.Say, "Speak this, as given.", entity("notify", "Say", icon="mdi:bullhorn", command_template=SPOKEN)),
    command_row("cmd/ask", command.Ask, "Answer this, as if the streamer had said it.",
                entity("text", "Ask", icon="mdi:comment-question", max=255, command_template=SPOKEN)),
    command_row("cmd/skip", command.AboutTurn, "Stop what is being said.",
                entity("button", "Skip", icon="mdi:skip-next"), to=_MUTES),
    command_row("cmd/panic", command.Anything, "Stop at once, empty every queue, mute.",
                entity("button", "Panic", icon="mdi:alert-octagon", always=True), to=_MUTES),
    command_row("cmd/approve", command.AboutTurn, "Let an answer that waits be spoken.",
                config("button", "Approve", icon="mdi:check")),
    command_row("cmd/reject", command.AboutTurn, "Drop an answer that waits.",
                config("button", "Reject", icon="mdi:close")),
    command_row("cmd/inhibit", command.Inhibit, "Hold a do-not-speak lease for so many seconds."),
    command_row("cmd/rate", command.Rate, "Was that answer good?", built=False),
    command_row("cmd/forget", command.Forget, "Delete everywhere.", by=frozenset({"web"})),
    command_row("cmd/memory_search", command.MemorySearch, "Search in memory.", by=frozenset({"web"})),
    command_row("cmd/viewer", command.AboutViewer, "What is kept about a viewer.",
                by=frozenset({"web"})),
    command_row("cmd/context", command.SetContext, "A fact from the house.", by=HOUSE),
    command_row("cmd/event", command.TellEvent, "A stream event from elsewhere; at most 200 a second.",
                by=HOUSE | CHAT),
    command_row("cmd/chat", outside_chat.TellChat,
                "A line of chat from another platform, or its `delete`; at most 200 a second of each. "
                "Answered on the response topic, and if it is refused.", by=HOUSE | CHAT),
    command_row("cmd/answer", chosen_line.AnswerLine, "Answer this line of chat now, if it may be answered at all."),
    command_row("cmd/reload", command.Anything, "Read the personas again.",
                config("button", "Reload", icon="mdi:reload"), by=HOUSE),
    command_row("cmd/ping", command.Anything, "Answers `ok`: is anybody there?"),
    command_row("cmd/vision_capture", command.Anything, "Look now.", entity("button", "Look now", icon="mdi:camera"), to=VISION),
)  # fmt: skip

_EVENTS = (
    event_row("event/chat", chat.ChatMessage | chat.ChatBatch | chat.ChatDeleted | chat.ChatCleared,
              "What happens in chat.", rate=60.0),
    event_row("event/speech", speech.Speech, "What the streamer says."),
    event_row("event/vision", vision.Scene, "What is seen, before the gate: for the daemon alone.", by=VISION,
              rate=5.0, house=False),
    event_row("event/stream", stream.StreamEvent, "Follows, subs, raids, tips.",
              diagnostic("event", "Stream", icon="mdi:party-popper", event_types=list(stream.STREAM_EVENT_TYPES))),
    event_row("event/vector", chat.VectorEvent, "The meaning of a chat message, as the crowd was counted by it."),
    event_row("event/decision", decision.Decision, "Why something is answered, and why not."),
    event_row("event/memory_hit", memory.MemoryHitEvent, "A memory was recalled."),
    event_row("event/response", response.ResponseEvent, "An answer begins, says a clause, ends.",
              diagnostic("event", "Answer", icon="mdi:message-reply",
                         event_types=["started", "clause", "finished", "interrupted"])),
    event_row("event/action", action.ActionEvent, "Something is done beside speaking, or not, and why."),
    event_row("event/safety", response.SafetyEvent, "The gate stopped something; never says what.",
              diagnostic("event", "Safety", icon="mdi:shield-alert", event_types=["blocked", "masked"])),
    event_row("event/retraction", response.RetractionEvent, "Something was taken back."),
    event_row("event/health", state.HealthEvent, "A part changed its status."),
    event_row("event/command", command.CommandEvent, "The answer to every command.",
              diagnostic("sensor", "Refused command", key="refused", icon="mdi:cancel", force_update=True,
                         value_template=REFUSED), by=DAEMON | VISION, rate=None, deck=True),
    event_row("event/error", state.ErrorEvent, "Something went wrong."),
)  # fmt: skip

_NODES = (
    node_row("availability", Online, "Is the node there? Last will `offline`.",
             diagnostic("binary_sensor", "Online", key="online", device_class="connectivity", always=True,
                        payload_on="online", payload_off="offline"), retain=True),
    node_row("info", node.NodeInfo, "What the node is and can.", retain=True),
    node_row("state", node.NodeState, "How the node is.",
             entity("switch", "Mute", key="muted", icon="mdi:volume-off", sets="node/{node}/muted/set",
                    value_template=on_if("value_json.muted")),
             entity("number", "Volume", key="volume", icon="mdi:volume-high", sets="node/{node}/volume/set",
                    unit_of_measurement="%", min=0, max=100, value_template="{{ value_json.volume }}"),
             entity("binary_sensor", "Playing", key="playing", icon="mdi:account-voice",
                    value_template=on_if("value_json.playing")),
             diagnostic("binary_sensor", "Sound", key="no_sound", device_class="problem",
                        value_template=on_if("not value_json.has_sound | default(true)")),
             diagnostic("sensor", "Last error", key="last_error", icon="mdi:alert-circle-outline",
                        value_template=words("value_json.last_error")),
             config("switch", "Microphone mute", key="mic_muted", icon="mdi:microphone-off", microphone=True,
                    sets="node/{node}/mic_muted/set", value_template=on_if("value_json.mic_muted")), retain=True),
    command_row("node/{node}/volume/set", command.Percent, "Volume of this node alone, %.", by=HOUSE, to=NODE),
    command_row("node/{node}/muted/set", command.Switch, "Mute this node alone.", by=HOUSE, to=NODE),
    command_row("node/{node}/mic_muted/set", command.Switch, "Mute the microphone of this node alone.", by=HOUSE, to=NODE),
    Topic("node/{node}/ping", "stream", node.Ping, "Every second: is the node alive, and what is its clock?",
          DAEMON, NODE, 0, expiry_s=3),
    node_row("pong", node.Pong, "The answer to a ping.", qos=0, to=DAEMON),
    tts_row("begin", node.TtsBegin, "An utterance starts.", qos=1, expiry_s=5),
    tts_row("audio", bytes, "Frames of sound: 20-byte header, then samples.", qos=0, expiry_s=2),
    tts_row("end", node.StreamEnd, "No further frames come.", qos=1, expiry_s=30),
    tts_row("clear", node.StreamEnd, "Drop everything up to this stream.", qos=1, expiry_s=5),
    node_row("played", node.Played, "What has become sound.", to=DAEMON | {"web"}),
    node_row("mic/begin", node.MicBegin, "A microphone stream starts.", to=DAEMON),
    node_row("mic/audio", bytes, "Frames of the microphone.", qos=0, to=DAEMON),
    node_row("mic/end", node.StreamEnd, "The microphone stream ends.", to=DAEMON),
    node_row("vad", node.Vad, "The streamer begins or stops to talk.", to=DAEMON),
)  # fmt: skip

REPLIES = "reply"
"""Below the instance: `reply/<user>/…` are MQTT 5 response topics that only this user may read."""

RETIRED = {"link": "sensor"}
"""Entities of the daemon that earlier versions had: key → platform. None of them comes back."""

TOPICS: tuple[Topic, ...] = _STATES + _COMMANDS + _EVENTS + _NODES
_BY_PATH = {each.path: each for each in TOPICS}
_NODE_TOPIC = pattern(r"node/([^/]+)/(.+)", re.DOTALL)


def topic(path: str) -> Topic:
    """The row of that path, as it is written in the table; raises KeyError."""
    return _BY_PATH[path]


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
