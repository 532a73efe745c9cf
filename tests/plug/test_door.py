"""The door for other people's parts: what went through it once goes through it still."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pickled import plug
from tests.test_architecture import HEAVY, MODULES, PACKAGE, loaded_by

PROMISED = [
    "ChatCleared",
    "ChatDeleted",
    "ChatMessage",
    "Compressor",
    "ConfigError",
    "EMOTIONS",
    "Embedder",
    "EmbedderError",
    "Emit",
    "Emotion",
    "Event",
    "Fragment",
    "Guard",
    "Handler",
    "HouseBus",
    "Incoming",
    "Judgement",
    "MIC_RATE",
    "MicrophoneBus",
    "Model",
    "ModelError",
    "NoSuchModelError",
    "Offers",
    "Output",
    "PAUSE",
    "PartBus",
    "PartError",
    "Performer",
    "PickledError",
    "Prompt",
    "PromptMessage",
    "Recognized",
    "RecognizedWord",
    "Recognizer",
    "RecognizerError",
    "Recognizers",
    "Request",
    "SAMPLE_BYTES",
    "SPEECH_RATE",
    "STREAM_EVENT_TYPES",
    "Scene",
    "Share",
    "Source",
    "SourceError",
    "Speech",
    "Status",
    "StreamEvent",
    "StreamEventType",
    "StreamState",
    "Strict",
    "Surroundings",
    "Synthesizer",
    "Tap",
    "TornError",
    "Undo",
    "VoiceError",
    "WordEnd",
]
"""A name may be added here; one that is taken away needs a new major version."""


def test_door_has_what_was_promised() -> None:
    """No name is gone, and none is there that nobody has promised."""
    assert set(plug.__all__) == set(PROMISED)
    assert all(hasattr(plug, name) for name in PROMISED)


def test_door_is_light() -> None:
    """Whoever writes a part and tests it does not need what the daemon runs on."""
    loaded = loaded_by("import pickled.plug")
    assert not loaded & (HEAVY | {"apsw", "paho", "typer", "pickled.brain", "pickled.orchestrator"})


def test_nothing_of_ours_goes_through_the_door() -> None:
    """It is for others: our own modules know where things are."""
    users = [
        path
        for path in MODULES
        if path.parent != PACKAGE / "plug"
        and re.search(r"^(from|import) pickled\.plug\b", path.read_text(encoding="utf-8"), re.M)
    ]
    assert users == []


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_each_name_is_of_ours_and_says_what_it_is(name: str) -> None:
    """A class has a sentence of its own."""
    found = getattr(plug, name)
    if isinstance(found, type):
        assert found.__module__.startswith("pickled.")
        assert found.__module__ in sys.modules
        assert found.__doc__


def test_types_are_told() -> None:
    """The marker that lets a type checker read our annotations lies in the package."""
    assert (Path(plug.__file__).parents[1] / "py.typed").exists()
