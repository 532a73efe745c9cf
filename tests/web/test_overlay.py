"""The overlay in a real browser, told by a real broker."""

from __future__ import annotations

import base64
import json
import os
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from websockets.sync.client import connect

from pickled.audio import Frame
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.emotion import EMOTIONS
from pickled.messages.node import NodeInfo, Played, StreamEnd, TtsBegin
from pickled.messages.response import ResponseEvent, RetractionEvent
from pickled.web.lips import SHAPES
from tests.web.pages import ROOT, Viewer, WebHouse, viewer
from tests.web.telling import EVIL, OTHER, TURN
from tests.web.test_lips import tone

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

SESSION, STREAM = 77, 1_700_000_001
SMALL = {"viewport": {"width": 220, "height": 300}}
WIDE = {"viewport": {"width": 900, "height": 320}}
PICTURES = os.environ.get("PICKLED_PICTURES", "")
"""A folder that gets each picture, for who wants to look at them."""


def now() -> datetime:
    """The moment of an event."""
    return datetime.now(UTC)


def first_pixel(png: bytes) -> tuple[int, ...]:
    """Red, green, blue, alpha of the upper left corner."""
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    return tuple(zlib.decompress(data)[1:5])


def response(kind: str, turn: str = TURN, **fields: Any) -> ResponseEvent:
    """An event of a turn."""
    told = {"ts": now(), "event_type": kind, "turn": turn, "persona": "John", **fields}
    return ResponseEvent.model_validate(told)


def on_air(house: WebHouse, text: str, *, user: str, message: str) -> None:
    """A line of chat that is being answered."""
    line = ChatMessage(ts=now(), id=message, user=user, user_id=f"u-{message}", text=text)
    house.tell("availability", "online")
    house.tell("event/chat", line)
    answer = {"event_type": "answer", "messages": (message,), "turn": TURN, "reason": "mention"}
    house.tell("event/decision", Decision.model_validate({"ts": now(), **answer}))
    house.tell("event/response", response("started", OTHER))
    house.tell("event/response", response("started"))


def look(seen: Viewer, name: str) -> bytes:
    """A picture of the page, without what it has behind it."""
    picture = seen.page.screenshot(omit_background=True)
    if PICTURES:
        (Path(PICTURES) / f"{name}.png").write_bytes(picture)
    return picture


def test_each_feeling_and_pose_has_a_face_of_its_own(house: WebHouse, browser: Browser) -> None:
    """Ten emotions, and who listens or thinks: no two look alike, and the rest is transparent."""
    pictures = {}
    with viewer(browser, house.url("/overlay?motion=0&size=170"), **SMALL) as seen:
        house.tell("availability", "online")
        for emotion in EMOTIONS:
            house.tell("emotion/state", emotion)
            seen.until(f"document.body.dataset.emotion === '{emotion}'")
            pictures[emotion] = look(seen, f"emotion-{emotion}")
        house.tell("emotion/state", "neutral")
        for pose in ("listening", "thinking"):
            house.tell(f"{pose}/state", "ON")
            seen.until(f"document.body.dataset.pose === '{pose}'")
            seen.until("document.body.dataset.emotion === 'neutral'")
            pictures[f"pose {pose}"] = look(seen, f"pose-{pose}")
            house.tell(f"{pose}/state", "OFF")
    assert len(set(pictures.values())) == len(pictures) == 12
    assert {first_pixel(each) for each in pictures.values()} == {(0, 0, 0, 0)}


def test_each_shape_of_the_mouth_is_one_of_its_own(house: WebHouse, browser: Browser) -> None:
    """Eight shapes, no two alike, told apart by the address for who sets a scene up."""
    pictures = set()
    with viewer(browser, "about:blank", **SMALL) as seen:
        for shape in SHAPES:
            seen.page.goto(house.url(f"/overlay?emotion=neutral&mouth={shape}&motion=0&size=170"))
            seen.until(f"document.body.dataset.mouth === '{shape}'")
            pictures.add(look(seen, f"mouth-{shape}"))
    assert len(pictures) == 8


