"""A real stream is recorded from a real broker, and replayed with the same answers."""

from __future__ import annotations

import asyncio
import json
import time
from functools import partial
from pathlib import Path

import pytest

from pickled.messages.recording import OutcomeLine, read
from tests.e2e.house import House, house, model_at
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.processes import Process, python
from tests.stand_ins.twitch_irc import privmsg, twitch_irc

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

ASKED = {"Ann": "John, is the coffee any good?", "Bob": "pickle, how far is it?"}
ANSWERS = ("The coffee here is very good, Ann.", "Two hundred steps, and then some more, Bob.")


def contains(part: str, text: str) -> bool:
    """For a topic to wait for."""
    return part in text


def until(path: Path, part: str, times: int) -> None:
    """Wait until a file has this so many times."""
    end = time.monotonic() + 20
    while path.read_text(encoding="utf-8").count(part) < times:
        assert time.monotonic() < end, path.read_text(encoding="utf-8")
        time.sleep(0.05)


async def recorder(at_home: House, path: Path) -> Process:
    """Start to record, and wait until it has subscribed."""
    where = f"mqtt://{at_home.broker.host}:{at_home.broker.port}"
    process = at_home.start("record", python("pickled", "record", str(path), "--broker", where))
    await asyncio.to_thread(process.until_log, "recording pickled/home")
    return process


async def test_recorded_stream_is_replayed_with_the_same_answers(
    tmp_path: Path, broker: Broker
) -> None:
    """Chat, answers and a command, recorded from MQTT: the replay decides and says the same."""
    path, port = tmp_path / "evening.jsonl", free_port()
    async with twitch_irc() as irc:
        inputs = [{"kind": "twitch_anonymous", "channel": "Wren", "irc_url": irc.url}]
        async with house(tmp_path, broker, inputs=inputs, llm=model_at(port)) as at_home:
            await at_home.model(port, *ANSWERS, tokens_per_s=80)
            await at_home.node()
            await at_home.daemon()
            await irc.joined()
            recording = await recorder(at_home, path)
            for (name, text), answer in zip(ASKED.items(), ANSWERS, strict=True):
                await irc.say(privmsg(text, display_name=name, user_id=name, id=f"m-{name}"))
                await at_home.until("response/state", partial(contains, answer))
            await at_home.command("cmd/ask", "Are you still there?")
            await asyncio.to_thread(until, path, '"response"', 3)
            recording.terminate()
            assert await asyncio.to_thread(recording.wait) == 0, recording.log
            code, out = await at_home.run("replay", str(path), "--json")
    assert code == 0, out

    lines = [each for each in read(path) if isinstance(each, OutcomeLine)]
    then = [dict(each.__pydantic_extra__ or {}) for each in lines if each.type == "response"]
    *objects, summary = map(json.loads, out.splitlines())
    answers = [each["answer"] for each in objects if each["decision"] == "answer"]
    said = [each["text"] for each in then]
    assert said[:2] == list(ANSWERS)
    assert [each["text"] for each in answers] == [each["heard"] for each in answers] == said
    asked = [each["messages"][-1].get("id") for each in objects if "answer" in each]
    assert asked == ["m-Ann", "m-Bob", None]
    figures = summary["summary"]
    assert figures["as_recorded"] == figures["recorded_decisions"] >= 2
    assert figures["notes"] == []
