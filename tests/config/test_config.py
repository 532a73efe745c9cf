"""Configuration: which place wins, what is refused, and what the owner is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pickled import plugins
from pickled.config import LATER_KINDS, Config, PartConfig, load, shared_data_dir
from pickled.config.twitch import sign_in_twitch
from pickled.errors import ConfigError
from tests.config.reading import read, refused

COMPLETE = """
instance: home
persona: default
personas_dir: personas
data_dir: ./data
mqtt: {host: 127.0.0.1, port: 1883, username: pickled, password_file: null, tls: false,
       base_topic: pickled, discovery_prefix: homeassistant, publish_text: true}
inputs:
  - {kind: twitch_anonymous, channel: streamername}
  - {kind: speech}
  - {kind: vision}
llm: {kind: ollama, host: "http://127.0.0.1:11434", model: "phi3.5:latest", max_tokens: 150,
      temperature: 0.8, prompt_messages: 10, answer_form: auto, fallback: [{kind: readout}]}
stt: {kind: deepgram, model: flux-general-en, fallback: [{kind: wyoming, url: "tcp://h:10300"}]}
tts: {kind: deepgram, voice: aura-2-thalia-en,
      fallback: [{kind: wyoming, url: "tcp://127.0.0.1:10200"}, {kind: local}]}
memory: {embedder: {kind: sentence_transformers, model: all-MiniLM-L6-v2}, retention_days: 30}
safety: {words_file: null, private_words_file: null, guard_model: null, chat_hold_s: 0,
         approval: false}
delays: {uplink_ms: auto, broadcast_ms: auto}
context: []
outputs: []
home_assistant: {enabled: true}
"""


def test_complete_file_loads(tmp_path: Path) -> None:
    """The file of the documentation works today, all of it."""
    loaded = read(tmp_path, COMPLETE)
    heard = ["twitch_anonymous", "speech", "vision"]
    assert [part.kind for part in loaded.config.inputs] == heard
    assert loaded.config.stt is not None
    assert [part.kind for part in loaded.config.stt.fallback] == ["wyoming"]
    assert loaded.config.tts.kind == "deepgram"
    assert [part.kind for part in loaded.config.tts.fallback] == ["wyoming", "local"]
    assert loaded.config.llm.options["model"] == "phi3.5:latest"
    assert loaded.notes == ()


def test_complete_file_has_valid_options(tmp_path: Path) -> None:
    """Its parts are found, and take the options that it gives."""
    config = read(tmp_path, COMPLETE).config
    assert plugins.ladder("llm", config.llm)
    assert [each.kind for each in plugins.find_all(config).stt] == ["deepgram", "wyoming"]
    assert [plugins.find("inputs", part) for part in config.inputs]
    assert plugins.find_all(config).embedder


def test_memory_section(tmp_path: Path) -> None:
    """Its embedder is a part like others; without it, none is started."""
    text = "memory: {embedder: {kind: ollama, model: x}, retention_days: 7, top: 5}"
    memory = read(tmp_path, text).config.memory
    assert memory.embedder == PartConfig.model_validate({"kind": "ollama", "model": "x"})
    assert (memory.retention_days, memory.top) == (7, 5)
    default = read(tmp_path, "").config.memory.embedder
    assert default == PartConfig(kind="sentence_transformers")
    words_alone = read(tmp_path, "memory: {embedder: null}").config
    assert plugins.find_all(words_alone).embedder is None


def test_memory_section_from_the_environment(tmp_path: Path) -> None:
    """Another kind leaves no option of the first one behind."""
    text = "memory: {embedder: {kind: sentence_transformers, threads: 2}}"
    config = read(tmp_path, text, PICKLED_MEMORY__EMBEDDER__KIND="ollama").config
    assert config.memory.embedder == PartConfig(kind="ollama")


def test_brain_sections(tmp_path: Path) -> None:
    """Files count from the configuration's folder, a schedule is read with and without quotes."""
    text = """
safety: {words_file: words.yaml, private_words_file: private.txt, chat_hold_s: 1.5, approval: true}
delays: {uplink_ms: 2000, broadcast_ms: auto}
context: [heart_rate, battery]
emotes_file: emotes.yaml
schedule: [{at: 22:00, persona: maple}, {at: "07:30", persona: blitz, days: [mon]}]
"""
    config = read(tmp_path, text).config
    assert config.safety.words_file == tmp_path / "words.yaml"
    assert config.safety.private_words_file == tmp_path / "private.txt"
    assert config.emotes_file == tmp_path / "emotes.yaml"
    assert (config.delays.uplink_ms, config.delays.broadcast_ms) == (2000, "auto")
    assert [each.at.hour for each in config.schedule] == [22, 7]
    assert config.context == ("heart_rate", "battery")


