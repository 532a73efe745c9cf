"""An answer in any of its forms: the same emotion and text, however it was cut."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pickled.brain.answer_form import schema
from pickled.brain.answer_text import meant
from pickled.brain.parse import LARGEST_ANSWER, AnswerParser
from pickled.errors import ModelError
from pickled.messages.emotion import EMOTIONS
from pickled.messages.prompt import Form

ACTIONS = ("clip", "poll")
SHAPES = ("string", "key", "object", "tuple", "text")
CUTS = st.lists(st.integers(0, 10_000), max_size=30)
SPOKEN = st.from_regex(r'\A[^"\\\n\x00-\x1f\ud800-\udfff`]+\Z').filter(
    lambda text: (
        any(map(str.isalnum, text))
        and text == text.strip()
        and meant(text, final=True).text == text
    )
)


def written(shape: str, emotion: str, text: str) -> str:
    """As a model that keeps to the form writes it."""
    match shape:
        case "string":
            return json.dumps(f"{emotion} {text}", ensure_ascii=False)
        case "key":
            return json.dumps({emotion: text}, ensure_ascii=False)
        case "tuple":
            return json.dumps([emotion, text], ensure_ascii=False)
        case "text":
            return f"[{emotion}] {text}"
    return json.dumps({"emotion": emotion, "text": text}, ensure_ascii=False)


def read(answer: str, cuts: list[int], *, actions: tuple[str, ...] = ()) -> AnswerParser:
    """The whole answer, cut at those places; the text may only grow."""
    parser, before = AnswerParser(EMOTIONS, actions=actions), ""
    places = sorted({0, len(answer), *(each % (len(answer) + 1) for each in cuts)})
    for begin, end in pairwise(places):
        parser.feed(answer[begin:end])
        assert parser.text.startswith(before)
        before = parser.text
    parser.finish()
    assert parser.text.startswith(before)
    return parser


def every(step: int) -> list[int]:
    return list(range(0, 1000, step))


@given(shape=st.sampled_from(SHAPES), emotion=st.sampled_from(EMOTIONS), text=SPOKEN, cuts=CUTS,
       action=st.sampled_from((None, *ACTIONS)))  # fmt: skip
def test_any_form_cut_anywhere_is_the_same_answer(
    *, shape: str, emotion: str, text: str, cuts: list[int], action: str | None
) -> None:
    """Emotion, text and action; the text has nothing of the other two."""
    assume(shape != "text" or text[0] not in "{[")
    assume(not any(f"!{each}" in text for each in ACTIONS))
    answer = written(shape, emotion, f"{text} !{action}" if action else text)
    parser = read(answer, cuts, actions=ACTIONS)
    assert (parser.emotion, parser.text.rstrip(), parser.action) == (emotion, text, action)
    assert (parser.shape, parser.complete) == (shape, True)


@given(text=SPOKEN, emotion=st.sampled_from(EMOTIONS), cuts=CUTS)
def test_what_the_grammar_lets_through_is_read(text: str, emotion: str, cuts: list[int]) -> None:
    """Whatever fits the pattern is a strict JSON string, and its emotion and text are told."""
    answer = written("string", emotion, text)
    assert json.loads(answer) == f"{emotion} {text}"
    parser = read(answer + "\n", cuts)
    assert (parser.emotion, parser.text, parser.over) == (emotion, text, True)


@given(
    parts=st.lists(
        st.sampled_from(
            ['"', "happy", "sad ", " ", "[", "]", "{", "}", ":", ",", "\\", "\n", "!clip", " !",
             "```", "Hello", "emotion", "text", "null", "\\u00", "\x00", "\ud83c", "<think>",
             "ana:", "."]
        ),
        max_size=25,
    ),
    cuts=CUTS,
)  # fmt: skip
def test_hostile_answer_is_read_or_refused(parts: list[str], cuts: list[int]) -> None:
    """No other error, and never two readings of one answer, whatever its pieces are."""
    outcomes = []
    for places in (cuts, every(1), []):
        try:
            parser = read("".join(parts), places, actions=ACTIONS)
        except ModelError:
            outcomes.append(None)
        else:
            assert any(map(str.isalnum, parser.text))
            outcomes.append((parser.emotion, parser.text))
    assert outcomes[1] == outcomes[0] or None in outcomes[:2]


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    ("answer", "emotion", "text", "shape"),
    [
        ('"happy Hello there."', "happy", "Hello there.", "string"),
        ('```json\n"happy Hello there."\n```', "happy", "Hello there.", "string"),
        ('"[Happy] hello there."', "happy", "hello there.", "string"),
        ('"sad: hello there."', "sad", "hello there.", "string"),
        ('"happy Somebody said "wow" to me."', "happy", 'Somebody said "wow" to me.', "string"),
        ('"happy caf\\u00e9 \\"x\\" y"', "happy", 'café "x" y', "string"),
        ('["sad", "Oh no."]', "sad", "Oh no.", "tuple"),
        ('[ "Sad" , "He said "no", twice." ]', "sad", 'He said "no", twice.', "tuple"),
        ('{"Sad": "Oh no."}', "sad", "Oh no.", "key"),
        ('Sure! {"sad": "Oh no."}', "sad", "Oh no.", "key"),
        ('{"thinking": "Well, then."}', "thinking", "Well, then.", "key"),
        ("[happy] Hello there.", "happy", "Hello there.", "text"),
        ("happy: hello there.", "happy", "hello there.", "text"),
        ("happy Hello there.", "happy", "Hello there.", "text"),
        ("happy こんにちは。", "happy", "こんにちは。", "text"),
        ("```\n[happy] Hello there.\n```", "happy", "Hello there.", "text"),
        ("happy to see you.", "neutral", "happy to see you.", None),
        ("Love that question.", "neutral", "Love that question.", None),
        ('"Happy birthday, Ana!"', "neutral", "Happy birthday, Ana!", None),
        ("[happy] {\"emotion\": \"sad\", \"text\": \"Oh.\"}", "sad", "Oh.", "object"),
    ],
)  # fmt: skip
def test_form_is_told_by_what_is_written(
    answer: str, emotion: str, text: str, shape: str | None, step: int
) -> None:
    """Whichever was asked for; a sentence that begins with an emotion stays one."""
    parser = read(answer, every(step))
    assert (parser.emotion, parser.text.rstrip(), parser.shape) == (emotion, text, shape)


@pytest.mark.parametrize(
    "answer",
    [
        '"happy"',
        '"happy ',
        '"happy ..."',
        '["happy"]',
        '["happy", 3]',
        '["hi", "there"]',
        '{"happy": 3}',
        '{"happy": {"text": "hi"}}',
        '{"thinking": "They ask where we are. I should",',
        '{"thinking": "They ask where we are.", "emotion": "sad", "text": "Hello."}',
        '{"thinking": "They ask where we are',
    ],
)
@pytest.mark.parametrize("step", [1, 4, 1000])
def test_what_is_no_answer_in_any_form_is_refused(answer: str, step: int) -> None:
    """Nothing of it is spoken meanwhile, least of all what was only thought."""
    parser = AnswerParser(EMOTIONS)

    def feed() -> None:
        for start in range(0, len(answer), step):
            parser.feed(answer[start : start + step])
        parser.finish()

    with pytest.raises(ModelError):
        feed()
    assert not any(map(str.isalnum, parser.text))


@pytest.mark.parametrize(
    ("pieces", "rested"),
    [
        (['"happy', " Hello", " there", '."'], [False, False, False, True]),
        (['"happy', " Hello", " there", '. "'], [False, False, False, True]),
        (['"happy', " Hello", " there", '"'], [False, False, False, True]),
        (['"happy', ' He said "', "wow", '"', '."'], [False, False, False, False, True]),
        (['{"', "happy", '":', ' "Hello there', '."'], [False, False, False, False, True]),
        (['["happy"', ', "Hello there', '. "'], [False, False, True]),
        (['{"emotion":"happy","text":"Hello there', '. "'], [False, True]),
    ],
)
def test_stop_and_quote_in_one_piece_end_the_text(pieces: list[str], rested: list[bool]) -> None:
    """The piece that holds both confirms the last sentence; nothing more is waited for."""
    parser, seen = AnswerParser(EMOTIONS), []
    for piece in pieces:
        parser.feed(piece)
        seen.append(parser.rests)
    assert seen == rested


@pytest.mark.parametrize("end", ['."}', '."]', '."\n', '."\n\n\n\n'])
def test_stop_quote_and_bracket_in_one_piece_close_the_answer(end: str) -> None:
    """Then the model may stop at once."""
    begin = {"}": '{"happy": "', "]": '["happy", "'}.get(end[-1], '"happy ')
    parser = AnswerParser(EMOTIONS)
    parser.feed(begin + "Hello there")
    assert (parser.text, parser.over) == ("Hello there", False)
    parser.feed(end)
    assert (parser.text, parser.over) == ("Hello there.", True)


@pytest.mark.parametrize(
    ("said", "text", "action"),
    [
        ("That was great! !clip", "That was great!", "clip"),
        ("That was great! !clip.", "That was great!", "clip"),
        ("That was great! !poll !clip", "That was great!", "poll"),
        ("Write !clip in chat.", "Write !clip in chat.", None),
        ("Let us !dance", "Let us !dance", None),
        ("Bonjour ! Ça va ?", "Bonjour ! Ça va ?", None),
        ("Wow !", "Wow !", None),
    ],
)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("step", [1, 3, 1000])
def test_action_stands_behind_the_text(
    shape: str, said: str, text: str, action: str | None, step: int
) -> None:
    """One that is known and comes last; anything else is what is said."""
    parser = read(written(shape, "happy", said), every(step), actions=ACTIONS)
    assert (parser.text.rstrip(), parser.action) == (text, action)


def test_action_alone_is_no_answer() -> None:
    """Whatever stands behind nothing said."""
    with pytest.raises(ModelError, match="no text"):
        read('"happy !clip"', every(1), actions=ACTIONS)


def test_action_is_none_of_a_persona_without() -> None:
    """Who has none may say such a word."""
    assert read('"happy Type !clip"', every(1)).text == "Type !clip"


def test_torn_string_is_told() -> None:
    """Without its quotation mark it was torn off; plain text is what the server says it is."""
    assert not read('"happy Hello there. And the', every(2)).complete
    parser = AnswerParser(EMOTIONS)
    parser.feed("[happy] Hello there. And the")
    parser.finish(torn=True)
    assert (parser.text, parser.complete) == ("Hello there. And the", False)


@pytest.mark.parametrize("begin", ['"happy ', '["happy", "', '{"happy": "', "[happy] "])
def test_answer_without_an_end_is_refused(begin: str) -> None:
    """In every form."""
    parser = AnswerParser(EMOTIONS)
    parser.feed(begin + "la " * (LARGEST_ANSWER // 4))
    with pytest.raises(ModelError, match="longer"):
        parser.feed("la " * (LARGEST_ANSWER // 4))
    assert len(parser.text) <= LARGEST_ANSWER


@pytest.mark.parametrize("form", ["string", "key", "object"])
def test_forms_that_are_asked_for_are_read(form: Form) -> None:
    """Each has a schema of its own, and a shape of the same name."""
    assert schema(form, EMOTIONS)
    assert read(written(form, "love", "Hello."), every(1)).shape == form
