"""Configuration as people write it: taken where the meaning is plain, else told what to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from pickled.config import Loaded, load
from pickled.errors import ConfigError
from tests.config.reading import read, refused

CORPUS = Path(__file__).parents[1] / "corpora" / "configurations.yaml"
CASES: list[dict[str, Any]] = yaml.load(CORPUS.read_text(encoding="utf-8"), yaml.BaseLoader)
TAKEN = [each for each in CASES if "value" in each]
REFUSED = [each for each in CASES if "words" in each]
NOT_OURS = re.compile(
    r"(?i)input should|should match|field required|value_error|value error|yaml\.\w|pydantic|"
    r"cannot start any token|block mapping|flow mapping|expected <|scanning|constructor|"
    r"\^\[|\{\d|\]\*|errno|Traceback|literal\[|constrained"
)
"""A library's words, or a regular expression's."""


def _loaded(case: dict[str, Any], folder: Path) -> Loaded:
    for name, text in case.get("files", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    if "text" in case:
        (folder / "pickled.yaml").write_bytes(case["text"].encode())
    environ = {"HOME": str(folder / "home"), **case.get("environ", {})}
    return load(None, environ=environ, cwd=folder)


def _at(loaded: Loaded, place: str, folder: Path) -> str:
    value: Any = loaded.config.model_dump()
    for key in place.split("."):
        value = value[int(key)] if key.isdigit() else value[key]
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        home = value.is_relative_to(folder / "home")
        near = value.relative_to(folder / "home" if home else folder)
        return f"{'HOME' if home else 'HERE'}/{near}"
    return "null" if value is None else str(value)


@pytest.mark.parametrize("case", TAKEN, ids=lambda each: str(each)[:60])
def test_what_is_plain_is_taken(case: dict[str, Any], tmp_path: Path) -> None:
    """It means what its writer meant; a key of other programs is noted, once."""
    loaded = _loaded(case, tmp_path)
    for place, value in case["value"].items():
        assert _at(loaded, place, tmp_path) == value
    notes = [note for note in loaded.notes if "No input" not in note]
    assert len(notes) == len(case.get("notes", ())) or len(case["notes"]) == 1 < len(notes)
    for part in case.get("notes", ()):
        assert any(part in note for note in notes)


@pytest.mark.parametrize("case", REFUSED, ids=lambda each: str(each)[:60])
def test_what_is_not_plain_is_refused_in_our_words(case: dict[str, Any], tmp_path: Path) -> None:
    """One sentence: the file and its line, and what to write; no library speaks."""
    with pytest.raises(ConfigError) as caught:
        _loaded(case, tmp_path)
    why = str(caught.value)
    for part in case["words"]:
        assert part in why
    if "line" in case:
        assert f"pickled.yaml:{case['line']}: " in why
    assert NOT_OURS.search(why.replace(str(tmp_path), "")) is None
    assert "\n" not in why
    assert case.get("hidden", "\0") not in why


def test_corpus_is_large() -> None:
    """Both ways are tried in width."""
    assert len(REFUSED) >= 60
    assert len(TAKEN) >= 60


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_file_of_windows(tmp_path: Path, encoding: str) -> None:
    """Its editors write a mark first, and one of them two bytes a letter."""
    mark = "\ufeff" if encoding.endswith("e") else ""
    text = f"{mark}channel: Name\r\npersona: blitz\r\n"
    (tmp_path / "pickled.yaml").write_bytes(text.encode(encoding))
    config = read(tmp_path).config
    assert (config.channel, config.persona) == ("name", "blitz")


def test_file_in_an_old_encoding(tmp_path: Path) -> None:
    """It says how to save it."""
    (tmp_path / "pickled.yaml").write_bytes("persona: Jürgen".encode("latin-1"))
    assert "UTF-8: save it" in refused(tmp_path)
