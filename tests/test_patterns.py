"""Regular expressions and tables are made when they are first used, and not before."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pickled import patterns
from pickled.patterns import module, on_first_use, pattern, wait, warm, without


def test_pattern_is_used_like_a_compiled_one() -> None:
    """All that code does with one: methods, flags, what it was made of."""
    word = pattern(r"(?P<first>\w)\w*", re.IGNORECASE)
    found = word.search("  Ab c")
    assert found is not None
    assert (found[0], found["first"]) == ("Ab", "A")
    assert word.findall("a bc") == ["a", "b"]
    assert word.sub(lambda each: each[0].upper(), "a bc") == "A BC"
    assert word.pattern == r"(?P<first>\w)\w*"
    assert word.flags & re.IGNORECASE
    assert word.fullmatch("!") is None
    assert word.search.__self__ is word.fullmatch.__self__  # the compiled one's own methods


def test_pattern_is_compiled_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """And once only."""
    compiled: list[str] = []
    monkeypatch.setattr(
        patterns.re, "compile", lambda text, flags=0: compiled.append(text) or re.Pattern
    )
    made = pattern("x+")
    assert compiled == []
    assert (made.search, made.match) == (re.Pattern.search, re.Pattern.match)
    assert compiled == ["x+"]


def test_expression_is_put_together_on_first_use() -> None:
    """Where it is given as what does it."""
    asked: list[str] = []
    made = pattern(lambda: asked.append("once") or "A+", re.IGNORECASE)
    assert asked == []
    assert made.findall("aab") == made.findall("aab") == ["aa"]
    assert asked == ["once"]


def test_table_is_made_on_first_use() -> None:
    """And kept."""
    made: list[str] = []

    @on_first_use
    def words() -> frozenset[str]:
        made.append("once")
        return frozenset({"a"})

    assert made == []
    assert words() is words()
    assert made == ["once"]


def test_broken_pattern_is_told_where_it_is_used() -> None:
    """Not at import."""
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.search("x")
    patterns._waiting.pop()


def test_warm_compiles_what_nobody_used_yet() -> None:
    """From several threads at once, too; tables as well, and what they hold."""
    warm()
    inner: list[re.Pattern[str]] = []
    table = on_first_use(lambda: inner.append(pattern("inner")))
    made = [pattern(f"{number}+") for number in range(50)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: warm(), range(4)))
    assert sum(counts) == 52
    assert all(each._compiled for each in (*made, *inner))  # type: ignore[attr-defined]
    assert table() is None
    assert len(inner) == 1
    assert warm() == 0


def test_module_is_imported_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before; used like the module itself from then on, and `warm` imports it, too."""
    imported: list[str] = []
    monkeypatch.setattr(patterns, "import_module", lambda name: imported.append(name) or re)
    used, idle = module("one"), module("two")
    assert imported == []
    assert used.escape is re.escape
    assert used.escape is re.escape
    assert imported == ["one"]
    warm()
    assert "two" in imported
    assert idle.escape is re.escape


def test_module_that_is_missing_is_told_on_first_use() -> None:
    """As an import of it would."""
    missing = module("there_is_no_such_module")
    with pytest.raises(ModuleNotFoundError, match="there_is_no_such_module"):
        missing.anything  # noqa: B018
    patterns._libraries.remove(missing.imported)


def test_library_is_loaded_without_what_it_can_do_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds that the module isn't there; who asks for that one afterwards gets it."""
    (tmp_path / "made_heavy.py").write_text("loaded = True\n")
    (tmp_path / "made_light.py").write_text(
        "try:\n    import made_heavy\nexcept ImportError:\n    made_heavy = None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    light = module("made_light", lean="made_heavy")
    assert light.made_heavy is None
    assert module("made_heavy").loaded
    with without("made_heavy", "made_light"):  # loaded already: they stay
        assert module("made_light").made_heavy is None
        assert module("made_heavy").loaded


def test_libraries_are_warmed_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """What they keep goes where compiling left room, so that less memory is held."""
    order: list[str] = []
    monkeypatch.setattr(patterns, "_libraries", [lambda: order.append("library")])
    monkeypatch.setattr(patterns, "_waiting", [lambda: order.append("expression")] * 2)
    assert warm() == 3
    assert order == ["expression", "expression", "library"]


def test_who_waits_goes_on_when_all_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before libraries are loaded; and at once where nothing is being compiled."""
    order: list[str] = []
    waits = threading.Thread(target=lambda: (wait(), order.append("waited")))
    wait()

    def compiled() -> None:
        waits.start()
        order.append("compiled")

    def loaded() -> None:
        waits.join(10)
        order.append("loaded")

    monkeypatch.setattr(patterns, "_waiting", [compiled])
    monkeypatch.setattr(patterns, "_libraries", [loaded])
    assert warm() == 2
    assert order == ["compiled", "waited", "loaded"]
