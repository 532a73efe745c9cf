"""Recognizers on trial: each fault is found by its own check."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast

import pytest

from pickled.doctor.check import Check
from pickled.doctor.trial import hearing
from pickled.errors import RecognizerError
from pickled.messages.recognized import Recognized
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug


class Ear:
    """Does one thing with a second of silence."""

    name = "ear"

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.probes = 0

    async def probe(self) -> None:
        self.probes += 1
        if self.fault == "loads" and self.probes < 3:
            raise RecognizerError("loading", loading=True)
        if self.fault == "is gone":
            raise RecognizerError("gone: start it")

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        async for _ in sound:
            if self.fault == "raises":
                raise KeyError("words")
        if self.fault == "never ends":
            await asyncio.Event().wait()
        if self.fault == "makes up":
            yield Recognized("final", "Thanks for watching!")
        yield cast("Any", "text") if self.fault == "gives text" else Recognized("final")


@pytest.mark.parametrize(
    ("fault", "check", "status", "told"),
    [
        ("", "hears", "ok", "1 s of silence"),
        ("loads", "probe", "ok", "ear answers"),
        ("is gone", "probe", "fail", "gone: start it"),
        ("raises", "hears", "fail", "words"),
        ("never ends", "hears", "fail", "no answer within 0.3 s"),
        ("makes up", "hears", "warn", "words in it"),
        ("gives text", "hears", "fail", "gives something else than words"),
    ],
)
async def test_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: str, check: str, status: str, told: str
) -> None:
    """By its own check; what is right passes all of them."""
    monkeypatch.setattr(hearing, "HEARS_S", 0.3)
    ear, plug = Ear(fault), cast("Plug", None)
    checks: list[Check] = await hearing.try_recognizer(plug, PublishingTap(), 1, ear)
    found = next(each for each in checks if each.name == check)
    assert found.status == status
    assert told in f"{found.what} {found.why} {found.remedy}"
