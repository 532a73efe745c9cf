"""What a node's connection logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from pickled.node import link
from tests.mqtt.linked import Lines


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Of a node, which notices a broker that hangs soon."""
    monkeypatch.setattr(link, "KEEPALIVE_S", 1)
    lines = Lines()
    before = link.log.level
    link.log.addHandler(lines)
    link.log.setLevel(logging.INFO)
    yield lines
    link.log.setLevel(before)
    link.log.removeHandler(lines)
