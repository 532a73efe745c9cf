"""What breaks between Twitch and us: afterwards chat flows again, each line once.

Each situation is one in which twitchio by itself loses events for good, or hands them on twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.inputs.twitch.listening import Listener, listening
from tests.stand_ins.twitch import TwitchService

BACK_S = 10.0
"""So soon chat has to flow again over events."""
SUBSCRIPTIONS = "eventsub/subscriptions"

Break = Callable[[TwitchService], Awaitable[None]]


async def ready(service: TwitchService, listener: Listener) -> None:
    """Everything is subscribed, and chat is on standby beside it."""
    await service.irc.joined()
    await listener.until_now("up", "listening to #wren as picklebot and wren")
    await service.say("before")
    await listener.until_text("before")
    await listener.until_resting()


async def flows_again(service: TwitchService, listener: Listener, *, handshakes: int) -> None:
    """So many more connections were made, chat comes over events again, and once."""
    await service.world.until(
        lambda: service.events.handshakes >= handshakes and service.events.enabled(),
        within_s=BACK_S,
    )
    await listener.until_now("up")
    await service.say("after")
    await listener.until_text("after")
    assert listener.texts == ["before", "meanwhile", "after"]


async def dropped(service: TwitchService) -> None:
    """The connections are torn down."""
    await service.events.drop()


async def dropped_then_429(service: TwitchService) -> None:
    """And the first subscription is refused: too many calls."""
    service.world.fail(f"POST /helix/{SUBSCRIPTIONS}", 429, Retry_After="1")
    await service.events.drop()


async def dropped_then_500(service: TwitchService) -> None:
    """And subscribing fails a few times."""
    service.world.fail(f"POST /helix/{SUBSCRIPTIONS}", 500, times=5)
    await service.events.drop()


async def dropped_then_409(service: TwitchService) -> None:
    """And Twitch says of one that it is there, for the connection that is no more."""
    service.world.fail(f"POST /helix/{SUBSCRIPTIONS}", 409, message="subscription already exists")
    await service.events.drop()


async def dropped_then_helix_away(service: TwitchService) -> None:
    """And the API answers nothing but 503 for a while."""
    service.world.fail("/helix/.*", 503, times=30)
    await service.events.drop()


async def dropped_then_refused(service: TwitchService) -> None:
    """And the next handshakes are refused."""
    service.events.refuse(503, times=3)
    await service.events.drop()


async def dropped_then_no_welcome(service: TwitchService) -> None:
    """And the next connections are not greeted."""
    service.events.ignore(times=2)
    await service.events.drop()


async def subscription_lost(service: TwitchService) -> None:
    """Chat's subscription is no more, and nobody tells."""
    for each in service.events.enabled():
        service.events.subscriptions.all.remove(each)


@pytest.mark.parametrize(
    "fault",
    [
        dropped,
        dropped_then_429,
        dropped_then_500,
        dropped_then_409,
        dropped_then_helix_away,
        dropped_then_refused,
        dropped_then_no_welcome,
        subscription_lost,
    ],
    ids=lambda each: each.__name__,
)
async def test_chat_flows_again(service: TwitchService, tmp_path: Path, fault: Break) -> None:
    """What is written meanwhile is not lost, and what comes twice is one line."""
    patience = {"check_s": 1} if fault is subscription_lost else {}
    async with listening(service, tmp_path, patience=patience) as listener:
        await ready(service, listener)
        handshakes = service.events.handshakes
        await fault(service)
        await service.say("meanwhile")
        await listener.until_text("meanwhile")
        more = 1 if fault is subscription_lost else 2
        await flows_again(service, listener, handshakes=handshakes + more)


async def test_chat_flows_again_after_silence(service: TwitchService, tmp_path: Path) -> None:
    """A connection that says nothing is noticed; what it swallowed is not lost."""
    async with listening(service, tmp_path) as listener:
        await ready(service, listener)
        service.events.silent = True
        await service.say("meanwhile")
        await listener.until_text("meanwhile")
        service.events.silent = False
        await flows_again(service, listener, handshakes=3)


