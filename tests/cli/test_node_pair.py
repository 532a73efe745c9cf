"""`pickled node pair`: a line is tried, kept, and enough for a node and for doctor."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pickled.cli.node_pair import NodeBroker, found_for
from pickled.node.pairing import Pairing, der_of, line_of
from tests.cli.command_line import Run
from tests.stand_ins.broker import Broker
from tests.stand_ins.certificates import certificate
from tests.stand_ins.processes import environment, python, started


def _given(text: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))


def _found(
    name: str | None = None, environ: dict[str, str] | None = None, **told: Any
) -> NodeBroker:
    nothing = dict.fromkeys(("broker", "instance", "password_file", "config", "ca_file"))
    return found_for(name, **{**nothing, **told}, environ=environ or {})


def _line(broker: Broker, password: str = "right", **changed: object) -> str:
    fields = {
        "host": broker.host, "port": broker.port, "user": "node-laptop", "password": password,
        "instance": "home", "node": "laptop",
    } | changed  # fmt: skip
    return line_of(Pairing.model_validate(fields))


def test_node_keeps_what_the_broker_takes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked there and then; what is kept is told without the secret, and used from then on."""
    with Broker(users={"node-laptop": "right"}) as broker:
        _given(f"$ sudo pickled pair\n{_line(broker)}\n█▀▀\n", monkeypatch, tmp_path)
        ran = run("node", "pair")
        assert ran.code == 0, ran.err
        assert f"broker {broker.host}:{broker.port} (in clear text" in ran.out
        assert "The broker takes it" in ran.out
        assert "right" not in ran.out + ran.err
        found = _found()
        assert (found.name, found.options.instance) == ("laptop", "home")
        assert found.options.mqtt.port == broker.port
        for told in ({"broker": "mqtt://other"}, {"instance": "studio"}):
            assert _found(**told).name == ""
        assert _found(environ={"PICKLED_MQTT__HOST": "other"}).options.mqtt.host == "other"
        assert _found("other").name == ""
        _given("", monkeypatch, tmp_path)
        ran = run("node", "pair", "--forget")
        assert ran.out == "Forgotten: laptop.\n"
        assert _found().name == ""
        assert run("node", "pair", "--forget").out == "Nothing was paired here.\n"


def test_old_line_is_refused_and_nothing_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker has another password by now; what was kept before stays."""
    with Broker(users={"node-laptop": "right"}) as broker:
        _given(_line(broker), monkeypatch, tmp_path)
        assert run("node", "pair").code == 0
        _given(_line(broker, "of-yesterday"), monkeypatch, tmp_path)
        ran = run("node", "pair")
        assert ran.code == 1
        assert "refuses user node-laptop: that line is an old one" in ran.err
        assert "sudo pickled pair --node" in ran.err
        assert "of-yesterday" not in ran.out + ran.err
        password = _found().options.mqtt.password
        assert password is not None
        assert password.get_secret_value() == "right"


def test_broker_that_is_not_there_now_is_told_and_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop may be paired somewhere else than where it will stream."""
    with Broker() as gone:
        line = _line(gone)
    _given(line, monkeypatch, tmp_path)
    ran = run("node", "pair")
    assert ran.code == 0
    assert "can't be reached just now (nothing listens" in ran.out
    assert _found().name == "laptop"


@pytest.mark.parametrize(
    ("text", "told"), [("", "no pairing line"), ("pickled-node-1.abc", "not whole")]
)
def test_line_of_no_use_ends_in_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    """Wrong usage, and nothing kept; an option to it is refused, too."""
    _given(text, monkeypatch, tmp_path)
    ran = run("node", "pair")
    assert ran.code == 2
    assert told in ran.err
    assert not (tmp_path / "state").exists()
    assert run("node", "pair", "--name", "laptop").code == 2


def _comes_online(folder: Path) -> None:
    """A node with no option at all but where its sound goes comes online at that broker."""
    environ = environment(folder, XDG_STATE_HOME=str(folder / "state"))
    command = python("pickled", "node", "--wav", str(folder / "out.wav"))
    with started("node", command, folder=folder, environ=environ) as process:
        process.until_log("audio: connected")
        assert "right" not in process.log


def test_node_runs_with_no_option_at_a_plain_broker(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever configuration lies around there."""
    (tmp_path / "pickled.yaml").write_text(json.dumps({"mqtt": {"host": "other.invalid"}}))
    with Broker(users={"node-laptop": "right"}) as broker:
        _given(_line(broker), monkeypatch, tmp_path)
        assert run("node", "pair").code == 0
        _comes_online(tmp_path)
    for each in (tmp_path / "state").rglob("*.json"):
        assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0 or "paired" not in str(each)


def test_doctor_of_a_paired_laptop_looks_at_its_broker(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the node's own user; a configuration that lies there is the one that counts."""
    with Broker(users={"node-laptop": "right"}) as broker:
        _given(_line(broker), monkeypatch, tmp_path)
        assert run("node", "pair").code == 0
        ran = run("doctor", "--json")
        checks = {each["name"]: each for each in json.loads(ran.out)["checks"]}
        assert checks["broker"]["status"] == "ok"
        assert str(broker.port) in json.dumps(checks["broker"])
        assert "right" not in ran.out.replace("rights", "") + ran.err
        (tmp_path / "pickled.yaml").write_text("mqtt: {host: 127.0.0.1, port: 1}")
        ran = run("doctor", "--json")
        checks = {each["name"]: each for each in json.loads(ran.out)["checks"]}
        assert checks["broker"]["status"] == "fail"


def test_node_whose_line_is_an_old_one_by_now_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its password was renewed on the server: the way out is a new line."""
    with Broker(users={"node-laptop": "right"}) as broker:
        _given(_line(broker), monkeypatch, tmp_path)
        assert run("node", "pair").code == 0
        broker.change_passwords({"node-laptop": "another"})
        environ = environment(tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
        command = python("pickled", "node", "--wav", str(tmp_path / "out.wav"))
        with started("node", command, folder=tmp_path, environ=environ) as process:
            assert process.wait() == 1
            assert "its line is an old one. Print a new one on the server" in process.log


def test_node_runs_with_no_option_by_tls(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The authority comes with the line; a line with another one is refused."""
    made = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other")
    with Broker(users={"node-laptop": "right"}, settings=made.settings) as broker:
        tls = {"tls": True, "authority": _der(other.file)}
        _given(_line(broker, **tls), monkeypatch, tmp_path)
        ran = run("node", "pair")
        assert ran.code == 1
        assert "not trusted" in ran.err
        assert "pickled pair --node" in ran.err
        _given(_line(broker, **tls | {"authority": _der(made.file)}), monkeypatch, tmp_path)
        ran = run("node", "pair")
        assert ran.code == 0, ran.err
        assert "trusts the authority" in ran.out
        _comes_online(tmp_path)


def _der(file: Path) -> bytes:
    return der_of(file.read_text())