def test_later_kinds_are_not_built() -> None:
    """A kind that exists is not left out any more."""
    for folder, later in LATER_KINDS.items():
        package = Path(plugins.__file__).parent / folder
        built = {path.stem for path in package.glob("*.py")} if package.exists() else set()
        assert not later & built, folder


def test_nothing_configured(tmp_path: Path) -> None:
    """Without any file it starts with the defaults, and says how to give it a chat."""
    loaded = read(tmp_path)
    assert loaded.path is None
    assert (loaded.config.instance, loaded.config.mqtt.port) == ("home", 1883)
    assert (loaded.config.llm.kind, loaded.config.tts.kind) == ("ollama", "local")
    assert "channel" in loaded.notes[0]


def test_environment_wins_over_dotenv_and_file(tmp_path: Path) -> None:
    """Environment, then `.env` beside the file, then the file."""
    text = "mqtt: {host: a, port: 1, username: u}\npersona: x\n"
    dotenv = "PICKLED_MQTT__HOST=b\nPICKLED_MQTT__PORT=2\n"
    config = read(tmp_path, text, dotenv=dotenv, PICKLED_MQTT__HOST="c").config
    assert (config.mqtt.host, config.mqtt.port, config.mqtt.username) == ("c", 2, "u")
    assert config.persona == "x"


def test_environment_reaches_parts_and_lists(tmp_path: Path) -> None:
    """`__` goes one level down; lists and mappings are written as in YAML."""
    config = read(
        tmp_path,
        PICKLED_LLM__MODEL="tiny",
        PICKLED_INPUTS='[{"kind": "replay", "file": "a.jsonl"}]',
        PICKLED_MQTT__TLS="true",
    ).config
    assert (config.llm.kind, config.llm.options) == ("ollama", {"model": "tiny"})
    assert config.inputs[0].options == {"file": "a.jsonl"}
    assert config.mqtt.tls


def test_other_kind_replaces_the_part_with_its_options(tmp_path: Path) -> None:
    """Options of one kind are not given to another."""
    text = "llm: {kind: ollama, model: big, fallback: [{kind: readout}]}"
    config = read(tmp_path, text, PICKLED_LLM__KIND="readout").config
    assert config.llm == PartConfig(kind="readout")


