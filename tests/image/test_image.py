"""The image and its compose file say the same as units, README, printed contract and code."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from pickled.cli.children import running
from pickled.cli.mosquitto import find_mosquitto
from pickled.config import FILE_NAME, MqttConfig
from pickled.daemon.stopping import LONGEST_STOP_S
from tests.cli.command_line import Run
from tests.image.dockerfile import ROOT, copy_context, instructions, taken
from tests.stand_ins.broker import HOST, Broker, free_port

DOCKERFILE = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def told(name: str) -> list[str]:
    """What stands behind each instruction of that name."""
    return [each.rest for each in DOCKERFILE if each.name == name]


def environment() -> dict[str, str]:
    """Of the last stage."""
    return dict(pair.split("=", 1) for pair in shlex.split(told("ENV")[-1]))


def test_image_copies_what_is_there_and_what_the_build_needs() -> None:
    """Every source exists, is let through, and all that the wheel takes is among it."""
    context = taken(ROOT)
    copied = [part for rest in told("COPY") if "--from" not in rest for part in rest.split()[:-1]]
    for each in copied:
        assert any(path.is_relative_to(each) for path in context), each
    wanted = re.search(r"only-include = (\[.*\])", (ROOT / "pyproject.toml").read_text())
    assert wanted is not None
    assert set(json.loads(wanted[1])) <= set(copied)
    assert {"requirements.lock", "pyproject.toml", "README.md", "LICENSE"} <= set(copied)
    assert not any(part in str(path) for path in context for part in (".env", "tests", ".git"))


def test_context_of_the_image_builds_the_whole_wheel(tmp_path: Path) -> None:
    """Nothing that the package needs is kept from it by `.dockerignore`."""
    copy_context(ROOT, tmp_path / "src")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
             "--no-index", "-w", str(tmp_path), str(tmp_path / "src")]  # fmt: skip
    done = subprocess.run(build, capture_output=True, text=True, timeout=50, check=False)
    if "hatchling" in done.stderr and "No module named" in done.stderr:
        pytest.skip("hatchling, which builds the wheel, is not installed")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for part in ("pickled/personas/default.yaml", "pickled/systemd/pickled.service"):
        assert part in names


def test_image_keeps_its_data_where_compose_does() -> None:
    """One folder for memory, which the daemon takes for its own."""
    place = environment()["STATE_DIRECTORY"]
    assert told("VOLUME") == [place]
    mounts = COMPOSE["services"]["pickled"]["volumes"]
    assert f"memory:{place}" in mounts
    assert "memory" in COMPOSE["volumes"]
    (config,) = (each for each in mounts if isinstance(each, dict))
    assert config["target"] == f"{told('WORKDIR')[-1]}/{FILE_NAME}"
    assert config["read_only"] is True
    assert config["bind"] == {"create_host_path": False}


def test_image_runs_what_the_units_run() -> None:
    """The same program, as nobody in particular, and not as root."""
    unit = (ROOT / "systemd/pickled.service").read_text(encoding="utf-8")
    (program,) = re.findall(r"ExecStart=(\S+) run", unit)
    assert environment()["PATH"].split(":")[0] == str(Path(program).parent)
    assert json.loads(told("ENTRYPOINT")[0]) == [Path(program).name]
    assert json.loads(told("CMD")[-1]) == ["run"]
    assert int(told("USER")[-1]) > 0


def test_container_has_time_to_end() -> None:
    """Longer than the daemon takes at most; then it would be killed."""
    grace = COMPOSE["services"]["pickled"]["stop_grace_period"]
    assert float(grace.removesuffix("s")) > LONGEST_STOP_S


def test_health_check_is_a_command_that_works(run: Run, broker: Broker) -> None:
    """It fails while nobody is online, and does so within its own time limit."""
    check = next(rest for rest in told("HEALTHCHECK"))
    program, *command = json.loads(check.partition("CMD ")[2])
    limit = re.search(r"--timeout=(\d+)s", check)
    assert program == "pickled"
    assert limit is not None
    began = time.monotonic()
    ran = run(*command, "--broker", broker.url)
    assert (ran.code, "is not online" in ran.err) == (1, True)
    assert float(command[-1]) < float(limit[1])
    assert time.monotonic() - began >= float(command[-1])


def test_compose_opens_the_brokers_port_to_this_machine_only() -> None:
    """The broker is open to all who reach it, so nobody else may."""
    (port,) = COMPOSE["services"]["broker"]["ports"]
    assert port == f"127.0.0.1:{MqttConfig().port}:{MqttConfig().port}"
    assert COMPOSE["services"]["pickled"]["environment"] == {"PICKLED_MQTT__HOST": "broker"}


@pytest.mark.usefixtures("broker")  # skips where there is none
def test_broker_of_compose_starts_with_its_configuration(tmp_path: Path) -> None:
    """A real Mosquitto takes it; limits are those of the printed one, or more."""
    text = COMPOSE["configs"]["mosquitto"]["content"]
    printed = (ROOT / "topics/mosquitto/mosquitto.conf").read_text(encoding="utf-8")
    for limit in ("max_packet_size", "max_queued_messages"):
        ours, theirs = (re.search(rf"(?m)^{limit} (\d+)$", each) for each in (text, printed))
        assert ours is not None
        assert theirs is not None
        assert int(ours[1]) >= int(theirs[1])
    port = free_port()
    config = tmp_path / "mosquitto.conf"
    config.write_text(
        text.replace("listener 1883", f"listener {port} 127.0.0.1").replace(
            "/mosquitto/data/", f"{tmp_path}/"
        )
        + "user root\n"
    )
    with running("mosquitto", [find_mosquitto(), "-c", str(config)], folder=tmp_path) as child:
        until = time.monotonic() + 10
        while True:
            child.check()
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
                break
            assert time.monotonic() < until, child.log.read_text()
    assert "Error" not in child.log.read_text()


def test_readme_tells_what_the_compose_file_needs() -> None:
    """The command, and where its memory is."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "docker compose up -d" in readme
    assert "EXTRAS=embeddings" in readme
