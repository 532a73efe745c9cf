"""`pickled web` as a user runs it, at a broker of its own, and a browser that looks at it."""

from __future__ import annotations

import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pydantic import SecretStr

from pickled.config import MqttConfig
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root, topic
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.processes import Process, environment, python, started

ROOT = Root()
START_S = 30.0


@dataclass
class WebHouse:
    """A broker and the pages, and who publishes in the daemon's place."""

    folder: Path
    broker: Broker
    port: int = field(default_factory=free_port)
    stack: ExitStack = field(default_factory=ExitStack)
    environ: dict[str, str] = field(default_factory=dict)
    web: Process = field(init=False)
    talk: Conversation = field(init=False)

    def start(self, *, login: tuple[str, str] | None = None, **config: Any) -> None:
        """Start the pages, and wait until they answer; `login` is ours at the broker."""
        path = self.folder / "pickled.yaml"
        told = {"data_dir": str(self.folder / "data"), "memory": {"embedder": None}}
        path.write_text(json.dumps({**told, "llm": {"kind": "readout"}, **config}))
        self.environ = environment(self.folder, PICKLED_MQTT__PORT=str(self.broker.port))
        command = python("pickled", "web", "--config", str(path), "--port", str(self.port))
        self.web = self.run("web", command)
        for sign in ('"event": "pages"', '"event": "connected to the broker"'):
            self.web.until_log(sign, timeout_s=START_S)
        user, password = login or (None, None)
        secret = SecretStr(password) if password else None
        mqtt = MqttConfig(port=self.broker.port, username=user, password=secret)
        self.talk = self.stack.enter_context(Conversation(mqtt, ROOT))

    def run(self, name: str, command: list[str]) -> Process:
        """Start any program of ours."""
        process = started(name, command, folder=self.folder, environ=self.environ)
        return self.stack.enter_context(process)

    def daemon(self) -> None:
        """Start the real daemon, and wait until it is online."""
        self.talk.subscribe(ROOT("availability"))
        config = str(self.folder / "pickled.yaml")
        self.run("daemon", python("pickled", "run", "--config", config))
        while (heard := self.talk.next(START_S)) is None or heard.payload != b"online":
            assert heard is not None, "the daemon never came"

    def tell(self, path: str, value: object, *, node: str = "") -> None:
        """Publish in the daemon's place, by the contract."""
        row = topic(path)
        encoded = row.encode(value)
        self.talk.publish(ROOT(path, node=node), encoded, retain=row.retain)

    def hear(self, path: str, *, within: float = 15.0) -> bytes:
        """The next message of that topic, which was subscribed to before."""
        end = time.monotonic() + within
        while heard := self.talk.next(end - time.monotonic()):
            if heard.topic == ROOT(path):
                return heard.payload
        raise AssertionError(f"{path} never came:\n{self.web.log[-2000:]}")

    def url(self, path: str = "/") -> str:
        """Where a page is."""
        return f"http://127.0.0.1:{self.port}{path}"

    def request(
        self,
        path: str,
        *,
        method: str = "GET",
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str, Mapping[str, str]]:
        """Status, text and headers of an answer; redirections are not followed."""
        data = None if body is None else json.dumps(body).encode()
        told = {"content-type": "application/json"} if data else {}
        request = urllib.request.Request(
            self.url(path), data, {**told, **(headers or {})}, method=method
        )
        try:
            with _OPENER.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode(), _lower(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), _lower(error.headers)


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


@contextmanager
def web_house(folder: Path, **config: Any) -> Iterator[WebHouse]:
    """The pages until the block ends."""
    needs_mosquitto()
    with Broker() as broker, ExitStack() as stack:
        house = WebHouse(folder, broker, stack=stack)
        house.start(**config)
        yield house


@dataclass
class Viewer:
    """A browser's page, and what went wrong in it."""

    page: Page
    errors: list[str]

    def text(self, selector: str) -> str:
        """What is shown there."""
        return self.page.locator(selector).inner_text()

    def until(self, condition: str, *, within_s: float = 10.0) -> None:
        """Until an expression is true; asked from outside, as the page may evaluate nothing."""
        end = time.monotonic() + within_s
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, f"never true: {condition}; errors: {self.errors}"
            self.page.wait_for_timeout(20)


@contextmanager
def viewer(browser: Browser, url: str, **context: Any) -> Iterator[Viewer]:
    """Look at a page; at the end it has reported no error, and broken no rule of its policy."""
    with browser.new_context(**context) as opened:
        page, errors = opened.new_page(), []
        opened.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (e) => console.error('policy', e.violatedDirective, e.blockedURI))"
        )

        def note(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                errors.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        yield Viewer(page, errors)
        assert errors == []


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window; skips the test where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed: `apt install chromium`")
    with sync_playwright() as playwright:
        # As in OBS: sound needs no click. Our tests run as root, where its sandbox can't.
        sound = "--autoplay-policy=no-user-gesture-required"
        browser = playwright.chromium.launch(executable_path=program, args=[sound])
        yield browser
        browser.close()
