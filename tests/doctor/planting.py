"""Faults that are planted on purpose, in real brokers and real files, for doctor to find."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from pickled import __version__
from pickled.config import MqttConfig
from pickled.mqtt.acl import access_list
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root
from tests.stand_ins.answering import answering
from tests.stand_ins.broker import Broker
from tests.stand_ins.certificates import certificate
from tests.stand_ins.forgetful import forgetful
from tests.stand_ins.processes import environment, python, started

HOST = "127.0.0.1"
DAY = timedelta(days=1)
ROOT = Root()
BASE: dict[str, Any] = {"memory": {"embedder": None}}
"""A configuration without a fault."""


@dataclass
class Scene:
    """Where a fault is planted."""

    folder: Path
    stack: ExitStack
    config: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)

    def broker(self, *, tls: Mapping[str, Any] | None = None, **options: Any) -> Broker:
        """A real one, which the configuration names."""
        settings = tuple(options.pop("settings", ()))
        mqtt: dict[str, Any] = {"host": HOST}
        if tls is not None:
            shown = certificate(self.folder, **tls)
            settings += shown.settings
            mqtt |= {"tls": True, "ca_file": str(shown.file)}
        broker = self.stack.enter_context(Broker(settings=settings, **options))
        self.config["mqtt"] = mqtt | {"port": broker.port}
        return broker

    def guarded(self, acl: str | None = None, *, user: str = "pickled") -> Broker:
        """With users and an access list; we are one of them."""
        broker = self.broker(users={user: "secret"}, acl=acl or access_list(ROOT))
        self.config["mqtt"] |= {"username": user, "password": "secret"}
        return broker

    def retain(self, broker: Broker, values: Mapping[str, str]) -> None:
        """Let it hold those, below the instance."""
        with Conversation(MqttConfig(host=broker.host, port=broker.port), ROOT) as talk:
            for path, payload in values.items():
                talk.publish(ROOT(path), payload.encode(), retain=True)

    def node(self, **told: str) -> None:
        """A broker where a node is called online, and has told that."""
        values = {f"node/laptop/{path}": payload for path, payload in told.items()}
        self.retain(self.broker(), values | {"node/laptop/availability": "online"})

    def file(self, name: str, content: str | bytes) -> Path:
        """In the folder of the configuration."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write(self) -> None:
        """The configuration, as it is by now."""
        self.file("pickled.yaml", yaml.safe_dump(BASE | self.config))


@dataclass(frozen=True)
class Fault:
    """What is planted, and what is to be said of it."""

    plant: Callable[[Scene], None]
    check: str
    """The name of the check that finds it."""
    told: str
    """What is unmistakable in its remedy."""
    status: str = "fail"
    everywhere: bool = True
    """Can it be found where only a node, or nothing, can run?"""


def tls(scene: Scene, **more: Any) -> None:
    scene.broker(tls=more)


def untrusted(scene: Scene) -> None:
    scene.broker(tls={})
    del scene.config["mqtt"]["ca_file"]


def wrong_password(scene: Scene) -> None:
    scene.guarded()
    scene.config["mqtt"]["password"] = "wrong"


def nameless(scene: Scene) -> None:
    scene.guarded()
    del scene.config["mqtt"]["username"], scene.config["mqtt"]["password"]


def absent_password_file(scene: Scene) -> None:
    scene.config["mqtt"] = {"username": "pickled", "password_file": "nowhere"}


def tls_to_a_plain_port(scene: Scene) -> None:
    scene.broker()
    scene.config["mqtt"]["tls"] = True


def plain_to_tls(scene: Scene) -> None:
    scene.broker(tls={})
    scene.config["mqtt"] = {"host": HOST, "port": scene.config["mqtt"]["port"]}


def other_instance(scene: Scene) -> None:
    scene.guarded()
    scene.config["instance"] = "second"


def old_list(scene: Scene) -> None:
    """As one of a version that knew no commands."""
    known = [line for line in access_list(ROOT).splitlines() if "cmd/" not in line]
    scene.guarded("\n".join(known))


def no_states(scene: Scene) -> None:
    scene.guarded(
        access_list(ROOT).replace("readwrite pickled/home/info", "read pickled/home/info")
    )


def hangs(scene: Scene) -> None:
    scene.broker().freeze()


def short_queue(scene: Scene) -> None:
    broker = scene.broker(settings=("max_queued_messages 200",))
    scene.retain(broker, {f"x/{number}": "1" for number in range(400)})


def no_wildcards(scene: Scene) -> None:
    broker = scene.broker()
    scene.config["mqtt"]["port"] = scene.stack.enter_context(forgetful(broker.port))


