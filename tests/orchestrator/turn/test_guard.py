"""The optional models: a guard that judges what is said, a compressor that shortens the prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.errors import ModelError
from pickled.llm.guard import Judgement
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


@dataclass
class ScriptedGuard:
    """Finds what it is told to find, or does not answer."""

    vile: str = "hopeless"
    silent: bool = False
    name: str = "scripted guard"
    judged: list[str] = field(default_factory=list)

    async def judge(self, clause: str) -> Judgement:
        self.judged.append(clause)
        if self.silent:
            await asyncio.sleep(0.8)
            raise ModelError("no verdict within 0.8 s")
        return Judgement(self.vile not in clause, "harassment")

    async def probe(self) -> None:
        """Always there."""


@dataclass
class ScriptedCompressor:
    """Says the same in fewer words, or fails."""

    broken: bool = False
    name: str = "scripted compressor"

    async def compress(self, text: str) -> str:
        if self.broken:
            raise ModelError("no answer within 2 s")
        return text.replace("hello", "hi")


def answering(text: str) -> Callable[[object], str]:
    return lambda _: f'{{"emotion": "happy", "text": "{text}"}}'


def test_guard_stops_what_is_vile_in_clean_words(play: Play) -> None:
    """A clause that no list could find is not spoken, and the rest of the answer neither."""

    async def scene(rig: Rig) -> None:
        rig.model.words = answering("That is a fair question. You are hopeless at walking, though.")
        rig.chat("John, hello?")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("interrupted", "That is a fair question.")
        assert [each.rule for each in rig.events("event/safety", "blocked")] == ["guard"]
        assert "hopeless" not in " ".join(text for text, _ in rig.voice.spoken)

    play(scene, guard=ScriptedGuard())


def test_guard_without_a_verdict_lets_pass_only_what_names_and_quotes_nobody(play: Play) -> None:
    """It fails closed for names, and open for plain words."""

    async def scene(rig: Rig) -> None:
        rig.model.words = answering("What a lovely evening for a walk.")
        rig.chat("John, hello?")
        assert (await rig.outcome()).outcome == "finished"
        rig.model.words = answering("You know what they say about marigold.")
        rig.chat("John, hello again?", user="marigold")
        assert (await rig.outcome(2)).outcome == "blocked"
        assert rig.events("event/safety", "blocked")[-1].rule == "guard_unavailable"

    play(scene, guard=ScriptedGuard(silent=True))


def test_guard_judges_given_words_too(play: Play) -> None:
    """One gate for every model, and for what a person has it say."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", "This is hopeless.")
        assert (await rig.outcome()).outcome == "blocked"

    play(scene, guard=ScriptedGuard())


def test_compressor_shortens_what_was_said_but_not_the_rules(play: Play) -> None:
    """The model reads fewer words; who it is and what it shall do stay as they are."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.outcome()
        system, user = rig.model.prompts[0].messages
        assert "John, hi?" in user.content
        assert user.content.endswith("as JSON.")
        assert "You are the co-host John" in system.content

    play(scene, compressor=ScriptedCompressor())


def test_compressor_that_fails_is_not_missed(play: Play) -> None:
    """The plain text serves."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        assert (await rig.outcome()).outcome == "finished"
        assert "John, hello?" in rig.model.prompts[0].messages[1].content

    play(scene, compressor=ScriptedCompressor(broken=True))
