"""What an older version left is taken on: its database, step by step, and what was set then."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import apsw
import pytest

from pickled.memory.migrations import MIGRATIONS
from tests.e2e.house import house
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.e2e

OLD_SETTINGS = {
    "version": 1,
    "values": {
        "volume": {"value": 37.0, "configured": 100.0},
        "muted": {"value": True, "configured": False},
        "persona": {"value": "maple", "configured": "default"},
        "cooldown@maple": {"value": 17.0, "configured": None},
        "what_an_older_version_knew": {"value": [1, 2], "configured": None},
    },
}


def old_memory(folder: Path, steps: int) -> Path:
    """A file as the first versions wrote it, with an entry in it."""
    folder.mkdir(parents=True)
    file = folder / "memory.sqlite"
    connection = apsw.Connection(str(file))
    for step in MIGRATIONS[:steps]:
        connection.execute(step).fetchall()
    connection.pragma("user_version", steps)
    connection.execute("INSERT INTO scope (persona, channel) VALUES ('default', '')")
    said = "zoe said: my dog Fennel was ill"
    connection.execute(
        "INSERT INTO entry (id, scope, at, author, author_id, source, text, said_as, hash)"
        " VALUES ('e1', 1, 1760000000000, 'zoe', '7', 'chat', 'my dog Fennel was ill', ?, x'01')",
        (said,),
    )
    connection.close()
    return file


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS) + 1))
async def test_old_data_folder_is_taken_on(tmp_path: Path, broker: Broker, steps: int) -> None:
    """A daemon of today starts on it: what was kept is found, what was set is in force."""
    file = old_memory(tmp_path / "data", steps)
    (tmp_path / "data/settings.json").write_text(json.dumps(OLD_SETTINGS))
    async with house(tmp_path, broker, memory={"embedder": None}) as at_home:
        daemon = await at_home.daemon()
        await at_home.until_state("volume/state", "37")
        await at_home.until_state("muted/state", "ON")
        await at_home.until_state("persona/state", "maple")
        code, found = await at_home.run(
            "memory", "search", "whose dog was ill", "--data-dir", str(tmp_path / "data")
        )
        assert (code, "Fennel" in found) == (0, True), found
        daemon.terminate()
        assert await asyncio.to_thread(daemon.wait) == 0
    connection = apsw.Connection(str(file))
    assert connection.pragma("user_version") == len(MIGRATIONS)
    connection.close()
    copies = [each.name for each in file.parent.iterdir() if ".copy-" in each.name]
    assert copies or steps == len(MIGRATIONS)  # as it was, beside it
    kept = json.loads((tmp_path / "data/settings.json").read_text())
    assert kept["values"]["volume"]["value"] == 37
