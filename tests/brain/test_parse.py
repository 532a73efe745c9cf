"""A model's answer, read while it is being written."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.answer_text import meant
from pickled.brain.parse import LARGEST_ANSWER, AnswerParser
from pickled.errors import ModelError
from pickled.messages.emotion import EMOTIONS

GOOD = '{"emotion": "happy", "text": "Hello \\"chat\\",\\n it\'s \\u00e9t\\u00e9 \\ud83c\\udf89"}'
SAID = 'Hello "chat",\n it\'s été 🎉'


def read(answer: str, *, step: int = 1) -> AnswerParser:
    """The whole answer, `step` characters at a time; the text may only grow."""
    parser, before = AnswerParser(EMOTIONS), ""
    for start in range(0, len(answer), step):
        parser.feed(answer[start : start + step])
        assert parser.text.startswith(before)
        before = parser.text
    parser.finish()
    assert parser.text.startswith(before)
    return parser


def test_feed_grows_the_text() -> None:
    """The text is there as soon as it is written, and the emotion before it."""
    parser = AnswerParser(EMOTIONS)
    parser.feed('{"emotion": "hap')
    assert (parser.emotion, parser.text) == (None, "")
    parser.feed('py"')
    assert parser.emotion is None
    parser.feed(', "text": "Hello wo')
    assert (parser.emotion, parser.text) == ("happy", "Hello wo")
    parser.feed("rld\\u00")
    assert parser.text == "Hello world"
    parser.feed('e9"}')
    parser.finish()
    assert (parser.text, parser.complete) == ("Hello worldé", True)


def test_text_closed_at_its_last_quote() -> None:
    """Known once the form goes on behind the quote, but not before the emotion is."""
    parser, closed, rests = AnswerParser(EMOTIONS), [], []
    for piece in ('{"emotion": "happy", ', '"text": "Say \\"hi.', '\\"', '."', " }"):
        parser.feed(piece)
        closed.append(parser.text_closed)
        rests.append(parser.rests)
    assert rests == [False, False, False, True, False]
    assert closed == [False, False, False, False, True]
    other = AnswerParser(EMOTIONS)
    other.feed('{"text": "Hello", "emo')
    assert not other.text_closed


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_answer_in_any_pieces(step: int) -> None:
    """The result does not depend on how the answer was cut."""
    parser = read(GOOD, step=step)
    assert (parser.emotion, parser.text, parser.complete) == ("happy", SAID, True)


@given(text=st.text(min_size=1), emotion=st.sampled_from(EMOTIONS), step=st.integers(1, 9),
       ascii_only=st.booleans())  # fmt: skip
def test_answer_with_any_text(text: str, emotion: str, step: int, ascii_only: bool) -> None:
    """Any text survives, escaped or not, and only ever grows."""
    answer = json.dumps({"emotion": emotion, "text": text}, ensure_ascii=ascii_only)
    if not any(map(str.isalnum, text)) or any("\ud800" <= each <= "\udfff" for each in text):
        return
    if meant(text, final=True).text != text:
        return  # it holds form of its own
    parser = read(answer, step=step)
    assert (parser.emotion, parser.text) == (emotion, text)


@given(st.text(max_size=60), st.integers(1, 5))
def test_answer_of_garbage_never_crashes(garbage: str, step: int) -> None:
    """Whatever comes is read or refused; what is read has words."""
    try:
        parser = read(garbage, step=step)
    except ModelError:
        return
    assert any(map(str.isalnum, parser.text))
    assert "{" not in parser.text


@pytest.mark.parametrize(
    ("emotion", "expected"),
    [('"Happy "', "happy"), ('"furious"', "neutral"), ("3", "neutral"), ("null", "neutral"),
     ('"angry"', "neutral")],
)  # fmt: skip
def test_emotion_outside_the_list_is_neutral(emotion: str, expected: str) -> None:
    """What is no emotion of the persona is neutral."""
    parser = AnswerParser(["happy", "neutral"])
    parser.feed(f'{{"emotion": {emotion}, "text": "hi"}}')
    assert parser.emotion == expected


def test_emotion_after_the_text_is_taken_when_it_comes() -> None:
    """The other order works too; only then the emotion is late."""
    parser = AnswerParser(EMOTIONS)
    parser.feed('{"text": "hi", "emotion": "sa')
    assert (parser.text, parser.emotion, parser.over) == ("hi", None, False)
    parser.feed('d"}')
    assert (parser.text, parser.emotion, parser.over) == ("hi", "sad", True)


@pytest.mark.parametrize(
    "answer",
    [
        "```json\n" + GOOD + "\n```",
        "Sure! Here it is: " + GOOD + " Anything else?",
        '<think>maybe {"text": "no"} or not</think>' + GOOD,
        GOOD.replace(", ", ",\n\t"),
    ],
)
def test_answer_with_wrapping(answer: str) -> None:
    """Prose, thoughts or a fence around the JSON are not spoken."""
    assert read(answer).text == SAID


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("Hello there,\n chat!", "Hello there, chat!"),
        ('"Hello there"', "Hello there"),
        ("<think>hm</think> Hello there", "Hello there"),
    ],
)
def test_prose_is_spoken_with_neutral_emotion(answer: str, text: str) -> None:
    """A model that ignores the format is understood, but only at the end."""
    parser = AnswerParser(EMOTIONS)
    parser.feed(answer)
    assert parser.text == ""
    parser.finish()
    assert (parser.text, parser.emotion) == (text, "neutral")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "   ",
        "...!",
        "{",
        "{}",
        '{"emotion": "happy"}',
        '{"emotion": "happy", "text": ""}',
        '{"emotion": "happy", "text": "  "}',
        '{"emotion": "happy", "text": null}',
        '{"emotion": "happy", "text": {"text": "hi"}}',
        '{"emotion": "happy", "text": ["hi"]}',
        '{"answer": "hi"}',
        '{"answer": {"emotion": "happy", "text": "hi"}}',
        '{"who": "viewer", "text": "say something rude"}',
        '["hi"]',
        '["hi',
        "42",
        "true",
        "<html>hello</html>",
        "emotion: happy\ntext: hi",
        "<think>I wonder",
        "{lol} hello",
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_answer_of_another_shape_is_refused(answer: str, step: int) -> None:
    """JSON of another shape, garbage and silence are a failure, never speech."""
    with pytest.raises(ModelError):
        read(answer, step=step)


def test_torn_answer_is_told() -> None:
    """An answer that ends early keeps its text, and says that it was torn off."""
    parser = read(GOOD[:-12])
    assert SAID.startswith(parser.text)
    assert not parser.complete


def test_answer_too_long_is_refused() -> None:
    """A model that does not stop is stopped."""
    parser = AnswerParser(EMOTIONS)
    parser.feed('{"emotion": "happy", "text": "' + "la " * (LARGEST_ANSWER // 4))
    with pytest.raises(ModelError, match="longer"):
        parser.feed("la " * (LARGEST_ANSWER // 4))
    assert len(parser.text) <= LARGEST_ANSWER


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('{"emotion":"happy","text":"Somebody said "wow" to me today."}',
         'Somebody said "wow" to me today.'),
        ('{"emotion":"happy","text":"He asked "why", "when", and left."}',
         'He asked "why", "when", and left.'),
        ('{"text":"She said "wow"","emotion":"sad"}', 'She said "wow"'),
        ('{"emotion":"happy","text":"It ends with "wow"', 'It ends with "wow'),
        ('{"text": "one", "text": "two"}', "one"),
        ('{"emotion": "happy", "text": "No quote at its end.}', "No quote at its end."),
        ('{emotion: "happy", text: "Bare keys."}', "Bare keys."),
        ('{"emotion": "happy", "text": "A comma.",}', "A comma."),
        ('{"emotion": "happy", "text": "A raw\nline."}', "A raw\nline."),
        ('{"emotion": "happy", "text": "Half a pair \\ud83c here."}', "Half a pair \ufffd here."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [1, 4, 1000])
def test_broken_json_loses_no_half_of_a_sentence(answer: str, text: str, step: int) -> None:
    """What servers that don't enforce the schema get wrong is understood as it was meant."""
    assert read(answer, step=step).text == text


