"""However an answer is cut into pieces: no voice is asked for what the gate would not let pass."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.brain import safety
from pickled.brain.safety import GateRules
from pickled.language.injection.echo import others
from pickled.language.moderation.word_list import parse_word_list
from pickled.language.privacy.private_words import parse_private_words
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.orchestrator.turn.answer import Answer
from pickled.orchestrator.turn.preparing import Prepared
from pickled.orchestrator.turn.stages import Stages
from pickled.orchestrator.turn.writing import Writer
from tests.llm.asking import prompt
from tests.stand_ins.parts import ScriptedModel, answer

GATE = GateRules(
    words=parse_word_list("block: [grumblefoot]\nmask: [wobblehead]\n", source="words"),
    private=parse_private_words("Quibblestone Lane\nOlga Brandt\nZimmermannstadt\n", source="own"),
)
PRIVATE = ("quibblestone lane", "olga brandt", "zimmermannstadt", "grumblefoot", "wobblehead")
LINKS = re.compile(r"(?:https?://)?\w+(?:\.\w+)+(?:/\w+)?|\w+@\w+\.\w+")
LINE = "join flubber.gg and see the old harbour with the red boats at the pier tonight"

TEXTS = st.lists(
    st.sampled_from(
        ["Hello everybody,", "it is good", "to be here.", "Is that so?!", "Yes!", "What a day…",
         "That was it?", "Look at", "example.com", "https://evil.example/x now.", "www.evil.gg,",
         "flubber.gg.", "me@home.org.", "It costs 5.5 euros,", "in 1995.", "10,000 of them!",
         "the U.S. and", "Dr. No,", "I live in Quibblestone Lane.", "Quibblestone.", "Lane.",
         "Olga Brandt,", "Olga.", "Brandt!", "Zimmermannstadt!", "you grumblefoot.",
         "what a wobblehead,", "*waves*", "(and so on)", "“I see.”", '"Oh."', ":)", "こんにちは。",
         "Call 555 867 5309.", "see the old harbour with the red boats at the pier tonight."]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)  # fmt: skip
CUTS = st.lists(st.integers(0, 300), max_size=60) | st.just(list(range(400)))
"""Some places, or behind each character."""


@dataclass(frozen=True)
class Guessed:
    """A clause that a voice was asked for, and what had been passed by then."""

    text: str
    before: tuple[str, ...]
    written: str
    """All that the model had said by then."""


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    """A text, cut at these places."""
    places = sorted({0, len(text), *(each % (len(text) + 1) for each in cuts)})
    return [text[a:b] for a, b in pairwise(places)]


async def write(text: str, cuts: list[int], *, guessing: bool) -> tuple[list[str], list[Guessed]]:
    """The clauses that passed, and the guesses that were made between them."""
    told: list[str] = []
    written = answer(text)

    def cut(whole: str) -> list[str]:
        return pieces_of(whole, cuts)

    class Writing(ScriptedModel):
        async def stream(self, asked):  # type: ignore[no-untyped-def]  # as its parent's
            async for piece in super().stream(asked):
                told.append(piece)
                yield piece

    model = Writing(lambda _: written, cut=cut, first_token_s=0, token_s=0)
    clock = Clock(now=lambda: 0.0, wall=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    writer = Writer(
        models=Ladder([Rung("scripted", model, works=True)], lambda _status, _why: None),
        rules=lambda: GATE,
        events=Events(MemoryBroker().bus(), tap=PublishingTap()),
        clock=clock,
    )
    loop = asyncio.get_running_loop()
    said = loop.run_in_executor(None, lambda: others([("ana", LINE)], rules="You are John."))
    asked = prompt(f'[{{"who": "chat", "name": "ana", "text": "{LINE}"}}]')
    so_far, clauses, guesses = Answer(), list[str](), list[Guessed]()

    def guess(clause: str) -> None:
        if clause:
            guesses.append(Guessed(clause, tuple(so_far.clauses), "".join(told)))

    async for clause in writer.write(
        Prepared(asked, said),
        so_far,
        Stages(0.0, 0.0),
        max_sentences=20,
        guess=guess if guessing else None,
    ):
        clauses.append(clause)
    return clauses, guesses


@settings(max_examples=300, deadline=None)
@given(TEXTS, CUTS)
def test_guesses_pass_the_gate_and_begin_nothing_that_would_not(text: str, cuts: list[int]) -> None:
    """Each is what the gate lets pass there, and ends within no link, number or private word."""
    _, guesses = asyncio.run(write(text, cuts, guessing=True))
    whole = answer(text)
    for each in guesses:
        checked = safety.check(each.text, gate=GATE, before=each.before)
        assert (checked.text, checked.kind) == (each.text, "passed")
        place = len(each.written)
        for found in LINKS.finditer(whole):
            assert not found.start() < place < found.end() or whole[place - 1] != ".", each
        assert not re.search(r"\d[.,]$", each.written), each
        said = " ".join(re.findall(r"\w+", f"{' '.join(each.before)} {each.text}".casefold()))
        for hidden in PRIVATE:
            assert hidden not in said
            assert not _ends_with_a_beginning_of(each.text.casefold(), hidden), each


@settings(max_examples=200, deadline=None)
@given(TEXTS, CUTS)
def test_answer_is_the_same_with_and_without_guesses(text: str, cuts: list[int]) -> None:
    """To guess keeps nothing: what is spoken does not depend on it, nor on how the text was cut."""
    guessed, _ = asyncio.run(write(text, cuts, guessing=True))
    plain, none = asyncio.run(write(text, cuts, guessing=False))
    assert guessed == plain
    assert none == []


def _ends_with_a_beginning_of(text: str, hidden: str) -> bool:
    """Of at least four letters: the first ones of a private word are those of many others."""
    bare = re.sub(r"\W+$", "", text)
    return any(bare.endswith(f" {hidden[:end]}") for end in range(4, len(hidden)))
