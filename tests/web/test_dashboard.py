"""The dashboard in a real browser, with a real daemon behind it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.pages import ROOT, Viewer, WebHouse, viewer, web_house
from tests.web.telling import EVIL

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 1000}}
PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 812}, "color_scheme": "dark"}
PICTURES = os.environ.get("PICKLED_PICTURES", "")
"""A folder that gets a picture of each page, for who wants to look at them."""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    """The pages and a daemon, which hears a line of chat now and then."""
    with web_house(tmp_path_factory.mktemp("dashboard")) as house:
        house.daemon()
        yield house


def chat(house: WebHouse, message: str, text: str, *, user: str = "Ana") -> None:
    """A line of chat from elsewhere."""
    line = {"platform": "youtube", "id": message, "user": user, "user_id": f"U{message}"}
    house.talk.publish(ROOT("cmd/chat"), json.dumps({**line, "text": text}).encode())


def state(house: WebHouse, path: str, wanted: bytes) -> None:
    """Until a state is that; it is published whenever somebody comes."""
    house.talk.subscribe(ROOT(path))
    while house.hear(path) != wanted:
        pass


def has(seen: Viewer, text: str) -> None:
    """Until the page shows that somewhere."""
    seen.page.get_by_text(text).first.wait_for(timeout=10_000)


def picture(seen: Viewer, name: str) -> None:
    """For who wants to look at it."""
    if PICTURES:
        seen.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.mark.parametrize(("size", "name"), [(DESKTOP, "dashboard"), (PHONE, "phone")])
def test_line_and_answer_show_as_they_come(
    staffed: WebHouse, browser: Browser, size: dict[str, Any], name: str
) -> None:
    """What is written, what became of it and why, and what was said; a phone is wide enough."""
    with viewer(browser, staffed.url(), **size) as seen:
        chat(staffed, f"{name}-1", "pickled, do you like rain?", user="Wetterfrosch")
        has(seen, "pickled, do you like rain?")
        seen.page.locator(".fate-answered", has_text="do you like rain").first.wait_for()
        seen.page.locator(".p-answer", has_text="Wetterfrosch").first.wait_for()
        seen.page.locator(".p-line-main", has_text="do you like rain").first.click()
        assert "score" in seen.page.locator(".p-parts").inner_text()
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["viewport"]["width"]
        assert seen.page.evaluate("document.documentElement.lang") == "en-US"
        assert seen.page.locator("main").count() == seen.page.locator("h1").count() == 1
        picture(seen, name)


def test_words_of_strangers_are_text_here_too(staffed: WebHouse, browser: Browser) -> None:
    """Markup in names and lines is shown as it was written."""
    with viewer(browser, staffed.url(), **DESKTOP) as seen:
        chat(staffed, "evil", f"pickled {EVIL}", user="<b>x</b>")
        seen.page.locator(".p-line", has_text="onerror").first.wait_for()
        assert seen.page.locator(".p-chat :is(img, script, b b)").count() == 0
        assert seen.page.locator(".p-answers :is(img, script)").count() == 0


def test_everything_is_reached_by_keyboard(staffed: WebHouse, browser: Browser) -> None:
    """Mute is the first stop of the Tab key; the space bar mutes, and the button says so."""
    with viewer(browser, staffed.url(), **DESKTOP) as seen:
        has(seen, "is here")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.textContent.trim()") == "Mute"
        seen.page.keyboard.press("Space")
        has(seen, "Muted: let it speak")
        has(seen, "is muted")
        seen.page.keyboard.press("Space")
        seen.page.get_by_role("button", name="Mute", exact=True).wait_for()


def test_controls_follow_what_is_set_elsewhere(staffed: WebHouse, browser: Browser) -> None:
    """A Stream Deck, a second page and this one show the same; a refusal puts the control back."""
    with viewer(browser, staffed.url(), **DESKTOP) as seen:
        pause = seen.page.get_by_role("switch", name="Pause")
        pause.wait_for()
        staffed.talk.publish(ROOT("paused/set"), b"ON")
        has(seen, "is paused")
        assert pause.get_attribute("aria-checked") == "true"
        pause.click()
        state(staffed, "paused/state", b"OFF")
        seen.page.get_by_role("slider", name="Volume").locator("[tabindex='0']").focus()
        seen.page.keyboard.press("ArrowLeft")
        state(staffed, "volume/state", b"99")


def test_line_is_taken_back_and_viewer_forgotten(staffed: WebHouse, browser: Browser) -> None:
    """One click takes a line back everywhere; forgetting a viewer is asked about once more."""
    with viewer(browser, staffed.url(), **DESKTOP) as seen:
        chat(staffed, "oops", "my street is Secret Lane", user="Bea")
        seen.page.locator(".p-line-main", has_text="Bea").first.click()
        seen.page.get_by_role("button", name="Take back").click()
        seen.page.locator(".fate-gone").first.wait_for()
        assert seen.page.get_by_text("Secret Lane").count() == 0
        chat(staffed, "hello", "good evening", user="Cem")
        seen.page.locator(".p-line-main", has_text="Cem").first.click()
        seen.page.get_by_role("button", name="Forget Cem").click()
        has(seen, "Everything that is kept about them is deleted for good.")
        seen.page.get_by_role("button", name="Delete").click()
        has(seen, "Cem is forgotten")


def test_held_answer_waits_for_a_click(staffed: WebHouse, browser: Browser) -> None:
    """In approval mode the answer is read first, on the dock as well; Approve lets it be spoken."""
    staffed.talk.publish(ROOT("approval/set"), b"ON")
    with viewer(browser, staffed.url("/dock"), viewport={"width": 300, "height": 500}) as seen:
        chat(staffed, "held", "pickled, may you say this?", user="Dora")
        has(seen, "Waits for you: to Dora")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 300
        picture(seen, "dock")
        seen.page.get_by_role("button", name="Approve").click()
        seen.page.get_by_text("Waits for you").wait_for(state="detached")
    staffed.talk.publish(ROOT("approval/set"), b"OFF")


def test_page_says_when_nobody_is_there(house: WebHouse, browser: Browser) -> None:
    """Without a daemon it says what to start, without a broker why; and comes back by itself."""
    with viewer(browser, house.url(), **DESKTOP) as seen:
        has(seen, "The co-host is away. Start it: pickled run")
        seen.page.get_by_role("button", name="Skip").click()
        has(seen, "no answer: is `pickled run` running?")
        house.broker.stop()
        has(seen, "No broker: nothing listens at 127.0.0.1")
        house.broker.start()
        has(seen, "The co-host is away. Start it: pickled run")
