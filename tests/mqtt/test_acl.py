"""The printed access list, held by a real Mosquitto: who may do what is tested by delivery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.acl import Access, access_list, access_lists, of_user, user_name, users
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.mosquitto import Listeners, configuration
from pickled.topic_rows import Topic
from pickled.topics import REPLIES, TOPICS, Root
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration

HOME, STUDIO = Root(), Root("pickled", "studio")
NODE, OTHER_NODE = "laptop", "phone"
INSTANCES = [Access(root, (NODE, OTHER_NODE), ("youtube",)) for root in (HOME, STUDIO)]
ROLES = ("pickled", "vision", "web", "hass", "deck", f"node-{NODE}", f"node-{OTHER_NODE}",
         "chat-youtube")  # fmt: skip
WATCHER = "watcher"
"""Somebody who may do everything, and sees what is delivered."""
_PATIENCE_S = 20.0


class User(NamedTuple):
    """One of the users of an instance."""

    role: str
    root: Root

    @property
    def name(self) -> str:
        """At the broker."""
        return user_name(self.role, self.root)


USERS = [User(role, root) for root in (HOME, STUDIO) for role in ROLES]


class House:
    """A broker with the access list of two instances in force, and everybody connected to it."""

    def __init__(self, broker: Broker, stack: ExitStack) -> None:
        self._broker, self._stack = broker, stack
        self.watcher = self._talk(WATCHER)
        self.talks = {user: self._talk(user.name) for user in USERS}

    def _talk(self, name: str) -> Conversation:
        secret = SecretStr(f"secret-{name}")
        config = MqttConfig(
            host=self._broker.host, port=self._broker.port, username=name, password=secret
        )
        talk = self._stack.enter_context(Conversation(config, HOME, timeout_s=_PATIENCE_S))
        talk.subscribe("#")
        return talk

    def delivered(self) -> set[str]:
        """Payloads of all that was delivered since the last time."""
        self.watcher.publish("end", b"")
        found = set()
        while (message := self.watcher.next(_PATIENCE_S)) is not None and message.topic != "end":
            found.add(message.payload.decode())
        assert message is not None
        return found

    def heard(self, user: User) -> set[str]:
        """Payloads of what that user got since the last time."""
        end = f"{user.root(REPLIES)}/{user.name}/end"
        self.watcher.publish(end, b"")
        found = set()
        while (message := self.talks[user].next(_PATIENCE_S)) is not None and message.topic != end:
            found.add(message.payload.decode())
        assert message is not None, f"{user.name} hears nothing"
        return found


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The users of two instances, each hearing whatever the broker gives it."""
    needs_mosquitto()
    acl = f"{access_lists(INSTANCES)}\nuser {WATCHER}\ntopic readwrite #\n"
    names = [*users(INSTANCES), WATCHER]
    with (
        Broker(
            users={each: f"secret-{each}" for each in names},
            acl=acl,
            settings=("max_queued_messages 5000",),
        ) as broker,
        ExitStack() as stack,
    ):
        yield House(broker, stack)


def test_matrix_of_publishing(house: House) -> None:
    """Each user of each instance on each topic of both: delivered exactly if the table names it."""
    house.delivered()
    wanted = set()
    for user in USERS:
        for root in (HOME, STUDIO):
            for row in TOPICS:
                mark = f"{user.name} {root.instance} {row.path}"
                _try(house.talks[user], root(row.path, node=NODE), mark)
                if root == user.root and _named(user, row, row.by):
                    wanted.add(mark)
    assert house.delivered() == wanted
    for user in USERS:
        house.heard(user)


def test_matrix_of_receiving(house: House) -> None:
    """Each user of each instance gets exactly the rows that name it; the microphone one alone."""
    for user in USERS:
        house.heard(user)
    for root in (HOME, STUDIO):
        for row in TOPICS:
            house.watcher.publish(root(row.path, node=NODE), f"{root.instance} {row.path}".encode())
    for user in USERS:
        wanted = {f"{user.root.instance} {row.path}" for row in TOPICS if _named(user, row, row.to)}
        heard = house.heard(user)
        assert heard == wanted, user.name
        if user.role not in ("pickled", f"node-{NODE}"):
            assert not any("/mic/" in path for path in heard), user.name
    house.delivered()


def test_matrix_of_replies(house: House) -> None:
    """Everybody has a place below `reply`, where nobody but the instance's daemon answers."""
    for user in USERS:
        house.heard(user)
    house.delivered()
    for writer in USERS:
        for owner in USERS:
            place = f"{owner.root(REPLIES)}/{owner.name}/a"
            _try(house.talks[writer], place, f"{writer.name} to {owner.name}")
    allowed = [
        (writer, owner)
        for writer in USERS
        for owner in USERS
        if writer == owner or (writer.role == "pickled" and writer.root == owner.root)
    ]
    assert house.delivered() == {f"{writer.name} to {owner.name}" for writer, owner in allowed}
    for user in USERS:
        assert house.heard(user) == {
            f"{writer.name} to {owner.name}" for writer, owner in allowed if owner == user
        }


