"""A backup beside the running daemon, restored on an empty machine: all is there, but who went."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

import apsw
import pytest

from pickled.memory.database import FILE_NAME
from pickled.messages.memory import MemoryState
from tests.backup.kept import everything
from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import peer
from tests.stand_ins.twitch_irc import TwitchIrc, privmsg, twitch_irc

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

CANARY, CANARY_ID = "zyxocanary77", "7345198260"
ANA = {"display_name": "ハンサム", "login": "handsome77", "user_id": "4711"}
BEA = {"display_name": "Coon_Tamer", "login": "coon_tamer", "user_id": "4712"}
CY = {"display_name": "Cy", "login": "cy", "user_id": "4713"}
ZYX = {"display_name": "Zyxo_Canary", "login": CANARY, "user_id": CANARY_ID}


async def says(at_home: House, irc: TwitchIrc, *lines: tuple[dict[str, str], str]) -> None:
    """Viewers write, and are known to memory."""
    for who, text in lines:
        moment = at_home.now
        await irc.say(privmsg(text, **who))
        await at_home.until("event/chat", lambda each, it=text: it in each, after=moment)


async def known(at_home: House, entries: int) -> None:
    """Wait until so many memories are there."""

    def enough(text: str) -> bool:
        return MemoryState.model_validate_json(text).entries == entries

    if not enough(at_home.state("memory/state") or '{"entries": -1, "viewers": 0}'):
        await at_home.until("memory/state", enough, after=at_home.now)


async def pickled(at_home: House, *arguments: str, code: int = 0) -> str:
    """Run a command to that exit code; what it wrote."""
    ended, told = await at_home.run(*arguments, "--config", str(at_home.config))
    assert ended == code, told
    return told


def unpacked(file: Path) -> bytes:
    """All that is in a backup."""
    with zipfile.ZipFile(file) as archive:
        return b"".join(archive.read(each) for each in archive.namelist()).lower()


async def test_backup_gives_everything_back(tmp_path: Path, broker: Broker) -> None:
    """Viewers, facts, visits, an opt-out and settings; who was forgotten is in no later one."""
    before, after, new = (tmp_path / each for each in ("before", "after", "new"))
    async with twitch_irc() as irc:
        settings = {
            "inputs": [{"kind": "twitch_anonymous", "channel": "wren", "irc_url": irc.url}],
            "memory": {"embedder": None},
        }
        async with house(tmp_path, broker, **settings) as at_home:
            daemon = await at_home.daemon()
            await irc.joined()
            await says(
                at_home, irc,
                (ANA, "my dog is ill today, poor thing"), (BEA, "I live in Oslo since a year"),
                (CY, "I love ramen and long walks"), (ZYX, "I love quetzalcoatlus soup a lot"),
            )  # fmt: skip
            await known(at_home, 4)
            assert (await at_home.command("volume/set", "42")).code == "ok"
            told = await pickled(at_home, "viewer", "forget", "cy", "--yes", "--opt-out")
            assert "1 viewers" in told
            await pickled(at_home, "backup", str(before))
            assert b"quetzalcoatlus" in unpacked(before)
            told = await pickled(at_home, "viewer", "forget", "nobody9", "--yes", code=1)
            assert "unknown_viewer" in told
            told = await pickled(at_home, "viewer", "forget", CANARY, "--yes")
            assert "1 viewers" in told
            told = await pickled(at_home, "backup", str(after))
            await known(at_home, 2)
            await no_canary(at_home, after, broker)
            told = await pickled(
                at_home, "restore", str(after), "--data-dir", str(tmp_path / "data"), "--yes",
                code=1,
            )  # fmt: skip
            assert "stop it first" in told
            daemon.terminate()
            assert await asyncio.to_thread(daemon.wait, 10) == 0
            await pickled(at_home, "restore", str(after), "--data-dir", str(new))
            assert everything(new) == everything(tmp_path / "data")
            await goes_on(at_home, irc, new)
            for name in ("ハンサム", "handsome77", "Coon_Tamer"):
                told = await pickled(at_home, "viewer", "show", name, "--data-dir", str(new))
                assert "2 messages" in told


async def no_canary(at_home: House, backup: Path, broker: Broker) -> None:
    """Nothing of who was forgotten: not in the backup, the folder's files, or at the broker."""
    async with peer(broker) as newcomer:
        await newcomer.caught_up()
        retained = b"".join(each.payload for each in newcomer.seen).lower()
    for canary in (b"quetzalcoatlus", CANARY.encode(), b"zyxo_canary", CANARY_ID.encode()):
        assert canary not in unpacked(backup)
        assert canary not in retained
        for file in (at_home.folder / "data").rglob("*"):
            assert file.is_dir() or canary not in file.read_bytes().lower(), file


async def goes_on(at_home: House, irc: TwitchIrc, folder: Path) -> None:
    """On the restored folder the volume is kept, viewers come back, who opted out stays unknown."""
    settings = json.loads(at_home.config.read_text()) | {"data_dir": str(folder)}
    at_home.config.write_text(json.dumps(settings))
    daemon = await at_home.daemon()
    await irc.joined()
    assert at_home.state("volume/state") == "42"
    await says(
        at_home, irc,
        (CY, "I love ramen more than ever, folks"), (ANA, "my dog is well again, hooray"),
        (BEA, "I love the rain in Oslo, really"),
    )  # fmt: skip
    await known(at_home, 4)
    daemon.terminate()
    assert await asyncio.to_thread(daemon.wait, 10) == 0
    connection = apsw.Connection(str(folder / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    viewers = connection.execute("SELECT user_id FROM viewer ORDER BY user_id").fetchall()
    connection.close()
    assert viewers == [("4711",), ("4712",)]
