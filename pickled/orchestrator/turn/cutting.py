"""What is cut from a text that grows: its clauses, and what may be the next one."""

from __future__ import annotations

from collections.abc import Iterator

from pickled.language.sentences import sentence_ends


class Likely(str):
    """A clause, if the model goes on with another word; an empty one: there is none just now."""

    __slots__ = ()


def with_last(clauses: list[str]) -> Iterator[tuple[str, bool]]:
    """Each of them, and whether it is the last one."""
    for place, clause in enumerate(clauses, 1):
        yield clause, place == len(clauses)


def within(before: list[str], clause: str, most: int | None) -> tuple[str, bool]:
    """The clause as far as the number of sentences allows, and whether that number is reached."""
    if most is None:
        return clause, False
    said = " ".join([*before, clause])
    ends = sentence_ends(said, whole=False)
    if len(ends) < most:
        return clause, False
    return clause[: max(0, ends[most - 1] - len(said) + len(clause))], True
