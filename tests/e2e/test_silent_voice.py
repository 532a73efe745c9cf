"""A cloud voice whose server has fallen silent holds nothing up: real processes, a real client."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.house import house
from tests.stand_ins.broker import Broker
from tests.stand_ins.deepgram import KEY, DeepgramStandIn, Failure

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

PATIENCE_S = 2.0
"""Its own client waits 30 s for a server's goodbye."""


@pytest.mark.parametrize("failure", ["silent", pytest.param("deaf", marks=pytest.mark.prove)])
async def test_skip_mute_and_end_wait_for_no_silent_server(
    tmp_path: Path, broker: Broker, failure: Failure
) -> None:
    """While a clause is waited for: skipped, then muted, then ended, each at once."""
    async with DeepgramStandIn().serve() as service:
        tts = {
            "kind": "deepgram", "base_url": service.url, "api_key": KEY,
            "first_byte_timeout_s": 50, "connect_timeout_s": 50,
        }  # fmt: skip
        async with house(tmp_path, broker, tts=tts) as at_home:
            await at_home.node()
            daemon = await at_home.daemon()
            await at_home.say("All is well.")
            service.failure = failure
            await service.cut()
            for path, payload in (("cmd/skip", '{"turn": "TURN"}'), ("muted/set", "ON")):
                await at_home.until_state("muted/state", "OFF")
                answer = await at_home.command("cmd/say", "Nobody will hear any of this.")
                assert answer.turn
                turn = answer.turn
                await at_home.until(
                    "event/response", lambda text, turn=turn: turn in text and '"clause"' in text
                )
                await at_home.until("node/laptop/pong", after=at_home.now)  # it waits for a while
                moment = at_home.now
                await at_home.send(path, payload.replace("TURN", turn))
                ended = await at_home.outcome(turn)
                assert at_home.now - moment < PATIENCE_S
                assert (ended.outcome, ended.heard) in (("skipped", ""), ("muted", ""))
            moment = at_home.now
            daemon.terminate()
            assert daemon.wait() == 0
            assert at_home.now - moment < 5