@pytest.mark.parametrize("rest", ["\n" * 9000, " I hope that you like it! " * 500, "</think>"])
def test_answer_is_over_when_its_json_is(rest: str) -> None:
    """What a server still sends is neither read nor an error."""
    parser = read('{"emotion":"happy","text":"Short answer, my friends."}' + rest, step=50)
    assert (parser.text, parser.over, parser.complete) == ("Short answer, my friends.", True, True)


@pytest.mark.parametrize(
    "before",
    [" \n" * 4000, '{"emotion":"happy", ' + " \n" * 3000,
     '{"emotion":"happy","text":"' + "a " * 4000,
     '{"text":"' + '"' * 8000, "<think>" + "{ " * 20_000],
)  # fmt: skip
@pytest.mark.alone
def test_a_piece_costs_no_more_for_what_came_before(before: str) -> None:
    """Reading one further piece takes well under 5 ms, whatever there is already."""
    parser = AnswerParser(EMOTIONS)
    parser.feed(before)
    parser.feed(" ")
    taken = []
    for _ in range(10):
        begun = time.perf_counter()
        parser.feed(" \n")
        taken.append(time.perf_counter() - begun)
    assert min(taken) < 0.005  # the others were interrupted


def test_thoughts_do_not_count_as_an_answer_that_is_too_long() -> None:
    """A model may think as long as it has tokens for it."""
    assert read("<think>" + "so, then. " * 20_000 + "</think>" + GOOD, step=4000).text == SAID
    assert read("so, then. " * 3000 + "</think>" + GOOD, step=4000).text == SAID


def test_answer_that_was_only_thought_names_the_remedy() -> None:
    """A limit that is used up by thinking is said so, and a probe can't tell that it is over."""
    with pytest.raises(ModelError, match="`max_tokens`") as failed:
        read("<think>I wonder what they might mean. Perhaps")
    assert failed.value.lasts
