"""Viewers: who they are over time, what is known of them, and how it stays where it belongs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from pickled.memory.describe import LONGEST, ago, describe
from pickled.memory.fact_rows import MOST_FACTS, TOLD_FACTS
from pickled.memory.viewer_rows import MOST_NAMES
from pickled.messages.memory import Fact, ViewerProfile
from pickled.messages.stream import StreamEvent
from tests.memory.shelf import BEGAN, HERE, OTHER_CHANNEL, OTHER_PERSONA, Shelf, open_shelf

ANA = "70000001"


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    """An empty memory."""
    async with open_shelf(tmp_path) as shelf:
        yield shelf


async def test_viewer_is_counted(shelf: Shelf) -> None:
    """Messages, streams, roles, first and last visit."""
    for day in range(3):
        await shelf.chat("hello", stream=f"s{day}", badges=("subscriber/3", "vip/1", "premium/1"))
        await shelf.chat("how are you", stream=f"s{day}", badges=("subscriber/3",))
        shelf.later(days=1)
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    assert (profile.messages, profile.streams, profile.roles) == (6, 3, ("subscriber",))
    assert (profile.first_seen, profile.last_seen) == (BEGAN, BEGAN + timedelta(days=2))
    assert profile.last_visit == BEGAN + timedelta(days=1)


async def test_names_over_time(shelf: Shelf) -> None:
    """The newest last, found by a former one too, and not more than a handful."""
    for number in range(MOST_NAMES + 3):
        await shelf.chat("hello", user=f"ana{number}")
        shelf.later(days=90)
    await shelf.chat("hello", user="ana5")
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    assert profile.name == profile.names[-1] == "ana5"
    assert len(profile.names) == MOST_NAMES
    assert await shelf.viewers.find("ANA12") == profile
    assert await shelf.viewers.find(f"id:{ANA}", scope=HERE) == profile
    assert await shelf.viewers.find("nobody") is None


async def test_present_name_goes_before_a_former_one(shelf: Shelf) -> None:
    """Somebody else took ana's old name."""
    await shelf.chat("hello", user="ana")
    await shelf.chat("hello", user="ana_new")
    await shelf.chat("hello", user="ana", user_id="80000002")
    await shelf.chat("hello again", user="ana_new")
    found = await shelf.viewers.find("ana")
    assert found is not None
    assert found.user_id == "80000002"


async def test_facts_never_leave_their_scope(shelf: Shelf) -> None:
    """Neither another persona nor another channel knows of them, nor of the viewer."""
    await shelf.chat("my dog is ill")
    await shelf.chat("I love ramen", scope=OTHER_CHANNEL)
    assert await shelf.facts() == ["ana's dog is ill"]
    assert await shelf.facts(scope=OTHER_CHANNEL) == ["ana loves ramen"]
    assert await shelf.viewers.profile(ANA, scope=OTHER_PERSONA) is None
    assert await shelf.viewers.find("ana", scope=OTHER_PERSONA) is None
    assert await shelf.viewers.find(f"id:{ANA}", scope=OTHER_PERSONA) is None


async def test_newer_fact_replaces_older_one(shelf: Shelf) -> None:
    """What was said last holds, also when it arrives late."""
    await shelf.chat("I love ramen")
    shelf.later(hours=1)
    await shelf.chat("I hate ramen")
    assert await shelf.facts() == ["ana hates ramen"]
    shelf.later(hours=-2)
    await shelf.chat("I like ramen")
    assert await shelf.facts() == ["ana hates ramen"]


async def test_said_again_is_surer(shelf: Shelf) -> None:
    """Twice told counts more."""
    await shelf.chat("I love ramen")
    (once,) = (await shelf.viewers.export(ANA))[0]["facts"]  # type: ignore[misc]
    await shelf.chat("i love ramen!")
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    assert profile.facts[0].confidence > once["confidence"]


async def test_deleted_message_takes_its_fact_along(shelf: Shelf) -> None:
    """And what it had replaced holds again."""
    await shelf.chat("I love ramen")
    shelf.later(minutes=1)
    deleted = await shelf.chat("I hate ramen")
    assert await shelf.viewers.unsee(message_id=deleted) == 1
    assert await shelf.facts() == ["ana loves ramen"]
    assert await shelf.viewers.unsee(message_id="unknown") == 0


async def test_banned_viewer_is_unseen(shelf: Shelf) -> None:
    """All facts of theirs go, in the channel that banned them, and nobody else's."""
    await shelf.chat("I love ramen")
    await shelf.chat("my dog is ill", scope=OTHER_PERSONA)
    await shelf.chat("my cat is ill", scope=OTHER_CHANNEL)
    await shelf.chat("I love ramen", user="bob", user_id="80000002")
    assert await shelf.viewers.unsee(user_id=ANA, scope=HERE) == 2
    assert await shelf.facts() == []
    assert await shelf.facts(scope=OTHER_CHANNEL) == ["ana's cat is ill"]
    assert await shelf.facts("80000002") == ["bob loves ramen"]
    assert await shelf.viewers.unsee(user_id=ANA) == 1


async def test_facts_have_a_limit(shelf: Shelf) -> None:
    """The oldest go, and a profile tells a handful."""
    for number in range(MOST_FACTS + 10):
        await shelf.chat(f"I love {'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}ramen")
        shelf.later(seconds=1)
    (exported,) = await shelf.viewers.export(ANA)
    texts = [each["text"] for each in exported["facts"]]  # type: ignore[attr-defined]
    assert len(texts) == MOST_FACTS
    assert texts[0] == "ana loves fjramen"
    assert "ana loves aaramen" not in texts
    assert len(await shelf.facts()) == TOLD_FACTS


