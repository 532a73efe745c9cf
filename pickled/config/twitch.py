"""What the parts of one Twitch channel have in common: written once, known to all of them."""

from __future__ import annotations

from typing import Any

from pickled.config.config import Config
from pickled.config.layers import PROTOTYPES_TWITCH

_SHARED = (
    "channel",
    "client_id",
    "client_secret",
    "bot_token",
    "api_url",
    "id_url",
    "answer_timeout_s",
)
"""Options that are the same for input and output: they use one connection."""
_SIGN_INS = "tokens/twitch-*.json"


def sign_in_twitch(values: dict[str, Any]) -> list[str]:
    """Give the parts what the prototype's variables say, and the outputs what the input has."""
    given = values.pop(PROTOTYPES_TWITCH, None) or {}
    inputs = values.get("inputs")
    if given and not inputs and values.get("channel"):
        inputs = values["inputs"] = [{"kind": "twitch", "channel": values["channel"]}]
    parts = [each for each in inputs or () if isinstance(each, dict)]
    signed = next((each for each in parts if each.get("kind") == "twitch"), None)
    if signed is None:
        if not given:
            return []
        names = ", ".join(f"TWITCH_{name.upper()}" for name in sorted(given))
        return [f"{names}: ignored, as no input is `{{kind: twitch, channel: …}}`."]
    for name, value in given.items():
        signed.setdefault(name, value)
    for each in values.get("outputs") or ():
        if isinstance(each, dict) and each.get("kind") == "twitch_chat":
            for name in _SHARED:
                if signed.get(name) is not None:
                    each.setdefault(name, signed[name])
    return []


def with_sign_in(config: Config) -> Config:
    """`channel` alone means the signed-in input where a sign-in is kept."""
    data_dir = config.data_dir
    if data_dir is None or not config.channel or not any(data_dir.glob(_SIGN_INS)):
        return config
    signed = [
        each.model_copy(update={"kind": "twitch"}) if each.kind == "twitch_anonymous" else each
        for each in config.inputs
    ]
    return config.model_copy(update={"inputs": tuple(signed)})
