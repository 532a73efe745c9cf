"""A viewer is found, and forgotten, by any name: shown, login, former, or one that is masked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pickled.errors import UsageError
from pickled.memory.forget import forget_viewer, is_somebody
from pickled.messages.chat import SOMEBODY, ChatMessage
from pickled.messages.stream import StreamEvent
from tests.memory.shelf import HERE, Shelf, open_shelf

ID = "70000077"


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    """An empty memory."""
    async with open_shelf(tmp_path) as shelf:
        yield shelf


async def writes(shelf: Shelf, text: str, **names: str) -> None:
    """Somebody writes, with all the names that an input and the gate give them."""
    user_id = names.pop("user_id", ID)
    message = ChatMessage(
        ts=shelf.now, id=f"{user_id}-{text}"[:60], user_id=user_id, text=text, **names
    )
    await shelf.viewers.seen([message], scope=HERE, stream="s1")
    entry = shelf.entry(message.id, text, author=message.user, author_id=user_id)
    await shelf.long_term.remember([entry])


@pytest.mark.parametrize("name", ["ハンサム", "handsome77", "@Handsome77", f"id:{ID}"])
async def test_localised_name_and_login(shelf: Shelf, name: str) -> None:
    """Who has a name that not everybody can type is found by the login, too."""
    await writes(shelf, "my dog is ill", user="ハンサム", login="handsome77")
    found = await shelf.viewers.find(name, scope=HERE)
    assert found is not None
    assert (found.user_id, found.name) == (ID, "ハンサム")
    assert found.names == ("handsome77", "ハンサム")
    counts = await forget_viewer(shelf.database, shelf.long_term, name, now=shelf.now)
    assert (counts["viewers"], counts["facts"], counts["entries"]) == (1, 1, 1)
    assert await shelf.viewers.find(f"id:{ID}") is None


@pytest.mark.parametrize("name", ["MaineCoonMom", "mainecoonmom", "mcm_2020"])
async def test_name_that_is_masked(shelf: Shelf, name: str) -> None:
    """Who is "somebody" on air has the same rights, and nobody else of that sort is touched."""
    await writes(
        shelf, "I live in Oslo", user=SOMEBODY, masked_name="MaineCoonMom", login="mcm_2020"
    )
    await writes(
        shelf, "I live in Rome", user=SOMEBODY, masked_name="Coon_Tamer", user_id="70000078"
    )
    await writes(shelf, "is somebody there?", user="bob", user_id="80000002")
    imported = shelf.entry("i1", "hello", author=SOMEBODY, source="import")
    await shelf.long_term.remember([imported])
    assert await shelf.facts(ID) == ["somebody lives in Oslo"]
    found = await shelf.viewers.find(name)
    assert found is not None
    assert found.user_id == ID
    await forget_viewer(shelf.database, shelf.long_term, name, now=shelf.now)
    assert await shelf.texts() == ["I live in Rome", "is somebody there?", "hello"]
    assert await shelf.facts("70000078") == ["somebody lives in Rome"]


async def test_somebody_is_several(shelf: Shelf) -> None:
    """The word that stands for masked names tells nobody in particular: the ids are named."""
    await writes(shelf, "hello", user=SOMEBODY, masked_name="MaineCoonMom")
    await writes(shelf, "hello", user=SOMEBODY, masked_name="Coon_Tamer", user_id="70000078")
    with pytest.raises(UsageError, match=f"id:{ID}, id:70000078"):
        await forget_viewer(shelf.database, shelf.long_term, SOMEBODY, now=shelf.now)


async def test_who_only_subscribed(shelf: Shelf) -> None:
    """The same names are kept of who never wrote."""
    event = StreamEvent(
        ts=shelf.now, event_type="sub", user="ハンサム", user_id=ID, login="handsome77"
    )
    await shelf.viewers.happened(event, scope=HERE, stream="s1")
    found = await shelf.viewers.find("handsome77")
    assert found is not None
    assert found.subs == 1


async def test_nobody_costs_nothing(shelf: Shelf) -> None:
    """A name that is nobody's leaves even the copies where they are."""
    await shelf.chat("hello")
    await shelf.database.copy()
    counts = await forget_viewer(shelf.database, shelf.long_term, "nobody9", now=shelf.now)
    assert not is_somebody(counts)
    assert len(shelf.database.copies()) == 1


async def test_who_is_only_told_of_is_forgotten(shelf: Shelf) -> None:
    """Somebody who never wrote is in what others said."""
    await shelf.chat("I miss zyxowald so much")
    counts = await forget_viewer(shelf.database, shelf.long_term, "zyxowald", now=shelf.now)
    assert is_somebody(counts)
    assert await shelf.texts() == []


def test_names_that_are_not_shown_are_never_published() -> None:
    """Neither the login nor what the gate masked is in any payload."""
    message = ChatMessage.model_validate(
        {
            "ts": "2026-05-01T18:30:00Z",
            "id": "m1",
            "user": SOMEBODY,
            "user_id": ID,
            "text": "hello",
            "login": "mcm_2020",
            "masked_name": "MaineCoonMom",
        }
    )
    assert message.other_names == ("mcm_2020", "MaineCoonMom")
    assert "mcm_2020" not in message.model_dump_json()
    assert "MaineCoonMom" not in message.model_dump_json()
