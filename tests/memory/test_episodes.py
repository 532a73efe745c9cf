"""An episode's text, worded or counted, stays within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.memory.episodes import LONGEST, EpisodeEntry, counted, describe_task, validated
from pickled.memory.told_facts import read_facts
from tests.memory.shelf import BEGAN

PIECES = st.lists(
    st.builds(
        EpisodeEntry,
        id=st.text(min_size=1, max_size=8),
        at=st.just(BEGAN),
        author=st.text(max_size=80),
        author_id=st.sampled_from(["", "70000001", "80000002"]),
        source=st.sampled_from(["chat", "stream", "cohost"]),
        text=st.text(min_size=1, max_size=500),
        seen=st.integers(1, 9),
    ),
    min_size=1,
    max_size=8,
)


@given(PIECES, st.text(max_size=600))
def test_episodes_are_bounded(pieces: list[EpisodeEntry], answer: str) -> None:
    """Whatever chat and the model write: one printable line of limited length, or nothing."""
    for viewer in (None, pieces[-1].author):
        assert len(counted(pieces, viewer=viewer)) <= LONGEST
        assert describe_task(pieces, viewer=viewer)
    assert len(read_facts(f"FACT [1] {answer} FACT [1] is {answer}", pieces)) <= 4
    kept = validated(f"{answer} [1]", pieces)
    assert kept is None or (len(kept) <= LONGEST and "\n" not in kept)