async def test_one_subject_has_a_short_history(shelf: Shelf) -> None:
    """Somebody who changes their mind all day fills nothing."""
    for number in range(20):
        await shelf.chat(f"I {('love', 'hate')[number % 2]} ramen")
        shelf.later(seconds=1)
    (exported,) = await shelf.viewers.export(ANA)
    assert len(exported["facts"]) < 6  # type: ignore[arg-type]


async def test_cheer_counts_once(shelf: Shelf) -> None:
    """A service tells of it as a message and as an event, in either order."""
    cheer = StreamEvent(ts=shelf.now, event_type="cheer", user="ana", user_id=ANA, amount=100)
    await shelf.viewers.happened(cheer, scope=HERE, stream="s1")
    await shelf.chat("Cheer100 for you", bits=100)
    await shelf.chat("Cheer100 for you again", bits=100)
    shelf.later(minutes=1)
    late = cheer.model_copy(update={"ts": shelf.now})
    await shelf.viewers.happened(late, scope=HERE, stream="s1")
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    assert profile.bits == 300


async def test_subs_are_counted(shelf: Shelf) -> None:
    """Months that were before our time count."""
    for months in (None, 8, 9):
        event = StreamEvent(
            ts=shelf.now, event_type="resub", user="ana", user_id=ANA, months=months
        )
        await shelf.viewers.happened(event, scope=HERE, stream="s1")
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    assert profile.subs == 9


async def test_nobody_is_kept_for_nobody(shelf: Shelf) -> None:
    """Anonymous cheers and bots are no viewers."""
    event = StreamEvent(ts=shelf.now, event_type="cheer", user="", user_id="", amount=5)
    await shelf.viewers.happened(event, scope=HERE, stream="s1")
    await shelf.chat("I love ramen", user="Nightbot", user_id="19264788")
    assert await shelf.viewers.profile("", scope=HERE) is None
    assert await shelf.viewers.profile("19264788", scope=HERE) is None


async def test_who_opted_out_is_not_seen(shelf: Shelf) -> None:
    """Nothing is kept from then on; others are, in the same batch."""
    assert not await shelf.viewers.is_opted_out(ANA)
    await shelf.viewers.opt_out(ANA)
    assert await shelf.viewers.is_opted_out(ANA)
    assert await shelf.viewers.opted_out([ANA, "80000002", ""]) == {ANA}
    await shelf.chat("I love ramen")
    await shelf.chat("I love ramen", user="bob", user_id="80000002")
    event = StreamEvent(ts=shelf.now, event_type="sub", user="ana", user_id=ANA)
    await shelf.viewers.happened(event, scope=HERE, stream="s1")
    assert await shelf.viewers.profile(ANA, scope=HERE) is None
    assert await shelf.facts("80000002") == ["bob loves ramen"]


async def test_tidy_drops_what_is_old(shelf: Shelf) -> None:
    """That a dog was ill is of no use after a season; who doesn't come for a year is forgotten."""
    await shelf.chat("my dog is ill")
    await shelf.chat("I love ramen")
    shelf.later(days=100)
    assert await shelf.viewers.tidy() == 1
    assert await shelf.facts() == ["ana loves ramen"]
    shelf.later(days=300)
    assert await shelf.viewers.tidy() == 1
    assert await shelf.viewers.profile(ANA, scope=HERE) is None


async def test_describe_a_regular(shelf: Shelf) -> None:
    """How often, when last, and what happened since: in the words of today."""
    for number in range(10):
        await shelf.chat("hello", stream=f"s{number}")
        shelf.later(days=1)
    await shelf.chat("my dog is ill", stream="s10")
    await shelf.chat("my exam is on Friday", stream="s10")
    shelf.later(days=8)
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    assert describe(profile, now=shelf.now) == (
        "ana has been here eleven times, the time before was last week;"
        " their exam was on Friday 15 May 2026; last week their dog was ill"
    )


async def test_describe_a_new_viewer(shelf: Shelf) -> None:
    """Here for the first time; or once, some time ago."""
    await shelf.chat("hello, I love ramen")
    profile = await shelf.viewers.profile(ANA, scope=HERE)
    assert profile is not None
    first = describe(profile, now=shelf.now)
    assert first == "ana is here for the first time; ana loves ramen"
    later = describe(profile, now=shelf.now + timedelta(days=21))
    assert later == "ana has been here once, three weeks ago; ana loves ramen"


def test_description_is_short() -> None:
    """However long names and facts are."""
    facts = tuple(
        Fact(id=f"f{each}", text=f"{'n' * 64} loves {'x' * 110}", at=BEGAN) for each in range(9)
    )
    profile = ViewerProfile(
        user_id="1", name="n" * 64, first_seen=BEGAN, last_seen=BEGAN, streams=300, facts=facts
    )
    told = describe(profile, now=BEGAN)
    assert len(told) <= LONGEST
    assert told.count("loves") == 1


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "today"), (1, "yesterday"), (3, "three days ago"), (7, "last week"), (15, "two weeks ago"),
     (35, "last month"), (100, "three months ago"), (400, "last year"), (5000, "13 years ago")],
)  # fmt: skip
def test_ago(days: int, told: str) -> None:
    """As people say it."""
    assert ago(BEGAN - timedelta(days=days), now=BEGAN) == told
