"""Puts the pages together and serves them; nothing here knows the daemon's insides."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
import structlog
import uvicorn
from fastapi import FastAPI

from pickled import __version__
from pickled.config import Config, MqttConfig, is_this_machine
from pickled.errors import ConfigError, UsageError
from pickled.mqtt.client import Connection
from pickled.notify import service_manager
from pickled.topics import Root
from pickled.web.addresses import Addresses
from pickled.web.commands import PageCommands
from pickled.web.door import Door
from pickled.web.feed import Feed
from pickled.web.keys import TOKEN_FILE, Keys, kept_token
from pickled.web.metrics import Metrics
from pickled.web.mouth import Mouth
from pickled.web.overlay import overlay_routes
from pickled.web.rest import refuse_other_methods, rest_routes

log = structlog.get_logger()

STOP_S = 2.0
"""So long a request may take to end."""
_PING_S = 10.0


@dataclass
class Pages:
    """Everything of one run."""

    config: Config
    feed: Feed = field(init=False)
    bus: Connection = field(init=False)
    audio: Connection = field(init=False)
    commands: PageCommands = field(init=False)
    mouth: Mouth = field(init=False)
    app: FastAPI = field(init=False)
    door: Door = field(init=False)
    addresses: Addresses = field(init=False)

    def __post_init__(self) -> None:
        """Raises ConfigError and BrokerError where trying is no use."""
        config, web = self.config, self.config.web
        state_dir = _state_dir()
        mqtt, mouth = _identities(config)
        root = Root(mqtt.base_topic, config.instance)
        name = f"{mqtt.base_topic}-{config.instance}-web-{secrets.token_hex(3)}"
        self.feed = Feed(root)
        self.bus = Connection(mqtt, root, name=name, announce=False)
        self.audio = Connection(mqtt, root, name=f"{name}-audio", announce=False)
        self.commands = PageCommands(self.bus)
        self.mouth = Mouth(mouth, config.instance, state_dir)
        keys = self._keys(state_dir)
        secure = web.certificate is not None
        self.addresses = Addresses(web.host, web.port, secure, keys.overlay if keys else "")
        self.app = self._app()
        self.door = Door(
            self.app, config.instance, keys, origins=web.origins,
            secure=secure or any(each.startswith("https:") for each in web.origins),
        )  # fmt: skip

    def _keys(self, state_dir: Path) -> Keys | None:
        web = self.config.web
        if web.token is not None:
            return Keys(web.token.get_secret_value())
        if is_this_machine(web.host):
            return None
        folder = state_dir / f"web-{self.config.instance}"
        keys = Keys(kept_token(folder))
        log.info("everybody has to sign in", token_file=str(folder / TOKEN_FILE))
        return keys

    def _app(self) -> FastAPI:
        from pickled.web.dashboard.page import dashboard

        app = FastAPI(title="pickled", version=__version__, docs_url=None, redoc_url=None)
        metrics = Metrics(self.feed)
        self.feed.listeners += [self.commands.take, metrics.take]
        rest = rest_routes(app, self.feed, self.commands, metrics)
        app.include_router(rest)
        refuse_other_methods(app, rest)
        faces = self.config.web.faces_dir
        app.include_router(overlay_routes(self.feed, self.mouth, faces))
        dashboard(app, self.feed, self.commands, self.addresses)
        return app

    async def serve(self) -> None:
        """Until SIGTERM or Ctrl-C."""
        web, manager = self.config.web, service_manager(os.environ)
        listening = _listen(web.host, web.port)
        server = _Server(
            uvicorn.Config(
                self.door, log_config=None, access_log=False, server_header=False,
                timeout_graceful_shutdown=int(STOP_S), ws_ping_interval=_PING_S,
                ws_ping_timeout=2 * _PING_S, ws_max_size=1_000_000,
                h11_max_incomplete_event_size=65_536,
                ssl_certfile=web.certificate, ssl_keyfile=web.certificate_key,
            )
        )  # fmt: skip
        self.feed.listen(self.bus, self.audio)
        with _ended_by_signals(server):
            async with (
                asyncio.TaskGroup() as group
            ):  # what dies takes all along: it is started again
                tasks = [
                    group.create_task(self.bus.run(), name="mqtt"),
                    group.create_task(self.audio.run(), name="mqtt audio"),
                    group.create_task(self._tell(server, manager.tell), name="ready"),
                ]
                try:
                    await server.serve(sockets=[listening])
                finally:
                    manager.tell("STOPPING=1")
                    await self.mouth.close()
                    for each in tasks:
                        each.cancel()

    async def _tell(self, server: uvicorn.Server, ready: Callable[..., None]) -> None:
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.02)
        ready("READY=1", f"STATUS=pages at {self.addresses.dashboard}")
        log.info(
            "pages", dashboard=self.addresses.dashboard, overlay=self.addresses.base + "/overlay"
        )


def run(config: Config) -> int:
    """Serve the pages until SIGTERM or Ctrl-C; returns the exit code. Raises PickledError."""
    web = config.web
    if (web.certificate is None) != (web.certificate_key is None):
        raise UsageError("A certificate needs its key, and a key its certificate: name both.")
    if web.certificate is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
                web.certificate, web.certificate_key
            )
        except OSError as error:
            where = f"{web.certificate}, {web.certificate_key}"
            raise ConfigError(f"web: {where}: no certificate with its key: {error}") from error
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    pages = Pages(config)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(pages.serve())
    return 0


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again at its end, and die of them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """The first SIGTERM or Ctrl-C ends it in order, the second at once."""

    def end(number: int, _frame: object) -> None:
        server.should_exit = True
        signal.signal(number, signal.SIG_DFL)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, end) for each in numbers}
    try:
        yield
    finally:
        if not server.should_exit:
            for each, handler in before.items():
                signal.signal(each, handler)


def _identities(config: Config) -> tuple[MqttConfig, MqttConfig]:
    """Who the pages are at the broker, and who the overlay is as a node."""
    web, mqtt = config.web, config.mqtt
    if web.username is not None:
        mqtt = mqtt.model_copy(update={"username": web.username, "password": web.password})
    mouth = mqtt
    if web.mouth_username is not None:
        told = {"username": web.mouth_username, "password": web.mouth_password}
        mouth = mqtt.model_copy(update=told)
    return mqtt, mouth


def _state_dir() -> Path:
    """Where a mute and the token are kept."""
    own = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(own) if own else platformdirs.user_state_path("pickled")


def _listen(host: str, port: int) -> socket.socket:
    """Raises ConfigError that names the way out."""
    try:
        family = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host.strip("[]"), port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            f"web: can't listen at {host}, port {port}: {error.strerror or error}. "
            "Another port: `--port 8001`, or web.port"
        ) from error


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return asyncio.SelectorEventLoop  # paho's sockets want it
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
