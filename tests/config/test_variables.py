"""What the environment says: our variables, and the prototype's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.config import PartConfig
from tests.config.reading import read, refused


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PICKLED_PERSONNA", "PICKLED_PERSONA"),
        ("PICKLED_MQQT__HOST", "PICKLED_MQTT__HOST"),
        ("PICKLED_MQTT__HSOT", "did you mean host?"),
    ],
)
def test_misspelt_variable_is_refused(tmp_path: Path, name: str, expected: str) -> None:
    """A near miss is a mistake, and the right name is given."""
    assert expected in refused(tmp_path, **{name: "a"})


def test_foreign_variable_is_noted(tmp_path: Path) -> None:
    """A container runtime's `PICKLED_PORT` must not stop the daemon."""
    notes = read(tmp_path, PICKLED_PORT="tcp://1.2.3.4:5").notes
    assert any("PICKLED_PORT" in note for note in notes)


def test_empty_variable_is_not_given(tmp_path: Path) -> None:
    """`NAME=` in a compose file leaves the file's value."""
    assert read(tmp_path, "persona: a", PICKLED_PERSONA="").config.persona == "a"


def test_prototypes_variables(tmp_path: Path) -> None:
    """Those that have a successor set it, the others are explained."""
    loaded = read(
        tmp_path,
        dotenv="TWITCH_CHANNEL=#Streamer\nTWITCH_BOT_TOKEN=oauth:abc\nHOST=0.0.0.0\nPORT=80\n",
        OLLAMA_MODEL="phi3.5:latest",
        DEEPGRAM_API_KEY="key",
        STT_ENABLED="false",
        AUDIO_OUTPUT_DEVICE="CABLE Input",
    )
    assert loaded.config.llm.options == {"model": "phi3.5:latest"}
    (twitch,) = loaded.config.inputs
    assert twitch.kind == "twitch"
    assert twitch.options == {"channel": "streamer", "bot_token": "oauth:abc"}
    notes = " ".join(loaded.notes)
    assert loaded.config.tts.kind == "deepgram"
    assert loaded.config.tts.options == {"api_key": "key"}
    assert "pickled node --output" in notes
    assert "STT_ENABLED" not in notes
    assert "oauth" not in notes


def test_prototypes_sign_in_belongs_to_a_part(tmp_path: Path) -> None:
    """It goes to the input that signs in; where none is named, that is said."""
    variables = {"TWITCH_CLIENT_ID": "abc", "TWITCH_CLIENT_SECRET": "hush"}
    (twitch,) = read(tmp_path, "inputs: [{kind: twitch, channel: me}]", **variables).config.inputs
    assert twitch.options == {"channel": "me", "client_id": "abc", "client_secret": "hush"}
    other = read(tmp_path, "inputs: [{kind: twitch_anonymous, channel: me}]", **variables)
    assert other.config.inputs[0].options == {"channel": "me"}
    assert "TWITCH_CLIENT_SECRET" in " ".join(other.notes)
    assert "hush" not in " ".join(other.notes)


def test_prototypes_model_is_for_ollama_only(tmp_path: Path) -> None:
    """A variable that lies around does not break a configuration without that model."""
    config = read(tmp_path, "llm: {kind: readout}", OLLAMA_MODEL="big").config
    assert config.llm == PartConfig(kind="readout")


def test_prototypes_key_is_for_deepgram_only(tmp_path: Path) -> None:
    """Whoever names another voice keeps it; a voice of Deepgram that is named gets the key."""
    assert read(tmp_path, "tts: {kind: local}", DEEPGRAM_API_KEY="key").config.tts.options == {}
    tts = read(tmp_path, "tts: {kind: deepgram, voice: aura-2-thalia-en}", DEEPGRAM_API_KEY="key")
    assert tts.config.tts.options == {"voice": "aura-2-thalia-en", "api_key": "key"}
    assert read(tmp_path, "channel: me").config.tts.kind == "local"


def test_key_of_elevenlabs_is_for_its_voice_only(tmp_path: Path) -> None:
    """Under the name that its own programs read; a file of the configuration's wins."""
    tts = read(tmp_path, "tts: {kind: elevenlabs}", ELEVENLABS_API_KEY="key").config.tts
    assert tts.options == {"api_key": "key"}
    assert "key" not in repr(tts).replace("api_key", "")
    assert read(tmp_path, "tts: {kind: local}", ELEVENLABS_API_KEY="key").config.tts.options == {}
    assert read(tmp_path, ELEVENLABS_API_KEY="key").config.tts.kind == "local"


def test_new_variable_wins_over_the_prototypes(tmp_path: Path) -> None:
    """Both given: the one that says `PICKLED_` is meant."""
    config = read(tmp_path, OLLAMA_MODEL="old", PICKLED_LLM__MODEL="new").config
    assert config.llm.options == {"model": "new"}
