"""`pickled record`: a file that can be replayed, and a clear word where that can't be had."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pickled.cli import record
from pickled.config import MqttConfig
from pickled.messages.recording import read
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root
from tests.cli.command_line import AT, Run
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import environment, python, started
from tests.test_architecture import HEAVY, loaded_by

ROOT = Root()
CHAT = {"ts": AT, "id": "m1", "user": "ana", "user_id": "7", "text": "hello"}

pytestmark = pytest.mark.integration


@contextmanager
def chatting(broker: Broker, **fields: Any) -> Iterator[None]:
    """Somebody writes in chat all the time, with something before it that the state tells."""
    ended = threading.Event()
    numbers = iter(range(10_000))

    def loop() -> None:
        with Conversation(MqttConfig(host=broker.host, port=broker.port), Root()) as talk:
            talk.publish(ROOT("muted/state"), b"OFF", retain=True)
            while not ended.wait(0.02):
                message = CHAT | {"id": f"m{next(numbers)}"} | fields
                talk.publish(ROOT("event/chat"), json.dumps(message).encode())

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_record_writes_what_happens(run: Run, broker: Broker, tmp_path: Path) -> None:
    """For as long as asked; states come first, and the summary says how much it is."""
    with chatting(broker):
        ran = run("record", "evening.jsonl", "--broker", broker.url, "--seconds", "1")
    assert ran.code == 0, ran.err
    lines = list(read(tmp_path / "evening.jsonl"))
    kinds = [each.type for each in lines]
    assert kinds[:2] == ["state", "state"]
    assert kinds.count("chat") > 5
    assert f"{kinds.count('chat')} chat" in ran.err
    assert ran.out == ""


def test_record_overwrites_only_when_told(run: Run, broker: Broker, tmp_path: Path) -> None:
    """A file that is there is an evening that somebody wants to keep."""
    path = tmp_path / "evening.jsonl"
    path.write_text("precious")
    ran = run("record", "evening.jsonl", "--broker", broker.url, "--seconds", "0.1")
    assert ran.code == 2
    assert "--force" in ran.err
    assert path.read_text() == "precious"
    ran = run("record", "evening.jsonl", "--force", "--broker", broker.url, "--seconds", "0.1")
    assert ran.code == 0
    assert [each.type for each in read(path)] == ["state"]


def test_record_ends_at_its_largest_size(run: Run, broker: Broker, tmp_path: Path) -> None:
    """With the line that reaches it, and says so."""
    arguments = ("--broker", broker.url, "--seconds", "20", "--max-mb", "0.002")
    with chatting(broker):
        ran = run("record", "evening.jsonl", *arguments)
    assert ran.code == 0
    assert "0.002 MB are reached" in ran.err
    assert 2000 <= (tmp_path / "evening.jsonl").stat().st_size < 2400


def test_record_on_a_full_disk_says_so(run: Run, broker: Broker) -> None:
    """It stops with exit code 1, and names the cause."""
    ran = run("record", "/dev/full", "--force", "--broker", broker.url, "--seconds", "5")
    assert ran.code == 1
    assert "No space left on device" in ran.err
    assert "is kept" in ran.err


def test_record_where_it_may_not_write(run: Run, broker: Broker) -> None:
    """A folder that isn't there is named."""
    ran = run("record", "no/where.jsonl", "--broker", broker.url)
    assert ran.code == 1
    assert "no/where.jsonl can't be written" in ran.err


def test_record_refuses_an_instance_without_texts(run: Run, broker: Broker, tmp_path: Path) -> None:
    """What is published with `publish_text: false` can't be replayed: the remedy is named."""
    with chatting(broker, text=""):
        ran = run("record", "evening.jsonl", "--broker", broker.url, "--seconds", "20")
    assert ran.code == 1
    assert "publish_text" in ran.err


def test_record_never_takes_a_password_in_a_url(run: Run, tmp_path: Path) -> None:
    """It would end up in process lists; nothing is written."""
    ran = run("record", "evening.jsonl", "--broker", "mqtt://me:secret@localhost")
    assert ran.code == 2
    assert "secret" not in ran.err
    assert not (tmp_path / "evening.jsonl").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_record_ends_cleanly_when_asked(
    how: signal.Signals, broker: Broker, tmp_path: Path
) -> None:
    """Ctrl-C and SIGTERM are how a recording ends: exit code 0, whole lines, a summary."""
    path = tmp_path / "evening.jsonl"
    command = python("pickled", "record", str(path), "--broker", broker.url)
    with (
        chatting(broker),
        started("record", command, folder=tmp_path, environ=environment(tmp_path)) as process,
    ):
        _until(lambda: path.exists() and b'"chat"' in path.read_bytes())
        process._send(how)
        code = process.wait(20)
    assert code == 0, process.log
    assert " chat" in process.log
    assert "Traceback" not in process.log
    assert [each.type for each in read(path)].count("chat") >= 1


def _until(true: Callable[[], bool], *, within: float = 20.0) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_record_says_when_nobody_is_there(
    run: Run, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits: a co-host that comes later is recorded."""
    monkeypatch.setattr(record, "_PATIENT_S", 0.3)
    ran = run("record", "evening.jsonl", "--broker", broker.url, "--seconds", "1")
    assert ran.code == 0
    assert "no co-host is online there" in ran.err


def test_record_needs_no_daemon() -> None:
    """It works where only the base package is installed."""
    assert not loaded_by("import pickled.cli.record") & (HEAVY | {"pickled.daemon.main"})
