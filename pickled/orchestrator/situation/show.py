"""What is known of the show beside chat: stream, uplink, house, camera, the streamer's voice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from pickled.brain.context import Situation
from pickled.brain.floor import Streamer
from pickled.brain.selection import Rules
from pickled.config import DelaysConfig
from pickled.errors import CommandRefused
from pickled.messages.command import SetContext, SetLink
from pickled.messages.speech import Speech
from pickled.messages.state import ContextState, ContextValue, CrowdTopic, LinkState, MoodLabel
from pickled.messages.stream import StreamEvent, StreamState
from pickled.messages.vision import Scene
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.state import States

SOMEBODY_THERE_S = 600.0
"""Chat that was silent for longer, on a stream of which nobody said that it is on, is empty."""

ALONE_S = 1.0
"""While the uplink is lost, the longest pause between two answers to chat."""

OLDEST_S = 3600.0
"""A picture that claims to be older is taken for one that is as old as this."""

LONGEST_FACT = 200
"""Characters of a fact from the house."""


@dataclass
class Show:
    """Takes what happens around the conversation, and publishes it."""

    states: States
    clock: Clock
    keys: tuple[str, ...] = ()
    """The facts that the house may tell."""
    delays: DelaysConfig = field(default_factory=DelaysConfig)
    streamer: Streamer = field(default_factory=Streamer)
    link: LinkState = field(default_factory=lambda: LinkState(quality="good"))
    wrote_at: float = float("-inf")
    """When somebody last wrote in chat, in seconds of the loop's clock."""
    _link_at: float = 0.0
    _stream: StreamState = field(default_factory=lambda: StreamState(live=False))
    _house: dict[str, ContextValue] = field(default_factory=dict)
    _seen: Scene | None = None
    _seen_at: float = 0.0

    def hear(self, speech: Speech, *, to_us: bool, pause: float | None = None) -> None:
        """The streamer said something; `to_us`: to the co-host; `pause` as `Streamer.hear`."""
        self.streamer.hear(speech, now=self.clock.now(), to_us=to_us, pause=pause)
        self.publish()

    def unhear(self) -> None:
        """It was not the streamer who was heard."""
        self.streamer.lost()
        self.publish()

    def see(self, scene: Scene) -> None:
        """Something was seen."""
        age_s = (self.clock.wall() - scene.captured_at).total_seconds()
        self._seen, self._seen_at = scene, self.clock.now() - min(max(0.0, age_s), OLDEST_S)

    def happen(self, event: StreamEvent) -> None:
        """The stream begins or ends; what other events call their title is not the stream's."""
        now = event.ts
        match event.event_type:
            case "online":
                since = self._stream.since if self._stream.live else now
                told = {"live": True, "since": since, "title": event.title or self._stream.title}
                self._stream = self._stream.model_copy(update=told)
            case "offline":
                self._stream = StreamState(live=False)
        self.publish()

    def tell(self, state: StreamState) -> None:
        """How the stream is, as its service tells it."""
        self._stream = state
        self.publish()

    def paced(self, rules: Rules) -> Rules:
        """Nobody else speaks while the link is lost: chat need not wait for its answers then."""
        if self.link.quality == "lost":
            return replace(rules, cooldown=min(rules.cooldown, ALONE_S))
        return replace(rules, delay_s=self.delay_s)

    def set_link(self, command: SetLink) -> None:
        """The uplink is told to be like that."""
        if command.value != self.link.quality or self.link.since is None:
            self._link_at = self.clock.now()
            since = self.clock.wall()
        else:
            since = self.link.since
        told = command.model_dump(exclude={"id", "value"})
        self.link = LinkState(quality=command.value, since=since, **told)
        if command.value == "lost":
            self.streamer.lost()
        self.states.set("link/state", self.link, again=True)
        self.publish()

    def set_fact(self, command: SetContext, *, text: str) -> None:
        """A fact from the house, as `text` if it is one in words; raises CommandRefused."""
        if command.key not in self.keys:
            known = ", ".join(self.keys) or "none: name them in pickled.yaml under `context`"
            raise CommandRefused("unknown_key", f"there are {known}"[:200], field="key")
        until = None
        if command.seconds is not None:
            until = self.clock.wall() + timedelta(seconds=command.seconds)
        value = command.value if isinstance(command.value, float) else text[:LONGEST_FACT]
        self._house[command.key] = ContextValue(value=value, unit=command.unit[:16], until=until)
        self.states.set("context/state", ContextState(dict(self._house)), again=True)

    @property
    def delay_s(self) -> float:
        """How old what is heard and seen of the streamer is when it arrives."""
        if self.delays.uplink_ms != "auto":
            return self.delays.uplink_ms / 1000
        return (self.link.delay_ms or 0.0) / 1000

    @property
    def watched(self) -> bool:
        """Is anybody there to be spoken to?"""
        return self._stream.live or self.clock.now() - self.wrote_at < SOMEBODY_THERE_S

    def publish(self) -> None:
        """All of its states, where they changed."""
        self._expire()
        self.states.set("stream/state", self._stream)
        self.states.set("live/state", self._stream.live)
        self.states.set("link/state", self.link)
        self.states.set("context/state", ContextState(dict(sorted(self._house.items()))))
        self.states.set("listening/state", self.streamer.talking(now=self.clock.now()))

    def situation(
        self,
        *,
        discreet: bool,
        topics: tuple[CrowdTopic, ...] = (),
        mood: MoodLabel | None = None,
        rate: float = 0.0,
    ) -> Situation:
        """Everything, for a prompt."""
        self._expire()
        now, wall = self.clock.now(), self.clock.wall()
        since = self._stream.since
        return Situation(
            local=wall.astimezone(),
            live_s=(wall - since).total_seconds() if since else None,
            title=self._stream.title,
            game=self._stream.game,
            link=self.link.quality,
            link_s=now - self._link_at,
            delay_s=self.delay_s,
            house=tuple(sorted(self._house.items())),
            scene=self._seen.text if self._seen else "",
            scene_age_s=now - self._seen_at,
            topics=topics,
            mood=mood,
            rate=rate,
            discreet=discreet,
        )

    def _expire(self) -> None:
        wall = self.clock.wall()
        self._house = {
            key: value
            for key, value in self._house.items()
            if value.until is None or value.until > wall
        }
