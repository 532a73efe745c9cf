"""`--part`: a part is tried check by check, and each fault is found by its own check."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from pickled.config import Config, PartConfig
from pickled.doctor import Check, try_part
from pickled.doctor.trial import trial
from pickled.doctor.trial.sounding import try_voice
from pickled.doctor.trial.uses import USES
from pickled.errors import ConfigError, UsageError
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plug_form import _METHODS
from pickled.plugins import Plug
from pickled.tts.wyoming import Options, WyomingVoice
from tests.stand_ins.faulty import faulty
from tests.stand_ins.wyoming import WyomingStandIn


@pytest.fixture(autouse=True)
def nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind `faulty` is there, in each folder, without an entry point."""

    def find(folder: str, part: PartConfig) -> Plug:
        if part.kind != "faulty":
            raise ConfigError(f"there is no kind {part.kind}")
        return faulty(folder, part.options.get("fault", ""))

    monkeypatch.setattr(trial, "find", find)


async def tried(folder: str, fault: str, tmp_path: Path) -> dict[str, Check]:
    """All checks of a part with that fault, by name."""
    section = f"{{kind: faulty, fault: {fault!r}}}"
    settings = f"[{section}]" if folder in ("inputs", "outputs") else section
    (tmp_path / "pickled.yaml").write_text(f"{folder}: {settings}")
    environ = {"HOME": str(tmp_path)}
    found = await try_part(f"{folder}:faulty", None, environ=environ, cwd=tmp_path, seconds=0.2)
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("inputs", {"runs", "events"}),
        ("outputs", {"runs", "actions"}),
        ("llm", {"probe", "answers", "form"}),
        ("tts", {"probe", "voices", "speaks", "samples", "loudness", "unknown voice"}),
    ],
)
async def test_good_part_passes_each_check(folder: str, names: set[str], tmp_path: Path) -> None:
    """Those of any part, and those of its folder."""
    checks = await tried(folder, "", tmp_path)
    every = {"found", "options", "starts", "stops", "closes", "starts again", "loop"}
    assert set(checks) == every | names
    assert {each.status for each in checks.values()} == {"ok"}


@pytest.mark.parametrize(
    ("folder", "fault", "name", "told"),
    [
        ("inputs", "start raises", "starts", "no serial port"),
        ("inputs", "start exits", "starts", "it raised SystemExit"),
        ("inputs", "yields the wrong thing", "starts", "without `async def run(self, emit)`"),
        ("inputs", "raises", "runs", "a line without a colon"),
        ("inputs", "exits", "runs", "it raised SystemExit"),
        ("inputs", "cancels itself", "runs", "it cancelled itself"),
        ("inputs", "emits a dict", "runs", "`emit` was given a dict"),
        ("inputs", "close raises", "closes", "the socket is gone"),
        ("inputs", "close hangs", "closes", "does not end"),
        ("inputs", "blocks", "loop", "was held up for 2."),
        ("inputs", "repeats an id", "ids", "'faulty-0' came 2 times"),
        ("outputs", "raises", "runs", "no such scene"),
        ("llm", "probe raises", "probe", "no key"),
        ("llm", "raises", "answers", "no tokens left"),
        ("llm", "gives bytes", "answers", "gave bytes and not str"),
        ("llm", "gives nothing", "answers", "the answer has no text"),
        ("llm", "goes on for ever", "answers", "longer than"),
        ("tts", "has no voices", "starts", "at least one voice"),
        ("tts", "raises", "speaks", "voice is None"),
        ("tts", "gives nothing", "speaks", "there is no sound"),
        ("tts", "is silent", "loudness", "nothing but silence"),
        ("tts", "gives half a sample", "samples", "ends within a sample"),
        ("tts", "goes on for ever", "speaks", "does not come to an end"),
    ],
)
async def test_fault_is_found_by_its_check(
    folder: str, fault: str, name: str, told: str, tmp_path: Path
) -> None:
    """It fails, alone of all, and says what is wrong."""
    checks = await tried(folder, fault, tmp_path)
    assert [each.name for each in checks.values() if each.status == "fail"] == [name]
    check = checks[name]
    assert told in f"{check.what} {check.why} {check.remedy}"


@pytest.mark.parametrize(
    ("folder", "fault", "name", "told"),
    [
        ("inputs", "ends", "runs", "came to its end"),
        ("llm", "writes prose", "form", "is not the JSON that was asked for"),
    ],
)
async def test_what_may_be_meant_so_is_a_warning(
    folder: str, fault: str, name: str, told: str, tmp_path: Path
) -> None:
    """A recording ends; a small model writes prose, and is understood."""
    checks = await tried(folder, fault, tmp_path)
    assert [each.name for each in checks.values() if each.status != "ok"] == [name]
    assert (checks[name].status, told in checks[name].what) == ("warn", True)


async def test_events_from_a_thread_are_counted(tmp_path: Path) -> None:
    """Each of them, and no id comes twice."""
    checks = await tried("inputs", "floods from a thread", tmp_path)
    assert checks["events"].what == "200 ChatMessage"
    assert "ids" not in checks


async def test_kind_that_there_is_not(tmp_path: Path) -> None:
    """The one finding is that of the configuration."""
    (check,) = await try_part("llm:gpt", None, environ={}, cwd=tmp_path, seconds=0.1)
    assert (check.name, check.status, check.remedy) == ("found", "fail", "there is no kind gpt")


@pytest.mark.parametrize("asked", ["linefeed", "input:linefeed", "inputs:", ""])
async def test_what_names_no_part_is_wrong_usage(asked: str, tmp_path: Path) -> None:
    """The folders are named."""
    with pytest.raises(UsageError, match=r"inputs, outputs, llm, llm\.guard"):
        await try_part(asked, None, environ={}, cwd=tmp_path, seconds=0.1)


async def test_broken_configuration_is_told(tmp_path: Path) -> None:
    """Its options stand there, so nothing can be tried."""
    (tmp_path / "pickled.yaml").write_text("chanel: me")
    (check,) = await try_part("llm:faulty", None, environ={}, cwd=tmp_path, seconds=0.1)
    assert (check.name, check.status) == ("configuration", "fail")


def test_options_are_those_of_the_configuration() -> None:
    """Also of a fallback of a fallback; a part that stands nowhere has its defaults."""
    below = {"kind": "c", "x": 3}
    config = Config.model_validate(
        {"llm": {"kind": "a", "fallback": [{"kind": "b", "fallback": [below]}]}}
    )
    assert trial.section_of(config, "llm", "c").options == {"x": 3}
    assert trial.section_of(config, "llm", "d").options == {}
    assert trial.section_of(config, "llm.guard", "ollama").options == {}


def test_each_folder_can_be_tried() -> None:
    """No folder of parts is forgotten."""
    assert set(USES) == set(_METHODS)


async def test_voices_that_may_have_to_be_fetched_are_explained() -> None:
    """What "installed" means at wyoming-piper."""
    async with WyomingStandIn(tone=True, catalogue=("de_DE-kerstin-low",) * 3).serve() as piper:
        voice = WyomingVoice(Options(url=piper.url))
        plug = cast("Plug", SimpleNamespace(options=None))
        (_, voices, *_) = await try_voice(plug, PublishingTap(), 1, voice)
    assert "1 more if the service has them" in voices.what
    assert "fetched when it is first asked for" in voices.why
