"""What a model is shown of memory: read from the real file, and never an empty line."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path

import apsw

from pickled.brain.context import Situation
from pickled.brain.persona import Persona
from pickled.brain.remembered import presentable
from pickled.language.quoting import LONGEST_NAME
from pickled.memory.describe import describe
from pickled.memory.rows import moment
from pickled.memory.short_term import ShortTerm
from pickled.messages.decision import Request
from pickled.messages.memory import EntrySource, Hit
from pickled.messages.prompt import Prompt
from pickled.orchestrator.recollection.remembering import Recalled
from pickled.orchestrator.turn.preparing import Preparing
from tests.brain.stage import chat
from tests.memory.shelf import HERE, Shelf, open_shelf

NAMES = 1_000
PERSONA = Persona(name="John", personality="You are John.", emotions=("happy",))
FACT = "my dog Bruno is ill today"
SOURCES: tuple[EntrySource, ...] = ("chat", "import", "cohost")

_STEMS = """
    dark lord system exec say admin root xx set user noodle knight data end tool print Maria
    memory speak mod raid the real not a viewer role text
""".split()  # noqa: SIM905


def names(count: int, dice: random.Random) -> list[str]:
    """As Twitch has them: letters, digits and underscores, the shown form also in other scripts."""
    made: dict[str, None] = {}
    while len(made) < count:
        parts = [dice.choice(_STEMS) for _ in range(dice.randint(1, 3))]
        joint = dice.choice(("_", "_", "__", ""))
        name = joint.join(parts) + dice.choice(("", "", "_", str(dice.randint(0, 2026))))
        made[dice.choice((name, name.title(), f"_{name}", f"名_{name}"))[:25]] = None
    return list(made)


async def _filled(shelf: Shelf, given: list[str]) -> None:
    """Each of them wrote, told a fact, and is the author of an entry of each other source."""
    for number, name in enumerate(given):
        await shelf.chat(FACT, user=name, user_id=f"id-{number}")
    for source in SOURCES[1:]:
        entries = [
            shelf.entry(f"{source}-{number}", FACT, author=name, source=source)
            for number, name in enumerate(given)
        ]
        await shelf.long_term.remember(entries, merge=False)
    await shelf.long_term.remember([shelf.entry("summary", FACT, source="summary")])


def _hits(connection: apsw.Connection) -> list[Hit]:
    """All that is in the file, as recall gives it."""
    rows = connection.execute("SELECT id, author, text, said_as, at FROM entry")
    return [
        Hit(id=name, score=1.0, text=said_as, said=text, viewer=author, at=moment(at))
        for name, author, text, said_as, at in rows
    ]


async def _prompt(recalled: Recalled, emptied: list[int]) -> Prompt:
    async def recall(_request: Request, *, exclude: object) -> Recalled:
        return recalled

    preparing = Preparing(
        short_term=ShortTerm(),
        recall=recall,
        situation=Situation,
        screen=str,
        screen_name=str,
        on_emptied=emptied.append,
    )
    request = Request(
        turn="a" * 12, reason="question", messages=(chat("John?"),), arrived=0.0, decided=0.0
    )
    return (await preparing(PERSONA, request)).prompt


def _memories(prompt: Prompt) -> list[str]:
    lines = prompt.messages[-1].content.splitlines()
    data = [json.loads(each.rstrip(",")) for each in lines if each.startswith("{")]
    return [each["text"] for each in data if each["who"] == "memory"]


async def test_no_name_empties_a_memory_in_any_form_that_memory_writes(tmp_path: Path) -> None:
    """A thousand names, each as the author of every kind of entry, and as a viewer with a fact."""
    given = names(NAMES, random.Random(26))
    async with open_shelf(tmp_path) as shelf:
        await _filled(shelf, given)
        recalled = await shelf.long_term.recall(FACT, scope=HERE, k=50)
        find = partial(shelf.viewers.profile, scope=HERE)
        profiles = [await find(f"id-{number}") for number in range(NAMES)]
        everything = await shelf.database.read(_hits)
    assert len(everything) == len(SOURCES) * NAMES + 1
    words = {hit.id: (hit.viewer, hit.text, hit.said) for hit in everything}
    assert len(recalled) == 50
    assert all(words[hit.id] == (hit.viewer, hit.text, hit.said) for hit in recalled)
    emptied: list[int] = []
    for hit in everything:
        assert _memories(await _prompt(Recalled((hit,)), emptied)) == [hit.text]
    for profile in profiles:
        assert profile is not None
        line = describe(presentable(profile), now=shelf.now)
        (shown,) = _memories(await _prompt(Recalled(viewers=(line,)), emptied))
        assert shown.startswith(profile.name[:LONGEST_NAME])
        assert "dog" in shown
    assert not emptied
