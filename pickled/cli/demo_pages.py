"""The demo's pages: dashboard and overlay, where their packages are installed."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from pickled.cli.children import Child, running
from pickled.extras import missing

HOST = "127.0.0.1"
USUAL_PORT = 8000
READY_S = 15.0


def start_pages(
    stack: ExitStack, config: Path, environ: Mapping[str, str]
) -> tuple[Child, int] | None:
    """Start them, without waiting for them: the process and its port; None without the extra."""
    if missing("web"):
        return None
    port = _free_port()
    told = {name: value for name, value in environ.items() if name not in ("HOST", "PORT")}
    command = [sys.executable, "-m", "pickled", "web", "--config", str(config)]
    command += ["--host", HOST, "--port", str(port)]
    child = running("pages", command, folder=config.parent, environ=told)
    return stack.enter_context(child), port


def addresses(pages: tuple[Child, int] | None, ended: Callable[[], bool]) -> list[tuple[str, str]]:
    """What to open, line by line, once somebody answers there; raises PickledError if it died."""
    if pages is None:
        return []
    child, port = pages
    deadline = time.monotonic() + READY_S
    while not _answers(port):
        child.check()
        if ended() or time.monotonic() > deadline:
            return []
        time.sleep(0.05)
    base = f"http://{HOST}:{port}"
    return [("pages", f"{base}/  the dashboard"), ("", f"{base}/overlay  its face, for OBS")]


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), 0.5).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    """The usual one, or any that is free."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return USUAL_PORT
