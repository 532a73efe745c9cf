"""Everything that an instance publishes, as the pages follow it."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from pickled.audio import Frame
from pickled.errors import ContractError
from pickled.messages.node import NodeInfo, NodeState, Played, StreamEnd, TtsBegin
from pickled.mqtt import Bus, Incoming
from pickled.topics import TOPICS, Root
from pickled.view.mirror import Decoded, Mirror
from pickled.view.turns import FollowedTurns
from pickled.web.clients import Clients
from pickled.web.lip_sync import LipSync, Notice
from pickled.web.stage import Shown, Stage

log = structlog.get_logger()

_TTS = "node/{node}/tts/"
_PLAYED = "node/{node}/played"


@dataclass
class Feed:
    """Hears both connections, and tells the pages."""

    root: Root
    clients: Clients = field(default_factory=Clients)
    stage: Stage = field(default_factory=Stage)
    lips: LipSync = field(default_factory=LipSync)
    turns: FollowedTurns = field(default_factory=FollowedTurns)
    mirror: Mirror = field(init=False)
    listeners: list[Callable[[Decoded], None]] = field(default_factory=list)
    """Told of each state and event, behind us."""
    on_broker: list[Callable[[bool], None]] = field(default_factory=list)
    """Told whether the broker is there."""
    trouble: str = ""
    """Why the broker is not there, or gives us less than it should."""
    _shown: Shown = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mirror = Mirror(self.root)

    @property
    def values(self) -> dict[str, Any]:
        """Path → its last value."""
        return self.mirror.values

    @property
    def daemon(self) -> bool:
        """Is it there, as far as we know?"""
        return self.stage.broker and self.values.get("availability") == "online"

    def listen(self, bus: Bus, audio: Bus) -> None:
        """Subscribe to what `web` may read, each by its name: not every broker fills wildcards."""
        for row in TOPICS:
            if "web" not in row.to or not row.built or row.kind == "command":
                continue
            if row.path.startswith(_TTS):
                audio.on(row.path, self._sound)
            elif row.form != "binary":
                bus.on(row.path, self._said)

        async def up() -> None:
            self.trouble = ""
            self._broker(True)

        def down(why: str) -> None:
            self.trouble = why
            self._broker(False)

        bus.on_connect(up)
        bus.on_down(down)
        bus.on_refused(lambda _topic, why: setattr(self, "trouble", why))

    def hello(self) -> list[Notice]:
        """What a page has to know that comes now."""
        return [{"type": "hello", "version": 1, **self.stage.view}, *self.lips.rebuilt()]

    def _broker(self, there: bool) -> None:
        self.stage.broker = there
        self._show()
        for each in self.on_broker:
            each(there)

    def _said(self, message: Incoming) -> None:
        said = self.mirror.take(message.topic, message.payload)
        if said is None:
            return
        self.stage.take(said)
        self.turns.take(said.value, at=time.monotonic())
        if said.row.path == _PLAYED and said.node:
            self._played(said.node, said.value)
        elif said.row.path == "node/{node}/availability" and said.node and said.value != "online":
            self._tell(self.lips.gone(said.node))
        self._show()
        for each in self.listeners:
            each(said)

    def _played(self, node: str, played: Played) -> None:
        state = self.values.get(f"node/{node}/state")
        offset_ms = state.clock_offset_ms if isinstance(state, NodeState) else None
        now_ms = time.time() * 1000
        self._tell(self.lips.played(node, played, now_ms=now_ms, offset_ms=offset_ms))

    def _sound(self, message: Incoming) -> None:
        node = message.node or ""
        info = self.values.get(f"node/{node}/info")
        if not isinstance(info, NodeInfo) or info.role != "public":
            return
        try:
            match message.row.path.removeprefix(_TTS):
                case "begin":
                    begin: TtsBegin = message.row.decode(message.payload)
                    self._tell(self.lips.begin(node, begin))
                case "audio":
                    self._frame(node, Frame.decode(message.payload))
                case "end":
                    end: StreamEnd = message.row.decode(message.payload)
                    self._tell(self.lips.end(node, end))
        except (ContractError, ValueError) as error:
            log.debug("sound that is none", topic=message.topic, why=str(error)[:200])

    def _frame(self, node: str, frame: Frame) -> None:
        self._tell(self.lips.frame(node, frame))
        if self.clients.want_sound and self.lips.is_of(node, frame):
            about = {"type": "stream_audio", "stream": frame.stream, "seq": frame.seq}
            data = base64.b64encode(frame.data).decode()
            self.clients.tell({**about, "audio": data}, sound=True)

    def _tell(self, notices: list[Notice]) -> None:
        for each in notices:
            self.clients.tell(each)

    def _show(self) -> None:
        """Tell what has changed on the stage."""
        view = self.stage.view
        if view == self._shown:
            return
        changed = {key: value for key, value in view.items() if self._shown.get(key) != value}
        was = self._shown.get("speaking", False)
        self._shown = view
        self.clients.tell({"type": "state", **changed})
        if view["speaking"] != was:
            self.clients.tell({"type": "speaking", "speaking": view["speaking"]})
