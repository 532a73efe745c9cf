"""`pickled install mosquitto`: what it writes, beside what is there, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pickled.cli import certificates
from pickled.cli.broker_choices import Choices, kept
from pickled.cli.install_mosquitto import BrokerPlaces, settled, steps
from pickled.cli.installing import Wish, carry_out
from pickled.errors import InstallError, UsageError
from pickled.mqtt.mosquitto import has_password, named_in, with_block, without_block

DO, UNDO = Wish(yes=True), Wish(yes=True, remove=True)


@pytest.fixture
def places(tmp_path: Path) -> BrokerPlaces:
    """A machine with a Mosquitto as Debian sets it up."""
    found = BrokerPlaces(
        broker=tmp_path / "mosquitto", ours=tmp_path / "pickled", owner="", restart=(),
        installed=False,
    )  # fmt: skip
    (found.broker / "conf.d").mkdir(parents=True)
    include = f"include_dir {found.broker / 'conf.d'}\n"
    (found.broker / "mosquitto.conf").write_text(f"persistence true\n{include}")
    return found


def install(
    places: BrokerPlaces, wish: Wish = DO, *, renew: bool = False, **chosen: object
) -> None:
    """As the command does it."""
    choices = Choices.model_validate(chosen)
    before = places.configuration.read_text() if places.configuration.exists() else ""
    whole = choices.beside(kept(before))
    carry_out("it", steps(whole, places, settled(places), renew=renew), wish)


def content(folder: Path) -> dict[str, bytes]:
    """All files below it."""
    return {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_each_user_has_a_password_that_nobody_else_reads(places: BrokerPlaces) -> None:
    """The daemon's is where its service looks for it."""
    install(places)
    passwords = (places.broker / "pickled.passwd").read_text()
    assert named_in(passwords) == ["pickled", "vision", "web", "hass", "deck", "node-laptop"]
    for user in named_in(passwords):
        file = places.secret(user).file
        assert has_password(passwords, user, file.read_text().strip())
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
    assert places.secret("pickled").file == places.ours / "credentials" / "mqtt_password"
    assert places.secret("studio.pickled").file.parent == places.ours / "credentials.studio"
    assert (places.broker / "pickled.acl").stat().st_mode & 0o777 == 0o600


def test_run_again_it_adds_and_changes_nothing_else(places: BrokerPlaces) -> None:
    """Passwords, the authority, and what was chosen before stay."""
    install(places, nodes=("laptop",), names=("server.lan",))
    before = content(places.ours)
    install(places, instances=("home", "studio"), nodes=("studio.phone",), websocket=True)
    after = content(places.ours)
    assert before.items() <= after.items()
    assert set(named_in((places.broker / "pickled.passwd").read_text())) >= {
        "node-laptop", "studio.node-laptop", "studio.node-phone", "studio.pickled",
    }  # fmt: skip
    text = places.configuration.read_text()
    assert "listener 8883" in text
    assert "listener 8884" in text
    once = content(places.broker)
    install(places)
    assert content(places.broker) == once


def test_password_that_somebody_else_gave_stays(places: BrokerPlaces) -> None:
    """Only of a user of whom no password is kept; one that is kept holds."""
    (places.broker / "pickled.passwd").write_text("deck:$7$101$AAAA$BBBB\n")
    install(places)
    passwords = (places.broker / "pickled.passwd").read_text()
    assert "deck:$7$101$AAAA$BBBB\n" in passwords
    assert not places.secret("deck").file.exists()
    places.secret("deck").file.write_text("chosen by its owner\n")
    install(places)
    passwords = (places.broker / "pickled.passwd").read_text()
    assert has_password(passwords, "deck", "chosen by its owner")


def test_remove_leaves_the_machine_as_it_was(places: BrokerPlaces) -> None:
    """To the byte, also in files of other programs."""
    house = places.broker / "house.passwd"
    house.write_text("zigbee:x\n")
    house.chmod(0o640)
    rights = places.broker / "house.acl"
    rights.write_text("user zigbee\ntopic readwrite zigbee2mqtt/#")
    named = f"listener 1883\npassword_file {house}\nacl_file {rights}\n"
    (places.broker / "conf.d" / "house.conf").write_text(named)
    before = content(places.broker)
    install(places, names=("server.lan",))
    assert "zigbee:x\n" in house.read_text()
    assert "user pickled" in rights.read_text()
    text = places.configuration.read_text()
    for word in ("password_file", "acl_file", "listener 1883"):
        assert word not in text
    assert house.stat().st_mode & 0o777 == 0o640
    install(places, UNDO)
    assert content(places.broker) == {
        name: data + b"\n" if name.endswith("house.acl") else data for name, data in before.items()
    }
    assert content(places.ours) == {}


