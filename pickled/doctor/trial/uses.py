"""How a part of each folder is used when it is tried, and what is to be seen of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pickled.doctor.check import Check
from pickled.doctor.trial import answering, hearing, running, sounding
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug


@dataclass(frozen=True)
class Use:
    """Of one folder."""

    checks: Callable[[Plug, PublishingTap, float, Any], Awaitable[list[Check]]]
    """Uses a part; the number is how long one runs that runs by itself, s."""
    work: Callable[[Any], Awaitable[None]]
    """The same without looking, until it is cancelled."""


USES = {
    "inputs": Use(running.try_input, running.listen),
    "outputs": Use(running.try_output, running.act),
    "llm": Use(answering.try_model, answering.answer),
    "llm.guard": Use(answering.try_guard, answering.judge),
    "llm.compress": Use(answering.try_compressor, answering.compress),
    "stt": Use(hearing.try_recognizer, hearing.listen),
    "tts": Use(sounding.try_voice, sounding.speak),
    "memory.embed": Use(answering.try_embedder, answering.embed),
}
"""Folder → how."""
