"""Configuration: `pickled.yaml`, then `.env`, then the environment; the last one wins."""

from pickled.config.config import FILE_NAME, LAST_RESORT, Config
from pickled.config.later import LATER_KINDS
from pickled.config.load import Loaded, is_this_machine, load, shared_data_dir
from pickled.config.secrets import secrets
from pickled.config.sections import (
    ChatCommandsConfig,
    DelaysConfig,
    HomeAssistantConfig,
    MemoryConfig,
    MqttConfig,
    PartConfig,
    RedemptionConfig,
    SafetyConfig,
    ScheduledPersona,
    Section,
    WebConfig,
)
from pickled.config.sentences import sentence

__all__ = [
    "FILE_NAME",
    "LAST_RESORT",
    "LATER_KINDS",
    "ChatCommandsConfig",
    "Config",
    "DelaysConfig",
    "HomeAssistantConfig",
    "Loaded",
    "MemoryConfig",
    "MqttConfig",
    "PartConfig",
    "RedemptionConfig",
    "SafetyConfig",
    "ScheduledPersona",
    "Section",
    "WebConfig",
    "is_this_machine",
    "load",
    "secrets",
    "sentence",
    "shared_data_dir",
]
