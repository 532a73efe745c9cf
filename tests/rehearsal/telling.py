"""A story made of what a daemon would have published, without one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.recording import RecordingLine
from pickled.messages.response import ResponseEvent, ResponseState
from pickled.mqtt.in_process import Logged
from pickled.rehearsal.story import Story
from pickled.topics import Root, topic
from tests.view.evening import moment, response

ROOT = Root()
_LINE: TypeAdapter[RecordingLine] = TypeAdapter(RecordingLine)
_PATHS = {
    Decision: "event/decision",
    ResponseEvent: "event/response",
    ResponseState: "response/state",
}


def logged(value: object, at: float, path: str | None = None) -> Logged:
    """As it goes out."""
    row = topic(path or _PATHS[type(value)])
    return Logged(ROOT(row.path), row.encode(value), row.retain, row.qos, at)


def story_of(published: Iterable[Logged], *lines: dict[str, Any], label: str = "test") -> Story:
    """What comes of it, where these lines were played."""
    story = Story(label)
    for each in lines:
        line = _LINE.validate_python({"user_id": each.get("user"), **each})
        story.lines.append(line)
        if line.type == "chat":
            fields = line.model_dump(exclude={"t", "type"})
            story.chat[line.id] = ChatMessage(ts=moment(line.t), **fields)
    story.take(published, root=ROOT, origin=0.0)
    story.length = max([each.t for each in story.lines] + [t for _, t in story.sounds] + [0.0])
    return story


def chat(t: float, number: int, text: str, user: str = "ana") -> dict[str, Any]:
    """Somebody writes."""
    return {"t": t, "type": "chat", "id": f"m{number}", "user": user, "text": text}


def decided(t: float, kind: str, *messages: str, **fields: Any) -> Logged:
    """A decision."""
    given = {"ts": moment(t), "event_type": kind, "messages": messages, **fields}
    return logged(Decision.model_validate(given), t)


def spoken(turn: str, t: float, text: str, *, outcome: str = "finished") -> list[Logged]:
    """A turn of one clause that takes two seconds."""
    ended = {"text": text, "heard": text, "outcome": outcome}
    kind = "finished" if outcome == "finished" else "interrupted"
    events = (
        response(turn, "started", t),
        response(turn, "clause", t + 1, index=0, text=text),
        response(turn, kind, t + 2, **ended),
    )
    return [logged(each, t + number) for number, each in enumerate(events)]


def sound(*moments: float) -> list[Logged]:
    """`speaking/state` goes on and off at these moments."""
    return [logged(not n % 2, t, "speaking/state") for n, t in enumerate(moments)]
