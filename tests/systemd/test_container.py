"""pickled as a service, in a container that is booted: installed, broken, and taken away again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.systemd import container
from tests.systemd.driver_words import PASSWORD

pytestmark = [pytest.mark.container, pytest.mark.timeout(container.BOOT_S + 20)]

STOP_S = 5.0
MOST_EXPOSED = 1.2


@pytest.fixture(scope="module")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to which the container wrote what happened in it."""
    if why := container.why_not():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("container")
    ran = container.boot(folder, "tests/systemd/driver.py")
    if not (folder / "out/found.json").exists():
        pytest.skip(f"no container can be booted here: {ran.stderr[-400:]}")
    return folder / "out"


@pytest.fixture(scope="module")
def found(booted: Path) -> dict[str, Any]:
    """What happened."""
    seen: dict[str, Any] = json.loads((booted / "found.json").read_text())
    journal = (booted / "journal.txt").read_text(errors="replace").splitlines()
    ours = [line[:300] for line in journal if "pickled[" in line or "systemd[1]: pickled" in line]
    assert "failed" not in seen, seen["failed"] + "\n".join(ours[-30:])
    return seen


def test_installer_starts_it(found: dict[str, Any]) -> None:
    """It tells each step, and ends when the daemon is ready."""
    assert found["install"]["code"] == 0, found["install"]["said"]
    for told in ("write   /etc/systemd/system/pickled.service", "(yours)", "Done."):
        assert told in found["install"]["said"]
    assert found["ready"]["SubState"] == "running"
    assert found["timer"] == "active"


def test_status_is_its_health(found: dict[str, Any]) -> None:
    """What `systemctl status` shows is what the health topic says."""
    assert "node down: none speaks to the stream" in found["status"]


def test_exposure_is_the_same_where_it_runs(found: dict[str, Any]) -> None:
    """As on the file, so live."""
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", found["exposure"])
    assert level is not None, found["exposure"]
    assert float(level[1]) <= MOST_EXPOSED


def test_model_embeds_under_the_hardening(found: dict[str, Any]) -> None:
    """The real one, in its own process: torch, tokenizers, and vectors that came back."""
    if found["memory"] == "absent":
        pytest.skip("torch and the model are not installed: make test EXTRAS=embeddings")
    memory = json.loads(found["memory"])
    assert memory["embedder"]
    assert found["hit"]["code"] == 0, found["hit"]["said"]


def test_backup_takes_nothing_from_the_running_daemon(found: dict[str, Any]) -> None:
    """Both are the same user: the daemon writes on, and a restart finds all of it."""
    assert found["set"][0] == 0, found["set"][1]
    assert found["backup"]["code"] == 0, found["backup"]["said"]
    assert found["backup"]["Result"] == "success"
    assert len(found["backups"]) == 1
    assert re.fullmatch(r"home-\d{4}-.*\.backup", found["backups"][0])
    assert found["set_after_backup"][0] == 0, found["set_after_backup"][1]
    assert found["volume"] == "42"
    assert {"memory.sqlite", "settings.json"} <= set(found["files"])


def test_plain_kill_brings_it_back(found: dict[str, Any]) -> None:
    """As a tool does that is short of memory, or an administrator."""
    assert found["back_after_kill_s"] < 30


def test_watchdog_ends_what_has_lost_a_part(found: dict[str, Any]) -> None:
    """An input that died without a word, while all else goes on; and nothing before that."""
    assert found["restarts_while_all_goes_on"] == 0
    assert found["noticed_s"] < 20
    assert found["noticed_why"]


def test_node_is_a_service_of_its_user(found: dict[str, Any]) -> None:
    """Installed without root, ready, with its status; and taken away again."""
    assert found["node"][0] == 0, found["node"][1]
    assert found["node_state"] == "SubState=running"
    assert "sound goes to" in found["node_status"]
    assert found["node_removed"][0] == 0, found["node_removed"][1]
    assert found["node_left"] == []


def test_node_is_put_into_the_login_of_its_user(found: dict[str, Any]) -> None:
    """With its options, word by word; taken out again, nothing is left."""
    assert found["login"][0] == 0, found["login"][1]
    assert found["login_removed"][0] == 0, found["login_removed"][1]
    assert found["login_left"] == []


def test_second_channel_runs_beside_the_first(found: dict[str, Any]) -> None:
    """With a configuration, a folder and secrets of its own; it goes without the other noticing."""
    assert found["second"][0] == 0, found["second"][1]
    assert found["second_ready"]["SubState"] == "running"
    assert found["second_removed"][0] == 0, found["second_removed"][1]
    assert found["first_meanwhile"]["SubState"] == "running"


def test_missing_secrets_do_not_keep_it_from_starting(found: dict[str, Any]) -> None:
    """It runs, and says itself what it lacks; systemd would only say 243."""
    assert found["without_secrets"]["ExecMainStatus"] == "0"
    assert int(found["without_secrets"]["MainPID"]) > 0


def test_stop_is_quick(found: dict[str, Any]) -> None:
    """In order, and in time."""
    assert found["stop_s"] < STOP_S
    assert found["stopped"]["Result"] == "success"


def test_removal_leaves_only_what_is_the_owners(found: dict[str, Any]) -> None:
    """No unit is left; memory and configuration are."""
    assert found["removed"][0] == 0, found["removed"][1]
    assert found["left"] == []
    assert "memory.sqlite" in found["stays"]


def test_no_secret_is_in_the_journal(booted: Path, found: dict[str, Any]) -> None:
    """Whatever happened to it."""
    assert found["install"]["code"] == 0
    assert PASSWORD not in (booted / "journal.txt").read_text(errors="replace")
