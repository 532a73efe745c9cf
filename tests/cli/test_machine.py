"""What the demo finds on a machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pickled.cli.machine import find_model
from pickled.cli.mosquitto import free_port


@contextmanager
def ollama(body: bytes) -> Iterator[str]:
    """Answers every request with that body."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _models(*names: str) -> bytes:
    return json.dumps({"models": [{"name": name} for name in names]}).encode()


@pytest.mark.parametrize(
    ("installed", "environ", "expected"),
    [
        (("llama3.2:3b", "phi3.5:latest"), {}, "phi3.5:latest"),
        (("phi3.5:latest", "llama3.2:3b"), {"OLLAMA_MODEL": "llama3.2:3b"}, "llama3.2:3b"),
        (("phi3.5:latest", "mine:latest"), {"OLLAMA_MODEL": "mine"}, "mine:latest"),
        (("nomic-embed-text:latest", "qwen3:4b"), {}, "qwen3:4b"),
        (("nomic-embed-text:latest",), {}, None),
        ((), {}, None),
    ],
)
def test_model_is_one_that_is_installed(
    installed: tuple[str, ...], environ: dict[str, str], expected: str | None
) -> None:
    """The named one wins, then the usual one, then any that writes."""
    with ollama(_models(*installed)) as host:
        assert find_model(environ, host=host) == expected


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"models": [1]}', b'{"models": 7}'])
def test_model_of_something_else_on_that_port_is_none(body: bytes) -> None:
    """A server that is no Ollama is no model."""
    with ollama(body) as host:
        assert find_model({}, host=host) is None


def test_model_without_ollama_is_none() -> None:
    """Where nothing listens there is no model."""
    assert find_model({}, host=f"http://127.0.0.1:{free_port()}") is None
