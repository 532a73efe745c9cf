"""Writing in a Twitch chat, and acting in its channel, against the stand-in for Twitch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pickled.config import PartConfig
from pickled.errors import PickledError, TwitchError
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.response import ResponseEvent
from pickled.offers import Offers
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.outputs.twitch_chat import TwitchChat
from pickled.plugins import Surroundings, find
from pickled.services.twitch.chat_settings import ChatSettings
from tests.inputs.twitch.listening import sign_in
from tests.stand_ins.twitch import BOT, STREAMER, TwitchService, twitch_service

NOW = datetime(2026, 5, 1, tzinfo=UTC)
WRITES, DELETES = "chat/messages", "moderation/chat"


@pytest.fixture
async def service() -> AsyncIterator[TwitchService]:
    """A Twitch that nobody may have annoyed in the end."""
    async with twitch_service() as served:
        yield served
        assert served.world.complaints == []


@dataclass
class Desk:
    """A part that writes, and what it hears and tells."""

    chat: TwitchChat
    tap: PublishingTap
    told: list[tuple[str, str]] = field(default_factory=list)

    def line(self, text: str, name: str = "m1", source: str = "twitch") -> ChatMessage:
        """Somebody writes in chat."""
        line = ChatMessage(ts=NOW, id=name, user="Ana", user_id="4000", text=text, source=source)
        self.tap.tell("event/chat", line)
        return line

    def said(self, heard: str, name: str = "m1") -> None:
        """That line was answered, aloud."""
        event = {"ts": NOW, "event_type": "finished", "heard": heard, "messages": (name,)}
        self.tap.tell("event/response", ResponseEvent.model_validate(event))


@asynccontextmanager
async def writing(service: TwitchService, folder: Path, **options: Any) -> AsyncIterator[Desk]:
    """The part, once it knows who it is."""
    urls = {name: service.urls[name] for name in ("api_url", "id_url")}
    part = {"kind": "twitch_chat", "channel": "wren", **urls, **options}
    plug = find("outputs", PartConfig.model_validate(part))
    tap, told = PublishingTap(), list[tuple[str, str]]()
    known = asyncio.Event()

    def report(status: str, detail: str) -> None:
        told.append((status, detail))
        known.set()

    async with plug.start(Surroundings(folder, folder, report, Offers(tap=tap))) as chat:
        running = asyncio.create_task(chat.run())
        try:
            async with asyncio.timeout(10):
                await known.wait()
            yield Desk(chat, tap, told)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def signed(service: TwitchService, tmp_path: Path) -> TwitchService:
    """Both accounts are signed in."""
    sign_in(service, tmp_path, "streamer")
    sign_in(service, tmp_path, "bot")
    return service


async def test_answer_is_written_as_a_reply(signed: TwitchService, tmp_path: Path) -> None:
    """Where the owner wants that: by the bot's account, to the line that asked."""
    async with writing(signed, tmp_path, replies=True) as desk:
        assert [desk.chat.serves(each) for each in ("twitch", "", "youtube")] == [True, True, False]
        desk.line("John, hello?")
        desk.said("Hello Ana.")
        desk.said("This is from another place.", name="youtube:1")
        await signed.world.until(lambda: signed.world.called(WRITES))
        (sent,) = signed.world.called(WRITES)
        assert sent == {
            "broadcaster_id": STREAMER,
            "sender_id": BOT,
            "message": "Hello Ana.",
            "reply_parent_message_id": "m1",
        }


async def test_nothing_is_written_unless_it_is_wanted(
    signed: TwitchService, tmp_path: Path
) -> None:
    """Off by default; but a link that can't be spoken is written where the owner gave one."""
    links = {"discord": "https://discord.gg/wren"}
    async with writing(signed, tmp_path, links=links) as desk:
        desk.line("John, hello?")
        desk.said("Hello Ana.")
        desk.line("John, where is the Discord?", "m2")
        desk.said("I put it in chat.", "m2")
        await signed.world.until(lambda: signed.world.called(WRITES))
        (sent,) = signed.world.called(WRITES)
        assert (sent["message"], sent["reply_parent_message_id"]) == (links["discord"], "m2")


@pytest.mark.parametrize("retraction", [Retraction.of_message("m1"), Retraction.of_viewer("4000")])
async def test_reply_goes_with_the_line(
    retraction: Retraction, signed: TwitchService, tmp_path: Path
) -> None:
    """Deleted or banned: our reply is deleted by the API; others' stay."""
    async with writing(signed, tmp_path, replies=True) as desk:
        line = desk.line("John, what is that?")
        await desk.chat.write("A bridge.", to=line, private=False)
        await desk.chat.write("Something else.", to=None, private=False)
        assert desk.chat.retract(retraction) == 1
        await signed.world.until(lambda: signed.world.called(DELETES))
        (gone,) = signed.world.called(DELETES)
        assert gone["message_id"].startswith("00000000-")
        assert gone["moderator_id"] == BOT
        assert desk.chat.retract(retraction) == 0


async def test_reply_that_is_on_its_way_goes_too(signed: TwitchService, tmp_path: Path) -> None:
    """Taken back while Twitch still answers: deleted as soon as it is there."""
    async with writing(signed, tmp_path) as desk:
        line = desk.line("John, what is that?")
        signed.world.on_call = lambda _method, path: (
            desk.chat.retract(Retraction.of_message("m1")) if path == WRITES else None
        )  # type: ignore[assignment,return-value]
        with pytest.raises(TwitchError, match="taken back"):
            await desk.chat.write("A bridge.", to=line, private=False)
        assert len(signed.world.called(DELETES)) == 1