def test_words_of_strangers_are_text(house: WebHouse, browser: Browser) -> None:
    """A name, a line and a caption full of markup show as they were written, and run nothing."""
    with viewer(browser, house.url("/overlay?size=150"), **WIDE) as seen:
        on_air(house, EVIL, user="<b>x</b>", message="m1")
        house.tell("caption/state", EVIL)
        house.tell("crowd_question/state", EVIL)
        seen.until("!document.getElementById('caption').hidden")
        seen.until("!document.getElementById('card').hidden")
        seen.until("!document.getElementById('question').hidden")
        assert seen.text("#card-user") == "<b>x</b>"
        assert seen.page.locator("#card-text").text_content() == EVIL
        assert seen.page.locator("#caption").text_content() == EVIL
        assert seen.page.locator("#question-text").text_content() == EVIL
        assert seen.page.locator("#words :is(img, b:not(#question-count), script)").count() == 0
        house.tell("crowd_question/state", "")
        house.tell("caption/state", "")


def test_retracted_line_is_gone_at_once(house: WebHouse, browser: Browser) -> None:
    """What a moderator takes back leaves card and caption without lingering."""
    with viewer(browser, house.url("/overlay"), **WIDE) as seen:
        on_air(house, "pickled, hello!", user="Ana", message="m2")
        house.tell("caption/state", "Hello Ana!")
        seen.until("document.getElementById('card-user').textContent === 'Ana'")
        retracted = {"event_type": "message", "ids": ("m2",)}
        house.tell("event/retraction", RetractionEvent.model_validate({"ts": now(), **retracted}))
        seen.until("document.getElementById('card').hidden")
        assert seen.page.locator("#caption").is_hidden()
        house.tell("caption/state", "")


def test_state_is_rebuilt_on_load(house: WebHouse, browser: Browser) -> None:
    """OBS reloads a page whenever it likes: feeling, pose and words are those of now."""
    house.tell("availability", "online")
    for path, value in (("emotion/state", "love"), ("thinking/state", "ON"), ("muted/state", "ON")):
        house.tell(path, value)
    with viewer(browser, house.url("/overlay"), **SMALL) as seen:
        for _ in range(2):
            seen.until("document.body.dataset.emotion === 'love'")
            seen.until("document.body.dataset.pose === 'thinking'")
            assert seen.page.evaluate("document.body.dataset.muted") == "yes"
            seen.page.reload()
    for path in ("thinking/state", "muted/state"):
        house.tell(path, "OFF")


def test_mouth_moves_as_the_node_plays(house: WebHouse, browser: Browser) -> None:
    """What a node reports as heard opens the mouth, its end closes it; sound alone does nothing."""
    house.tell("availability", "online")
    node = NodeInfo(session=1, role="public")
    house.tell("node/{node}/info", node, node="laptop")
    mouth = "document.body.dataset.mouth"
    with viewer(browser, house.url("/overlay"), **SMALL) as seen:
        seen.until("document.body.dataset.away === 'no'")
        begin = TtsBegin(session=SESSION, stream=STREAM, utterance=f"{TURN}.0", turn=TURN)
        house.tell("node/{node}/tts/begin", begin, node="laptop")
        sound = tone(1_000, (370.0, 4000.0))
        frames = [sound[start : start + 1_920] for start in range(0, len(sound), 1_920)]
        for number, data in enumerate(frames):
            frame = Frame(SESSION, STREAM, number, number * 960, data).encode()
            house.tell("node/{node}/tts/audio", frame, node="laptop")
        told = {"session": SESSION, "stream": STREAM, "utterance": f"{TURN}.0"}
        seen.page.evaluate(f"window.seen = new Set(); setInterval(() => seen.add({mouth}), 5)")
        for state, ms in (("started", 0), ("progress", 100)):
            played = Played.model_validate({**told, "state": state, "played_ms": ms})
            house.tell("node/{node}/played", played, node="laptop")
        seen.until(f"{mouth} === 'u'")
        over = Played.model_validate({**told, "state": "finished", "played_ms": 1000})
        house.tell("node/{node}/played", over, node="laptop")
        seen.until(f"{mouth} === 'rest'")
        assert set(seen.page.evaluate("[...seen]")) == {"rest", "u"}


def test_own_pictures_take_the_pickles_place(house: WebHouse, browser: Browser) -> None:
    """A folder of the owner's with one picture a mood is a face; nothing beside it is given out."""
    folder = house.folder / "faces" / "cat"
    folder.mkdir(parents=True, exist_ok=True)
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360f8cfc0f01f000500017f5e4cd1e90000000049454e44ae426082"
    )
    for name in ("neutral.png", "happy-a.png", "secret.txt"):
        (folder / name).write_bytes(pixel)
    (house.folder / "faces" / "other.png").write_bytes(pixel)
    assert house.request("/overlay/faces/cat")[1] == '["happy-a.png","neutral.png"]'
    for path in ("cat/secret.txt", "cat/..%2Fother.png", "..%2Ffaces/other.png", ".%2e/x.png"):
        assert house.request(f"/overlay/faces/{path}")[0] == 404, path
    with viewer(browser, house.url("/overlay?png=cat&emotion=happy&mouth=a"), **SMALL) as seen:
        seen.until("document.getElementById('picture').src.endsWith('/faces/cat/happy-a.png')")
        assert seen.page.locator("#pickle").is_hidden()


