"""The add-on of Home Assistant OS: its keys as documented, and its start beside a stand-in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pickled import __version__
from pickled.config import load
from tests.image.dockerfile import ROOT, instructions

ADDON = ROOT / "hass/addon"
CONFIG: dict[str, Any] = yaml.safe_load((ADDON / "config.yaml").read_text(encoding="utf-8"))

KEYS = {
    "name", "version", "slug", "description", "arch", "startup", "boot", "services", "map",
    "backup", "backup_pre", "backup_exclude", "options", "schema",
}  # fmt: skip
"""Those of the documented ones that ours has."""
REQUIRED = {"name", "version", "slug", "description", "arch"}
SORTS = re.compile(r"(str|bool|int|float|email|url|password|port|list)(\(.*\))?\??")
TOKEN = "the-supervisors"
BROKER = {"host": "core-mosquitto", "port": 1883, "ssl": False, "username": "addons",
          "password": "p4ss", "protocol": "3.1.1"}  # fmt: skip


def test_keys_are_those_that_are_documented() -> None:
    """A misspelt one would be ignored, or the add-on not be shown, without a word."""
    assert REQUIRED <= CONFIG.keys() <= KEYS
    assert CONFIG["version"] == __version__
    assert re.fullmatch(r"[-_.a-z0-9]+", CONFIG["slug"])
    assert set(CONFIG["arch"]) <= {"amd64", "aarch64"}
    assert CONFIG["startup"] in {"initialize", "system", "services", "application", "once"}
    assert CONFIG["boot"] in {"auto", "manual", "manual_only"}
    assert CONFIG["services"] == ["mqtt:want"]
    assert CONFIG["map"] == [{"type": "addon_config", "read_only": True}]
    assert CONFIG["backup"] in {"hot", "cold"}


def test_options_have_a_schema_and_words() -> None:
    """Each default fits its sort, and each option is explained."""
    assert CONFIG["options"].keys() <= CONFIG["schema"].keys()
    assert all(SORTS.fullmatch(sort) for sort in CONFIG["schema"].values())
    words = yaml.safe_load((ADDON / "translations/en.yaml").read_text(encoding="utf-8"))
    told = words["configuration"]
    assert told.keys() == CONFIG["schema"].keys()
    assert all(each["name"] and each["description"] for each in told.values())


def test_it_is_the_same_image() -> None:
    """For every machine that it says it is for; nothing is built anew."""
    built = yaml.safe_load((ADDON / "build.yaml").read_text(encoding="utf-8"))
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    image = compose["services"]["pickled"]["image"]
    assert built["build_from"] == dict.fromkeys(CONFIG["arch"], image)
    steps = instructions((ADDON / "Dockerfile").read_text(encoding="utf-8"))
    assert f"BUILD_FROM={image}" in [each.rest for each in steps if each.name == "ARG"]
    copied = [each.rest.split()[0] for each in steps if each.name == "COPY"]
    assert all((ADDON / name).is_file() for name in copied)
    user = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "USER 10001" in user
    assert "USER = 10001" in (ADDON / "run.py").read_text(encoding="utf-8")


Start = Callable[..., "list[Called]"]


@contextmanager
def supervisor(answer: dict[str, Any] | None) -> Iterator[str]:
    """Its address; it says so to whoever has its token."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
            found = allowed and self.path == "/services/mqtt" and answer is not None
            self.send_response(200 if found else 400)
            self.end_headers()
            self.wfile.write(json.dumps({"result": "ok", "data": answer}).encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


PROGRAM = """#!/bin/sh
{{ printf '%s\\n' "$1" "$(pwd)" "$(id -u)"; env -0; printf '\\n--\\n'; }} >> {shown}
"""
"""Stands in for pickled: writes down how it was called."""


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder that somebody without rights can look into."""
    folder = Path(tempfile.mkdtemp(prefix="addon-"))
    folder.chmod(0o755)
    for name in ("bin", "data", "config"):
        (folder / name).mkdir()
    shown = folder / "shown"
    shown.touch()
    shown.chmod(0o666)
    program = folder / "bin/pickled"
    program.write_text(PROGRAM.format(shown=shown))
    program.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Called:
    """How the program was called that the add-on becomes."""

    command: str
    folder: str
    user: int
    environ: dict[str, str]


@pytest.fixture
def start(room: Path) -> Callable[..., list[Called]]:
    """`start(options, answer)`: which programs it runs, and how."""

    def call(options: dict[str, Any], answer: dict[str, Any] | None) -> list[Called]:
        (room / "data/options.json").write_text(json.dumps(options))
        with supervisor(answer) as address:
            environ = {"PATH": f"{room / 'bin'}:/usr/bin:/bin", "SUPERVISOR_TOKEN": TOKEN,
                       "SUPERVISOR_URL": address, "ADDON_DATA": str(room / "data"),
                       "ADDON_CONFIG": str(room / "config")}  # fmt: skip
            done = subprocess.run(
                [sys.executable, str(ADDON / "run.py")], env=environ,
                capture_output=True, text=True, timeout=50, check=False,
            )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = []
        for each in (room / "shown").read_text().split("\n--\n")[:-1]:
            command, folder, user, variables = each.split("\n", 3)
            pairs = (pair.split("=", 1) for pair in variables.split("\0") if "=" in pair)
            found.append(Called(command, folder, int(user), dict(pairs)))
        return found

    return call


def test_it_finds_the_broker_add_on(start: Start, room: Path) -> None:
    """And the daemon takes what it is given: host, user, password, channel."""
    (ran,) = start({"channel": "@Streamer", "persona": ""}, BROKER)
    assert (ran.command, ran.folder) == ("run", str(room / "config"))
    assert "SUPERVISOR_TOKEN" not in ran.environ
    config = load(None, environ=ran.environ, cwd=Path(ran.folder)).config
    assert (config.mqtt.host, config.mqtt.username) == ("core-mosquitto", "addons")
    assert config.mqtt.password is not None
    assert config.mqtt.password.get_secret_value() == "p4ss"
    assert config.channel == "streamer"
    assert config.persona == "default"
    assert config.data_dir == room / "data/pickled"


def test_own_broker_and_parts_win(start: Start) -> None:
    """What the owner wrote is not asked of the Supervisor."""
    options = {
        "mqtt_host": "127.0.0.1", "mqtt_port": 1884, "ollama": "http://10.0.0.2:11434",
        "model": "phi3.5", "voice": "tcp://core-piper:10200",
    }  # fmt: skip
    (ran,) = start(options, BROKER)
    config = load(None, environ=ran.environ, cwd=Path(ran.folder)).config
    assert (config.mqtt.host, config.mqtt.port, config.mqtt.username) == ("127.0.0.1", 1884, None)
    assert config.llm.options["model"] == "phi3.5"
    assert (config.tts.kind, config.tts.options["url"]) == ("wyoming", "tcp://core-piper:10200")


def test_without_a_broker_it_starts_and_says_so(start: Start) -> None:
    """The daemon waits for one; the log names both ways to get one."""
    (ran,) = start({}, None)
    assert ran.command == "run"
    assert "PICKLED_MQTT__HOST" not in ran.environ


def test_restored_add_on_has_its_memory_again(start: Start, room: Path) -> None:
    """Home Assistant brings the backup back, and not the database; that is made of it."""
    (room / "data/pickled.backup").write_bytes(b"x")
    assert [each.command for each in start({}, BROKER)] == ["restore", "run"]
    assert CONFIG["backup_pre"].split()[:3] == ["pickled", "backup", "/data/pickled.backup"]
    assert "*memory.sqlite*" in CONFIG["backup_exclude"]


def test_it_goes_on_without_rights(start: Start, room: Path) -> None:
    """Root is only needed to make the folder its own."""
    (ran,) = start({}, BROKER)
    if os.geteuid() != 0:
        pytest.skip("only root can give its rights away")
    assert ran.user == 10001
    assert (room / "data/pickled").stat().st_uid == 10001