def test_search_order(tmp_path: Path) -> None:
    """The named file, then the one here, then the user's."""
    user = tmp_path / "config" / "pickled"
    user.mkdir(parents=True)
    (user / "pickled.yaml").write_text("instance: user")
    here = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}
    assert load(None, environ=here, cwd=tmp_path).config.instance == "user"
    (tmp_path / "pickled.yaml").write_text("instance: here")
    assert load(None, environ=here, cwd=tmp_path).config.instance == "here"
    (tmp_path / "named.yaml").write_text("instance: named")
    assert load(Path("named.yaml"), environ=here, cwd=tmp_path).config.instance == "named"


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    """Not from where somebody happens to stand."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "pickled.yaml").write_text("data_dir: ./data\nmqtt: {ca_file: ca.pem}")
    config = load(folder / "pickled.yaml", environ={}, cwd=tmp_path).config
    assert config.data_dir == folder / "data"
    assert config.personas_dir == folder / "personas"
    assert config.words_dir == folder / "words"
    assert config.mqtt.ca_file == folder / "ca.pem"
    assert config.base_dir == folder


def test_data_dir_is_systemds_where_there_is_one(tmp_path: Path) -> None:
    """`$STATE_DIRECTORY` is where a service may write."""
    assert read(tmp_path, STATE_DIRECTORY="/var/lib/a:/var/lib/b").config.data_dir == Path(
        "/var/lib/a"
    )


def test_data_dir_has_the_instances_name(tmp_path: Path) -> None:
    """Two instances on one machine need no `data_dir`."""
    home = read(tmp_path).config.data_dir
    studio = read(tmp_path, "instance: studio").config.data_dir
    assert home == shared_data_dir() / "home"
    assert studio == shared_data_dir() / "studio"
    assert home.is_absolute()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("instance: home\nmqtt:\n  hots: a", [":3:", "mqtt.hots", "did you mean host?"]),
        ("chanel: me", [":1:", "did you mean channel?"]),
        ("mqtt: {port: 99999}", [":1:", "mqtt.port", "65535"]),
        ("instance: My House", ["instance"]),
        ("inputs:\n  - {file: a}", [":2:", "inputs[0].kind", "missing"]),
        ("inputs: twitch", ["inputs"]),
        ("- a\n- b", ["key: value"]),
        ("mqtt: {host: a", [":1:", "bracket"]),
        ("persona: a\npersona: b", [":2:", "persona", "twice"]),
        ("base_dir: /", ["base_dir", "not a known key"]),
        ("channel: not/a/channel", ["channel"]),
        ("memory: {retention_day: 3}", ["memory.retention_day", "did you mean retention_days?"]),
        ("memory: {retention_days: 0}", ["memory.retention_days"]),
        ("memory: {embedder: none}", ["memory.embedder"]),
        ("\t", [":1:", "tab"]),
    ],
)
def test_wrong_file_is_explained(tmp_path: Path, text: str, parts: list[str]) -> None:
    """The text names the place, what is wrong, and the nearest known key."""
    why = refused(tmp_path, text)
    for part in ["pickled.yaml", *parts]:
        assert part in why
    assert "\n" not in why


def test_missing_named_file(tmp_path: Path) -> None:
    """A file that was named must be there."""
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load(tmp_path / "nowhere.yaml", environ={}, cwd=tmp_path)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are refused, not guessed."""
    (tmp_path / "pickled.yaml").write_bytes(b"persona: \xff")
    assert "UTF-8" in refused(tmp_path)


def test_channel_is_enough(tmp_path: Path) -> None:
    """Nothing but a channel's name is a working co-host."""
    loaded = read(tmp_path, "channel: '#Streamer_1'")
    assert loaded.config.inputs[0].kind == "twitch_anonymous"
    assert loaded.config.inputs[0].options == {"channel": "streamer_1"}
    assert loaded.notes == ()


def test_channel_is_listened_to_by_who_has_signed_in(tmp_path: Path) -> None:
    """`pickled twitch login` is enough: nothing has to be written for it."""
    tokens = tmp_path / "data" / "tokens"
    tokens.mkdir(parents=True)
    (tokens / "twitch-bot.json").write_text("{}")
    text = f"channel: me\ndata_dir: {tmp_path / 'data'}"
    assert read(tmp_path, text).config.inputs[0].kind == "twitch"
    named = f"inputs: [{{kind: twitch_anonymous, channel: me}}]\ndata_dir: {tmp_path / 'data'}"
    assert read(tmp_path, named).config.inputs[0].kind == "twitch_anonymous"


def test_twitchs_output_has_what_its_input_has() -> None:
    """Channel and application are written once."""
    values: dict[str, Any] = {
        "inputs": [{"kind": "twitch", "channel": "me", "client_id": "abc"}],
        "outputs": [{"kind": "twitch_chat", "client_id": "xyz"}],
    }
    assert sign_in_twitch(values) == []
    assert values["outputs"] == [{"kind": "twitch_chat", "client_id": "xyz", "channel": "me"}]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tmp_path: Path) -> None:
    """A file without the right to read it is named."""
    (tmp_path / "pickled.yaml").write_text("")
    (tmp_path / "pickled.yaml").chmod(0)
    assert "Permission denied" in refused(tmp_path)


def test_defaults_are_valid() -> None:
    """What a test or a demo makes by hand is a configuration too."""
    assert Config.model_validate(Config().model_dump()) == Config()