@pytest.mark.parametrize(
    ("user", "topic", "allowed"),
    [
        ("pickled", "homeassistant/device/pickled_home/config", True),
        ("pickled", "homeassistant/device/pickled_home/set", False),
        ("pickled", "homeassistant/status", False),
        ("hass", "homeassistant/status", True),
        ("deck", "homeassistant/status", False),
        ("deck", "elsewhere", False),
        ("deck", "pickled/home/cmd/chat", False),
        ("chat-youtube", "pickled/home/cmd/chat", True),
        ("chat-youtube", "pickled/home/cmd/event", True),
        ("chat-youtube", "pickled/home/cmd/say", False),
        ("chat-youtube", "pickled/studio/cmd/chat", False),
    ],
)
def test_topics_beside_the_table(house: House, user: str, topic: str, allowed: bool) -> None:
    """Discovery is the daemon's, its status Home Assistant's; all else is closed."""
    house.delivered()
    _try(house.talks[User(user, HOME)], topic, "beside")
    assert ("beside" in house.delivered()) == allowed


def test_user_that_serves_all_instances_has_the_rights_of_each() -> None:
    """One Home Assistant has one login at the broker, and shows every co-host."""
    text = access_lists(INSTANCES, shared=["hass"])
    block = next(each for each in text.split("\n\n") if each.startswith("user hass\n"))
    assert "topic read pickled/home/info" in block
    assert "topic read pickled/studio/info" in block
    assert "user studio.hass" not in text
    assert "studio.hass" not in users(INSTANCES, shared=["hass"])


@pytest.mark.parametrize(
    ("name", "root", "whose"),
    [
        ("pickled", HOME, "pickled"),
        ("node-laptop", HOME, "node-laptop"),
        ("studio.deck", STUDIO, "deck"),
        ("deck", STUDIO, ""),
        ("studio.deck", HOME, ""),
        ("me", HOME, ""),
        (None, HOME, ""),
    ],
)
def test_rights_are_told_from_the_name(name: str | None, root: Root, whose: str) -> None:
    """As the printed list gives them."""
    assert of_user(name, root) == whose


def test_printed_configuration_is_taken_by_mosquitto(tmp_path: Path) -> None:
    """Mosquitto starts with the printed configuration, and lets nobody in without a password."""
    needs_mosquitto()
    (tmp_path / "acl").write_text(access_list(HOME))
    (tmp_path / "acl").chmod(0o600)
    settings = tuple(
        line.replace("/etc/mosquitto/pickled.acl", str(tmp_path / "acl"))
        for line in configuration().splitlines()
        if line
        and not line.startswith(("#", "listener", "password_file", "allow_anonymous"))
        and line != "set_tcp_nodelay true"
    )
    assert len(settings) >= 5
    with Broker(users={"pickled": "secret"}, settings=settings) as broker:
        anonymous = MqttConfig(host=broker.host, port=broker.port)
        with pytest.raises(BrokerError, match=r"mqtt\.username"), Conversation(anonymous, HOME):
            pass
        named = anonymous.model_copy(
            update={"username": "pickled", "password": SecretStr("secret")}
        )
        with Conversation(named, HOME, timeout_s=_PATIENCE_S) as talk:
            assert not _try(talk, "elsewhere", "probe")
            assert _try(talk, HOME("muted/state"), "probe")


def test_configuration_with_a_certificate_has_no_clear_text_for_the_network() -> None:
    """What is asked for is there, and nothing beside it."""
    text = configuration(Listeners(tls=True, websocket=True))
    assert "listener 1883 127.0.0.1\n" in text
    for part in text.split("\n\n"):
        if "listener 888" in part:
            assert "certfile" in part
            assert "keyfile" in part
    assert "listener 888" not in configuration(Listeners())
    assert "listener 1883\n" in configuration(Listeners(open_port=True))


def _named(user: User, row: Topic, roles: frozenset[str]) -> bool:
    if user.role == f"node-{NODE}" and "{node}" in row.path:
        return True
    if user.role == f"node-{OTHER_NODE}" and "{node}" in row.path:
        return False
    return user.role.partition("-")[0] in roles


def _try(talk: Conversation, topic: str, payload: str) -> bool:
    try:
        talk.publish(topic, payload.encode())
    except BrokerError as error:
        assert "access list" in str(error)  # noqa: PT017  # anything else is a broken connection
        return False
    return True
