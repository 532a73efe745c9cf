"""One channel of Twitch from the line to the reply, and out of chat again, by real clients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pickled.config import PartConfig
from pickled.plugins import find
from tests.inputs.twitch.listening import SOON, sign_in
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.twitch import payloads, twitch_service

WRITES, DELETES = "chat/messages", "moderation/chat"


def part(folder: str, **options: Any) -> Any:
    return find(folder, PartConfig.model_validate({"channel": "wren", **options}))


async def test_line_is_answered_in_chat_and_unsaid_when_it_is_deleted(tmp_path: Path) -> None:
    """Input and output share one connection; the AI says what it is, help comes in writing, and
    our reply goes with the line that it answers."""
    async with twitch_service() as service:
        for role in ("streamer", "bot"):
            sign_in(service, tmp_path, role)  # type: ignore[arg-type]
        urls = {name: service.urls[name] for name in ("api_url", "id_url")}
        rig = Rig(
            tmp_path,
            inputs=(part("inputs", kind="twitch", **service.urls, patience=SOON),),
            outputs=(part("outputs", kind="twitch_chat", replies=True, **urls),),
        )
        rig.nodes.append(StandInNode(rig.broker))

        def written() -> list[str]:
            return [each["message"] for each in service.world.called(WRITES)]

        async with rig.running():
            for name in ("input.twitch", "output.twitch_chat"):
                await rig.until(
                    lambda name=name: (
                        (health := rig.state("health/state"))
                        and name in health.root
                        and health.root[name].status == "up"
                    )
                )
            asked = await service.say("John, hello?")
            await rig.until(lambda: any("this is the answer" in each for each in written()))
            assert any("is an AI" in each and "!pickle optout" in each for each in written())
            (reply,) = [
                each for each in service.world.called(WRITES)
                if each.get("reply_parent_message_id") == asked
            ]  # fmt: skip
            assert reply["message"].startswith("Hello Ann")
            await service.say("!pickle help")
            await rig.until(lambda: any("Write !pickle, then" in each for each in written()))
            await service.events.notify("channel.chat.message_delete", payloads.deleted(asked))
            await rig.until(lambda: service.world.called(DELETES))
            assert rig.events("event/retraction")[-1].removed["actions"] == 1
            assert len(written()) == 3
        assert service.world.complaints == []
