"""Two streams, a week apart: who comes back is known, in the spoken answer."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import apsw
import pytest

from pickled.memory.database import FILE_NAME
from pickled.messages.response import ResponseState
from tests.e2e.house import House, house, model_at
from tests.stand_ins.broker import Broker
from tests.stand_ins.ollama import OllamaStandIn
from tests.stand_ins.twitch_irc import TwitchIrc, privmsg, twitch_irc

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

WEEK_MS = 7 * 24 * 3600 * 1000
TIMES = {
    "entry": ("at", "expires_at"),
    "viewer": ("first_seen", "last_seen"),
    "visit": ("until",),
    "fact": ("at", "until"),
}


def greets_with_what_it_knows(asked: dict[str, Any]) -> str:
    """What a model might make of its prompt: the memories, said aloud."""
    lines = asked["messages"][-1]["content"].splitlines()
    told = [json.loads(line.rstrip(",")) for line in lines if line.startswith("{")]
    known = [each["text"] for each in told if each["who"] == "memory"]
    return " ".join(["Good to see you.", *known[:1]])


def a_week_goes_by(folder: Path) -> None:
    """Everything in memory becomes a week older."""
    connection = apsw.Connection(str(folder / "data" / FILE_NAME))
    for table, columns in TIMES.items():
        changes = ", ".join(f"{each} = {each} - {WEEK_MS}" for each in columns)
        connection.execute(f"UPDATE {table} SET {changes}")
    connection.close()


async def one_stream(at_home: House, irc: TwitchIrc, line: str, *, until: str) -> str:
    """The daemon runs for one line of a viewer; what was published last on that topic."""
    moment = at_home.now
    daemon = await at_home.daemon()
    await irc.joined()
    await irc.say(privmsg(line, display_name="Ana", user_id="4711"))
    seen = await at_home.until(until, _tells_of_ana, after=moment)
    daemon.terminate()
    await asyncio.to_thread(daemon.wait, 10)
    return seen.text


def _tells_of_ana(payload: str) -> bool:
    remembered = '"viewers":' in payload and '"viewers":0' not in payload
    return remembered or '"outcome"' in payload


async def test_viewer_who_returns_is_recognized_aloud(tmp_path: Path, broker: Broker) -> None:
    """What she told in the first stream is in the answer of the second, and was heard."""
    model = OllamaStandIn(texts=greets_with_what_it_knows)
    async with twitch_irc() as irc, model.serve() as served:
        port = int(str(served.url).rpartition(":")[2])
        settings = {
            "inputs": [{"kind": "twitch_anonymous", "channel": "wren", "irc_url": irc.url}],
            "llm": model_at(port),
            "memory": {"embedder": None},
        }
        async with house(tmp_path, broker, **settings) as at_home:
            await at_home.node()
            told = "hello all, my dog Bruno is ill today"
            await one_stream(at_home, irc, told, until="memory/state")
            a_week_goes_by(tmp_path)
            back = "John, I am back, hello!"
            ended = await one_stream(at_home, irc, back, until="response/state")
    said = ResponseState.model_validate_json(ended)
    assert said.outcome == "finished"
    assert "Bruno" in said.heard
    assert "week" in said.heard
