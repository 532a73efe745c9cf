"""Deepgram's messages, whatever they hold: turns begin once, end once, and are never torn."""

from __future__ import annotations

from types import SimpleNamespace as Message
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.stt.turns import TurnReader
from pickled.stt.turns.flux import FluxTurns
from pickled.stt.turns.nova import NovaTurns


def at_once(seconds: float) -> int:
    """Both clocks are the same."""
    return round(seconds * 1000)


def info(event: str, transcript: str, **more: Any) -> Message:
    """A message of Flux."""
    return Message(type="TurnInfo", event=event, transcript=transcript, **more)


def results(text: str, *, final: bool = False, speech_final: bool = False) -> Message:
    """A message of Nova."""
    best = Message(transcript=text, confidence=0.5, words=[])
    return Message(
        type="Results", is_final=final, speech_final=speech_final, start=1.0,
        channel=Message(alternatives=[best]),
    )  # fmt: skip


def told(reader: TurnReader, *messages: Message) -> list[tuple[str, str, bool]]:
    """State, text, and whether it is eager."""
    heard = (each for message in messages for each in reader.read(message, at_once))
    return [(each.state, each.text, each.eager) for each in heard]


def test_flux_tells_its_states() -> None:
    """What says nothing new is not told again; an eager end, and that it goes on, always are."""
    assert told(
        FluxTurns(), info("Update", ""), info("StartOfTurn", ""), info("Update", "so"),
        info("Update", "so"), info("EagerEndOfTurn", "so"), info("TurnResumed", "so"),
        info("Update", "so far"), info("EndOfTurn", "So far."), info("Update", ""),
    ) == [
        ("started", "", False), ("interim", "so", False), ("interim", "so", True),
        ("interim", "so", False), ("interim", "so far", False), ("final", "So far.", False),
    ]  # fmt: skip


def test_flux_that_heard_no_begin_begins_with_words() -> None:
    """Its first message was lost; the end alone is no turn."""
    assert told(FluxTurns(), info("EndOfTurn", "")) == []
    assert told(FluxTurns(), info("EndOfTurn", "yes"))[-1] == ("final", "yes", False)


@pytest.mark.parametrize("end", ["speech_final", "UtteranceEnd", "both"])
def test_nova_ends_a_turn_at_whichever_comes_first(end: str) -> None:
    """All of its pieces are there, once."""
    says_so = end != "UtteranceEnd"
    pieces = [results("so", final=True), results("far", final=True, speech_final=says_so)]
    over = [Message(type="UtteranceEnd", last_word_end=2.0)] if end != "speech_final" else []
    heard = told(NovaTurns(), *pieces, *over)
    assert [each for each in heard if each[0] == "final"] == [("final", "so far", False)]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["words", "transcript", "alternatives", "word", "start", "end"]), inner
        ).map(lambda fields: Message(**fields))
    ),
    max_leaves=6,
)
FIELDS = {
    "type": st.sampled_from(["TurnInfo", "Results", "UtteranceEnd", "SpeechStarted", "Odd", None]),
    "event": st.sampled_from(
        ["Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn", "Odd", 7]
    ),
    "transcript": st.text(max_size=9) | ANYTHING,
    "words": ANYTHING,
    "channel": ANYTHING,
    "is_final": ANYTHING,
    "speech_final": ANYTHING,
    "start": ANYTHING,
    "timestamp": ANYTHING,
    "audio_window_start": ANYTHING,
}


@given(st.lists(st.fixed_dictionaries({}, optional=FIELDS), max_size=12))
def test_whatever_comes_makes_whole_turns(fields: list[dict[str, Any]]) -> None:
    """Nothing raises; a turn begins before it ends, and there is one at a time."""
    for reader in (FluxTurns(), NovaTurns()):
        is_open = False
        for each in fields:
            for heard in reader.read(Message(**each), at_once):
                assert is_open is (heard.state != "started")
                is_open = heard.state != "final"
                assert heard.confidence is None or isinstance(heard.confidence, float)
        assert reader.open is is_open
