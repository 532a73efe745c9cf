"""From a text to what an engine is given: no phonemes in brackets, no clause without a word."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.brain.safety import GateRules, check
from pickled.errors import VoiceError
from pickled.language.clauses import ClauseSplitter
from pickled.language.normalization.aloud import aloud
from pickled.tts import Synthesizer, local, wyoming
from tests.stand_ins.wyoming import WyomingStandIn
from tests.tts.hearing import SURROUNDINGS, hear

BRACKETS = ("[]", "［］", "﹇﹈")
BETWEEN = (
    "",
    " ",
    "\t",
    "\n",
    "\u200b",
    "\u2060",
    "\u00ad",
    "\ufe0f",
    "\u3000",
    "\u0301",
    " \u200d ",
)
PHONEMES = "h@l'oU"
BRACKET = re.compile(r"[\[\]［］﹇﹈]")


def said(text: str, language: str = "en") -> list[str]:
    """What a voice is given of an answer, clause by clause."""
    splitter, passed = ClauseSplitter(), []
    for clause in [*splitter.feed(text), *splitter.finish()]:
        checked = check(clause, gate=GateRules(), before=passed)
        if checked.text is not None:
            passed.append(checked.text)
    return [aloud(clause, language) for clause in passed]


@settings(max_examples=300, deadline=None)
@given(
    brackets=st.sampled_from(BRACKETS),
    opened=st.lists(st.sampled_from(BETWEEN), min_size=2, max_size=5),
    closed=st.lists(st.sampled_from(BETWEEN), min_size=2, max_size=5),
    before=st.sampled_from(("", "Hello there, my good friends. ", "word", "a word ")),
    split=st.sampled_from(("", ". And it goes on here. ", "! ")),
    language=st.sampled_from(("en", "de", "ja")),
)
def test_runs_of_brackets_never_reach_a_voice(
    brackets: str, opened: list[str], closed: list[str], before: str, split: str, language: str
) -> None:
    """Two to five, of three kinds, with anything between, whole or split over two clauses."""
    opening = "".join(brackets[0] + each for each in opened)
    closing = "".join(brackets[1] + each for each in closed)
    text = f"{before}{opening}{split}{PHONEMES}{split}{closing} friend, how are you?"
    for clause in said(text, language):
        assert not BRACKET.search(clause)


@given(text=st.text(alphabet=".!?…,;:*#-–~^'\"()[]{}<>|/\\ \u200b\n🎉❤️→。、！", max_size=60))
def test_clauses_without_a_word_reach_no_voice(text: str) -> None:
    """Marks and pictures alone are no speech."""
    assert all(any(map(str.isalnum, clause)) for clause in said(text))


@asynccontextmanager
async def _local(folder: Path, engine: str) -> AsyncIterator[tuple[Synthesizer, Path]]:
    script = folder / engine
    script.write_text(f"#!/bin/sh\ncat /dev/stdin >>{folder}/given\n")
    script.chmod(0o755)
    options = local.Options.model_validate({"engine": engine})
    async with local.start(options, SURROUNDINGS) as voice:
        yield voice, folder / "given"


@pytest.mark.parametrize("engine", ["flite", "espeak-ng"])
async def test_local_engine_is_given_no_brackets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """It has nothing of its own against them: the gate is the one way."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    async with _local(tmp_path, engine) as (voice, given):
        for brackets in BRACKETS:
            for clause in said(f"{brackets[0] * 3}{PHONEMES}{brackets[1] * 3} friend"):
                with pytest.raises(VoiceError, match="no sound"):
                    await hear(voice.synthesize(clause))
    text = given.read_text()
    assert "friend" in text
    assert not BRACKET.search(text)


async def test_wyoming_service_is_given_no_brackets() -> None:
    """As Piper would read them as phonemes."""
    async with (
        WyomingStandIn(tone=True).serve() as piper,
        wyoming.start(wyoming.Options(url=piper.url), SURROUNDINGS) as voice,
    ):
        for brackets in BRACKETS:
            for clause in said(f"{brackets[0] * 3}{PHONEMES}{brackets[1] * 3} friend"):
                await hear(voice.synthesize(clause))
    assert piper.requests
    assert not any(BRACKET.search(each.text) for each in piper.requests)
