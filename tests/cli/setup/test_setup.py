"""`pickled setup` as somebody at a terminal meets it, with stand-ins for what is outside."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import sys
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from pickled.config import load
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker
from tests.stand_ins.deepgram import KEY, DeepgramStandIn
from tests.stand_ins.ollama_library import OllamaLibrary
from tests.stand_ins.processes import ROOT

NOBODY = "127.0.0.1:1"
"""An address where no broker is."""


@dataclass
class Desk:
    """A folder, and what is at hand there."""

    folder: Path
    ollama: OllamaLibrary

    @property
    def file(self) -> Path:
        """What is to be written."""
        return self.folder / "pickled.yaml"

    async def setup(
        self, *options: str, answers: tuple[str, ...] = (), at: str = ""
    ) -> tuple[int, str]:
        """Run it in the folder, with the voice at that address: its code, and what it showed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "pickled", "setup", *options,
            cwd=self.folder, env=self._environ(at), stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(90):
            shown, _ = await process.communicate("".join(f"{each}\n" for each in answers).encode())
        assert process.returncode is not None
        return process.returncode, shown.decode()

    async def quietly(self, *options: str) -> tuple[int, str]:
        """Run it without a question, a sound, or anything outside but Ollama."""
        return await self.setup(
            "--yes", "--silent", "--broker", NOBODY, "--host", self.ollama.url, *options
        )

    def _environ(self, at: str) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if "PICKLED" not in name}
        return ours | {
            "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "config"),
            "PYTHONPATH": str(ROOT), "COLUMNS": "120", "PICKLED_TTS__BASE_URL": at,
        }  # fmt: skip


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An Ollama without a model that writes, whose library has one."""
    library = OllamaLibrary(
        models=("nomic-embed-text:latest",), library=("phi3.5:latest",), load_s=0.3
    )
    async with library.serve() as ollama:
        yield Desk(tmp_path, ollama)


@pytest.mark.skipif(not shutil.which("flite"), reason="needs a voice: apt install flite")
async def test_setup_from_nothing_to_being_heard(desk: Desk, broker: Broker) -> None:
    """Eighteen answers: a channel, a broker, a character, a model that is fetched, a voice."""
    code, shown = await desk.setup(answers=(
        "https://www.twitch.tv/Wren", f"127.0.0.1:{broker.port}", "maple", "1", desk.ollama.url,
        "phi3.5:latest", "y", "local", "flite-rms", "n", "flite-slt", "y", "y", "y", "Who are you?",
    ))  # fmt: skip
    assert code == 0, shown
    assert desk.ollama.pulled == ["phi3.5:latest"]
    for told in ("lets us in", "phi3.5:latest is there", "old harbour", "written", "pickled run"):
        assert told in shown
    config = load(desk.file, environ={}, cwd=desk.folder).config
    assert (config.channel, config.mqtt.port, config.persona) == ("wren", broker.port, "maple")
    assert config.llm.options == {"model": "phi3.5:latest", "host": desk.ollama.url}
    assert config.tts.options == {"voice": "flite-slt"}
    assert "Who are you?" in str(desk.ollama.requests[-1]["messages"])
    with wave.open(str(desk.folder / "pickled-setup.wav")) as heard:
        assert any(heard.readframes(heard.getnframes()))


async def test_setup_with_yes_takes_what_is_there(desk: Desk) -> None:
    """What it can't ask for is said with its remedy, and the file is written all the same."""
    code, shown = await desk.quietly()
    assert code == 0, shown
    assert f"nothing listens at {NOBODY}" in shown
    assert desk.ollama.pulled == ["phi3.5:latest"]
    assert yaml.safe_load(desk.file.read_text())["llm"]["model"] == "phi3.5:latest"


async def test_setup_again_changes_nothing(desk: Desk) -> None:
    """What stands there is the default of each question."""
    await desk.quietly("--persona", "blitz")
    before = desk.file.read_bytes()
    code, shown = await desk.quietly()
    assert code == 0, shown
    assert "stays as it is" in shown
    assert desk.file.read_bytes() == before
    assert not desk.file.with_name("pickled.yaml.before").exists()


async def test_setup_keeps_what_it_does_not_ask_for(desk: Desk) -> None:
    """Comments, other sections and options of a part; the file before it is kept as a copy."""
    mine = (
        "# ours\nllm: {kind: ollama, model: x, fallback: [{kind: readout}]}  # big\n"
        "safety: {chat_hold_s: 2}\n"
    )
    desk.file.write_text(mine)
    desk.file.chmod(0o640)
    code, shown = await desk.quietly("--model", "phi3.5:latest", "--channel", "@Wren")
    assert code == 0, shown
    written = desk.file.read_text()
    assert written.startswith("# ours\nllm: {kind: ollama, model: phi3.5:latest, fallback:")
    assert "# big\nsafety: {chat_hold_s: 2}\n" in written
    assert "channel: wren" in written
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o640
    copy = desk.file.with_name("pickled.yaml.before")
    assert copy.read_text() == mine
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640


