"""One or more example payloads for each row of the contract, with fixed values."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from pickled.audio import Frame
from pickled.topic_rows import Topic

_TURN = "k5q2mz7abcde"
_AT = "2026-05-01T18:30:00.000Z"
_TO = {"source": "twitch", "user": "sunny_side", "text": "where are you right now?"}
_SCENE = {
    "text": "A market square with fruit stalls, light rain.",
    "captured_at": _AT,
    "model": "a-vision-model",
    "latency_ms": 820.0,
    "tokens": 312,
    "cost": 0.0004,
}
_STREAM = {"session": 2864434397, "stream": 1777660200}

_STATES: dict[str, Any] = {
    "availability": "online",
    "info": {
        "version": "0.1.0",
        "contract": 1,
        "session": 2864434397,
        "instance": "home",
        "personas": ["default"],
        "voices": ["en-us"],
        "emotions": ["neutral", "happy"],
        "capabilities": ["text"],
    },
    "muted/state": "OFF",
    "mic_muted/state": "OFF",
    "paused/state": "OFF",
    "approval/state": "OFF",
    "held/state": [
        {"turn": _TURN, "text": "We are at the market!", "to": [_TO], "expires_at": _AT},
    ],
    "discreet/state": "OFF",
    "thinking/state": "ON",
    "speaking/state": "OFF",
    "listening/state": "OFF",
    "emotion/state": "happy",
    "persona/state": "default",
    "voice/state": "en-us",
    "volume/state": "80",
    "cooldown/state": "5",
    "spontaneity/state": "20",
    "caption/state": "We are at the market,",
    "texts/state": {"caption": "We are at the market,", "crowd_question": ""},
    "response/state": {
        "turn": _TURN,
        "persona": "default",
        "emotion": "happy",
        "text": "We are at the market, and it smells of oranges.",
        "heard": "We are at the market,",
        "outcome": "interrupted",
        "to": [_TO],
        "memory_hits": [],
        "at": _AT,
    },
    "memory/state": {"entries": 1200, "viewers": 85, "last_hit_count": 2, "embedder": "small"},
    "mood/state": {"score": 0.4, "label": "happy", "chatters": 23, "window_s": 60.0},
    "mood_label/state": "happy",
    "chat_rate/state": "42",
    "crowd/state": {
        "topics": [
            {
                "label": "where",
                "count": 31,
                "viewers": 27,
                "sample": "where are you right now?",
                "question": True,
            }
        ]
    },
    "crowd_question/state": "where are you right now?",
    "queue/state": {"waiting": 3, "oldest_s": 1.5, "dropped": {"chance": 120}},
    "latency/state": {
        "turn": _TURN,
        "gate": 4.0,
        "llm_first_token": 210.0,
        "first_clause": 180.0,
        "safety": 0.3,
        "tts_first_byte": 90.0,
        "first_sound": 65.0,
        "total": 549.3,
        "p50": 520.0,
        "p95": 790.0,
    },
    "health/state": {"llm": {"status": "up", "detail": "", "since": _AT}},
    "service_level/state": "full",
    "stream/state": {"live": True, "title": "A walk", "game": "IRL", "viewers": 88, "since": _AT},
    "live/state": "ON",
    "scene/state": _SCENE,
    "link/state": {"quality": "low", "bitrate_kbps": 900.0, "rtt_ms": 180.0, "delay_ms": 2500.0},
    "inhibit/state": [{"holder": "doorbell", "until": _AT}],
    "context/state": {"heart_rate": {"value": 96.0, "unit": "bpm", "until": _AT}},
    "vision_enabled/state": "ON",
    "vision_prompt/state": "What is in the foreground?",
    "training/state": {"dataset": 240, "candidates": 12, "job": "idle"},
    "vision/availability": "online",
    "vision/snapshot": bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"),
}

_COMMANDS: dict[str, tuple[str | dict[str, Any], ...]] = {
    "muted/set": ("ON", {"value": "TOGGLE", "id": "key-7-1"}),
    "mic_muted/set": ("ON",),
    "paused/set": ("TOGGLE",),
    "approval/set": ("ON",),
    "discreet/set": ("ON",),
    "persona/set": ("default",),
    "voice/set": ("en-us",),
    "volume/set": ("60", {"value": 60, "id": "slider-1"}),
    "cooldown/set": ("8.5",),
    "spontaneity/set": ("35",),
    "link/set": ("low", {"quality": "low", "bitrate_kbps": 900, "delay_ms": 2500}),
    "vision_enabled/set": ("OFF",),
    "vision_prompt/set": ("What is in the foreground?",),
    "cmd/say": ("Welcome back!", {"text": "Look left.", "target": "private", "priority": "high"}),
    "cmd/answer": ({"message": "a1b2c3", "id": "key-7"},),
    "cmd/ask": ("What did chat think of that?", {"text": "Any questions?", "user": "sunny_side"}),
    "cmd/skip": ("", {"turn": _TURN}),
    "cmd/panic": ("",),
    "cmd/approve": ("", {"turn": _TURN}),
    "cmd/reject": ("", {"turn": _TURN}),
    "cmd/inhibit": ("30", {"holder": "doorbell", "seconds": 30}),
    "cmd/rate": ("up", {"turn": _TURN, "rating": "down", "better": "Say it shorter."}),
    "cmd/forget": ({"viewer": "sunny_side", "confirm": True},),
    "cmd/memory_search": ({"text": "what dog does she have", "k": 3},),
    "cmd/viewer": ({"viewer": "sunny_side"},),
    "cmd/context": ({"key": "heart_rate", "value": 96, "unit": "bpm", "seconds": 30},),
    "cmd/event": ({"event": "tip", "user": "sunny_side", "amount": 5, "currency": "EUR"},),
    "cmd/chat": (
        {
            "platform": "youtube",
            "id": "LCC.abc1",
            "user": "Ana",
            "user_id": "UC4711",
            "text": "Good morning from Lisbon!",
            "badges": ["member"],
        },
        {"platform": "youtube", "delete": "LCC.abc1"},
    ),
    "cmd/reload": ("",),
    "cmd/ping": ("",),
    "cmd/vision_capture": ("",),
    "node/{node}/volume/set": ("70",),
    "node/{node}/muted/set": ("OFF",),
    "node/{node}/mic_muted/set": ("OFF",),
}

_CHAT = {
    "ts": _AT,
    "event_type": "message",
    "id": "b34ccfc7-4977-403a-8a94-33c6bac34fb8",
    "user": "sunny_side",
    "user_id": "12345",
    "channel": "streamername",
    "source": "twitch_anonymous",
    "badges": ["subscriber"],
    "text": "where are you right now?",
}
_EVENTS: dict[str, dict[str, Any]] = {
    "event/chat": _CHAT,
    "event/speech": {"event_type": "final", "text": "so we just arrived", "confidence": 0.93},
    "event/vision": {"event_type": "scene", **_SCENE},
    "event/stream": {"event_type": "raid", "user": "big_friend", "user_id": "678", "viewers": 120},
    "event/vector": {"event_type": "vector", "message": _CHAT["id"], "data": "fwCBAA=="},
    "event/decision": {
        "turn": _TURN,
        "event_type": "answer",
        "messages": [_CHAT["id"]],
        "reason": "question",
    },
    "event/memory_hit": {
        "turn": _TURN,
        "event_type": "recalled",
        "id": "m-1200",
        "score": 0.83,
        "text": "sunny_side asked about the market last week.",
        "viewer": "sunny_side",
    },
    "event/response": {
        "turn": _TURN,
        "event_type": "interrupted",
        "persona": "default",
        "emotion": "happy",
        "text": "We are at the market, and it smells of oranges.",
        "heard": "We are at the market,",
        "outcome": "interrupted",
        "messages": [_CHAT["id"]],
        "reason": "mention",
        "stages": {"gate": 4.0, "llm_first_token": 210.0, "total": 549.3},
    },
    "event/safety": {"turn": _TURN, "event_type": "blocked", "rule": "links", "side": "output"},
    "event/action": {
        "turn": _TURN,
        "event_type": "refused",
        "action": "lamp",
        "by": "model",
        "reason": "it was done a moment ago; again in 42 s",
    },
    "event/retraction": {"event_type": "user", "ids": [_CHAT["id"]], "removed": {"queue": 1}},
    "event/health": {"component": "llm", "from": "up", "to": "down", "detail": "no answer in 10 s"},
    "event/command": {
        "event_type": "accepted",
        "command": "cmd/forget",
        "id": "key-1",
        "code": "ok",
        "removed": {"viewers": 1, "facts": 3, "entries": 12, "lines": 0, "copies": 2},
    },
    "event/error": {"component": "tts", "code": "failed", "message": "no voice is installed"},
}

_AUDIO = Frame(0x1A2D, 1777660200, 0, 0, bytes(8), last=True).encode()
_STREAMS: dict[str, Any] = {
    "availability": "online",
    "info": {
        "version": "0.1.0",
        "session": 305419896,
        "role": "public",
        "devices": {"output": "CABLE Input"},
    },
    "state": {"playing": True, "fill_ms": 140.0, "clock_offset_ms": -12.5},
    "ping": {"id": 7, "sent_ms": 1777660200000.0, "offset_ms": -12.5},
    "pong": {"id": 7, "sent_ms": 1777660200000.0, "node_ms": 1777660200014.0},
    "tts/begin": {**_STREAM, "utterance": f"{_TURN}.0", "turn": _TURN, "sent_ms": 1777660200000.0},
    "tts/audio": _AUDIO,
    "tts/end": _STREAM,
    "tts/clear": _STREAM,
    "played": {**_STREAM, "utterance": f"{_TURN}.0", "state": "progress", "played_ms": 480.0},
    "mic/begin": {"session": 305419896, "stream": 1},
    "mic/audio": _AUDIO,
    "mic/end": {"session": 305419896, "stream": 1},
    "vad": {"speaking": True, "onset_ms": 1777660200000.0},
}


def examples(row: Topic) -> tuple[bytes, ...]:
    """The payloads as they are sent; raises KeyError where the table has no example yet."""
    if row.kind == "command":
        return tuple(
            (given if isinstance(given, str) else json.dumps(given)).encode()
            for given in _COMMANDS[row.path]
        )
    if row.kind == "event":
        return (_encoded(row, {"ts": _AT, **_EVENTS[row.path]}),)
    node_path = row.path.removeprefix("node/{node}/")
    return (_encoded(row, (_STATES if node_path == row.path else _STREAMS)[node_path]),)


def _encoded(row: Topic, given: Any) -> bytes:
    if row.form != "json":
        return row.encode(given)
    return row.encode(TypeAdapter(row.payload).validate_python(given))
