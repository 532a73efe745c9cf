"""The printed access list, held by a real Mosquitto: who gets what is tested by delivery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.acl import CONFIGURATION, access_list
from pickled.mqtt.conversation import Conversation
from pickled.topic_rows import Role, Topic
from pickled.topics import REPLIES, TOPICS, Root
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration

ROOT = Root()
NODE, OTHER_NODE, CHAT = "laptop", "phone", "youtube"
NAMED = (f"node-{NODE}", f"node-{OTHER_NODE}", f"chat-{CHAT}")
USERS = ("pickled", *NAMED, "vision", "web", "hass", "deck")
_PATIENCE_S = 20.0

Users = dict[str, Conversation]


@pytest.fixture(scope="module")
def users() -> Iterator[Users]:
    """All eight users, each hearing whatever the broker gives it."""
    needs_mosquitto()
    acl = access_list(ROOT, nodes=(NODE, OTHER_NODE), chats=(CHAT,))
    with (
        Broker(users={each: f"secret-{each}" for each in USERS}, acl=acl) as broker,
        ExitStack() as stack,
    ):
        talks = {}
        for user in USERS:
            config = MqttConfig(
                host=broker.host,
                port=broker.port,
                username=user,
                password=SecretStr(f"secret-{user}"),
            )
            talks[user] = stack.enter_context(Conversation(config, ROOT, timeout_s=_PATIENCE_S))
            talks[user].subscribe("#")
        yield talks


def test_publishing_is_allowed_to_those_named_in_the_table(users: Users) -> None:
    """Each user may publish exactly the rows that name it, and a node only below its own name."""
    wrong = [
        f"{user} on {row.path}: {'allowed' if allowed else 'refused'}"
        for row in TOPICS
        for user in USERS
        if (allowed := _may_publish(users[user], _topic(row))) != _should_publish(user, row)
    ]
    assert not wrong
    _drain(users)


def test_reading_is_allowed_to_those_named_in_the_table(users: Users) -> None:
    """Each user gets exactly the rows that name it; the microphone reaches the daemon alone."""
    for row in TOPICS:
        _publisher(users, row).publish(_topic(row), row.path.encode())
    heard = _drain(users)
    for user in USERS:
        wanted = {row.path for row in TOPICS if _should_read(user, row)}
        assert heard[user] == wanted, user
    assert not any("audio" in path for path in heard["hass"] | heard["deck"])
    for user in set(USERS) - {"pickled", f"node-{NODE}"}:
        assert not any("/mic/" in path for path in heard[user]), user


def test_reply_topic_is_read_by_its_own_user_only(users: Users) -> None:
    """An answer on a response topic reaches the user whose name is in it, and nobody else."""
    users["pickled"].publish(f"{ROOT(REPLIES)}/web/a", b"for web")
    heard = _drain(users)
    assert {user for user in USERS if "for web" in heard[user]} == {"web"}
    assert not _may_publish(users["deck"], f"{ROOT(REPLIES)}/web/a")


@pytest.mark.parametrize(
    ("user", "topic", "allowed"),
    [
        ("pickled", "homeassistant/device/pickled_home/config", True),
        ("pickled", "homeassistant/device/pickled_home/set", False),
        ("pickled", "homeassistant/status", False),
        ("hass", "homeassistant/status", True),
        ("deck", "homeassistant/status", False),
        ("web", "pickled/other/muted/set", False),
        ("deck", "pickled/home/cmd/forget", False),
        ("deck", "pickled/home/cmd/chat", False),
        ("chat-youtube", "pickled/home/cmd/chat", True),
        ("chat-youtube", "pickled/home/cmd/event", True),
        ("chat-youtube", "pickled/home/cmd/say", False),
        ("chat-youtube", "pickled/home/muted/set", False),
    ],
)
def test_topics_beside_the_table(users: Users, user: str, topic: str, allowed: bool) -> None:
    """Discovery is the daemon's, its status Home Assistant's; other instances are closed."""
    assert _may_publish(users[user], topic) == allowed
    _drain(users)


def test_printed_configuration_is_taken_by_mosquitto(tmp_path: Path) -> None:
    """Mosquitto starts with the printed configuration, and lets nobody in without a password."""
    needs_mosquitto()
    (tmp_path / "acl").write_text(access_list(ROOT))
    (tmp_path / "acl").chmod(0o600)
    settings = tuple(
        line.replace("/etc/mosquitto/pickled.acl", str(tmp_path / "acl"))
        for line in CONFIGURATION.splitlines()
        if line
        and not line.startswith(("#", "listener", "password_file", "allow_anonymous"))
        and line != "set_tcp_nodelay true"
    )
    assert len(settings) >= 5
    with Broker(users={"pickled": "secret"}, settings=settings) as broker:
        anonymous = MqttConfig(host=broker.host, port=broker.port)
        with pytest.raises(BrokerError, match=r"mqtt\.username"), Conversation(anonymous, ROOT):
            pass
        named = anonymous.model_copy(
            update={"username": "pickled", "password": SecretStr("secret")}
        )
        with Conversation(named, ROOT, timeout_s=_PATIENCE_S) as talk:
            assert not _may_publish(talk, "elsewhere")
            assert _may_publish(talk, ROOT("muted/state"))


def _topic(row: Topic) -> str:
    return ROOT(row.path, node=NODE)


def _role(user: str) -> Role:
    return user.partition("-")[0]  # type: ignore[return-value]  # USERS, as node-laptop


def _should_publish(user: str, row: Topic) -> bool:
    if user == f"node-{NODE}" and "{node}" in row.path:
        return True
    return _role(user) in row.by and (user != f"node-{OTHER_NODE}" or "{node}" not in row.path)


def _should_read(user: str, row: Topic) -> bool:
    if user == f"node-{NODE}" and "{node}" in row.path:
        return True
    return _role(user) in row.to and (user != f"node-{OTHER_NODE}" or "{node}" not in row.path)


def _publisher(users: Users, row: Topic) -> Conversation:
    return next(users[user] for user in USERS if _should_publish(user, row))


def _may_publish(talk: Conversation, topic: str) -> bool:
    try:
        talk.publish(topic, b"probe")
    except BrokerError as error:
        assert "access list" in str(error)  # noqa: PT017  # anything else is a broken connection
        return False
    return True


def _drain(users: Users) -> dict[str, set[str]]:
    """What each user got since the last time, by payload."""
    heard: dict[str, set[str]] = {}
    for user, talk in users.items():
        end = f"{ROOT(REPLIES)}/{user}/end"
        users["pickled"].publish(end, b"")
        payloads = []
        while (message := talk.next(_PATIENCE_S)) is not None and message.topic != end:
            payloads.append(message.payload.decode())
        assert message is not None, f"{user} hears nothing"
        heard[user] = set(payloads)
    return heard
