"""`pickled say`, `ask` and `set`, against a real broker and a stand-in for the daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.cli import talk
from tests.cli.command_line import Run, StandInDaemon
from tests.stand_ins.broker import Broker, free_port

pytestmark = pytest.mark.integration


def test_say_waits_for_its_answer(run: Run, broker: Broker) -> None:
    """An accepted command ends with 0; its fields went out as JSON with an id."""
    with StandInDaemon(broker) as daemon:
        ran = run("say", "{hello}", "--target", "private", "--broker", broker.url)
    assert (ran.code, ran.out, ran.err) == (0, "accepted\n", "")
    ((path, fields),) = daemon.heard
    assert path == "cmd/say"
    assert fields.pop("id")
    assert fields == {"text": "{hello}", "target": "private", "priority": "normal"}


def test_ask_wait_prints_what_was_said(run: Run, broker: Broker) -> None:
    """Of its own turn only, and without what could steer the terminal."""
    with StandInDaemon(broker):
        ran = run("ask", "how are you?", "--wait", "--broker", broker.url)
    assert (ran.code, ran.out) == (0, "Hello \N{REPLACEMENT CHARACTER}[31mall.\n")


def test_wait_without_a_turn_follows_the_next_one(run: Run, broker: Broker) -> None:
    """An answer that doesn't name the turn is enough."""
    with StandInDaemon(broker, turn=False):
        ran = run("say", "hello", "--wait", "--broker", broker.url)
    assert (ran.code, ran.out.count("Hello")) == (0, 1)


def test_wait_for_a_turn_that_is_interrupted(run: Run, broker: Broker) -> None:
    """What was not said to its end is a failure, with the outcome."""
    with StandInDaemon(broker, outcome="muted"):
        ran = run("say", "hello", "--wait", "--broker", broker.url)
    assert ran.code == 1
    assert "muted" in ran.err


def test_rejected_command_fails_with_its_code(run: Run, broker: Broker) -> None:
    """The daemon's code and words are shown."""
    with StandInDaemon(broker, code="not_allowed"):
        ran = run("say", "hello", "--broker", broker.url)
    assert ran.code == 1
    assert "not_allowed: not today" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("with_id", "on_reply_topic"), [(True, False), (False, True)])
def test_either_answer_is_enough(
    run: Run, broker: Broker, with_id: bool, on_reply_topic: bool
) -> None:
    """On the event topic with the id, or on the response topic with the correlation."""
    with StandInDaemon(broker, code="busy", with_id=with_id, on_reply_topic=on_reply_topic):
        assert "busy" in run("say", "hello", "--broker", broker.url).err


def test_no_daemon(run: Run, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers: says so, and what to look at."""
    monkeypatch.setattr(talk, "ANSWER_S", 0.2)
    ran = run("set", "volume", "60", "--broker", broker.url)
    assert ran.code == 1
    assert "pickled run" in ran.err


def test_no_broker(run: Run) -> None:
    """Nothing listens there: says so, and ends."""
    ran = run("say", "hello", "--broker", f"mqtt://127.0.0.1:{free_port()}")
    assert ran.code == 1
    assert "is Mosquitto running" in ran.err


@pytest.mark.parametrize(
    ("name", "value", "path", "sent"),
    [
        ("muted", "on", "muted/set", "ON"),
        ("muted/set", "TOGGLE", "muted/set", "TOGGLE"),
        ("volume", "60", "volume/set", "60"),
        ("persona", "Maple", "persona/set", "Maple"),
        ("cooldown", "", "cooldown/set", ""),
    ],
)
def test_set_sends_the_value(
    run: Run, broker: Broker, name: str, value: str, path: str, sent: str
) -> None:
    """Switches are written as the contract wants them, the rest as it was given."""
    with StandInDaemon(broker) as daemon:
        assert run("set", name, value, "--broker", broker.url).code == 0
    ((heard, fields),) = daemon.heard
    assert (heard, fields["value"]) == (path, sent)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("volum", "Did you mean volume?"),
        ("xyz", "There are muted"),
        ("cmd/say", "no value named"),
    ],
)
def test_set_unknown_name(run: Run, name: str, hint: str) -> None:
    """Wrong usage, with the nearest name."""
    ran = run("set", name, "1")
    assert ran.code == 2
    assert hint in ran.err


def test_password_in_a_url_is_refused(run: Run) -> None:
    """It would stand in every process list."""
    ran = run("say", "hello", "--broker", "mqtt://me:hunter22@127.0.0.1")
    assert ran.code == 2
    assert "hunter22" not in ran.err


def test_user_and_password_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker with users lets in who has the password, and tells the others what to set."""
    monkeypatch.setattr(talk, "ANSWER_S", 0.2)
    (tmp_path / "secret").write_text("right\n")
    with Broker(users={"deck": "right"}) as guarded:
        url = guarded.url.replace("mqtt://", "mqtt://deck@")
        nobody = run("set", "muted", "on", "--broker", guarded.url)
        assert "mqtt.username" in nobody.err
        right = run("set", "muted", "on", "--broker", url, "--password-file", "secret")
        assert "No answer" in right.err
        (tmp_path / "secret").write_text("wrong")
        wrong = run("set", "muted", "on", "--broker", url, "--password-file", "secret")
        assert "refuses user deck" in wrong.err
        assert wrong.code == nobody.code == 1
