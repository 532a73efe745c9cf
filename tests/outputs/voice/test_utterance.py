"""What of a clause was heard."""

from __future__ import annotations

import pytest

from pickled.audio import SPEECH_RATE
from pickled.outputs.voice.utterance import Utterance


@pytest.mark.parametrize("samples", range(39_430, 39_442))
def test_clause_that_was_played_is_heard_whole_however_its_end_is_rounded(samples: int) -> None:
    """A node tells tenths of a millisecond."""
    clause = Utterance(0, "a.0", "The other one speaks.", 0, samples, complete=True)
    played_ms = round(samples / SPEECH_RATE * 1000, 1)
    assert clause.heard(played_ms / 1000 * SPEECH_RATE) == clause.text


def test_clause_that_was_cut_ends_at_a_whole_word() -> None:
    """Half of a word was not heard."""
    clause = Utterance(0, "a.0", "one two three four", 0, SPEECH_RATE, complete=True)
    assert clause.heard(SPEECH_RATE * 0.5) == "one two"
