"""A node as a process, and somebody who plays the daemon."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.process import Daemon, node_process
from tests.stand_ins.broker import Broker


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Where the node's sound goes."""
    return tmp_path / "out.wav"


@pytest.fixture
def daemon(broker: Broker) -> Iterator[Daemon]:
    """Somebody who plays the daemon."""
    with Daemon(broker) as daemon:
        yield daemon


@pytest.fixture
def node(
    broker: Broker, daemon: Daemon, tmp_path: Path, wav: Path
) -> Iterator[subprocess.Popen[str]]:
    """A node that is online."""
    with node_process(broker, tmp_path, "--wav", str(wav)) as process:
        daemon.wait_online()
        yield process
