"""How the daemon ends, also when nobody listens; and what happens when it is started twice."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.house import house
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process, python

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

STOP_S = 5.0
WATCHED_S = 4.0
NAMESAKE = "another process uses the same name"
LONG = "This is a long story about a walk along the river, and it goes on for quite a while yet."


async def seconds_to_end(process: Process) -> float:
    """Ask it to end, and wait; it must end by itself and without complaint."""
    begun = time.monotonic()
    process.terminate()
    code = await asyncio.to_thread(process.wait, 2 * STOP_S)
    assert code == 0, process.log
    assert "Traceback" not in process.log, process.log
    return time.monotonic() - begun


async def test_daemon_ends_while_it_speaks(tmp_path: Path, broker: Broker) -> None:
    """SIGTERM: silence, `offline`, exit code 0, in less than 5 s."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        daemon = await at_home.daemon()
        turn = await at_home.say(LONG)
        moment = at_home.now
        assert await seconds_to_end(daemon) < STOP_S
        await at_home.until("availability", "offline", after=moment)
        assert (await at_home.outcome(turn)).outcome == "interrupted"
        await asyncio.sleep(0.5)
        assert at_home.played()[-1].state == "cleared"
        assert at_home.played()[-1].played_ms < 3000
        states = await at_home.retained()
        assert (states["speaking/state"], states["availability"]) == ("OFF", "offline")


async def test_daemon_ends_while_the_broker_hangs(tmp_path: Path, broker: Broker) -> None:
    """It does not wait for a good-bye that nobody takes."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        daemon = await at_home.daemon()
        await at_home.say(LONG)
        broker.freeze()
        assert await seconds_to_end(daemon) < STOP_S
        broker.thaw()


async def test_what_was_just_heard_is_remembered(tmp_path: Path, broker: Broker) -> None:
    """SIGTERM right after the last word: memory has it."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        daemon = await at_home.daemon()
        ended = await at_home.ask("Where does this river go, and who lives beside it?")
        assert await seconds_to_end(daemon) < STOP_S
        listed = tmp_path / "memories.jsonl"
        where = ("--config", str(at_home.config))
        code, log = await at_home.run("memory", "export", str(listed), *where)
        assert code == 0, log
        assert ended.heard in listed.read_text()


async def test_what_was_accepted_outlives_a_broker_that_hangs(
    tmp_path: Path, broker: Broker
) -> None:
    """Set, frozen, SIGTERM: it is in force at the next start."""
    async with house(tmp_path, broker) as at_home:
        daemon = await at_home.daemon()
        for name, value in (("volume", "35"), ("muted", "ON"), ("persona", "blitz")):
            assert (await at_home.command(f"{name}/set", value)).event_type == "accepted"
        broker.freeze()
        assert await seconds_to_end(daemon) < STOP_S
        broker.thaw()
        await at_home.until_state("availability", "offline")
        await at_home.daemon()
        states = await at_home.retained()
        found = [states[f"{name}/state"] for name in ("volume", "muted", "persona")]
        assert found == ["35", "ON", "blitz"]


async def test_daemon_that_is_told_twice_ends_at_once(tmp_path: Path, broker: Broker) -> None:
    """The second SIGTERM means now, whatever still waits."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        daemon = await at_home.daemon()
        await at_home.say(LONG)
        broker.freeze()
        daemon.terminate()
        await asyncio.sleep(0.2)
        assert not daemon.ended
        begun = time.monotonic()
        daemon.terminate()
        assert await asyncio.to_thread(daemon.wait) == -signal.SIGTERM
        assert time.monotonic() - begun < 1
        assert "Traceback" not in daemon.log, daemon.log
        broker.thaw()


async def test_second_daemon_of_an_instance_is_noticed(tmp_path: Path, broker: Broker) -> None:
    """Both say so with the remedy and take turns ever more slowly; alone again, it serves."""
    # What both publish together is more than one may.
    async with house(tmp_path, broker, contract=False) as at_home:
        await at_home.node()
        first = await at_home.daemon()
        elsewhere = tmp_path / "second.yaml"
        settings = json.loads(at_home.config.read_text())
        elsewhere.write_text(json.dumps(settings | {"data_dir": str(tmp_path / "other data")}))
        second = at_home.start("daemon", python("pickled", "run", "--config", str(elsewhere)))
        for each in (first, second):
            await asyncio.to_thread(each.until_log, NAMESAKE)
        begun = at_home.now
        assert (await at_home.command("cmd/ping")).code == "ok"
        await asyncio.sleep(WATCHED_S)
        kicks = [each for each in at_home.watcher.seen
                 if each.at > begun and each.topic == at_home.root("availability")
                 and each.text == "offline"]  # fmt: skip
        assert 1 <= len(kicks) <= WATCHED_S * 2
        assert (await at_home.command("cmd/ping")).code == "ok"
        second.kill()
        await at_home.in_service(at_home.now)
        assert not first.ended


async def test_second_daemon_with_the_same_data_is_refused(tmp_path: Path, broker: Broker) -> None:
    """It says who has the memory, and the first one goes on undisturbed."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        first = await at_home.daemon()
        code, log = await at_home.run("run", "--config", str(at_home.config))
        assert code == 1
        assert "is in use by" in log
        assert "Traceback" not in log
        await at_home.in_service(at_home.now)
        assert not first.ended