def test_page_sleeps_while_daemon_or_broker_is_gone(house: WebHouse, browser: Browser) -> None:
    """It shows that nobody is there, says so on request, and wakes by itself."""
    house.tell("availability", "online")
    with viewer(browser, house.url("/overlay?tell=1"), **WIDE) as seen:
        seen.until("document.body.dataset.away === 'no'")
        house.tell("availability", "offline")
        seen.until("document.getElementById('trouble').textContent.includes('not running')")
        house.tell("availability", "online")
        seen.until("document.body.dataset.away === 'no'")
        house.broker.stop()
        seen.until("document.getElementById('trouble').textContent.includes('broker')")
        house.broker.start()
        house.talk.subscribe(ROOT("availability"))
        house.tell("availability", "online")
        seen.until("document.body.dataset.away === 'no'")
        assert seen.page.locator("#trouble").is_hidden()


def test_prototypes_clients_hear_what_they_know(house: WebHouse) -> None:
    """`speaking`, `stream_start`, `stream_audio` and `stream_end`, with the samples in base64."""
    url = f"ws://127.0.0.1:{house.port}/ws/avatar"
    told = {"session": SESSION, "stream": STREAM + 1}
    begin = TtsBegin.model_validate({**told, "utterance": f"{OTHER}.0", "turn": OTHER})
    house.tell("availability", "online")
    house.tell("node/{node}/info", NodeInfo(session=1, role="public"), node="laptop")
    with connect(url) as listener, connect(f"{url}?audio=0") as face:
        house.tell("event/response", response("started", OTHER))
        house.tell("speaking/state", "ON")
        house.tell("node/{node}/tts/begin", begin, node="laptop")
        frame = Frame(SESSION, STREAM + 1, 0, 0, b"\x01\x02" * 960)
        house.tell("node/{node}/tts/audio", frame.encode(), node="laptop")
        house.tell("node/{node}/tts/end", StreamEnd.model_validate(told), node="laptop")
        heard: dict[str, dict[str, Any]] = {}
        while "stream_end" not in heard or "speaking" not in heard:
            message = json.loads(listener.recv(timeout=10))
            heard[message["type"]] = message
        seen = set()
        while "stream_end" not in seen:
            seen.add(json.loads(face.recv(timeout=10))["type"])
    assert heard["speaking"] == {"type": "speaking", "speaking": True}
    assert heard["stream_start"]["sample_rate"] == 24_000
    assert base64.b64decode(heard["stream_audio"]["audio"]) == frame.data
    assert "stream_audio" not in seen
    house.tell("speaking/state", "OFF")


def test_what_is_said_to_one_ear_reaches_no_page(house: WebHouse) -> None:
    """A private node's sound is neither played nor mouthed where the stream sees it."""
    told = {"session": SESSION, "stream": STREAM + 2}
    begin = TtsBegin.model_validate({**told, "utterance": f"{OTHER}.0", "turn": OTHER})
    house.tell("node/{node}/info", NodeInfo(session=1, role="private"), node="ear")
    with connect(f"ws://127.0.0.1:{house.port}/ws/avatar") as listener:
        house.tell("node/{node}/tts/begin", begin, node="ear")
        frame = Frame(SESSION, STREAM + 2, 0, 0, tone(80, (370.0, 4000.0)))
        house.tell("node/{node}/tts/audio", frame.encode(), node="ear")
        house.tell("emotion/state", "sad")
        house.tell("emotion/state", "neutral")
        heard: list[dict[str, Any]] = []
        while sum(each["type"] == "state" for each in heard) < 2:
            heard.append(json.loads(listener.recv(timeout=10)))
    assert [each for each in heard if each.get("stream") == STREAM + 2] == []


def test_policy_allows_nothing_but_our_own_files(house: WebHouse) -> None:
    """No inline script or style, no other host; old browsers are told our own socket by name."""
    policy = house.request("/overlay")[2]["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert f"connect-src 'self' ws://127.0.0.1:{house.port}" in policy
