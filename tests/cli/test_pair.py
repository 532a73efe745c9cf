"""`pickled pair`, `pickled node pair`: from the broker's files to a node that needs no option."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pickled.cli import pair as pair_module
from pickled.cli.broker_choices import Choices, kept
from pickled.cli.install_mosquitto import BrokerPlaces, settled, steps
from pickled.cli.installing import Wish, carry_out
from pickled.cli.node_pair import NodeBroker, found_for
from pickled.cli.pair import installed_pairing
from pickled.errors import BrokerError, UsageError
from pickled.mqtt.mosquitto import has_password
from pickled.node.pairing import Pairing, der_of, line_of, read_line
from tests.cli.command_line import Run
from tests.stand_ins.broker import Broker
from tests.stand_ins.certificates import certificate
from tests.stand_ins.processes import environment, python, started


@pytest.fixture
def places(tmp_path: Path) -> BrokerPlaces:
    """A machine with a Mosquitto as Debian sets it up."""
    found = BrokerPlaces(
        broker=tmp_path / "mosquitto", ours=tmp_path / "etc", owner="", restart=(),
        installed=False,
    )  # fmt: skip
    (found.broker / "conf.d").mkdir(parents=True)
    include = f"include_dir {found.broker / 'conf.d'}\n"
    (found.broker / "mosquitto.conf").write_text(include)
    return found


def install(places: BrokerPlaces, **chosen: object) -> None:
    """As `pickled install mosquitto --yes` does it."""
    choices = Choices.model_validate(chosen).beside(Choices())
    carry_out("it", steps(choices, places, settled(places)), Wish(yes=True))


def passwords(places: BrokerPlaces) -> str:
    return (places.broker / "pickled.passwd").read_text()


def test_new_node_gets_a_user_with_rights(places: BrokerPlaces) -> None:
    """Beside those that there are, whose passwords stay; and the line says all of it."""
    install(places, names=("server.lan",))
    before = passwords(places)
    made = installed_pairing(places, "phone", host=None, renew=False)
    assert (made.host, made.port, made.tls) == ("server.lan", 8883, True)
    assert made.pem.strip() == places.authority.read_text().strip()
    assert set(before.splitlines()) < set(passwords(places).splitlines())
    assert has_password(passwords(places), "node-phone", made.password.get_secret_value())
    assert "user node-phone\n" in (places.broker / "pickled.acl").read_text()
    assert "phone" in " ".join(kept(places.configuration.read_text()).nodes)
    again = installed_pairing(places, "phone", host=None, renew=False)
    assert again == made
    other = installed_pairing(places, "phone", host=None, renew=True)
    assert other.password != made.password
    assert has_password(passwords(places), "node-phone", other.password.get_secret_value())
    assert places.secret("node-phone").file.stat().st_mode & 0o777 == 0o600


def test_password_that_nobody_knows_any_more_is_made_anew(places: BrokerPlaces) -> None:
    """Its file is gone, and the broker keeps only what it is checked by."""
    install(places, open_port=True)
    places.secret("node-laptop").file.unlink()
    made = installed_pairing(places, "laptop", host="10.0.0.2", renew=False)
    assert (made.host, made.port, made.tls, made.authority) == ("10.0.0.2", 1883, False, b"")
    assert has_password(passwords(places), "node-laptop", made.password.get_secret_value())


def test_node_of_another_instance(places: BrokerPlaces) -> None:
    """Its user has the instance's name before it; one that is not served is refused."""
    install(places, instances=("home", "studio"), open_port=True)
    made = installed_pairing(places, "phone", "studio", host="10.0.0.2", renew=False)
    assert (made.user, made.instance) == ("studio.node-phone", "studio")
    assert "user node-phone\n" not in (places.broker / "pickled.acl").read_text()
    with pytest.raises(UsageError, match="--instance cellar"):
        installed_pairing(places, "phone", "cellar", host="10.0.0.2", renew=False)


def test_broker_that_no_node_could_reach_is_told(places: BrokerPlaces) -> None:
    """Before a user is made: not set up, open to this machine alone, another certificate."""
    with pytest.raises(BrokerError, match="install mosquitto"):
        installed_pairing(places, "laptop", host=None, renew=False)
    install(places)
    before = passwords(places)
    with pytest.raises(UsageError, match=r"this machine alone.*--tls 10.0.0.2"):
        installed_pairing(places, "phone", host="10.0.0.2", renew=False)
    assert passwords(places) == before
    assert installed_pairing(places, "phone", host="127.0.0.1", renew=False).port == 1883
    carry_out(
        "it",
        steps(Choices(names=("server.lan",)).beside(Choices()), places, settled(places)),
        Wish(yes=True),
    )
    with pytest.raises(UsageError, match=r"made for server.lan, not .*--tls other.lan"):
        installed_pairing(places, "phone", host="other.lan", renew=False)


@pytest.mark.parametrize("name", ["Laptop", "a/b", "../x", ""])
def test_name_that_no_topic_can_have_is_refused(places: BrokerPlaces, name: str) -> None:
    """Nothing is written."""
    install(places, open_port=True)
    before = passwords(places)
    with pytest.raises(UsageError, match="--node"):
        installed_pairing(places, name, host="10.0.0.2", renew=False)
    assert passwords(places) == before


def test_command_prints_one_line_and_a_picture(
    run: Run,
    places: BrokerPlaces,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On standard output; what a person should know on the other one."""
    install(places, open_port=True)
    capsys.readouterr()
    monkeypatch.setattr(pair_module, "places_here", lambda: places)
    ran = run("pair", "--node", "laptop", "--host", "10.0.0.2")
    assert ran.code == 0, ran.err
    first, _, picture = ran.out.partition("\n")
    assert read_line(first).user == "node-laptop"
    assert {"█", "▀", "▄"} < set(picture)
    assert len(picture.splitlines()) > 20
    assert "pickled node pair" in ran.err
    plain = run("pair", "--node", "laptop", "--host", "10.0.0.2", "--no-qr")
    assert plain.out == f"{first}\n"
    secret = places.secret("node-laptop").file.read_text().strip()
    assert secret not in ran.out + ran.err
    refused = run("pair", "--node", "laptop", "--ca-file", "ca.pem")
    assert (refused.code, refused.out) == (2, "")
    assert "go with --broker" in refused.err


def test_line_for_a_broker_that_others_look_after(run: Run, tmp_path: Path) -> None:
    """Its user is there already; no file of the broker's is touched."""
    (tmp_path / "password").write_text("theirs\n")
    made = certificate(tmp_path)
    ran = run(
        "pair", "--node", "studio.phone", "--broker", "mqtts://somebody@broker.example:8884",
        "--password-file", "password", "--ca-file", str(made.file), "--no-qr",
    )  # fmt: skip
    found = read_line(ran.out)
    assert (found.host, found.port, found.tls, found.user) == (
        "broker.example", 8884, True, "somebody",
    )  # fmt: skip
    assert (found.instance, found.node) == ("studio", "phone")
    assert found.password.get_secret_value() == "theirs"
    assert found.pem == made.file.read_text()
    without = run("pair", "--node", "phone", "--broker", "mqtts://broker.example", "--no-qr")
    assert without.code == 2
    assert "--password-file" in without.err


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
