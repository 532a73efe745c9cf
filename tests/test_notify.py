"""What the service manager is told, on a real datagram socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pickled.notify import LONGEST_STATUS, ServiceManager, service_manager
from tests.stand_ins.service_manager import StandInManager


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[StandInManager]:
    """One that listens as systemd does."""
    with StandInManager(tmp_path / "notify") as listening:
        yield listening


def test_manager_is_told_what_is_said(manager: StandInManager) -> None:
    """Each call is one datagram, a line for each thing."""
    told = service_manager({"NOTIFY_SOCKET": manager.address})
    told.tell("READY=1", "STATUS=all parts are up")
    assert manager.next() == ["READY=1", "STATUS=all parts are up"]


def test_status_is_one_short_line(manager: StandInManager) -> None:
    """Whatever a part has to say, no line of it is taken for another variable."""
    told = service_manager({"NOTIFY_SOCKET": manager.address})
    told.status("llm down:\nWATCHDOG=1 " + "x" * 999)
    (line,) = manager.next()
    assert line.startswith("STATUS=llm down: WATCHDOG=1 xxx")
    assert len(line) == len("STATUS=") + LONGEST_STATUS


def test_abstract_socket_is_understood() -> None:
    """As containers have it: its name begins with an @."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        name = f"pickled-test-{os.getpid()}"
        listening.bind(f"\0{name}")
        listening.settimeout(5)
        service_manager({"NOTIFY_SOCKET": f"@{name}"}).tell("READY=1")
        assert listening.recv(100) == b"READY=1"


def test_watchdog_counts_if_it_is_ours(manager: StandInManager) -> None:
    """Its time in seconds; one that was meant for another process is none of ours."""
    environ = {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "30000000"}
    assert service_manager(dict(environ)).watchdog_s == 30
    assert service_manager(environ | {"WATCHDOG_PID": str(os.getpid())}).watchdog_s == 30
    assert service_manager(environ | {"WATCHDOG_PID": "1"}).watchdog_s is None
    assert service_manager(environ | {"WATCHDOG_USEC": "soon"}).watchdog_s is None


def test_processes_of_ours_are_not_watched(manager: StandInManager) -> None:
    """What we start inherits nothing by which it could speak for us."""
    environ = {
        "NOTIFY_SOCKET": manager.address,
        "WATCHDOG_USEC": "1",
        "WATCHDOG_PID": "1",
        "A": "b",
    }
    service_manager(environ)
    assert environ == {"A": "b"}


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/at/all", "@nobody-listens-here"])
def test_nobody_there_stops_nothing(address: str) -> None:
    """Without a service manager, or with one that is gone, it runs all the same."""
    service_manager({"NOTIFY_SOCKET": address}).tell("READY=1")
    ServiceManager().status("fine")
