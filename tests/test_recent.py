"""What was seen last is kept, the oldest goes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.recent import Recent, Seen

KEYS = st.lists(st.integers(0, 20), max_size=60)


def test_recent_forgets_the_oldest() -> None:
    """Of more than it holds, what was set first is gone."""
    recent: Recent[str, int] = Recent(2)
    for number, key in enumerate("abc"):
        recent[key] = number
    assert list(recent.items()) == [("b", 1), ("c", 2)]


def test_recent_keeps_what_is_set_again() -> None:
    """A key that is set again is the newest, by whichever way it is set."""
    recent: Recent[str, int] = Recent(2)
    recent["a"] = recent["b"] = 0
    recent.update(a=1)
    recent.setdefault("c", 2)
    recent |= {"d": 3}
    assert list(recent.items()) == [("c", 2), ("d", 3)]


@given(keys=KEYS, most=st.integers(1, 8))
def test_recent_holds_the_last_keys(keys: list[int], most: int) -> None:
    """After any keys there are the last different ones, in the order of their last setting."""
    recent: Recent[int, int] = Recent(most)
    for at, key in enumerate(keys):
        recent[key] = at
    last = {key: at for at, key in enumerate(keys)}
    assert list(recent.items()) == sorted(last.items(), key=lambda each: each[1])[-most:]


def test_seen_tells_new_from_known() -> None:
    """A key is new once, until it is forgotten; to come again does not keep it longer."""
    seen: Seen[str] = Seen(2)
    assert [seen.add(each) for each in "abac"] == [True, True, False, True]
    assert "a" not in seen
    assert seen.add("a")
