"""Reads the tables of words and expressions: text files beside the modules that ask for them.

`# comment`, `[head]`, and one entry a line. An owner's file of the same name adds entries, and
takes out one that stands behind `- `.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pickled.errors import ConfigError
from pickled.language.table_forms import FORMS, TableForm
from pickled.patterns import forget, remembered
from pickled.text_files import read_text

MOST_ENTRIES = 20_000
LONGEST_ENTRY = 2_000

Heads = Mapping[str, tuple[str, ...]]
"""Head → entries, in the order of the file."""

_FOLDER = Path(__file__).parent
_ENDING = ".txt"
_OUT = "- "
_HEAD = r"\[([^\[\]A-Z/]+)\]"
"""In small letters: models write `[INST]`."""
_GROUP = r"\(\?P|\\[1-9]"
"""Many expressions become one, so these would mean something else there."""


class _Line(NamedTuple):
    number: int
    head: str
    entry: str


@dataclass(frozen=True)
class Own:
    """What an owner's file says: what is added, and what is taken out."""

    added: Heads
    taken_out: Heads


_own: dict[str, Own] = {}
"""What the owner's files say about the tables of this process, by the table's name."""


def heads(table: str) -> Heads:
    """All of a table."""
    return _table(table)


def listed(table: str, head: str = "") -> tuple[str, ...]:
    """The entries under one head of a table; "" where it has none."""
    return _table(table)[head]


def pairs(table: str, head: str) -> Iterator[tuple[str, str]]:
    """The two sides of `what is said: what is meant`, the owner's last."""
    for entry in listed(table, head):
        before, _, after = entry.partition(": ")
        yield before, after


def any_of(expressions: Iterable[str]) -> str:
    """One expression for all of them; it fits nothing where an owner took them all out."""
    return "|".join(expressions) or "(?!)"


def extend(own: Mapping[str, Own]) -> None:
    """Put what `read_own` gave in force, for this process."""
    if own != _own:
        _own.clear()
        _own.update(own)
        forget()


def read_own(folder: Path) -> dict[str, Own]:
    """An owner's files, by the table's name; raises ConfigError that names file and line.

    There need not be any, nor the folder.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file: `words_dir` is a folder, as {folder}/bots{_ENDING}")
    own = {}
    for path in sorted((*folder.glob(f"*{_ENDING}"), *folder.glob(f"*/*{_ENDING}"))):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name not in FORMS:
            raise ConfigError(f"{path}: there is no table of that name, but {', '.join(FORMS)}")
        own[name] = parse_own(read_text(path), name, source=str(path))
    return own


def parse_own(text: str, table: str, *, source: str) -> Own:
    """What the text of an owner's file says; raises ConfigError with the first line in error."""
    form, ours = FORMS[table], _shipped(table)
    if form.instead:
        raise ConfigError(f"{source}: this table is not extended here: use `{form.instead}`")
    added: dict[str, list[str]] = {}
    taken_out: dict[str, list[str]] = {}
    for number, head, line in _lines(text, source):
        out = line.startswith(_OUT)
        entry = line.removeprefix(_OUT).strip() if out else line
        if why := _why_not(form, ours, head, entry, out=out):
            raise ConfigError(f"{source}:{number}: {entry[:40]!r}: {why}")
        (taken_out if out else added).setdefault(head, []).append(entry)
    return Own(_frozen(added), _frozen(taken_out))


def parse_shipped(text: str, *, source: str) -> dict[str, tuple[str, ...]]:
    """A table of ours; raises ConfigError with the line of an entry that stands there twice."""
    found: dict[str, dict[str, None]] = {}
    for number, head, entry in _lines(text, source):
        under = found.setdefault(head, {})
        if entry in under:
            raise ConfigError(f"{source}:{number}: {entry[:40]!r} stands there already")
        under[entry] = None
    return _frozen(found)


def merged(ours: Heads, own: Own, *, once: bool) -> Heads:
    """A table with an owner's; `once`: what is added under a head goes from all others."""
    moved = {each for entries in own.added.values() for each in entries}
    table: dict[str, tuple[str, ...]] = {}
    for head in dict.fromkeys((*ours, *own.added)):
        gone = {*own.taken_out.get(head, ()), *own.added.get(head, ())} | (moved if once else set())
        kept = (each for each in ours.get(head, ()) if each not in gone)
        table[head] = (*kept, *own.added.get(head, ()))
    return table


def _lines(text: str, source: str) -> Iterator[_Line]:
    """Those that are entries."""
    head, count = "", 0
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if found := re.fullmatch(_HEAD, line):
            head = found[1].strip()
            continue
        count += 1
        if len(line) > LONGEST_ENTRY or count > MOST_ENTRIES:
            most = f"{MOST_ENTRIES} lines of {LONGEST_ENTRY} characters"
            raise ConfigError(f"{source}:{number}: a table has at most {most}")
        yield _Line(number, head, line)


def _why_not(form: TableForm, ours: Heads, head: str, entry: str, *, out: bool) -> str:
    if head not in ours:
        known = ", ".join(f"[{each}]" for each in ours if each)
        if form.head is None or out:
            where = f"under a head: {known}" if known else "under no head"
            return f"it has to stand {where}"
        if why := form.head(head):
            return f"[{head}]: {why}"
    if out:
        return "" if entry in ours[head] else "it does not stand there, so it can't be taken out"
    if entry.startswith("-") and entry[1:] in ours.get(head, ()):
        return f"write `{_OUT}{entry[1:]}` to take it out"
    if re.search(_GROUP, entry):
        return "an expression of yours is without groups that have a name or a number"
    return form.why_not(head, entry)


def _frozen(found: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {head: tuple(entries) for head, entries in found.items()}


@remembered(4)
def _table(name: str) -> Heads:
    ours, own = _shipped(name), _own.get(name)
    return ours if own is None else merged(ours, own, once=FORMS[name].head is not None)


def _shipped(name: str) -> Heads:
    path = _FOLDER / f"{name}{_ENDING}"
    return parse_shipped(path.read_text(encoding="utf-8"), source=str(path))
