"""The stand-in for the embedder's worker."""

from __future__ import annotations

import pytest

from pickled.back_off import BackOff
from pickled.memory.embed import sentence_transformers as module
from pickled.memory.embed.worker import process
from tests.stand_ins.embedders import COMMAND


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is the stand-in."""
    monkeypatch.setattr(process, "COMMAND", COMMAND)
    monkeypatch.setattr(module, "_PACKAGES", ())
    monkeypatch.setattr(module, "_BACK_OFF", BackOff(first_s=0.01, cap_s=60.0))
