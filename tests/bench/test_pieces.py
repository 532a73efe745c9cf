"""The bench's model writes in the pieces in which real vocabularies cut its answers."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.bench.pieces import NotCutError, cut, in_pieces, texts, vocabularies
from tests.stand_ins.prefix_cache import PrefixCache


@pytest.mark.parametrize("vocabulary", ["llama3", "llama2", "gpt2"])
def test_pieces_make_up_every_text(vocabulary: str) -> None:
    """What is cut is the whole text, and no piece is empty or a whole word too much."""
    for text in texts():
        pieces = cut(text, vocabulary)
        assert "".join(pieces) == text
        assert all(pieces)
        assert len(pieces) > len(text.split())


@pytest.mark.parametrize("vocabulary", ["llama3", "llama2", "gpt2"])
def test_end_of_the_text_comes_with_its_last_mark(vocabulary: str) -> None:
    """A full stop and the closing quotation mark are one piece: JSON is not waited for longer."""
    for text in texts():
        if text.startswith("{"):
            *_, last, brace = cut(text, vocabulary)
            assert (last[-2:], brace) == (json.loads(text)["text"][-1] + '"', "}")


@pytest.mark.parametrize("vocabulary", ["llama3", "llama2"])
def test_any_text_is_cut_at_its_marks_and_as_the_vocabulary_cuts_its_words(vocabulary: str) -> None:
    """Nothing is lost; of the bench's own answers nearly all pieces are those of the whole text."""
    for text in texts():
        pieces, real = in_pieces(text, vocabulary), cut(text, vocabulary)
        assert "".join(pieces) == text
        assert len(set(pieces) ^ set(real)) <= 0.3 * len(real)
    assert in_pieces("So!  Well… yes?! 5.5", vocabulary)[:2] == ["So", "!"]


def test_emotion_and_keys_take_ten_to_twelve_pieces() -> None:
    """So many come before the first word, whatever the vocabulary."""
    before = {name: cut(texts()[0], name).index("Hello") for name in vocabularies()}
    assert before == {"llama3": 10, "llama2": 12, "gpt2": 11}


def test_what_was_not_cut_is_told() -> None:
    """Rather than cut in some other way."""
    with pytest.raises(NotCutError, match="says how to make it"):
        cut("something else")
    with pytest.raises(NotCutError, match="unheard of"):
        cut(texts()[0], "unheard of")


async def test_prompt_is_read_as_far_as_it_is_new() -> None:
    """What is the same as before has been read: four characters are about a token."""
    cache = PrefixCache()
    for prompt in ("abcd" * 25, "abcd" * 25 + "x" * 8, "abcd"):
        await cache.take(prompt, None)
    assert cache.read == [25, 2, 0]


async def test_prompt_that_nobody_waits_for_is_read_as_far_as_it_came() -> None:
    """As by the servers: what they read until then they know."""
    cache = PrefixCache()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await cache.take("abcd" * 100, 100.0)
    assert 40 < len(cache.text) < 360
    await cache.take("abcd" * 100, None)
    assert cache.read[1] < 95
