"""The secret values of a configuration."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pickled.config.config import Config
from pickled.config.layers import is_secret_name
from pickled.config.sections import PartConfig


def secrets(config: Config) -> frozenset[str]:
    """Every secret value that the configuration holds, for the log's redaction."""
    embedder = [config.memory.embedder] if config.memory.embedder else []
    parts = (*config.inputs, config.llm, config.tts, *config.outputs, *embedder)
    parts += tuple(each for each in (config.safety.guard, config.compressor) if each)
    found = {secret for part in parts for secret in _secrets_of(part)}
    if config.mqtt.password is not None:
        found.add(config.mqtt.password.get_secret_value())
    web = config.web
    for each in (web.token, web.password, web.mouth_password):
        if each is not None:
            found.add(each.get_secret_value())
    return frozenset(found - {""})


def _secrets_of(part: PartConfig) -> Iterator[str]:
    for name, value in part.options.items():
        if not isinstance(value, str):
            continue
        if is_secret_name(name):
            yield value
        elif "://" in value and (password := urlsplit(value).password):
            yield password
    for each in part.fallback:
        yield from _secrets_of(each)
