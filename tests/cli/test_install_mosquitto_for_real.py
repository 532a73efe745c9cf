"""What README and printed configuration tell to type, typed as it stands, on both brokers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.stand_ins.broker_machine import ROOT, run, why_not

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

VERSIONS = {"2.0": False, "2.1": True}
DAEMON = """\
cat >pickled.yaml <<'END'
memory: {embedder: null}
mqtt: {host: mqtts://localhost, username: pickled, ca_file: /etc/pickled/ca.crt,
       password_file: /etc/pickled/credentials/mqtt_password}
END
pickled doctor --json --websocket 8884 >doctor.json || true
"""


@pytest.fixture(params=VERSIONS)
def newer(request: pytest.FixtureRequest) -> bool:
    """Is it Mosquitto 2.1?"""
    wanted = VERSIONS[request.param]
    if why := why_not(newer=wanted):
        pytest.skip(why)
    return wanted


def steps() -> str:
    """The block of the README's section on the broker."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"### The broker\n.*?```sh\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def by_hand() -> str:
    """The commands in the head of the printed configuration."""
    text = (ROOT / "topics" / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    commands = re.findall(r"^#   (sudo .*)$", text, re.MULTILINE)
    assert len(commands) >= 4
    return "".join(
        f"printf 'secret\\nsecret\\n' | {each}\n" if "mosquitto_passwd" in each else f"{each}\n"
        for each in commands
    )


def test_steps_of_the_readme(newer: bool, tmp_path: Path) -> None:
    """The broker starts, and doctor has nothing to say of it; the files are its own alone."""
    script = f"""
{steps()}
{DAEMON}
stat -c '%U %a %n' /etc/mosquitto/pickled.* /etc/mosquitto/certs/pickled.* /etc/pickled/*/* \\
    /etc/pickled/ca.* >files
cp /etc/pickled/passwords/deck before
pickled install mosquitto --instance studio --node studio.phone --yes
cmp before /etc/pickled/passwords/deck
{DAEMON.replace("doctor.json", "again.json")}
sed -i 's/username: pickled/username: studio.pickled/' pickled.yaml
sed -i 's/credentials/credentials.studio/' pickled.yaml
PICKLED_INSTANCE=studio pickled doctor --json >studio.json || true
pickled set volume 40 --broker mqtts://deck@localhost --ca-file /etc/pickled/ca.crt \\
    --password-file /etc/pickled/passwords/deck 2>deck || true
pickled install mosquitto --remove --yes
find /etc/mosquitto /etc/pickled -name '*pickled*' -type f -o -path '/etc/pickled/*' -type f >left
"""
    done = run(tmp_path, script, newer=newer)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("doctor.json", "again.json", "studio.json"):
        checks = {
            each["name"]: each for each in json.loads((tmp_path / name).read_text())["checks"]
        }
        for wanted in ("broker", "users", "retained", "certificate", "websocket"):
            assert checks[wanted]["status"] == "ok", (name, checks[wanted])
        assert "rights" not in checks
    modes = {
        line.split()[2]: line.split()[:2] for line in (tmp_path / "files").read_text().splitlines()
    }
    assert modes["/etc/mosquitto/pickled.passwd"] == ["mosquitto", "600"]
    assert modes["/etc/mosquitto/pickled.acl"] == ["mosquitto", "600"]
    assert modes["/etc/mosquitto/certs/pickled.key"] == ["mosquitto", "600"]
    assert modes["/etc/pickled/ca.key"] == ["root", "600"]
    assert modes["/etc/pickled/ca.crt"] == ["root", "644"]
    assert modes["/etc/pickled/passwords/node-laptop"] == ["root", "600"]
    assert "No answer" in (tmp_path / "deck").read_text()
    assert (tmp_path / "left").read_text() == ""
    secret = (tmp_path / "before").read_text().strip()
    assert secret not in done.stdout + done.stderr
    log = (tmp_path / "log").read_text()
    assert "Warning" not in log
    assert "Unable to" not in log


def test_steps_by_hand(newer: bool, tmp_path: Path) -> None:
    """The printed configuration, access list and commands are enough, too."""
    script = f"""
sudo cp {ROOT}/topics/mosquitto/mosquitto.conf /etc/mosquitto/conf.d/pickled.conf
sudo cp {ROOT}/topics/mosquitto/acl /etc/mosquitto/pickled.acl
{by_hand()}
sudo systemctl restart mosquitto
printf secret >password
chmod 600 password
cat >pickled.yaml <<'END'
memory: {{embedder: null}}
mqtt: {{username: pickled, password_file: password}}
END
pickled doctor --json >doctor.json || true
"""
    done = run(tmp_path, script, newer=newer)
    assert done.returncode == 0, done.stdout + done.stderr
    checks = {
        each["name"]: each for each in json.loads((tmp_path / "doctor.json").read_text())["checks"]
    }
    assert {checks[name]["status"] for name in ("broker", "users", "retained")} == {"ok"}
    assert "Warning" not in (tmp_path / "log").read_text()


def test_other_programs_go_on_as_before(newer: bool, tmp_path: Path) -> None:
    """A broker that has users already: theirs keep password and rights, ours come beside them."""
    script = """
cat >/etc/mosquitto/conf.d/house.conf <<'END'
listener 1883
allow_anonymous false
password_file /etc/mosquitto/house.passwd
END
mosquitto_passwd -b -c /etc/mosquitto/house.passwd zigbee secret
chown mosquitto: /etc/mosquitto/house.passwd
chmod 640 /etc/mosquitto/house.passwd
cp -a /etc/mosquitto before
pickled install mosquitto --yes
mosquitto_pub -V 5 -q 1 -u zigbee -P secret -t zigbee2mqtt/lamp -m ON -r
mosquitto_pub -V 5 -q 1 -u deck -P "$(cat /etc/pickled/passwords/deck)" -t zigbee2mqtt/lamp \\
    -m OFF -r 2>refused || true
mosquitto_sub -V 5 -u zigbee -P secret -t 'zigbee2mqtt/#' -C 1 -W 5 >heard
pickled install mosquitto --remove --yes
mosquitto_pub -V 5 -q 1 -u zigbee -P secret -t zigbee2mqtt/lamp -m OFF -r
diff -r before /etc/mosquitto
stat -c '%U %a' /etc/mosquitto/house.passwd >mode
"""
    done = run(tmp_path, script, newer=newer)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "heard").read_text() == "ON\n"
    assert (tmp_path / "mode").read_text() == "mosquitto 640\n"
