"""What a question becomes for the full text, and how what was found is ranked."""

from __future__ import annotations

import apsw
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickled.memory.database import Database
from pickled.memory.search import STOP, match_expression, terms
from tests.memory.remembered import HERE, entry, found_ids, memory_of


@pytest.fixture(scope="module")
def index() -> apsw.Connection:
    """A full text of one line."""
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    connection.execute("INSERT INTO words VALUES ('nothing in common')")
    return connection


@given(text=st.text(max_size=200))
@example('NEAR("a" "b", 2) OR c:* -d ^e')
@example("\0\ud7ff\u200d_'\"")
def test_any_question_is_an_expression(index: apsw.Connection, text: str) -> None:
    """Whatever viewers ask, no operator of the full text's language gets in."""
    asked = match_expression(terms(text))
    index.execute("SELECT count(*) FROM words WHERE words MATCH ?", (asked,)).fetchall()


@given(text=st.text(max_size=400))
def test_terms_are_few_and_differ(text: str) -> None:
    """A question of a thousand words is not a search of a thousand words."""
    found = terms(text)
    assert len(found) == len(set(found)) <= 24
    assert not STOP & set(found)


def test_terms_keep_their_order_and_leave_small_words_out() -> None:
    """Small letters, once each."""
    assert terms("Whose DOG is it, the dog of Ana_1?") == ["whose", "dog", "ana_1"]


async def test_rare_words_count_more_than_common_ones(database: Database) -> None:
    """Of two lines with one word in common, that with the rarer one comes first."""
    memory = memory_of(database)
    common = [entry(f"c{n}", f"we love the market number{n}", stream=f"s{n}") for n in range(9)]
    await memory.remember([*common, entry("rare", "an axolotl sleeps here now", stream="r")])
    assert (await found_ids(memory, "market axolotl"))[0] == "rare"


async def test_question_of_small_words_finds_nothing(database: Database) -> None:
    """They are in every line, and say nothing about any."""
    memory = memory_of(database)
    await memory.remember([entry("1", "what would you have done there")])
    assert await found_ids(memory, "what would you have done?") == ["1"]
    assert await found_ids(memory, "what would you?") == []


async def test_scores_lie_between_nothing_and_one(database: Database) -> None:
    """Best first, with the parts that they are made of."""
    memory = memory_of(database)
    said = [entry(f"{n}", f"dog {'ill ' * n}", author=f"v{n}", stream=f"s{n}") for n in range(6)]
    await memory.remember(said)
    hits = await memory.recall("is v3's dog ill?", scope=HERE, k=10)
    scores = [each.score for each in hits]
    assert len(hits) == 6
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each <= 1 for each in scores)
    assert {"words", "recency"} <= hits[0].parts.keys()
    assert [each.id for each in hits if "named" in each.parts] == ["3"]
