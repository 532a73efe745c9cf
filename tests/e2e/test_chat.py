"""Chat as Twitch sends it: a newcomer who names nothing but a channel, and a flood."""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pickled.messages.response import ResponseState
from pickled.messages.state import Health
from tests.e2e.house import house
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.twitch_irc import privmsg, twitch_irc

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

FLOOD_PER_S = 300
FLOOD_S = 5
SOON_MS = 200
LARGEST_MB = 150
GROWTH_MB = 30


def of_channel(irc_url: str) -> list[dict[str, str]]:
    """The input that reads the stand-in's channel."""
    return [{"kind": "twitch_anonymous", "channel": "Wren", "irc_url": irc_url}]


async def test_channel_name_is_enough_for_a_co_host(tmp_path: Path, broker: Broker) -> None:
    """With nothing but a channel it reads chat and answers a mention aloud, and says what lacks."""
    async with twitch_irc() as irc, house(tmp_path, broker) as at_home:
        nobody = f"http://127.0.0.1:{free_port()}"
        newcomers = {
            "mqtt": {"port": broker.port},
            "inputs": of_channel(irc.url),
            "llm": {"kind": "ollama", "host": nobody},  # not what happens to run on this machine
        }
        at_home.config.write_text(json.dumps(newcomers))
        await at_home.node()
        daemon = await at_home.daemon()
        await irc.joined()
        await irc.say(privmsg("hey John, is the coffee any good?", display_name="Ann"))
        response = ResponseState.model_validate_json(
            (await at_home.until("response/state")).payload
        )

        assert (response.outcome, response.heard) == ("finished", response.text)
        assert "Ann" in response.text
        assert "is the coffee any good?" in response.text
        assert [each.user for each in response.to] == ["Ann"]
        assert at_home.state("service_level/state") == "reduced"
        health = Health.model_validate_json(at_home.state("health/state") or "").root
        assert health["twitch"].detail == "reading #wren"
        assert "ollama serve" in health["llm"].detail
        assert "Traceback" not in daemon.log
        assert irc.complaints == []


@pytest.mark.alone
async def test_commands_are_answered_while_chat_floods(tmp_path: Path, broker: Broker) -> None:
    """At 300 messages a second each is published once, memory stays flat, commands come through."""
    async with (
        twitch_irc() as irc,
        house(tmp_path, broker, inputs=of_channel(irc.url)) as at_home,
    ):
        await at_home.node()
        daemon = await at_home.daemon()
        await irc.joined()
        before = daemon.resident_mb
        lines = [
            privmsg(f"message number {n}", id=f"m{n}", user_id=str(n % 50))
            for n in range(FLOOD_PER_S * FLOOD_S)
        ]
        flood = asyncio.create_task(irc.flood(lines, per_second=FLOOD_PER_S))
        times = []
        while not flood.done():
            moment = at_home.now
            assert (await at_home.command("cmd/ping")).code == "ok"
            times.append((at_home.now - moment) * 1000)
            await asyncio.sleep(0.1)
        await flood
        await at_home.until("chat_rate/state", str(len(lines)))
        events = map(json.loads, at_home.watcher.payloads(at_home.root("event/chat")))

        assert sorted(ids(events)) == sorted(f"m{n}" for n in range(len(lines)))
        assert len(times) > FLOOD_S
        assert statistics.median(times) < SOON_MS, times
        assert max(times) < 5 * SOON_MS, times
        assert daemon.resident_mb < min(LARGEST_MB, before + GROWTH_MB)


def ids(events: Iterable[dict[str, Any]]) -> list[str]:
    """Of all messages in these events; none may have been left out."""
    found = []
    for each in events:
        assert not each.get("suppressed"), each
        found += [message["id"] for message in each.get("messages", [each])]
    return found
