"""Plugs: found by their file's name or by an entry point, and refused with a way out."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from contextlib import AbstractAsyncContextManager
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pickled import plugins
from pickled.config import PartConfig
from pickled.errors import ConfigError
from pickled.plugins import Surroundings, find, kinds, ladder

FOLDERS = tuple(
    folder.replace("/", ".")
    for folder in (
        "inputs",
        "llm",
        "llm/compress",
        "llm/guard",
        "memory/embed",
        "stt",
        "tts",
        "outputs",
    )
    if (Path(plugins.__file__).parent / folder).is_dir()
)
PLUGS = [
    (folder, module.name)
    for folder in FOLDERS
    for module in pkgutil.iter_modules(
        [str(Path(plugins.__file__).parent / folder.replace(".", "/"))]
    )
    if not module.ispkg
]
SURROUNDINGS = Surroundings(Path(), Path(), lambda status, detail: None)


def part(kind: str, **options: Any) -> PartConfig:
    return PartConfig.model_validate({"kind": kind, **options})


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Entry points of third parties: `folder.kind` → what it names."""
    offers: dict[str, str] = {}

    def entry_points(*, group: str, name: str | None = None) -> EntryPoints:
        found = [
            EntryPoint(kind, value, f"pickled.{folder}")
            for (folder, kind), value in ((each.rsplit(".", 1), offers[each]) for each in offers)
            if group == f"pickled.{folder}" and name in (None, kind)
        ]
        return EntryPoints(found)

    monkeypatch.setattr(plugins, "entry_points", entry_points)
    return offers


@pytest.mark.parametrize(("folder", "kind"), PLUGS)
def test_each_kind_keeps_to_the_form(folder: str, kind: str) -> None:
    """Options is strict, frozen and says what each option is for or names it well; start fits."""
    assert kind in kinds(folder)
    module = importlib.import_module(f"pickled.{folder}.{kind}")
    options = module.Options
    assert issubclass(options, BaseModel)
    assert options.model_config["extra"] == "forbid"
    assert options.model_config["frozen"]
    assert options.__doc__
    assert options.model_json_schema()["properties"] is not None
    assert list(inspect.signature(module.start).parameters) == ["options", "surroundings"]
    hints = inspect.get_annotations(module.start, eval_str=True)
    assert hints["options"] is options
    assert hints["surroundings"] is Surroundings


@pytest.mark.parametrize("folder", ["llm", "llm.guard", "memory.embed", "tts"])
async def test_each_model_and_voice_starts_without_its_service(folder: str) -> None:
    """Starting never fails because something else isn't there: the ladder asks later."""
    for kind in kinds(folder):
        async with find(folder, part(kind)).start(SURROUNDINGS) as started:
            assert started.name
            assert inspect.iscoroutinefunction(started.probe)


def test_find_validates_the_options() -> None:
    """Options are those of the file, with its defaults."""
    plug = find("llm", part("ollama", model="llama3.2"))
    assert plug.options.model_dump()["model"] == "llama3.2"
    assert plug.options.model_dump()["keep_alive"] == "30m"
    assert isinstance(plug.start(SURROUNDINGS), AbstractAsyncContextManager)


