"""One connection for all parts of a channel."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pickled.config import Config, PartConfig
from pickled.errors import ConfigError
from pickled.inputs import twitch as listening
from pickled.orchestrator.parts.shared import Shared
from pickled.services.twitch import Options, start
from pickled.services.twitch.configured import options_of, signs_in


async def test_input_and_output_share_one(tmp_path: Path) -> None:
    """Whatever else each of them has among its options; another channel is another one."""
    given = {"channel": "#Wren", "client_id": "abc", "client_secret": "hush"}
    one = listening.Options.model_validate(given | {"poll_s": 5})
    other = Options.model_validate(given)
    shared = Shared()
    try:
        twitch = await shared(start, one.access(tmp_path))
        assert await shared(start, other.access(tmp_path)) is twitch
        another = Options(channel="finch").access(tmp_path)
        assert await shared(start, another) is not twitch
    finally:
        await shared.close()


def test_options_show_no_secret() -> None:
    """Not in their text, not where they are wrong."""
    options = Options.model_validate(
        {"channel": "wren", "bot_token": "oauth:hush", "client_secret": "hush"}
    )
    assert "hush" not in f"{options} {options!r}"
    with pytest.raises(ValidationError) as raised:
        Options.model_validate({"channel": "?", "bot_token": "oauth:hush"})
    assert "hush" not in str(raised.value)


def test_options_come_from_any_part() -> None:
    """From the input that signs in, else from the one that does not, else from `channel`."""
    part = {"kind": "twitch", "channel": "wren", "client_id": "abc", "irc_url": "ws://x"}
    signed = Config(inputs=(PartConfig.model_validate(part),))
    found = options_of(signed)
    assert found is not None
    assert (found.channel, found.client_id, signs_in(signed)) == ("wren", "abc", True)
    named = options_of(Config(channel="wren"))
    assert named is not None
    assert named.channel == "wren"
    assert options_of(Config()) is None
    wrong = Config(inputs=(PartConfig.model_validate(part | {"client_id": "A-B"}),))
    with pytest.raises(ConfigError, match="client_id"):
        options_of(wrong)
