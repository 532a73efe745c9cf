"""Where one has to sign in, nothing but the sign-in answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pickled.web.keys import Keys
from tests.stand_ins.processes import ROOT, environment
from tests.web.pages import WebHouse, viewer, web_house

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

TOKEN = "a-token-of-the-owner"
KEYS = Keys(TOKEN)
OWNER = {"authorization": f"Bearer {TOKEN}"}

_LIST = """
import json, sys
from pickled.config import Config
from pickled.web.main import Pages

def walk(routes, prefix=""):
    for each in routes:
        path = prefix + getattr(each, "path", "")
        holder = getattr(each, "original_router", None) or getattr(each, "app", None)
        yield from walk(getattr(each, "routes", None) or getattr(holder, "routes", []), path)
        yield type(each).__name__, path

print(json.dumps(sorted(set(walk(Pages(Config()).app.routes)))))
"""


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    """Pages with a token."""
    with web_house(tmp_path_factory.mktemp("walled"), web={"token": TOKEN}) as started:
        yield started


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Every route that there is, the framework's too: its kind and its path."""
    folder = tmp_path_factory.mktemp("routes")
    run = subprocess.run(
        [sys.executable, "-c", _LIST], capture_output=True, text=True, check=True,
        cwd=folder, env=environment(folder), timeout=50,
    )  # fmt: skip
    return [(kind, path) for kind, path in json.loads(run.stdout)]


def test_every_route_wants_the_token(walled: WebHouse, routes: list[tuple[str, str]]) -> None:
    """Pages, files and REST of ours and of the framework: 401, or the way to the sign-in."""
    paths = {path for kind, path in routes if "WebSocket" not in kind}
    assert {"/", "/overlay", "/api/settings", "/metrics", "/openapi.json", "/dock"} <= paths
    assert any("_nicegui" in path for path in paths)
    filled = {path.replace("{", "").replace("}", "").replace(":path", "") for path in paths}
    for path in sorted((filled | {"/nowhere", "//", "/overlay/../api", "/Health"}) - {"/health"}):
        for method in ("GET", "PUT", "POST"):
            status, text, headers = walled.request(path or "/", method=method)
            assert status == 401, (method, path, status)
            assert json.loads(text) == {"detail": "sign in first: /sign-in, or a Bearer token"}
        status, _, headers = walled.request(path or "/", headers={"accept": "text/html"})
        assert (status, headers["location"][:8]) == (303, "/sign-in"), path


def test_every_socket_wants_the_token(walled: WebHouse, routes: list[tuple[str, str]]) -> None:
    """No WebSocket is opened, the framework's neither."""
    paths = {path for kind, path in routes if "WebSocket" in kind}
    assert {"/ws/avatar", "/ws/mouth"} <= paths
    paths.add("/_nicegui_ws/socket.io/?EIO=4&transport=websocket&client_id=x")
    for path in paths:
        with pytest.raises(InvalidStatus), connect(f"ws://127.0.0.1:{walled.port}{path}"):
            pass


def test_health_tells_a_stranger_nothing_but_whether_it_is_well(walled: WebHouse) -> None:
    """Who watches from outside needs no token for that; details are the owner's."""
    assert json.loads(walled.request("/health")[1]) == {"status": "down"}
    told = json.loads(walled.request("/health", headers=OWNER)[1])
    assert (told["broker"], told["daemon"]) == (True, False)


def test_overlays_token_opens_the_overlay_alone(walled: WebHouse, browser: Browser) -> None:
    """In its address it shows face, files and socket; the rest stays shut, also with its cookie."""
    address = f"/overlay?token={KEYS.overlay}"
    status, _, headers = walled.request(address)
    cookie = headers["set-cookie"]
    assert status == 200
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    shown = {"cookie": cookie.partition(";")[0]}
    assert walled.request("/overlay/static/overlay.js", headers=shown)[0] == 200
    for path in ("/", "/api/settings", "/metrics", "/dock", "/openapi.json"):
        assert walled.request(path, headers=shown)[0] == 401
        assert walled.request(f"{path}?token={KEYS.overlay}")[0] == 401
    with viewer(browser, walled.url(address), viewport={"width": 300, "height": 300}) as seen:
        walled.tell("availability", "online")
        seen.until("document.body.dataset.away === 'no'")


