"""The README tells the truth: what it names is there, and what it configures is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pickled.cli import COMMANDS
from pickled.config import load
from pickled.config.layers import _PROTOTYPE
from pickled.topics import Root

HERE = Path(__file__).parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")
FILES = sorted(set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", README)))


@pytest.mark.parametrize("name", FILES)
def test_readme_names_files_that_are_there(name: str) -> None:
    """The way of a chat message leads through files that exist."""
    assert (HERE / "pickled" / name).exists() or (HERE / name).exists()


def test_readme_leads_through_at_least_ten_files() -> None:
    """The files are found by their form; this notices if the form changes."""
    assert len(FILES) > 10


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_readme_links_lead_somewhere(link: str) -> None:
    """Every relative link has its target."""
    assert (HERE / link).exists()


def test_readme_configuration_is_accepted(tmp_path: Path) -> None:
    """The example of `pickled.yaml` can be copied as it is."""
    (example,) = re.findall(r"```yaml\n# pickled.yaml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "pickled.yaml"
    path.write_text(example)
    loaded = load(path, environ={}, cwd=tmp_path)
    assert loaded.config.channel == yaml.safe_load(example)["channel"]


@pytest.mark.parametrize("name", sorted(_PROTOTYPE))
def test_readme_lists_the_prototypes_variables(name: str) -> None:
    """Whoever comes from the prototype finds each variable."""
    assert f"`{name}`" in README


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\bpickled ([a-z]+) ", README))))
def test_readme_names_commands_that_are_there(command: str) -> None:
    """No command is promised that the program doesn't know."""
    assert command in COMMANDS


def test_readme_names_topics_of_the_contract() -> None:
    """Every topic that is written out is in the table."""
    names = set(re.findall(r"pickled/home/[a-z_/]+(?<!/)(?=[` \n])", README))
    assert len(names) > 5
    assert [name for name in names if Root().find(name) is None] == []