def old_protocol(scene: Scene) -> None:
    """MQTT 3.1.1's way to refuse a version."""
    port = scene.stack.enter_context(answering(b"\x20\x02\x00\x01"))
    scene.config["mqtt"] = {"host": HOST, "port": port}


def no_websocket(scene: Scene) -> None:
    broker = scene.broker()
    scene.arguments += ["--websocket", str(broker.port)]


def web_page(scene: Scene) -> None:
    scene.broker()
    port = scene.stack.enter_context(answering(b"HTTP/1.1 404 Not Found\r\n\r\n"))
    scene.arguments += ["--websocket", str(port)]


def nameless_websocket(scene: Scene) -> None:
    """As behind a proxy that does not pass the name of the subprotocol on."""
    scene.broker()
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    scene.arguments += ["--websocket", str(scene.stack.enter_context(answering(head)))]


def silent_websocket(scene: Scene) -> None:
    scene.broker()
    head = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Protocol: mqtt\r\n\r\n"
    )
    scene.arguments += ["--websocket", str(scene.stack.enter_context(answering(head)))]


def two_daemons(scene: Scene) -> None:
    scene.broker()
    scene.config |= {"llm": {"kind": "readout"}, "memory": {"embedder": None}}
    for name in ("one", "two"):
        folder = scene.folder / name
        folder.mkdir()
        config = folder / "pickled.yaml"
        config.write_text(yaml.safe_dump(scene.config | {"data_dir": str(folder)}))
        command = python("pickled", "run", "--config", str(config))
        process = scene.stack.enter_context(
            started("run", command, folder=folder, environ=environment(folder))
        )
        process.until_log('"name": "pickled-home", "event": "connected', timeout_s=40)


def dead_node(scene: Scene) -> None:
    """The broker has not noticed yet."""
    broker = scene.broker()
    values = {"node/laptop/availability": "online", "availability": "online"}
    scene.retain(broker, values)


def old_daemon(scene: Scene) -> None:
    info = (
        '{"version": "0.0.9", "session": 1, "instance": "home", "personas": [], "voices": [], '
        '"emotions": []}'
    )
    scene.retain(scene.broker(), {"availability": "online", "info": info})


def killed_daemon(scene: Scene) -> None:
    """In the middle of a sentence."""
    scene.retain(scene.broker(), {"availability": "offline", "speaking/state": "ON"})


def ailing_daemon(scene: Scene) -> None:
    health = (
        '{"tts": {"status": "down", "detail": "Piper is gone", "since": "2026-01-01T00:00:00Z"}}'
    )
    scene.retain(scene.broker(), {"availability": "online", "health/state": health})


def misnamed_node(scene: Scene) -> None:
    acl = access_list(ROOT, nodes=("laptop",))
    scene.guarded(acl, user="node-laptop")


def model_that_is_not_there(scene: Scene) -> None:
    scene.broker()
    port = scene.stack.enter_context(
        answering(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n'
                  b'Connection: close\r\n\r\n{"models": []}', closes=True)
    )  # fmt: skip
    scene.config["llm"] = {"kind": "ollama", "host": f"http://{HOST}:{port}", "model": "nope:1b"}


def broken_persona(scene: Scene) -> None:
    scene.broker()
    scene.file("personas/mine.yaml", "nome: x")


def data_in_use(scene: Scene) -> None:
    from pickled.memory.database import FILE_NAME
    from pickled.memory.lock import only_one

    scene.broker()
    scene.config["data_dir"] = str(scene.folder)
    scene.stack.enter_context(only_one(scene.folder / FILE_NAME))


def damaged_memory(scene: Scene) -> None:
    scene.broker()
    scene.config["data_dir"] = str(scene.folder)
    scene.file("memory.sqlite", b"this is no database at all" * 99)


def data_is_a_file(scene: Scene) -> None:
    scene.broker()
    scene.config["data_dir"] = str(scene.file("data", ""))


def configured(fault: str, value: Any) -> Callable[[Scene], None]:
    """Something in the configuration."""

    def plant(scene: Scene) -> None:
        scene.broker()
        scene.config[fault] = value

    return plant


def variables(**environ: str) -> Callable[[Scene], None]:
    def plant(scene: Scene) -> None:
        scene.broker()
        scene.environ |= environ

    return plant


def node(**told: str) -> Callable[[Scene], None]:
    return lambda scene: scene.node(**told)


def info(**fields: Any) -> str:
    return json.dumps({"session": 1, "version": __version__, **fields})