async def test_setup_reads_a_channel_beside_other_inputs(desk: Desk) -> None:
    """There `channel` alone would not be read."""
    desk.file.write_text("inputs: [{kind: replay, file: irl_walk}]\n")
    code, shown = await desk.quietly("--channel", "wren")
    assert code == 0, shown
    kinds = [each.kind for each in load(desk.file, environ={}, cwd=desk.folder).config.inputs]
    assert kinds == ["replay", "twitch_anonymous"]


async def test_broker_that_wants_a_password_is_given_one(desk: Desk) -> None:
    """It is kept in a file that nobody else reads, and is nowhere on the screen."""
    needs_mosquitto()
    with Broker(users={"pickled": "s3cret"}) as broker:
        code, shown = await desk.setup(
            "--silent", "--channel", "", "--llm", "readout", "--tts", "local", "--voice", "auto",
            answers=(f"127.0.0.1:{broker.port}", "user", "pickled", "s3cret", "default", "y"),
        )  # fmt: skip
    assert code == 0, shown
    assert "lets us in" in shown
    assert "s3cret" not in shown
    file = desk.folder / "mqtt.password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    mqtt = load(desk.file, environ={}, cwd=desk.folder).config.mqtt
    assert (mqtt.username, mqtt.password and mqtt.password.get_secret_value()) == (
        "pickled", "s3cret",
    )  # fmt: skip


async def test_key_of_a_voice_is_kept_in_a_file(desk: Desk) -> None:
    """Asked for once, tried, and not shown; the next time it is there."""
    async with DeepgramStandIn().serve() as deepgram:
        desk.file.write_text("tts: {kind: local}\nchannel: wren\n")
        told = ("--silent", "--channel", "wren", "--broker", NOBODY, "--persona", "default")
        told += ("--llm", "readout", "--tts", "deepgram", "--voice", "auto")
        code, shown = await desk.setup(*told, answers=(KEY, "y"), at=deepgram.url)
    assert code == 0, shown
    assert KEY not in shown
    assert (desk.folder / "deepgram.key").read_text() == f"{KEY}\n"
    assert stat.S_IMODE((desk.folder / "deepgram.key").stat().st_mode) == 0o600
    assert yaml.safe_load(desk.file.read_text())["tts"] == {
        "kind": "deepgram", "api_key_file": "deepgram.key",
    }  # fmt: skip


async def test_answers_that_end_early_write_nothing(desk: Desk) -> None:
    """Neither does a no at the end."""
    code, shown = await desk.setup(answers=("wren",))
    assert code == 1
    assert "nothing was written" in shown
    assert not desk.file.exists()


async def test_no_at_the_end_writes_nothing(desk: Desk) -> None:
    """The file was shown before."""
    desk.file.write_text("persona: maple\n")
    code, shown = await desk.setup(
        "--silent", "--channel", "", "--broker", NOBODY, "--llm", "readout", "--tts", "local",
        "--voice", "auto", "--persona", "blitz", answers=("n",),
    )  # fmt: skip
    assert code == 1
    assert "-persona: maple\n+persona: blitz" in shown
    assert desk.file.read_text() == "persona: maple\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--channel", "https://www.youtube.com/@x"), "is not the address of a Twitch channel"),
        (("--broker", "http://x"), "it is MQTT that is wanted"),
        (("--persona", "mapel"), "none of these"),
        (("--llm", "gpt"), "none of these"),
        (("--config", "nowhere/pickled.yaml"), "There is no folder"),
    ],
)
async def test_wrong_option_is_wrong_usage(desk: Desk, options: tuple[str, ...], told: str) -> None:
    """It says what to write, and nothing is written."""
    code, shown = await desk.setup(
        "--yes", "--silent", *({"--broker": ()}.get(options[0], ("--broker", NOBODY))), *options
    )
    assert code == 2, shown
    assert told in " ".join(shown.split())
    assert not desk.file.exists()


async def test_file_that_can_not_be_used_is_mended_first(desk: Desk) -> None:
    """It says where the mistake is, and leaves the file alone."""
    desk.file.write_text("persona: [\n")
    code, shown = await desk.quietly()
    assert code == 1
    assert "pickled.yaml:" in shown
    assert desk.file.read_text() == "persona: [\n"


async def test_model_that_is_in_no_library_is_named(desk: Desk) -> None:
    """The rest is set up, and the way out is told."""
    code, shown = await desk.quietly("--model", "phy3")
    assert code == 0, shown
    assert "phy3 could not be fetched: pull model manifest: file does not exist" in shown
    assert "ollama.com/library" in shown


async def test_server_of_openai_s_interface_is_asked_for(desk: Desk) -> None:
    """With a key in a file; a key in the address is refused."""
    (desk.folder / "key").write_text("sk-x\n")
    told = ("--llm", "openai", "--base-url", "http://127.0.0.1:1/v1", "--model", "m")
    code, shown = await desk.quietly(*told, "--api-key-file", "key")
    assert code == 0, shown
    llm = yaml.safe_load(desk.file.read_text())["llm"]
    assert llm == {
        "kind": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "m", "api_key_file": "key",
    }  # fmt: skip
    assert "sk-x" not in shown
    code, _ = await desk.quietly("--llm", "openai", "--base-url", "http://k@127.0.0.1/v1")
    assert code == 2