def test_users_of_other_programs_keep_their_rights(places: BrokerPlaces) -> None:
    """With an access list, who is not named may do nothing: so they are named."""
    house = places.broker / "house.passwd"
    house.write_text("zigbee:x\n")
    (places.broker / "conf.d" / "house.conf").write_text(f"password_file {house}\n")
    install(places)
    assert "user zigbee\ntopic readwrite #\n" in (places.broker / "pickled.acl").read_text()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("include_dir conf.d\nper_listener_settings true", "per_listener_settings"),
        ("persistence true", "add `include_dir"),
    ],
)
def test_broker_that_is_set_up_otherwise_is_refused(
    places: BrokerPlaces, line: str, told: str
) -> None:
    """With what to do; nothing is done."""
    (places.broker / "mosquitto.conf").write_text(f"{line}\n")
    before = content(places.broker.parent)
    with pytest.raises(InstallError, match=told):
        install(places)
    assert content(places.broker.parent) == before


def test_dry_run_tells_and_does_nothing(
    places: BrokerPlaces, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file, and no password."""
    before = content(places.broker.parent)
    install(places, Wish(dry_run=True), names=("server.lan",))
    out = capsys.readouterr().out
    for word in ("pickled.passwd", "pickled.acl", "pickled.conf", "server.lan", "node-laptop"):
        assert word in out
    assert content(places.broker.parent) == before


def test_who_gives_no_name_is_warned_about(
    places: BrokerPlaces, capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs that came without one are let in no more."""
    (places.broker / "conf.d" / "old.conf").write_text("allow_anonymous true\n")
    install(places, Wish(dry_run=True))
    assert "whoever gives no name is let in no more" in capsys.readouterr().out


def test_certificate_is_made_anew_for_another_name_and_in_time(places: BrokerPlaces) -> None:
    """By the same authority, so that no node has to be told."""
    install(places, names=("server.lan",))
    certificate = places.broker / "certs" / "pickled.crt"
    first, authority = certificate.read_bytes(), places.authority.read_bytes()
    now = datetime.now(UTC)
    assert certificates.still_good(first, ["server.lan", "127.0.0.1"], now)
    assert not certificates.still_good(first, ["other.lan"], now)
    assert not certificates.still_good(first, ["server.lan"], now + timedelta(days=760))
    install(places)
    assert certificate.read_bytes() == first
    install(places, names=("10.0.0.5",))
    second = certificate.read_bytes()
    assert certificates.still_good(second, ["server.lan", "10.0.0.5"], now)
    install(places, renew=True)
    assert certificate.read_bytes() != second
    assert places.authority.read_bytes() == authority


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"names": ("https://server",)}, "--tls https://server"),
        ({"shared": ("node-laptop",)}, "--shared node-laptop"),
        ({"instances": ("Home",)}, "--instance Home"),
        ({"nodes": ("studio.phone",)}, "--instance studio is not named"),
        ({"nodes": ("a b",)}, "--node a b"),
    ],
)
def test_names_that_can_not_be_are_refused(chosen: dict[str, object], told: str) -> None:
    """Before anything is done."""
    whole = Choices.model_validate(chosen).beside(Choices())
    with pytest.raises(UsageError, match=told):
        (whole.check(renew=False), whole.accesses)


def test_renewal_of_nothing_is_refused() -> None:
    """There is a way to have one."""
    with pytest.raises(UsageError, match="--tls NAME"):
        Choices().check(renew=True)


@pytest.mark.parametrize("line", ["", "# chosen: {", "# chosen: []", '# chosen: {"nodes": 7}'])
def test_choices_that_can_not_be_read_are_none(line: str) -> None:
    """Somebody has edited them away."""
    assert kept(f"{line}\n") == Choices()


def test_block_is_replaced_and_taken_out_of_a_file() -> None:
    """What stands around it stays."""
    text = with_block("a\n", "one\n") + "b\n"
    assert without_block(text) == "a\nb\n"
    assert without_block(with_block(text, "two")) == "a\nb\n"
    assert "one" not in with_block(text, "two")
