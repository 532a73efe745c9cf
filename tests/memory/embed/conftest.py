"""The stand-in for the embedder's worker."""

from __future__ import annotations

import pytest

from pickled.memory.embed import sentence_transformers as module
from pickled.memory.embed.worker import process
from tests.stand_ins.embedders import COMMAND


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is the stand-in."""
    monkeypatch.setattr(process, "COMMAND", COMMAND)
    monkeypatch.setattr(module, "_PACKAGES", ())
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.01)
