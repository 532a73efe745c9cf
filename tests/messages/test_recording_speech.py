"""Speech in a recording: probably over, and said earlier than it came."""

from __future__ import annotations

import pytest

from pickled.errors import RecordingError
from pickled.messages.recording import parse, to_event, written
from pickled.messages.speech import Speech
from tests.brain.stage import START


def test_speech_line_carries_that_the_turn_is_probably_over() -> None:
    """It is an interim text, and comes out of the recording as it went in."""
    line = parse(
        '{"t": 1, "type": "speech", "text": "so", "final": false, "eager": true}', where="x"
    )
    event = to_event(line, ts=START, source="replay")
    assert isinstance(event, Speech)
    assert (event.event_type, event.eager, event.ts) == ("interim", True, START)
    assert parse(written(line), where="x") == line


def test_speech_line_that_came_late_was_said_before() -> None:
    """The event's moment is that of the words."""
    line = parse('{"t": 9, "type": "speech", "text": "so", "late_s": 5}', where="x")
    event = to_event(line, ts=START, source="replay")
    assert isinstance(event, Speech)
    assert (START - event.ts).total_seconds() == 5


def test_speech_line_that_is_over_is_not_probably_over() -> None:
    """Which of both was meant, nobody knows; the way out is named."""
    with pytest.raises(RecordingError, match="write `final: false`"):
        parse('{"t": 1, "type": "speech", "text": "so", "eager": true}', where="x, line 1")
