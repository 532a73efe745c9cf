"""The pictures of the README, made from the pages as they are: see `PICTURES`."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pickled.messages.emotion import EMOTIONS
from tests.stand_ins.processes import python
from tests.web.pages import WebHouse, viewer, web_house
from tests.web.test_overlay import SMALL, on_air, response

PICTURES = os.environ.get("PICKLED_PICTURES", "")
"""Where they go: `tests/web/pictures`."""

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not PICTURES, reason="PICKLED_PICTURES names no folder for pictures"),
]

DUSK = "#5d7f86"
WIDE = {"viewport": {"width": 900, "height": 300}}
DESKTOP = {"viewport": {"width": 1440, "height": 860}, "device_scale_factor": 0.6}


def behind(color: str) -> str:
    """What the stream would be behind the overlay."""
    return f"document.body.style.background = '{color}'"


def test_picture_of_the_overlay(house: WebHouse, browser: Browser) -> None:
    """The pickle, what it says, and to whom."""
    with viewer(browser, house.url("/overlay?size=200&mouth=a&motion=0"), **WIDE) as seen:
        on_air(house, "pickled, where are we?", user="TheOtherOwl", message="p1")
        house.tell("emotion/state", "excited")
        house.tell("speaking/state", "ON")
        house.tell("caption/state", "Somewhere between two trams, and both of them are late!")
        seen.until("document.querySelectorAll('.said:not(.on)').length === 0")
        seen.until("!document.getElementById('caption').hidden")
        seen.page.evaluate(behind(DUSK))
        seen.page.screenshot(path=Path(PICTURES) / "overlay.png")
        house.tell("event/response", response("finished"))
        house.tell("caption/state", "")
        house.tell("speaking/state", "OFF")


def test_picture_of_all_faces(house: WebHouse, browser: Browser) -> None:
    """Ten emotions side by side."""
    faces = []
    with viewer(browser, "about:blank", **SMALL) as seen:
        for emotion in EMOTIONS:
            seen.page.goto(house.url(f"/overlay?emotion={emotion}&motion=0&size=180&card=0"))
            seen.until(f"document.body.dataset.emotion === '{emotion}'")
            faces.append(base64.b64encode(seen.page.screenshot(omit_background=True)).decode())
    images = "".join(f'<img width=88 src="data:image/png;base64,{each}">' for each in faces)
    with browser.new_context(viewport={"width": 900, "height": 130}) as context:
        page = context.new_page()
        page.set_content(f'<body style="margin:4px 10px;background:{DUSK}">{images}')
        page.screenshot(path=Path(PICTURES) / "faces.png")


def test_picture_of_the_dashboard(tmp_path: Path, browser: Browser) -> None:
    """With the recorded chat, some way into it."""
    replay = [{"kind": "replay", "file": "irl_walk", "speed": 2, "loop": True}]
    with web_house(tmp_path, inputs=replay) as house:
        config = str(tmp_path / "pickled.yaml")
        where = ["--name", "laptop", "--wav", str(tmp_path / "out.wav"), "--config", config]
        house.run("node", python("pickled", "node", *where))
        house.daemon()
        with viewer(browser, house.url(), **DESKTOP) as seen:
            seen.page.locator(".p-answer.over").nth(3).wait_for(timeout=90_000)
            seen.page.locator(".p-answer.now").first.wait_for(timeout=60_000)
            seen.page.screenshot(path=Path(PICTURES) / "dashboard.png")
