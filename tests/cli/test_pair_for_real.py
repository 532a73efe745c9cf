"""Pairing with an installed broker, its rights and its certificate: typed as the README has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stand_ins.broker_machine import run, why_not

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

VERSIONS = {"2.0": False, "2.1": True}
SCRIPT = r"""
pickled install mosquitto {listener} --node laptop --yes
export XDG_STATE_HOME={work}/state
secret=$(cat /etc/pickled/credentials/mqtt_password)
sub() {{ exec mosquitto_sub -V 5 -u pickled -P "$secret" "$@"; }}
sub -t 'no/such/topic' -W 30 >cut 2>&1 &
pickled pair --node phone --host localhost >given
pickled node pair <given >told
timeout 20 pickled node --wav out.wav 2>log-node &
(sub -t pickled/home/node/phone/availability -C 1 -W 15 >online)
(sub -t pickled/home/node/phone/info -C 1 -W 5 >info)
kill %2
wait %2 || true
kill -0 %1                            # nobody else was cut off
pickled pair --node phone --host localhost --renew --no-qr >renewed
head -n 1 given | pickled node pair 2>old && exit 9 || true
pickled node pair <renewed >>told
kill %1
cat /etc/pickled/passwords/node-phone >secret
"""


@pytest.fixture(params=VERSIONS)
def newer(request: pytest.FixtureRequest) -> bool:
    """Is it Mosquitto 2.1?"""
    wanted = VERSIONS[request.param]
    if why := why_not(newer=wanted):
        pytest.skip(why)
    return wanted


@pytest.mark.parametrize("listener", ["--open", "--tls localhost"])
def test_node_is_paired_while_others_play(newer: bool, listener: str, tmp_path: Path) -> None:
    """It comes online with the rights it was given; after --renew the old line is of no use."""
    done = run(tmp_path, SCRIPT.format(work=tmp_path, listener=listener), newer=newer)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "online").read_text() == "online\n"
    assert '"session"' in (tmp_path / "info").read_text()
    told = (tmp_path / "told").read_text()
    assert told.count("The broker takes it") == 2
    assert ("(TLS)" in told) == ("--tls" in listener)
    assert "that line is an old one" in (tmp_path / "old").read_text()
    secret = (tmp_path / "secret").read_text().strip()
    written = done.stdout + done.stderr + told + (tmp_path / "log-node").read_text()
    assert secret not in written
    log = (tmp_path / "log").read_text()
    assert "Warning" not in log
