"""Hearing: what of the input and the recognizer is named, and what follows where one is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.config import PartConfig, secrets
from tests.config.reading import read

SPEECH = "inputs: [{kind: speech}]\n"


def test_nothing_is_heard_unless_somebody_asks_for_it(tmp_path: Path) -> None:
    """A key alone opens no microphone."""
    loaded = read(tmp_path, "channel: me", DEEPGRAM_API_KEY="key", STT_ENABLED="false")
    assert loaded.config.stt is None
    assert [each.kind for each in loaded.config.inputs] == ["twitch_anonymous"]
    assert loaded.notes == ()


@pytest.mark.parametrize(
    "variables", [{"STT_ENABLED": "true"}, {"dotenv": "STT_ENABLED=1\n"}], ids=["shell", "file"]
)
def test_prototype_that_hears_goes_on_hearing(tmp_path: Path, variables: dict[str, str]) -> None:
    """With the key that it had, beside the chat that it read."""
    loaded = read(tmp_path, "channel: me", DEEPGRAM_API_KEY="key", **variables)  # type: ignore[arg-type]
    assert [each.kind for each in loaded.config.inputs] == ["twitch_anonymous", "speech"]
    assert loaded.config.stt == PartConfig(kind="deepgram", api_key="key")  # type: ignore[call-arg]
    assert "key" in secrets(loaded.config)
    assert loaded.notes == ()


def test_prototype_that_hears_names_no_second_ear(tmp_path: Path) -> None:
    """What the file says stays as it is."""
    text = "inputs: [{kind: speech, node: phone}]\nstt: {kind: wyoming}"
    config = read(tmp_path, text, STT_ENABLED="true", DEEPGRAM_API_KEY="key").config
    assert [each.options for each in config.inputs] == [{"node": "phone"}]
    assert config.stt == PartConfig(kind="wyoming")


def test_prototype_that_hears_without_chat_is_told_so(tmp_path: Path) -> None:
    """It is of use, and it may be a mistake."""
    loaded = read(tmp_path, "stt: {kind: local}", STT_ENABLED="true")
    (note,) = loaded.notes
    assert "it reads no chat" in note
    assert [each.kind for each in loaded.config.inputs] == ["speech"]


def test_key_is_for_deepgram_only(tmp_path: Path) -> None:
    """A recognizer of Deepgram that is named gets the key, any other does not."""
    stt = read(tmp_path, SPEECH + "stt: {kind: deepgram, model: nova-3}", DEEPGRAM_API_KEY="k")
    assert stt.config.stt is not None
    assert stt.config.stt.options == {"model": "nova-3", "api_key": "k"}
    stt = read(tmp_path, SPEECH + "stt: {kind: wyoming}", DEEPGRAM_API_KEY="k")
    assert stt.config.stt is not None
    assert stt.config.stt.options == {}


def test_speech_without_a_recognizer_is_recognized_here(tmp_path: Path) -> None:
    """And it is said what else there is."""
    loaded = read(tmp_path, SPEECH)
    assert loaded.config.stt == PartConfig(kind="local")
    (note,) = loaded.notes
    assert "deepgram" in note


def test_credential_of_the_service_is_deepgrams(tmp_path: Path) -> None:
    """It chooses nothing where nobody is to be heard."""
    (tmp_path / "stt_api_key").write_text("secret\n")
    folder = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read(tmp_path, "channel: me", **folder).config.stt is None
    stt = read(tmp_path, SPEECH, **folder).config.stt
    assert stt == PartConfig(kind="deepgram", api_key="secret")  # type: ignore[call-arg]


def test_recognizer_without_speech_is_told(tmp_path: Path) -> None:
    """The microphone is asked for by the input alone."""
    loaded = read(tmp_path, "channel: me\nstt: {kind: local}")
    (note,) = loaded.notes
    assert "add `- {kind: speech}` to `inputs`" in note


def test_variables_reach_the_recognizer(tmp_path: Path) -> None:
    """As for every other part."""
    config = read(
        tmp_path, SPEECH, PICKLED_STT__KIND="wyoming", PICKLED_STT__URL="tcp://whisper:10300"
    ).config
    assert config.stt == PartConfig(kind="wyoming", url="tcp://whisper:10300")  # type: ignore[call-arg]


def test_sign_in_to_twitch_leaves_the_ear_alone(tmp_path: Path) -> None:
    """The channel's chat is read signed in; the microphone is none of Twitch's."""
    tokens = tmp_path / "data" / "tokens"
    tokens.mkdir(parents=True)
    (tokens / "twitch-streamer.json").write_text("{}")
    text = "channel: me\ndata_dir: data\nstt: {kind: local}"
    config = read(tmp_path, text, STT_ENABLED="true").config
    assert [each.kind for each in config.inputs] == ["twitch", "speech"]
