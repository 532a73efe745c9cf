"""`pickled pair`: a user for a node at the installed broker, and the line that it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.cli import pair as pair_module
from pickled.cli.broker_choices import Choices, kept
from pickled.cli.install_mosquitto import BrokerPlaces, settled, steps
from pickled.cli.installing import Wish, carry_out
from pickled.cli.pair import installed_pairing
from pickled.errors import BrokerError, UsageError
from pickled.mqtt.mosquitto import has_password
from pickled.node.pairing import read_line
from tests.cli.command_line import Run
from tests.stand_ins.certificates import certificate


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