@pytest.mark.parametrize("same_id", [False, True])
async def test_chat_moves_without_a_gap(
    service: TwitchService, tmp_path: Path, same_id: bool
) -> None:
    """Twitch wants us elsewhere, twice in a row, then tears all down: each line comes once."""
    async with listening(service, tmp_path) as listener:
        await ready(service, listener)
        reported = len(listener.reports)
        for number in (4, 6):
            await service.events.hand_over(same_id=same_id)
            await service.world.until(lambda: service.events.moved(number))  # noqa: B023
        assert len(service.events.enabled()) == 1
        await service.say("meanwhile")
        await listener.until_text("meanwhile")
        assert len(listener.reports) == reported
        await service.events.drop()
        await flows_again(service, listener, handshakes=8)


async def test_one_fault_after_the_other(service: TwitchService, tmp_path: Path) -> None:
    """A drop, a move, a close: what one leaves behind is in the way of none that follows."""
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        for number in range(2):
            count = service.events.handshakes
            await service.events.drop()
            await service.world.until(lambda: service.events.moved(count + 1))  # noqa: B023
            await service.world.until(service.events.enabled)
            await service.events.hand_over(same_id=number == 0)
            await service.world.until(lambda: service.events.moved(count + 2))  # noqa: B023
            await service.events.close(4003)
            await service.say(f"between {number}")
            await service.world.until(lambda: service.events.moved(count + 3))  # noqa: B023
            await service.world.until(service.events.enabled)
            await service.say(f"after {number}")
            await listener.until_text(f"after {number}")
    assert sorted(listener.texts) == ["after 0", "after 1", "between 0", "between 1"]


async def test_old_connection_is_read_while_the_new_one_opens(
    service: TwitchService, tmp_path: Path
) -> None:
    """A line that comes behind the wish that we move, on the old connection, is not lost."""
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("up", "as picklebot")
        await listener.until_resting()
        await service.events.hand_over()
        await service.say("on the old one")
        await listener.until_text("on the old one")


@pytest.mark.parametrize("code", [4001, 4003, 4004, 4007])
async def test_chat_flows_again_after_a_close(
    service: TwitchService, tmp_path: Path, code: int
) -> None:
    """Whatever the reason for which Twitch hangs up."""
    async with listening(service, tmp_path) as listener:
        await ready(service, listener)
        await service.events.close(code)
        await service.say("meanwhile")
        await listener.until_text("meanwhile")
        await listener.until_report("degraded", str(code))
        await flows_again(service, listener, handshakes=4)


async def test_chat_flows_again_after_a_wrong_address(
    service: TwitchService, tmp_path: Path
) -> None:
    """Twitch wants us where nobody lets us in."""
    async with listening(service, tmp_path) as listener:
        await ready(service, listener)
        await service.events.hand_over(url=f"{service.events.url}?ticket=none")
        await service.say("meanwhile")
        await listener.until_text("meanwhile")
        await flows_again(service, listener, handshakes=6)


async def test_twitch_unreachable_at_start(service: TwitchService, tmp_path: Path) -> None:
    """It is said, chat is read without an account, and events come when Twitch does."""
    service.world.fail("/helix/.*", 503, times=12)
    service.events.refuse(502, times=3)
    async with listening(service, tmp_path) as listener:
        await service.irc.joined()
        await listener.until_report("degraded", "without an account")
        await service.say("early")
        await listener.until_text("early")
        await listener.until_now("up", "picklebot and wren")
    assert listener.texts == ["early"]


async def test_unreadable_messages_are_survived(service: TwitchService, tmp_path: Path) -> None:
    """What is no message at all ends the connection in the open, and another one follows."""
    async with listening(service, tmp_path) as listener:
        await ready(service, listener)
        for each in tuple(service.events.listeners):
            await each.socket.send_str('{"metadata": [], "payload": 1}')
        await service.say("meanwhile")
        await listener.until_text("meanwhile")
        await flows_again(service, listener, handshakes=4)


async def test_refused_for_ever_is_not_asked_for_ever(
    service: TwitchService, tmp_path: Path
) -> None:
    """A 401 that stays is a sign-in that is no more: a few calls, one sentence, and rest."""
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        service.world.access.clear()
        service.world.refresh.clear()
        await service.events.drop()
        await listener.until_now("degraded", "pickled twitch login --as bot")
        asked = service.door.asked
        await service.say("goes on")
        await listener.until_text("goes on")
        assert service.door.asked - asked <= 1
        assert asked < 12
