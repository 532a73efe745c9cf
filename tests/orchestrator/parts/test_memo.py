"""What is known about a text is not found out again."""

from __future__ import annotations

from pickled.orchestrator.parts.memo import LONGEST_KNOWN, MOST_KNOWN, Memo


def test_memo_looks_once_until_it_is_cleared() -> None:
    """Also when what was found is nothing."""
    looked: list[str] = []

    def look(text: str) -> str | None:
        looked.append(text)
        return None

    memo = Memo(look)
    assert [memo.of("a"), memo.of("a")] == [None, None]
    memo.clear()
    memo.of("a")
    assert looked == ["a", "a"]


def test_memo_is_bounded() -> None:
    """A flood of new texts, or of long ones, fills no memory."""
    memo = Memo(len)
    for number in range(MOST_KNOWN * 2 + 1):
        memo.of(str(number))
    assert len(memo._known) <= MOST_KNOWN
    memo.clear()
    assert memo.of("x" * (LONGEST_KNOWN + 1)) == LONGEST_KNOWN + 1
    assert memo._known == {}
