"""Seeing the stream is set up by one section, or by the prototype's variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled import plugins
from pickled.config import load


@pytest.mark.parametrize(
    ("text", "environ", "server"),
    [
        ("vision: {}", {}, "http://127.0.0.1:3001"),
        ("channel: me", {"VISION_ENABLED": "true"}, "http://127.0.0.1:3001"),
        ("vision: {host: 10.0.0.4, port: 3002}", {}, "http://10.0.0.4:3002"),
        ("vision: {host: 0.0.0.0}", {}, "http://127.0.0.1:3001"),
        ("vision: {port: 3002}\ninputs: [{kind: vision, server: 'http://h:1'}]", {}, "http://h:1"),
        ("channel: me", {"PICKLED_VISION__PORT": "3003"}, "http://127.0.0.1:3003"),
    ],
)
def test_seeing_is_set_up_in_one_place(
    tmp_path: Path, text: str, environ: dict[str, str], server: str
) -> None:
    """The section, or the prototype's variable, brings the input with the address of its page."""
    (tmp_path / "pickled.yaml").write_text(text)
    config = load(None, environ=environ, cwd=tmp_path).config
    (eye,) = [each for each in config.inputs if each.kind == "vision"]
    assert eye.options["server"] == server
    assert [each.kind for each in config.inputs if "channel" in each.options] == (
        ["twitch_anonymous"] if "channel" in text else []
    )
    assert plugins.find("inputs", eye)


@pytest.mark.parametrize(
    ("text", "environ"),
    [("channel: me", {}), ("vision: {enabled: false}", {}), ("", {"VISION_ENABLED": "false"})],
)
def test_nothing_is_seen_where_nobody_wants_it(
    tmp_path: Path, text: str, environ: dict[str, str]
) -> None:
    """Without the section, or switched off."""
    (tmp_path / "pickled.yaml").write_text(text)
    config = load(None, environ=environ, cwd=tmp_path).config
    kinds = [each.kind for each in config.inputs]
    assert "vision" not in kinds
