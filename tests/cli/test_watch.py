"""`pickled watch`: readable lines of everything, and marks for what is not in the contract."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from rich.console import Console

from pickled.cli import watch
from pickled.cli.watch_all import table
from pickled.config import MqttConfig
from pickled.mqtt.conversation import Conversation, Heard
from pickled.mqtt.examples import examples
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, Root, topic
from pickled.view.overview import Overview
from tests.cli.command_line import Run
from tests.stand_ins.broker import Broker
from tests.view.evening import hostile

ROOT = Root()


def shown(capsys: pytest.CaptureFixture[str], *messages: Heard, as_json: bool = False) -> str:
    """What the view prints for these."""
    view = watch.View(ROOT, "homeassistant", as_json=as_json)
    for message in messages:
        view.show(message)
    return capsys.readouterr().out


def heard(path: str, payload: bytes, *, retain: bool | None = None, at: float = 0.0) -> Heard:
    """A message of the table, with its own retain flag."""
    flag = topic(path).retain if retain is None else retain
    return Heard(ROOT(path, node="laptop"), payload, flag, at)


def test_every_row_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """No example breaks the view; what is not built yet and yet published is marked."""
    for row in TOPICS:
        early = not row.built and row.kind != "command" and "vision" not in row.by
        for payload in examples(row):
            out = shown(capsys, heard(row.path, payload))
            assert ("not as in the contract" in out) == early, row.path
            assert all(line.isprintable() for line in out.splitlines())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("muted/state", "OFF"),
        ("event/chat", "sunny_side: where are you right now?"),
        ("event/decision", "answer: question (1 messages)"),
        ("event/response", "interrupted, 549 ms to the first sound"),
        ("event/health", "llm: up → down"),
        ("event/command", "cmd/forget accepted"),
        ("cmd/say", "Welcome back!"),
        ("response/state", "interrupted: We are at the market,"),
        ("node/{node}/availability", "node/laptop"),
    ],
)
def test_line_is_readable(capsys: pytest.CaptureFixture[str], path: str, text: str) -> None:
    """A person sees what happened, not JSON."""
    assert text in shown(capsys, heard(path, examples(topic(path))[0]))


def test_sound_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Binary frames pass in silence; in JSON only their size is told."""
    frame = heard("node/{node}/tts/audio", examples(topic("node/{node}/tts/audio"))[0])
    assert shown(capsys, frame) == ""
    told = json.loads(shown(capsys, frame, as_json=True))
    assert (told["bytes"], "payload" in told) == (28, False)


def test_terminal_can_not_be_steered(capsys: pytest.CaptureFixture[str]) -> None:
    """What viewers write can't color, clear or retitle the terminal; rich's markup is text."""
    chat = json.loads(examples(topic("event/chat"))[0])
    chat["text"] = "\x1b]0;title\x07 [bold]x[/bold]\n\x9b2J"
    out = shown(capsys, heard("event/chat", json.dumps(chat).encode()))
    assert not set("\x1b\x07\x9b") & set(out)
    assert "[bold]x[/bold]" in out
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (heard("muted/state", b"maybe"), "invalid payload"),
        (heard("muted/state", b"ON", retain=False), "must be retained"),
        (heard("cmd/panic", b"x", retain=True), "must not be retained"),
        (Heard("pickled/home/else", b"\xff", False, 0.0), "not in the contract"),
    ],
)
def test_violation_is_marked(capsys: pytest.CaptureFixture[str], message: Heard, why: str) -> None:
    """What does not follow the contract is named."""
    assert why in shown(capsys, message)
    assert why in json.loads(shown(capsys, message, as_json=True))["wrong"][0]


@pytest.mark.integration
def test_watch_shows_what_is_there_and_what_comes(run: Run, broker: Broker) -> None:
    """Retained states first, then whatever is published, for as long as asked."""
    with Conversation(MqttConfig(host=broker.host, port=broker.port), Root()) as talk:
        talk.publish(ROOT("muted/set"), b"ON")
        with repeating(lambda: talk.publish(ROOT("muted/set"), b"TOGGLE")):
            ran = run("watch", "--broker", broker.url, "--seconds", "1.5")
    assert ran.code == 0
    assert "muted/set" in ran.out
    assert "TOGGLE" in ran.out


@contextmanager
def repeating(action: Callable[[], None]) -> Iterator[None]:
    """Do it every 50 ms, in a thread."""
    ended = threading.Event()

    def loop() -> None:
        while not ended.wait(0.05):
            action()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@given(message=hostile())
def test_hostile_message_does_not_end_the_view(message: tuple[Topic, bytes]) -> None:
    """It is shown, marked, or passed over."""
    row, payload = message
    for as_json in (True, False):
        watch.View(ROOT, "homeassistant", as_json=as_json).show(heard(row.path, payload))


def test_all_instances_are_told_line_by_line(run: Run, broker: Broker) -> None:
    """Each with its health, where there is no terminal to draw a table on."""
    with Conversation(MqttConfig(host=broker.host, port=broker.port), ROOT) as talk:
        for instance, word in (("home", b"online"), ("second", b"offline")):
            talk.publish(f"pickled/{instance}/availability", word, retain=True)
        talk.publish("pickled/home/service_level/state", b"captions", retain=True)
    ran = run("watch", "--all", "--seconds", "1", "--broker", broker.url)
    assert ran.code == 0, ran.err
    assert "second: offline" in ran.out.splitlines()
    assert "home: captions" in ran.out.splitlines()
    ran = run("watch", "--all", "--json", "--seconds", "1", "--broker", broker.url)
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert {each["instance"]: each["online"] for each in told} == {"home": True, "second": False}


def test_table_of_all_instances_is_safe_to_show() -> None:
    """What somebody publishes steers no terminal."""
    seen = Overview("pickled")
    seen.take("pickled/\x1b[31mred/availability", b"online")
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(table(seen.conditions, "no \x1b broker"))
    shown = console.export_text()
    assert "\x1b" not in shown
    assert "red" in shown


def test_online_is_a_health_check(run: Run, broker: Broker) -> None:
    """Done as soon as it is online, failed when it is not in time."""
    command = ("watch", "--online", "--seconds", "0.5", "--broker", broker.url)
    ran = run(*command)
    assert (ran.code, ran.err) == (1, "pickled: home is not online after 0.5 s\n")
    with Conversation(MqttConfig(host=broker.host, port=broker.port), ROOT) as talk:
        talk.publish(ROOT("availability"), b"online", retain=True)
    ran = run(*command)
    assert (ran.code, ran.out) == (0, "home is online\n")
