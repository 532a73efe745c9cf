"""A daemon that has signed in: answers, keeps that to itself, and outlives Twitch's faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.messages.response import ResponseState
from pickled.messages.state import Health
from tests.e2e.house import House, house
from tests.inputs.twitch.listening import SOON, sign_in
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import python
from tests.stand_ins.twitch import TwitchService, payloads, twitch_service
from tests.stand_ins.twitch import more_payloads as more

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

PARTNER = {
    "source_broadcaster_user_id": "3000",
    "source_broadcaster_user_login": "finch",
    "source_broadcaster_user_name": "Finch",
}


def shown(at_home: House, *names: str) -> str:
    """Everything that the daemon has said: topics, log, and each file but those of the sign-ins."""
    told = [f"{each.topic} {each.text}" for each in at_home.watcher.seen]
    files = [
        each.read_bytes().decode("utf-8", "replace")
        for each in at_home.folder.rglob("*")
        if each.is_file() and each.parent.name != "tokens"
    ]
    return "\n".join([*told, *names, *files])


async def trouble(service: TwitchService) -> None:
    """Tokens run out, are refused and taken back, while nothing goes right."""
    service.world.expire()
    service.world.fail("/oauth2/token", 500)
    service.world.fail("POST /helix/eventsub/subscriptions", 400, message="scripted session")
    await service.events.drop()
    await service.world.until(lambda: service.door.refreshes >= 2 and service.events.enabled())
    service.world.access.clear()
    service.world.refresh.clear()
    await service.events.drop()


async def test_signed_in_daemon(tmp_path: Path, broker: Broker) -> None:
    """A mention is answered, a partner's is not; no secret is seen anywhere, whatever happens."""
    async with twitch_service() as service:
        service.events.keepalive_s = 1
        part = {"kind": "twitch", "channel": "wren", "patience": SOON, "poll_s": 1, **service.urls}
        async with house(tmp_path, broker, inputs=[part]) as at_home:
            data_dir = tmp_path / "data"
            for role in ("streamer", "bot"):
                sign_in(service, data_dir, role)  # type: ignore[arg-type]  # both of them
            await at_home.node()
            command = python("pickled", "run", "--verbose", "--config", str(at_home.config))
            daemon = at_home.start("daemon", command)
            await at_home.until(
                "health/state", lambda text: "listening to #wren as picklebot and wren" in text
            )
            over_there = await service.say("John, can you hear me over here?", **PARTNER)
            await service.events.notify("channel.follow", payloads.follow())
            await service.say("hey John, is the coffee any good?")
            answer = await at_home.until("response/state", lambda text: "coffee" in text)
            response = ResponseState.model_validate_json(answer.payload)
            assert [each.user for each in response.to] == ["Ann"]
            await at_home.until("event/stream", lambda text: '"follow"' in text)
            await service.events.notify("channel.update", more.update("A walk", "IRL"))
            await at_home.until("stream/state", lambda text: "A walk" in text)

            await trouble(service)
            await at_home.until("health/state", lambda text: "pickled twitch login" in text)
            await service.say("John, are you still there?")
            await at_home.until("event/chat", lambda text: "still there" in text)
            health = Health.model_validate_json(at_home.state("health/state") or "").root
            assert health["twitch"].status == health["input.twitch"].status == "degraded"
            everything = shown(at_home, daemon.log)
            assert len(everything) > 5_000
            assert "pickled twitch login" in daemon.log
            seen = at_home.watcher.seen
            assert over_there in "".join(each.text for each in seen if "/chat" in each.topic)
            assert over_there not in "".join(
                each.text for each in seen if "/chat" not in each.topic
            )
            assert len(service.world.ever) >= 8
            assert [each for each in service.world.ever if each in everything] == []
            assert "Traceback" not in daemon.log
            assert service.world.complaints == []
