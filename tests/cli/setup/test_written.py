"""Settings written into a file that somebody keeps by hand."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from pickled.cli.setup.written import with_settings

MINE = """\
# mine
channel: old  # keep this
llm:
  kind: ollama     # and this
  model: a
  fallback: [{kind: readout}]
# about the broker
mqtt: {host: h, password: !secret x}
tts: {}
empty:
inputs:
  - kind: twitch_anonymous
    channel: a
  - {kind: speech}
note: |
  two
  lines
"""


def changed(settings: dict[Any, Any], text: str = MINE) -> list[str]:
    """The lines that are new, and those that are gone with a - in front."""
    before, after = text.splitlines(), with_settings(text, settings).splitlines()
    gone = [f"-{line}" for line in before if line not in after]
    return gone + [line for line in after if line not in before]


def test_value_is_replaced_and_its_comment_stays() -> None:
    """Nothing else of the file moves."""
    assert changed({("channel",): "new"}) == [
        "-channel: old  # keep this",
        "channel: new  # keep this",
    ]


def test_value_that_stands_there_already_changes_nothing() -> None:
    """However it is quoted."""
    text = "model: 'a:b'\nhost: http://x\nnote: |\n  t\n"
    same = {("model",): "a:b", ("host",): "http://x", ("note",): "t\n"}
    assert with_settings(text, same) == text


def test_key_is_added_to_a_block() -> None:
    """Below its last one, as far to the right."""
    assert changed({("llm", "host"): "http://x"}) == ["  host: http://x"]


def test_key_is_added_to_a_line() -> None:
    """A secret beside it stays one."""
    assert changed({("mqtt", "port"): 1884})[1:] == [
        "mqtt: {host: h, password: !secret x, port: 1884}"
    ]
    assert changed({("tts", "kind"): "local"})[1:] == ["tts: {kind: local}"]


def test_key_without_a_value_gets_one() -> None:
    """As somebody leaves it who means to fill it in."""
    assert changed({("empty", "a"): 1})[1:] == ["empty: {a: 1}"]


def test_entry_of_a_list_is_changed_and_added() -> None:
    """By its number."""
    assert changed({("inputs", 0, "channel"): "zed"})[1:] == ["    channel: zed"]
    assert changed({("inputs", 2): {"kind": "x"}}) == ["  - {kind: x}"]


def test_block_is_replaced_as_a_whole() -> None:
    """The comment of the next one stays above it."""
    after = with_settings(MINE, {("llm",): {"kind": "readout"}})
    assert "llm: {kind: readout}\n# about the broker\nmqtt:" in after


def test_new_file_explains_its_keys() -> None:
    """Each with a comment; what is said of one section is on one line."""
    settings = {("channel",): "ana", ("mqtt", "host"): "h", ("mqtt", "port"): 1}
    text = with_settings("", settings)
    assert yaml.safe_load(text) == {"channel": "ana", "mqtt": {"host": "h", "port": 1}}
    assert "no account needed" in text
    assert text.count("mqtt:") == 1


_KEYS = st.sampled_from(["a", "b", "kind", "model"])
_PLAIN = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12),
    st.integers(-5, 5000), st.booleans(), st.none(),
)  # fmt: skip
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(
    before=st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=4),
    flow=st.sampled_from([None, True, False]),
    path=st.lists(_KEYS, min_size=1, max_size=3).map(tuple),
    value=_VALUES,
)
def test_any_file_says_afterwards_what_was_set(
    before: dict[str, Any], flow: bool | None, path: tuple[str, ...], value: Any
) -> None:
    """All else as before, in whatever style it is written; a comment at its end stays."""
    text = yaml.safe_dump(before, default_flow_style=flow, allow_unicode=True) + "# the end\n"
    after = with_settings(text, {path: value})
    expected, into = before, before
    for key in path[:-1]:
        if not isinstance(into.get(key), dict):
            into[key] = {}
        into = into[key]
    into[path[-1]] = value
    assert yaml.safe_load(after) == expected
    assert "# the end\n" in after
