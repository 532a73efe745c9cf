"""What a model thinks is not for the ear, however it is marked and wherever it is cut."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.parse import LONGEST_PREAMBLE, AnswerParser
from pickled.language.tables import pairs
from pickled.language.thoughts import Thoughts
from pickled.messages.emotion import EMOTIONS

PAIRS = list(pairs("thoughts", "think"))
TEXT = "We are at the harbour."
JSON = json.dumps({"emotion": "happy", "text": TEXT})
CHANNELS = "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final"
THOUGHTS = st.lists(
    st.sampled_from(
        ["Ana asks where we are.", "I should be short {and funny}.", '{"text": "no"}', "{", "}",
         '{"emotion": "sad", "text": "a draft"}', "\n\n", 'so "that"', "< | [ ◁", "Thinking…"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip


def read(answer: str, cuts: list[int]) -> AnswerParser:
    parser = AnswerParser(EMOTIONS)
    places = sorted({0, len(answer), *(each % (len(answer) + 1) for each in cuts)})
    for begin, end in pairwise(places):
        parser.feed(answer[begin:end])
        assert TEXT.startswith(parser.text)
    parser.finish()
    return parser


@given(
    pair=st.sampled_from(PAIRS),
    thought=THOUGHTS,
    blocks=st.integers(1, 3),
    opened=st.booleans(),
    loud=st.booleans(),
    said=st.sampled_from([TEXT, JSON, f"```json\n{JSON}\n```"]),
    cuts=st.lists(st.integers(0, 10_000), max_size=30),
)
def test_thoughts_are_cut_with_any_tags_and_cuts(
    *, pair: tuple[str, str], thought: str, blocks: int, opened: bool, loud: bool, said: str,
    cuts: list[int],
) -> None:  # fmt: skip
    """Every known tag, in one block or more, with or without its opening, braces and all."""
    opening, closing = (each.upper() if loud else each for each in pair)
    # An answer that begins with an object is believed: thoughts without a begin are long.
    first = "" if opened else "Let me think about that for a while, " * 3
    assert opened or len(first) > LONGEST_PREAMBLE
    block = f"{opening if opened else first}{thought}{closing}"
    answer = block + f"{opening}{thought}{closing}" * (blocks - 1) + said
    assert read(answer, cuts).text == TEXT


@given(pair=st.sampled_from(PAIRS), cuts=st.lists(st.integers(0, 10_000), max_size=30))
def test_thoughts_in_the_text_of_the_json(pair: tuple[str, str], cuts: list[int]) -> None:
    """Where the schema leaves no other room for them."""
    opening, closing = pair
    answer = json.dumps({"emotion": "sad", "text": f"{opening}hm, let me see{closing}{TEXT}"},
                        ensure_ascii=False)  # fmt: skip
    assert read(answer, cuts).text == TEXT


@pytest.mark.parametrize(
    "answer",
    [
        f"analysisAna asks. Short {{and}} funny.assistantfinal{TEXT}",
        f"analysisAna asks.assistantfinal{JSON}",
        f"{CHANNELS}<|message|>{TEXT}<|return|>",
        f"{CHANNELS} <|constrain|>json<|message|>{JSON}<|return|>",
        f"<|start|>assistant<|channel|>final<|message|>{JSON}",
        f"<think>one</think>\n<think>two</think>\n{TEXT}",
        f"one</think>two</think>{TEXT}",
        f"<|begin_of_thought|>x<|end_of_thought|><|begin_of_solution|>{TEXT}<|end_of_solution|>",
        f"<think>x</think><answer>{TEXT}</answer>",
    ],
)
@pytest.mark.parametrize("step", [1, 2, 5, 1000])
def test_thoughts_of_known_families(answer: str, step: int) -> None:
    """Channels with their marks or without them, several blocks, a solution of its own."""
    assert read(answer, list(range(0, len(answer), step))).text == TEXT


@pytest.mark.parametrize(
    "text",
    ["Analysis shows that it rains.", "analysis is what I do.", "I love <3 and a < b.", "An [in",
     "I think, therefore I am."],
)  # fmt: skip
def test_what_only_looks_like_a_thought_stays(text: str) -> None:
    """Words and brackets that mark nothing are the answer."""
    for step in (1, 100):
        thoughts = Thoughts()
        for start in range(0, len(text), step):
            thoughts.feed(text[start : start + step])
        thoughts.finish()
        assert (thoughts.said, thoughts.thought) == (text, False)