@pytest.mark.parametrize(
    ("folder", "given", "told"),
    [
        ("llm", {"kind": "olama"}, "did you mean ollama?"),
        ("llm", {"kind": "gpt"}, "there are anthropic, ollama, openai, readout"),
        ("llm", {"kind": "ollama", "modell": "x"}, "no option 'modell'; did you mean model?"),
        ("llm", {"kind": "readout", "model": "x"}, "it takes longest_text"),
        (
            "llm",
            {"kind": "ollama", "max_tokens": "many"},
            "max_tokens has to be a whole number",
        ),
        ("llm", {"kind": "ollama", "host": "ftp://x"}, "ollama: host has to be an address"),
        ("tts", {"kind": "local", "speed": 9}, "local: speed has to be at most 2"),
        ("tts", {"kind": "pcm"}, "there is no kind 'pcm'"),
        ("outputs", {"kind": "lamp"}, "there is no kind 'lamp' (there are mqtt"),
        ("memory.embed", {"kind": "worker"}, "there are ollama, sentence_transformers"),
    ],
)
def test_find_tells_the_mistake_and_the_way_out(
    folder: str, given: dict[str, Any], told: str
) -> None:
    """A mistake in the configuration is one sentence that names the place."""
    with pytest.raises(ConfigError) as refused:
        find(folder, PartConfig.model_validate(given))
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_find_does_not_repeat_what_was_given() -> None:
    """A wrong value may be a secret in the wrong place."""
    with pytest.raises(ConfigError) as refused:
        find("llm", part("ollama", host="http://name:hunter2@host"))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(("kind", "extra"), [("ollama", "server"), ("openai", "server,openai")])
def test_find_names_the_missing_package(
    monkeypatch: pytest.MonkeyPatch, kind: str, extra: str
) -> None:
    """A kind whose package is not installed says which, and the extra that brings it."""

    def missing() -> None:
        raise ModuleNotFoundError(f"No module named {kind}", name=kind)

    known = importlib.import_module
    monkeypatch.setattr(
        importlib,
        "import_module",
        lambda name: missing() if name == f"pickled.llm.{kind}" else known(name),
    )
    with pytest.raises(ConfigError) as refused:
        find("llm", part(kind))
    told = f"needs the package {kind}; install it with `pip install '.[{extra}]'`"
    assert told in str(refused.value)


def test_find_lets_a_fault_of_ours_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of ours that is not there is nothing that a person could install."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name}", name="pickled.nowhere")

    known = importlib.import_module
    monkeypatch.setattr(
        importlib,
        "import_module",
        lambda name: missing(name) if name == "pickled.llm.ollama" else known(name),
    )
    with pytest.raises(ModuleNotFoundError):
        find("llm", part("ollama"))


def test_ladder_has_the_first_choice_first() -> None:
    """Fallbacks follow in their order, each with its own."""
    config = part(
        "wyoming",
        fallback=[
            {"kind": "local", "engine": "flite", "fallback": [{"kind": "local"}]},
            {"kind": "wyoming", "url": "tcp://127.0.0.1:10201"},
        ],
    )
    assert [each.kind for each in ladder("tts", config)] == ["wyoming", "local", "local", "wyoming"]


def test_third_party_is_found_by_its_entry_point(offered: dict[str, str]) -> None:
    """Another package's plug is used like ours."""
    offered["llm.parrot"] = "pickled.llm.readout"
    assert kinds("llm") == ("anthropic", "ollama", "openai", "parrot", "readout")
    assert find("llm", part("parrot")).options.model_dump() == {"longest_text": 160}


def test_third_party_is_found_a_folder_deeper(offered: dict[str, str]) -> None:
    """An embedder can be somebody else's, too."""
    offered["memory.embed.parrot"] = "pickled.memory.embed.ollama"
    assert kinds("memory.embed") == ("ollama", "parrot", "sentence_transformers")
    assert find("memory.embed", part("parrot", model="x")).options.model_dump()["model"] == "x"


def test_third_party_can_not_replace_ours(offered: dict[str, str]) -> None:
    """Our kinds keep their meaning, whatever is installed."""
    offered["llm.ollama"] = "pickled.llm.readout"
    assert find("llm", part("ollama")).module.__name__ == "pickled.llm.ollama"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("no_such_package_at_all", "can't be loaded: ModuleNotFoundError: No module named"),
        ("pickled.llm.readout:nothing", "can't be loaded"),
        ("pickled.errors", "has no Options, so it is no plug"),
    ],
)
def test_broken_third_party_is_a_config_error(
    offered: dict[str, str], value: str, told: str
) -> None:
    """What another package gets wrong does not look like our crash."""
    offered["llm.parrot"] = value
    with pytest.raises(ConfigError, match=told):
        find("llm", part("parrot"))
