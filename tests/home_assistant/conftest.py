"""One Home Assistant and one broker for all tests of this folder; each has its own co-host."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pickled.config import MqttConfig
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.left_over import retained
from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.e2e.house import House, house
from tests.home_assistant.hass import HomeAssistant, home_assistant, runner
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import ROOT


@pytest.fixture(scope="session")
def house_broker() -> Iterator[Broker]:
    """Keeps what is retained over a restart."""
    runner()
    needs_mosquitto()
    with Broker(persistence=True) as started:
        yield started


@pytest.fixture(scope="session")
def hass(house_broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeAssistant]:
    """It runs for all tests."""
    with home_assistant(tmp_path_factory.mktemp("hass"), house_broker) as running:
        yield running


@pytest.fixture
async def home(tmp_path: Path, house_broker: Broker) -> AsyncIterator[House]:
    """A co-host's house on that broker; its daemon is not started yet."""
    shutil.copytree(ROOT / "personas", tmp_path / "personas")
    async with house(tmp_path, house_broker) as made:
        yield made


@pytest.fixture
async def foreign_home(tmp_path: Path, house_broker: Broker) -> AsyncIterator[House]:
    """The same, where another name than `home` is used, too, so that not all is in one contract."""
    shutil.copytree(ROOT / "personas", tmp_path / "personas")
    async with house(tmp_path, house_broker, contract=False) as made:
        yield made
    await asyncio.to_thread(_clear_foreign, house_broker)


def _clear_foreign(broker: Broker) -> None:
    """Nothing is left of other names and prefixes, which the next test's contract does not know."""
    config = MqttConfig(host=broker.host, port=broker.port)
    with Conversation(config, Root()) as talk:
        for topic in retained(talk, config, Root(), ["#"], timeout_s=5):
            if not topic.startswith((Root()(""), "homeassistant/")):
                talk.publish(topic, b"", retain=True)
