"""A data folder with something of everything that is kept, and how to tell whether it is there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw

from pickled.memory.database import FILE_NAME
from pickled.memory.forget import forget_viewer
from tests.memory.shelf import OTHER_CHANNEL, Shelf, open_shelf

NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
PASSPHRASE = "three pickles in a jar"
GONE, OUT = "70000003", "70000004"
"""Who was forgotten, and who opted out."""

TABLES = ("entry", "viewer", "viewer_alias", "visit", "fact", "forgotten", "meta", "scope", "about",
          "origin", "vector")  # fmt: skip


async def fill(folder: Path) -> None:
    """Viewers with facts and visits, a forgotten one, one who opted out, settings and tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    async with open_shelf(folder) as shelf:
        await shelf.chat("my dog is ill, and I love ramen")
        await shelf.chat("my cat is called Miso", scope=OTHER_CHANNEL, stream="s2")
        await shelf.chat("I live in Oslo", user="bob", user_id="80000002", bits=100)
        for user_id, opted_out in ((GONE, False), (OUT, True)):
            await shelf.chat("I love trams", user=f"u{user_id}", user_id=user_id)
            await forget(shelf, user_id, opted_out=opted_out)
    (folder / "settings.json").write_text(json.dumps({"version": 1, "values": {}}))
    (folder / "tokens.json").write_text('{"refresh": "xyz-canary-token"}')


async def forget(shelf: Shelf, user_id: str, *, opted_out: bool = False) -> None:
    """That viewer is forgotten now."""
    who = f"id:{user_id}"
    await forget_viewer(shelf.database, shelf.long_term, who, now=shelf.now, opted_out=opted_out)


def everything(folder: Path) -> dict[str, Any]:
    """All rows of the memory, and the settings."""
    connection = apsw.Connection(str(folder / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found: dict[str, Any] = {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in TABLES
        }
    finally:
        connection.close()
    return found | {"settings": (folder / "settings.json").read_text()}