def test_browser_signs_in_and_out(walled: WebHouse, browser: Browser) -> None:
    """The page leads to where one wanted to go; a wrong token is told; signing out ends it."""
    with viewer(browser, walled.url("/api")) as seen:
        page = seen.page
        page.fill("input", "a wrong token, alas")
        page.click("button")
        assert page.locator("[role=alert]").inner_text() == "That is not the token."
        assert "401" in seen.errors.pop()
        page.fill("input", TOKEN)
        page.click("button")
        page.wait_for_url("**/api")
        assert page.locator("h1").inner_text() == "REST"
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        page.request.post(walled.url("/sign-out"))
        page.goto(walled.url("/api"))
        assert "/sign-in" in page.url


@pytest.mark.parametrize("after", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_sign_in_leads_nowhere_else(walled: WebHouse, after: str) -> None:
    """A prepared address can't send whoever signs in to another site."""
    page = walled.request(f"/sign-in?{urlencode({'next': after})}")[1]
    assert 'action="/sign-in?next=/"' in page
    page = walled.request(f"/sign-in?{urlencode({'next': '/dock?a=1'})}")[1]
    assert 'action="/sign-in?next=/dock%3Fa%3D1"' in page


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_another_sites_page_changes_nothing(walled: WebHouse, headers: dict[str, str]) -> None:
    """Neither by a request nor by a socket, even in a browser that is signed in."""
    body = {"paused": True}
    told = walled.request("/api/settings", method="PUT", body=body, headers={**OWNER, **headers})
    assert told[0] == 403
    more: dict[str, Any] = {"additional_headers": {**OWNER, **headers}}
    url = f"ws://127.0.0.1:{walled.port}/ws/avatar"
    with pytest.raises(InvalidStatus), connect(url, **more):
        pass
    with connect(url, additional_headers=OWNER) as socket:
        assert json.loads(socket.recv())["type"] == "hello"


def test_other_names_for_this_machine_are_refused(house: WebHouse) -> None:
    """A page that has its own name point here (DNS rebinding) finds no open door."""
    status, text, _ = house.request("/api/settings", headers={"host": "evil.example"})
    assert status == 403
    assert "web.origins" in text
    assert house.request("/api/settings", headers={"host": f"localhost:{house.port}"})[0] == 200


def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    """After five wrong tokens none is looked at, the right one neither; who is in stays in."""
    with web_house(tmp_path, web={"token": TOKEN}) as house:
        inside = {"cookie": f"pickled-home-owner={KEYS.pass_until(4_000_000_000)}"}
        for _ in range(5):
            assert house.request("/metrics", headers={"authorization": "Bearer x"})[0] == 401
        status, _, headers = house.request("/metrics", headers=OWNER)
        assert status == 429
        assert 0 < int(headers["retry-after"]) <= 10
        assert house.request("/metrics", headers=inside)[0] == 200
        assert house.request("/metrics")[0] == 401


def test_elsewhere_than_here_a_token_is_made(tmp_path: Path) -> None:
    """Who listens on a network without a token gets one, kept in a file that is named."""
    code = (
        "from pickled.config import Config, WebConfig\n"
        "from pickled.web.main import Pages\n"
        "pages = Pages(Config(web=WebConfig(host='0.0.0.0')))\n"
        "assert pages.door.keys is not None\n"
        "assert Pages(Config()).door.keys is None\n"
        "print(pages.door.keys.token)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env=environment(tmp_path), timeout=50,
    )  # fmt: skip
    (kept,) = tmp_path.rglob("web-token")
    assert run.stdout.splitlines()[-1] == kept.read_text().strip()
    assert kept.read_text().strip() not in run.stdout.splitlines()[0]
