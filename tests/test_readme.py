"""README, CONTRIBUTING and the page of figures tell the truth: what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pickled.brain.persona import parse_persona
from pickled.cli.program import COMMANDS
from pickled.config import load
from pickled.config.layers import _PROTOTYPE
from pickled.plugins import find
from pickled.topics import Root

HERE = Path(__file__).parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "tests/bench/README.md")
TEXTS = {name: (HERE / name).read_text(encoding="utf-8") for name in PAGES}
README = TEXTS["README.md"]
EVERYTHING = "\n".join(TEXTS.values())
FILES = sorted(set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", EVERYTHING)))
LINKS = sorted(
    {
        (page, link)
        for page, text in TEXTS.items()
        for link in re.findall(r"\]\((?!http)([^)]+)\)", text)
    }
)
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in README.partition("| | pickled | Open-LLM-VTuber")[2]
    .partition("\n\n")[0]
    .split("\n")
]
"""The comparison with others, row by row; what is left of its head comes first."""


def anchors(text: str) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("name", FILES)
def test_pages_name_files_that_are_there(name: str) -> None:
    """The way of a chat message leads through files that exist."""
    assert (HERE / "pickled" / name).exists() or (HERE / name).exists()


def test_pages_lead_through_at_least_ten_files() -> None:
    """The files are found by their form; this notices if the form changes."""
    assert len(FILES) > 10


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_links_lead_somewhere(page: str, link: str) -> None:
    """Every link inside the repository has its target, and the heading that it names."""
    path, _, anchor = link.partition("#")
    target = (HERE / page).parent / path if path else HERE / page
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


def test_comparison_has_a_link_in_every_cell() -> None:
    """Five rows beside three others: no claim is without its measurement or its source."""
    _, _, *rows = TABLE
    assert [len(row) for row in rows] == [5] * 5
    cells = [cell for row in rows for cell in row[1:]]
    assert [each for each in cells if not re.search(r"\]\([^)]+\)|\]\[[a-z-]+\]", each)] == []


def test_comparison_names_sources_that_cannot_move() -> None:
    """Each source of another project is used, and pinned to a commit."""
    sources = dict(re.findall(r"^\[([a-z-]+)\]: (\S+)$", README, re.MULTILINE))
    assert set(re.findall(r"\]\[([a-z-]+)\]", README)) == sources.keys()
    pinned = r"https://github\.com/[\w.-]+/[\w.-]+/blob/[0-9a-f]{40}/\S+"
    assert [each for each in sources.values() if not re.fullmatch(pinned, each)] == []


def test_readme_shows_lines_of_the_bundled_chat() -> None:
    """What the demo printed was said in its recording."""
    recording = HERE / "pickled" / "inputs" / "recordings" / "irl_walk.jsonl"
    said = recording.read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    lines = re.findall(r"^\d\d:\d\d  (\w+): (.+)$", shown, re.MULTILINE)
    assert len(lines) > 1
    assert [(who, what) for who, what in lines if f'"text": "{what}"' not in said] == []


def test_readme_configuration_is_accepted(tmp_path: Path) -> None:
    """The example of `pickled.yaml` can be copied as it is."""
    (example,) = re.findall(r"```yaml\n# pickled.yaml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "pickled.yaml"
    path.write_text(example)
    loaded = load(path, environ={}, cwd=tmp_path)
    assert loaded.config.channel == yaml.safe_load(example)["channel"]


def test_readme_actions_are_accepted(tmp_path: Path) -> None:
    """What lets it act can be copied as it is, into both files."""
    (example,) = re.findall(r"```yaml\n# into pickled.yaml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "pickled.yaml"
    path.write_text(example)
    config = load(path, environ={}, cwd=tmp_path).config
    assert len(config.redemptions) == 5
    offered = {*find("outputs", config.outputs[0]).options.model_dump()["actions"]}
    (listed,) = re.findall(r"into the persona: `(.*?)`", README)
    persona = parse_persona(f"name: X\npersonality: x\n{listed}\n", source="README.md")
    assert {each.name for each in persona.actions} == offered


def test_readme_persona_is_accepted() -> None:
    """The example of a character can be copied as it is."""
    (example,) = re.findall(r"```yaml\n# personas/renate.yaml\n(.*?)```", README, re.DOTALL)
    assert parse_persona(example, source="README.md").name == "Renate"


@pytest.mark.parametrize("name", sorted(_PROTOTYPE))
def test_readme_lists_the_prototypes_variables(name: str) -> None:
    """Whoever comes from the prototype finds each variable."""
    assert f"`{name}`" in README


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\bpickled ([a-z]+) ", EVERYTHING))))
def test_pages_name_commands_that_are_there(command: str) -> None:
    """No command is promised that the program doesn't know."""
    assert command in COMMANDS


def test_readme_names_topics_of_the_contract() -> None:
    """Every topic that is written out is in the table."""
    names = set(re.findall(r"pickled/home/[a-z_/]+(?<!/)(?=[` \n])", README))
    assert len(names) > 5
    assert [name for name in names if Root().find(name) is None] == []
