"""What only a signed-in input tells: a partner's lines in a shared chat, the stream's own state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pickled.messages.stream import StreamEvent, StreamState
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


def test_partners_line_is_known_and_never_answered(play: Play) -> None:
    """It is published and stands in the next prompt; nobody there may command or be answered."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, what is the tower over there?", user="fay", partner=True, channel="finch")
        rig.chat("!pickle mute", user="mod", partner=True, badges=("moderator",), channel="finch")
        await asyncio.sleep(5)
        assert rig.model.prompts == []
        assert rig.state("muted/state") == "OFF"
        assert rig.events("event/decision") == []
        (told, *_) = rig.events("event/chat")
        assert (told.partner, told.channel) == (True, "finch")
        rig.chat("John, what do they say?", user="ana")
        await rig.outcome()
        prompt = "\n".join(each.content for each in rig.model.prompts[-1].messages)
        assert "what is the tower over there?" in prompt
        assert rig.state("queue/state").dropped["shared_chat"] == 2

    play(scene)


def test_streams_state_is_shown(play: Play) -> None:
    """Title, game and viewers as told; what an event calls its title is another thing."""

    async def scene(rig: Rig) -> None:
        since = rig.clock.wall()
        told = StreamState(live=True, title="A walk", game="IRL", viewers=88, since=since)
        rig.happen(told)
        happened = {"ts": since, "user": "ana", "user_id": "7"}
        rig.happen(StreamEvent(event_type="redemption", title="Hydrate", **happened))
        await asyncio.sleep(2)
        assert rig.state("stream/state") == told
        assert rig.state("live/state") == "ON"

    play(scene)
