"""The overlay as the co-host's mouth: a real daemon speaks, and a page in a browser sounds."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from pickled.messages.node import NodeInfo, NodeState, Played
from pickled.messages.response import ResponseState
from tests.web.pages import ROOT, WebHouse, viewer, web_house

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(120),
    pytest.mark.skipif(not shutil.which("flite"), reason="needs a voice: `apt install flite`"),
]

LONG = "Once upon a time there was a pickle in a jar, and the jar stood on a shelf, and it waited."
WANTED = (
    "node/overlay/availability", "node/overlay/info", "node/overlay/state", "node/overlay/played",
    "response/state", "muted/state", "event/command",
)  # fmt: skip
SCENE = {"viewport": {"width": 400, "height": 300}}


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    """The pages, and a daemon with a voice and no audio-node but the overlay."""
    with web_house(tmp_path_factory.mktemp("mouth")) as house:
        house.daemon()
        house.talk.subscribe(*(ROOT(each) for each in WANTED))
        yield house


@pytest.fixture(autouse=True)
def nothing_old(talking: WebHouse) -> None:
    """What was published before a test tells nothing in it."""
    while talking.talk.next(0.05):
        pass


def until_has_sound(house: WebHouse) -> None:
    """Until the node says that it can be heard, and that of no page that is just being left."""
    has_sound = False
    while heard := house.talk.next(0.5 if has_sound else 15.0):
        if heard.topic == ROOT("node/overlay/state"):
            has_sound = NodeState.model_validate_json(heard.payload).has_sound
        elif heard.topic == ROOT("node/overlay/availability"):
            has_sound = has_sound and heard.payload == b"online"
    assert has_sound


def say(house: WebHouse, text: str) -> str:
    """Let it speak; the turn."""
    house.talk.publish(ROOT("cmd/say"), json.dumps({"text": text, "id": text[:60]}).encode())
    while (answer := json.loads(house.hear("event/command"))).get("id") != text[:60]:
        pass
    return str(answer["turn"])


def outcome(house: WebHouse, turn: str) -> tuple[ResponseState, list[Played]]:
    """How a turn ends, and what the overlay reported of it."""
    reports, end = [], time.monotonic() + 20
    while heard := house.talk.next(end - time.monotonic()):
        if turn.encode() not in heard.payload:
            continue
        if heard.topic == ROOT("node/overlay/played"):
            reports.append(Played.model_validate_json(heard.payload))
        elif heard.topic == ROOT("response/state"):
            return ResponseState.model_validate_json(heard.payload), reports
    raise AssertionError(f"{turn} did not end")


def test_page_is_a_node_that_is_heard(talking: WebHouse, browser: Browser) -> None:
    """Paste one address: it appears as a public node, plays to the end, and reports like one."""
    with viewer(browser, talking.url("/overlay?sound=1"), **SCENE) as seen:
        info = NodeInfo.model_validate_json(talking.hear("node/overlay/info"))
        until_has_sound(talking)
        turn = say(talking, "Hello from the overlay.")
        ended, reports = outcome(talking, turn)
        assert seen.page.locator("#unblock").is_hidden()
    assert info.role == "public"
    assert (ended.outcome, ended.heard) == ("finished", "Hello from the overlay.")
    states = [each.state for each in reports]
    assert (states[0], states[-1]) == ("started", "finished")
    assert states.count("progress") >= 5
    assert reports[-1].played_ms > 800


def test_mute_silences_the_page_and_off_releases_it(talking: WebHouse, browser: Browser) -> None:
    """The node obeys by itself, takes back what the page has, and keeps the mute over a reload."""
    with viewer(browser, talking.url("/overlay?sound=1"), **SCENE) as seen:
        until_has_sound(talking)
        turn = say(talking, LONG)
        while b'"progress"' not in talking.hear("node/overlay/played"):
            pass
        talking.talk.publish(ROOT("cmd/panic"), b"")
        ended, _ = outcome(talking, turn)
        assert ended.outcome in ("muted", "interrupted", "skipped")
        assert len(ended.heard) < len(LONG)
        seen.until("document.body.dataset.muted === 'yes'")
        seen.page.reload()
        seen.until("document.body.dataset.muted === 'yes'")
        talking.talk.publish(ROOT("muted/set"), b"OFF")
        seen.until("document.body.dataset.muted === 'no'")
        until_has_sound(talking)
        turn = say(talking, "Back again.")
        assert outcome(talking, turn)[0].heard == "Back again."


def test_second_page_takes_the_sound_over(talking: WebHouse, browser: Browser) -> None:
    """Of two pages one sounds; the other one says so, and does not fight for it."""
    address = talking.url("/overlay?sound=1")
    with viewer(browser, address, **SCENE) as first, viewer(browser, address, **SCENE) as second:
        first.until("document.getElementById('trouble').textContent.includes('Another page')")
        until_has_sound(talking)
        turn = say(talking, "Only one.")
        assert outcome(talking, turn)[0].heard == "Only one."
        assert second.page.locator("#trouble").is_hidden()


def test_node_says_when_its_page_is_gone(talking: WebHouse, browser: Browser) -> None:
    """Without a page it has no sound, and says what to open; then it is offline."""
    with viewer(browser, talking.url("/overlay?sound=1"), **SCENE):
        until_has_sound(talking)
    while (state := json.loads(talking.hear("node/overlay/state")))["has_sound"]:
        pass
    assert state["last_error"] == "no page with ?sound=1 is open"
    assert talking.hear("node/overlay/availability") == b"offline"
