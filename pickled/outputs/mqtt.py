"""Acts in the house over MQTT: each action is one topic and one payload of the configuration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

from pydantic import Field

from pickled.errors import ConfigError, PartError
from pickled.messages.base import Strict
from pickled.offers import HouseBus
from pickled.outputs import Output
from pickled.plugins import Surroundings

ActionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class MqttAction(Strict):
    """What is published for one action."""

    topic: str = Field(min_length=1)
    """The whole topic, as `zigbee2mqtt/lamp/set`."""
    payload: str = Field(max_length=4096)
    """Published as it stands, whoever asked for it."""
    does: str = Field(default="", max_length=200)
    """What it does, in a few words: a model is told so."""
    retain: bool = False


class Options(Strict):
    """The actions, by the names that a persona allows them by."""

    actions: dict[ActionName, MqttAction] = Field(min_length=1, max_length=50)


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Output]:
    """Ready to act; raises ConfigError for a topic that may not be published on."""
    house = surroundings.house
    if house is None:
        raise PartError("outputs: mqtt: there is no broker here to publish on")
    for name, each in options.actions.items():
        if why := house.refusal(each.topic):
            raise ConfigError(f"outputs: mqtt: actions.{name}.topic: {why}")
    yield MqttActions(options, house)


class MqttActions:
    """Publishes what is configured, and nothing else."""

    def __init__(self, options: Options, house: HouseBus) -> None:
        self._options = options
        self._house = house

    @property
    def actions(self) -> Mapping[str, str]:
        """Name → what it does."""
        return {
            name: each.does or f"publishes on {each.topic}"
            for name, each in self._options.actions.items()
        }

    async def run(self) -> None:
        """Nothing by itself."""
        await asyncio.Event().wait()

    async def act(self, name: str, args: Mapping[str, str]) -> None:
        """Publish what that action is; raises PartError if the broker does not take it."""
        del args  # nobody's words go out there
        wanted = self._options.actions[name]
        await self._house.publish(wanted.topic, wanted.payload, retain=wanted.retain)
