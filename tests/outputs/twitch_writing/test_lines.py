"""What goes out as lines of chat, whatever the text is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.outputs.twitch_writing.lines import LONGEST, MOST_LINES, lines_of
from pickled.outputs.twitch_writing.pace import OF_ALL, OF_MODERATORS, WINDOW_S, WritingPace


@given(st.text(alphabet=st.sampled_from("ab /!.\\\n\r\x00\u200b\u202eé🙂"), max_size=3000))
def test_lines_are_never_commands_nor_too_long(text: str) -> None:
    """No line begins with a sign that a bot obeys, is too long, or holds a control character."""
    lines = lines_of(text)
    assert len(lines) <= MOST_LINES
    for line in lines:
        assert 0 < len(line) <= LONGEST
        assert line[0] not in "/!. \\"
        assert all(each >= " " for each in line)


def test_lines_are_cut_at_words() -> None:
    """A long text is several lines; what is too much for chat ends with a sign of that."""
    lines = lines_of("word " * 150)
    assert [len(each) for each in lines] == [499, 249]
    assert lines_of("x" * 501) == ("x" * 500, "x")
    assert lines_of("word " * 1000)[-1].endswith("word …")


@pytest.mark.parametrize("text", ["/ban ana", "!so ana", " \u200b/ban ana", "..!/me waves", "\\/x"])
def test_lines_lose_what_makes_them_commands(text: str) -> None:
    """Nobody is banned because a model wrote so."""
    (line,) = lines_of(text)
    assert line[0].isalnum()


@pytest.mark.parametrize(("moderator", "most"), [(False, OF_ALL), (True, OF_MODERATORS)])
def test_pace_keeps_below_the_limit(moderator: bool, most: int) -> None:
    """In no half minute more lines than Twitch takes, however many are wanted."""
    pace, now, sent = WritingPace(), 0.0, []
    for _ in range(3 * most):
        now += pace.wait_s(now=now, moderator=moderator)
        pace.sent(now=now)
        sent.append(now)
    assert all(later - sent[at] >= WINDOW_S for at, later in enumerate(sent[most:]))


def test_pace_waits_in_slow_mode() -> None:
    """Each line after the one before; moderators need not."""
    pace = WritingPace()
    pace.sent(now=10.0)
    assert pace.wait_s(now=12.0, moderator=False, slow_s=5.0) == 3.0
    assert pace.wait_s(now=12.0, moderator=True, slow_s=5.0) == 0.0
