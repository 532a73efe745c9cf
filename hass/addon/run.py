"""Starts pickled as an add-on: its options and the Supervisor's broker as variables, then `run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

USER = 10001
"""As in the image."""
TIMEOUT_S = 10.0

OPTIONS = {
    "channel": "PICKLED_CHANNEL",
    "persona": "PICKLED_PERSONA",
    "ollama": "PICKLED_LLM__HOST",
    "model": "PICKLED_LLM__MODEL",
    "voice": "PICKLED_TTS__URL",
    "mqtt_host": "PICKLED_MQTT__HOST",
    "mqtt_port": "PICKLED_MQTT__PORT",
    "mqtt_user": "PICKLED_MQTT__USERNAME",
    "mqtt_password": "PICKLED_MQTT__PASSWORD",
}
"""An option of the add-on, and what it is to pickled."""


def main() -> None:
    """Replace this process by the daemon."""
    data = Path(os.environ.get("ADDON_DATA", "/data"))
    options = json.loads((data / "options.json").read_text(encoding="utf-8"))
    found = variables(options, broker() if not options.get("mqtt_host") else {})
    state = data / "pickled"
    state.mkdir(mode=0o700, exist_ok=True)
    environ = os.environ | found | {"STATE_DIRECTORY": str(state), "HOME": str(state)}
    environ.pop("SUPERVISOR_TOKEN", None)  # it is not pickled's
    restore(data, state, environ)
    become_nobody(state)
    os.chdir(os.environ.get("ADDON_CONFIG", "/config"))
    os.execvpe("pickled", ["pickled", "run"], environ)  # noqa: S606, S607


def variables(options: dict[str, Any], service: dict[str, Any]) -> dict[str, str]:
    """What the owner wrote wins over what the Supervisor says; what is empty says nothing."""
    from_service = {
        "PICKLED_MQTT__HOST": service.get("host"),
        "PICKLED_MQTT__PORT": service.get("port"),
        "PICKLED_MQTT__USERNAME": service.get("username"),
        "PICKLED_MQTT__PASSWORD": service.get("password"),
        "PICKLED_MQTT__TLS": "true" if service.get("ssl") else None,
        # A password in the clear stays on this machine: the broker is an add-on beside this one.
        "PICKLED_MQTT__INSECURE": "true" if service and not service.get("ssl") else None,
    }
    given = {OPTIONS[name]: value for name, value in options.items() if name in OPTIONS}
    if options.get("voice"):
        given["PICKLED_TTS__KIND"] = "wyoming"
    filled = {name: value for name, value in given.items() if value not in (None, "")}
    return {name: str(value) for name, value in (from_service | filled).items() if value}


def broker() -> dict[str, Any]:
    """The Mosquitto add-on, as the Supervisor knows it; nothing if there is none."""
    token = os.environ.get("SUPERVISOR_TOKEN", "")
    place = os.environ.get("SUPERVISOR_URL", "http://supervisor")
    request = urllib.request.Request(  # noqa: S310  # the Supervisor's own address
        f"{place}/services/mqtt", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            told = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError) as error:
        say(f"no broker ({error}): install the Mosquitto add-on, or set mqtt_host")
        return {}
    data = told.get("data") if isinstance(told, dict) else None
    return data if isinstance(data, dict) else {}


def restore(data: Path, state: Path, environ: dict[str, str]) -> None:
    """After Home Assistant restored the add-on, its memory is in the backup that came along."""
    backup = data / "pickled.backup"
    if backup.exists() and not (state / "memory.sqlite").exists():
        command = ["pickled", "restore", str(backup), "--data-dir", str(state)]
        done = subprocess.run(command, env=environ, check=False)  # noqa: S603
        if done.returncode:
            sys.exit("the backup can't be restored: see above; delete it to start empty")


def become_nobody(state: Path) -> None:
    """With the rights of root only for as long as they are needed."""
    if os.geteuid() != 0:
        return
    for each in (state, *state.rglob("*")):
        os.lchown(each, USER, USER)
    os.setgroups([])
    os.setgid(USER)
    os.setuid(USER)


def say(text: str) -> None:
    """Into the add-on's log."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