async def test_dropped_line_is_noticed(signed: TwitchService, tmp_path: Path) -> None:
    """Twitch says `is_sent: false` and shows it to nobody: health says so until one goes out."""
    signed.world.drops.append("msg_rejected")
    async with writing(signed, tmp_path) as desk:
        with pytest.raises(TwitchError, match="dropped the line: Your message is being checked"):
            await desk.chat.write("Hello.", to=None, private=False)
        assert desk.told[-1][0] == "degraded"
        await desk.chat.write("Hello again.", to=None, private=False)
        assert desk.told[-1] == ("up", "")


async def test_what_is_private_is_whispered(signed: TwitchService, tmp_path: Path) -> None:
    """Nobody else reads it."""
    async with writing(signed, tmp_path) as desk:
        line = desk.line("!pickle whatdoyouknow")
        await desk.chat.write("You have a dog.", to=line, private=True)
        assert signed.world.called("whispers") == [{"message": "You have a dog."}]
        assert signed.world.called(WRITES) == []


async def test_what_can_not_be_whispered_is_a_reply(service: TwitchService, tmp_path: Path) -> None:
    """An account that may not whisper answers in chat, where it was asked."""
    sign_in(service, tmp_path, "bot", without=["user:manage:whispers"])
    async with writing(service, tmp_path) as desk:
        line = desk.line("!pickle whatdoyouknow")
        await desk.chat.write("You have a dog.", to=line, private=True)
        (sent,) = service.world.called(WRITES)
        assert sent["reply_parent_message_id"] == "m1"


async def test_chat_that_takes_emotes_only_gets_no_words(
    service: TwitchService, tmp_path: Path
) -> None:
    """Writing adapts to how chat is set, where it does not moderate."""
    service.world.moderators[STREAMER].clear()
    sign_in(service, tmp_path, "bot")
    async with writing(service, tmp_path) as desk:
        desk.chat._twitch.chat_settings = ChatSettings(emote_mode=True)
        with pytest.raises(TwitchError, match="emotes"):
            await desk.chat.write("Hello.", to=None, private=False)
        desk.chat._twitch.chat_settings = ChatSettings(slow_mode=True, slow_mode_wait_time=60)
        await desk.chat.write("Hello.", to=None, private=False)
        with pytest.raises(TwitchError, match="slow mode"):
            await desk.chat.write("Hello again.", to=None, private=False)


async def test_nobody_signed_in_is_told_with_the_remedy(
    service: TwitchService, tmp_path: Path
) -> None:
    """It stays down, and says what to do; whoever asks it is told, too."""
    async with writing(service, tmp_path) as desk:
        assert desk.told[-1][0] == "down"
        assert "pickled twitch login" in desk.told[-1][1]
        assert not desk.chat.serves("twitch")
        with pytest.raises(TwitchError, match="pickled twitch login"):
            await desk.chat.write("Hello.", to=None, private=False)


ACTIONS: list[tuple[str, dict[str, str], str, dict[str, Any]]] = [
    ("marker", {"title": "the bridge"}, "streams/markers", {"description": "the bridge"}),
    ("clip", {}, "clips", {"broadcaster_id": STREAMER}),
    ("poll", {"title": "Where to?", "choices": "Left | Right"}, "polls",
     {"choices": [{"title": "Left"}, {"title": "Right"}], "duration": 60}),
    ("prediction", {"title": "Rain?", "choices": "Yes|No", "seconds": "120"}, "predictions",
     {"outcomes": [{"title": "Yes"}, {"title": "No"}], "prediction_window": 120}),
    ("shoutout", {"user_id": "4000"}, "chat/shoutouts", {"to_broadcaster_id": "4000"}),
    ("title", {"title": "A walk"}, "channels", {"title": "A walk"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "path", "sent"), ACTIONS)
async def test_action_is_one_call(
    name: str,
    args: dict[str, str],
    path: str,
    sent: dict[str, Any],
    signed: TwitchService,
    tmp_path: Path,
) -> None:
    """With the right account, and exactly what the persona gives."""
    signed.world.live[STREAMER] = {}
    async with writing(signed, tmp_path) as desk:
        assert name in desk.chat.actions
        await desk.chat.act(name, args)
        (asked,) = [
            body if body is not None else query
            for method, at, query, body in signed.world.calls
            if at == path and method != "GET"
        ]
        assert sent.items() <= asked.items()


@pytest.mark.parametrize(
    ("name", "args", "why"),
    [
        ("poll", {"title": "Where to?", "choices": "Left"}, "with | between"),
        ("poll", {"choices": "Left|Right"}, "needs `title`"),
        ("prediction", {"title": "x", "choices": "a|b", "seconds": "5"}, "from 30"),
        ("shoutout", {}, "needs `user_id`"),
        ("marker", {}, "not streaming live"),
    ],
)
async def test_action_that_can_not_be_done_says_why(
    name: str, args: dict[str, str], why: str, signed: TwitchService, tmp_path: Path
) -> None:
    """What is missing in the persona, or what Twitch says."""
    async with writing(signed, tmp_path) as desk:
        with pytest.raises(PickledError, match=why):
            await desk.chat.act(name, args)
