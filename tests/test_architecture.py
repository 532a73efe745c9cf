"""The shape of the house: imports go down only, light things stay light, modules stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pickled"
MODULES = sorted(PACKAGE.rglob("*.py"))
FILES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
LONGEST_MODULE = 300
LONGEST_FUNCTION = 60
LANGUAGE = sorted((PACKAGE / "language").rglob("*.py"))
LONGEST_LITERAL = 12
"""Lines of a word list that stands in code."""

_CLOUD = frozenset({"openai", "anthropic", "tokenc"})
HEAVY = _CLOUD | {"aiomqtt", "aiohttp", "ollama", "wyoming", "soxr", "uvloop", "torch", "numpy"}
NOT_FOR_THE_NODE = HEAVY - {"numpy"} | {
    "pickled.brain",
    "pickled.orchestrator",
    "pickled.memory",
    "pickled.language",
}

_WATCH = """
import importlib, pathlib, pkgutil, re, sys
import pickled

package, ours = pathlib.Path(pickled.__file__).parent, pathlib.Path(re.__file__).parent
compile_, offenders = re._compile, []

def watched(*arguments):
    frame = sys._getframe(1)
    while pathlib.Path(frame.f_code.co_filename).parent == ours:
        frame = frame.f_back
    while frame.f_code.co_filename == str(package / "patterns.py"):
        frame = frame.f_back
    if package in pathlib.Path(frame.f_code.co_filename).parents:
        offenders.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
    return compile_(*arguments)

re._compile = watched
for each in pkgutil.walk_packages(pickled.__path__, "pickled."):
    if not each.name.endswith("__main__"):
        importlib.import_module(each.name)
re._compile = compile_
"""
"""Imports all of the package, and lists who compiled a regular expression meanwhile."""


def loaded_by(code: str) -> set[str]:
    """What a fresh interpreter has loaded after that code."""
    show = "import sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\n{show}"],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=50,
    )  # fmt: skip
    return set(run.stderr.split())


def watched(code: str) -> list[str]:
    """What a fresh interpreter prints that has imported everything, and runs that code."""
    run = subprocess.run(
        [sys.executable, "-c", f"{_WATCH}\n{code}"],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=50,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def test_imports_go_down_only() -> None:
    """import-linter holds the layers, and the brain's and the node's bans."""
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=50,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    "code",
    [
        "import pickled",
        "import pickled.cli",
        "from pickled.cli.program import app\ntry: app(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_command_line_starts_light(code: str) -> None:
    """`pickled --help` loads none of the packages that only a running daemon needs."""
    loaded = loaded_by(code)
    assert "pickled" in loaded
    assert not loaded & (HEAVY | {"pydantic", "paho", "structlog", "pickled.daemon.main"})


def test_daemon_starts_without_what_it_does_not_need_yet() -> None:
    """Until it is there for others it loads nothing for terminals, no client and no numpy."""
    loaded = loaded_by(
        "from pickled.cli.serve import _loaded\n"
        "run, config = _loaded(None, verbose=False)\n"
        "from pickled.plugins import find_all\n"
        "assert len(find_all(config).llm) == 2"
    )
    assert "pickled.daemon.main" in loaded
    assert "pickled.llm.ollama" in loaded
    later = {"httpx", "ollama", "numpy", "soxr"}
    assert not loaded & ({"rich", "typer", "click", "statistics", "html"} | later)


@pytest.mark.parametrize("module", ["pickled.cli.talk", "pickled.cli.watch", "pickled.cli.topics"])
def test_client_commands_need_no_daemon(module: str) -> None:
    """Steering works where only the base package is installed."""
    assert not loaded_by(f"import {module}") & (HEAVY | {"pickled.daemon.main"})


def test_node_is_light() -> None:
    """The node's command, once it runs, has loaded nothing of the daemon."""
    loaded = loaded_by("import pickled.cli.node, pickled.cli.connect, pickled.node.main")
    assert "pickled.node.main" in loaded
    assert not loaded & NOT_FOR_THE_NODE


def test_nothing_is_compiled_at_import() -> None:
    """The daemon's modules hold hundreds of regular expressions, and start without any of them."""
    assert watched("print(*offenders)") == []


def test_no_table_is_read_at_import() -> None:
    """What lies in data files costs a start nothing either."""
    assert watched("print(pickled.language.tables._table.cache_info().currsize)") == ["0"]


def _rows(value: ast.AST) -> int:
    """Lines of the longest literal in a value that is data; an expression is code."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) in ("pattern", "calm_pattern"):
        return 0
    longest = 0
    for node in ast.walk(value):
        try:
            ast.literal_eval(node)  # type: ignore[arg-type]
        except ValueError:
            continue
        longest = max(longest, node.end_lineno - node.lineno + 1)  # type: ignore[attr-defined]
    return longest


@pytest.mark.parametrize(
    "path", LANGUAGE, ids=lambda path: path.relative_to(PACKAGE / "language").as_posix()
)
def test_tables_lie_in_data_files(path: Path) -> None:
    """Whoever misses a word adds a line to a text file, and no code."""
    if path.name.startswith("trick_"):
        pytest.skip("the wordings of tricks are on their way out")
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            lines = _rows(statement.value)
            told = f"line {statement.lineno}: {lines} lines of data: put them in a .txt beside it"
            assert lines <= LONGEST_LITERAL, told


def test_every_pattern_compiles() -> None:
    """What is compiled on first use may be wrong for long before that comes."""
    (count,) = watched("print(pickled.patterns.warm())")
    assert int(count) > 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_module_opens_with_a_sentence(path: Path) -> None:
    """Whoever opens a module reads first what it is for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    opening = (ast.get_docstring(tree) or "").split("\n\n")[0]
    assert opening, "a module opens with one sentence on what it is for"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_is_of_a_readable_size(path: Path) -> None:
    """One subject a file, in the package as in the tests: three hundred lines at most."""
    lines = path.read_text(encoding="utf-8").count("\n")
    told = f"{path.name} has {lines} lines, more than {LONGEST_MODULE}: part it by subject"
    assert lines <= LONGEST_MODULE, told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_functions_are_of_a_readable_size(path: Path) -> None:
    """One step a function: sixty lines at most, decorators aside."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            told = f"{node.name} has {lines} lines, more than {LONGEST_FUNCTION}: give parts a name"
            assert lines <= LONGEST_FUNCTION, told


def test_no_room_is_empty() -> None:
    """Each folder of the package holds more than a sentence about itself."""
    for folder in {path.parent for path in MODULES}:
        statements = ast.parse((folder / "__init__.py").read_text(encoding="utf-8")).body
        others = [path for path in folder.rglob("*.py") if path.name != "__init__.py"]
        assert others or len(statements) > 1, f"{folder.name} is an empty room"
