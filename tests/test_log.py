"""Logs: readable for people and programs, and without secrets however deep they lie."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from pickled.log import HIDDEN, LONGEST_LINE, Redactor, configure, only_errors

PLANTED = ("hunter2-live", "abcdef1234567890", "sk-abcdefghijklmnop1234", "pw-in-url", "cfgtoken99")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves logging as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def speak(stream: io.StringIO, *, as_json: bool) -> str:
    """Log every planted secret in every way that it could get into a line."""
    configure(secrets=["hunter2-live"], as_json=as_json, stream=stream)
    log = structlog.get_logger("pickled.test")
    log.warning("connecting as hunter2-live", options={"a": [{"client_secret": "cfgtoken99"}]})
    log.info("signed in with oauth:abcdef1234567890", token="cfgtoken99", llm_first_token=12.5)
    log.info("wss://me:pw-in-url@host/path?token=cfgtoken99&x=1")
    log.info("Authorization: Bearer abcdef1234567890", raw=b"password=cfgtoken99")
    logging.getLogger("some.library").warning("api_key=%s", "sk-abcdefghijklmnop1234")
    try:
        raise ValueError("the key was hunter2-live")
    except ValueError:
        log.exception("it failed", nested=({"api_key": "cfgtoken99"},))
    return stream.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_planted_secrets_do_not_leak(as_json: bool) -> None:
    """Not by value, by name of the key, by form, in an exception, or through a library."""
    written = speak(io.StringIO(), as_json=as_json)
    assert HIDDEN in written
    assert [secret for secret in PLANTED if secret in written] == []
    assert "it failed" in written
    assert "some.library" in written


def test_json_lines_are_json() -> None:
    """Each line is an object with moment, level and event; figures stay."""
    lines = [json.loads(line) for line in speak(io.StringIO(), as_json=True).splitlines()]
    assert lines[0]["level"] == "warning"
    assert all({"event", "timestamp", "level", "logger"} <= line.keys() for line in lines)
    assert lines[1]["llm_first_token"] == 12.5
    assert "ValueError" in lines[-1]["exception"]


def test_debug_shows_every_step() -> None:
    """Only when asked for."""
    for debug in (False, True):
        stream = io.StringIO()
        configure(debug=debug, stream=stream)
        structlog.get_logger().debug("a step")
        assert ("a step" in stream.getvalue()) == debug


@pytest.mark.parametrize(
    "text",
    [
        "the first token came after 12 ms",
        "no key: mood",
        "chat: my password is secret",
        "http://host:80/path",
        "",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    """Redaction must not black out the log."""
    assert Redactor(["abc"]).text(text) == text


def test_longer_secret_is_hidden_whole() -> None:
    """A secret that begins with another one leaves no rest."""
    assert Redactor(["hunter", "hunter22"]).text("x hunter22 y") == f"x {HIDDEN} y"


def test_only_errors_leaves_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """What a command answers can be read by a program; also after another configuration."""
    configure(stream=io.StringIO())
    only_errors()
    structlog.get_logger("pickled").warning("hidden")
    structlog.get_logger("pickled").error("shown")
    ended = capsys.readouterr()
    assert ended.out == ""
    assert "shown" in ended.err
    assert "hidden" not in ended.err


def test_json_line_is_one_entry_of_the_journal() -> None:
    """What is longer than the journal takes is cut, value by value, and stays JSON."""
    stream = io.StringIO()
    configure(as_json=True, stream=stream)
    log = structlog.get_logger()
    log.warning("long", chat="<3>hearts\n" + "ü" * 60_000, figures=list(range(20_000)), n=1)
    log.warning("many", **{f"field_{number}": "x" * 9_000 for number in range(50)})
    log.warning("too many", **{f"field_{number}": "x" * 900 for number in range(500)})
    lines = stream.getvalue().splitlines()
    assert all(len(line.encode()) < LONGEST_LINE and line.startswith("{") for line in lines)
    long, many, too_many = map(json.loads, lines)
    assert long["chat"].startswith("<3>hearts\nüüü")
    assert long["chat"].endswith("(60010 characters)")
    assert long["n"] == 1
    assert many["field_49"].endswith("(9000 characters)")
    assert too_many == {"event": "too many", "level": "warning"}
