"""What a configuration says of Twitch, whichever of its parts says it."""

from __future__ import annotations

from pydantic import ValidationError

from pickled.config import Config, sentence
from pickled.errors import ConfigError
from pickled.services.twitch import Options

_SIGNED_IN = ("twitch", "twitch_chat")


def options_of(config: Config) -> Options | None:
    """The options that sign-ins need; None where no channel is named. Raises ConfigError."""
    parts = [each for each in (*config.inputs, *config.outputs) if each.kind in _SIGNED_IN]
    parts += [each for each in config.inputs if each.kind == "twitch_anonymous"]
    options = dict(parts[0].options) if parts else {}
    known = {name: value for name, value in options.items() if name in Options.model_fields}
    known.setdefault("channel", config.channel)
    if not known["channel"]:
        return None
    try:
        return Options.model_validate(known)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(each) for each in found["loc"])
        raise ConfigError(f"{parts[0].kind}: {where}{sentence(found)}") from None


def signs_in(config: Config) -> bool:
    """Is there a part that uses a sign-in?"""
    return any(each.kind in _SIGNED_IN for each in (*config.inputs, *config.outputs))
