"""An answer with an opener in a place of its own: what the schema holds, what is read of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, get_args

import jsonschema
import pytest

from pickled.brain.answer_form import in_form, opening, schema
from pickled.brain.opened_clauses import OpenedClauses
from pickled.brain.parse import AnswerParser
from pickled.brain.persona import Persona
from pickled.brain.prompt import build
from pickled.messages.decision import Request
from pickled.messages.opener import Opener
from pickled.messages.prompt import Form, Prompt

EMOTIONS = ("happy", "thinking", "sad", "angry")
OPENERS = (
    Opener(text="Oh,"),
    Opener(text="Well, look at that,"),
    Opener(text="Is it?", emotions=("happy", "thinking")),
    Opener(text="Oh no,", emotions=("sad",)),
)
FORMS: tuple[Form, ...] = get_args(Form)


def prompt(openers: Sequence[Opener] = OPENERS) -> Prompt:
    request = Request.model_validate(
        {"turn": "a" * 12, "origin": "chat", "reason": "mention", "arrived": 0, "decided": 0}
    )
    persona = Persona(name="John", personality="A host.", emotions=EMOTIONS)
    return build(request, persona=persona, recent=()).model_copy(update={"openers": openers})


def read(written: str, openers: Sequence[Opener] = OPENERS, *, size: int = 1) -> AnswerParser:
    """A parser that was given it in pieces; its text only grew."""
    parser, before = AnswerParser(EMOTIONS, openers=openers), ""
    for start in range(0, len(written), size):
        parser.feed(written[start : start + size])
        assert parser.text.startswith(before)
        before = parser.text
    parser.finish()
    return parser


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("object",
         [{"emotion": "happy", "opener": "Oh,", "text": "hi"},
          {"emotion": "sad", "opener": "", "text": "hi"}],
         [{"emotion": "happy", "text": "hi"}, {"emotion": "happy", "opener": "Ha,", "text": "hi"}]),
        ("key",
         [{"happy": "Oh,", "text": "hi"}, {"happy": "", "text": "hi"}, {"angry": "hi"},
          {"sad": "Oh no,", "text": "hi"}],
         [{"happy": "hi"}, {"sad": "Oh,", "text": "hi"}, {"angry": "Oh,", "text": "hi"}]),
        ("string",
         ["happy Oh, hi", "thinking Is it? hi", "happy - hi", "sad Oh no, hi", "angry hi"],
         ["happy hi", "sad Oh, hi", "happy Is it! hi", "happy Oh,", "love Oh, hi"]),
    ],
)  # fmt: skip
def test_schema_holds_the_model_to_what_is_offered(
    form: Form, right: list[Any], wrong: list[Any]
) -> None:
    """To an opener that fits the emotion, or to none; an emotion without any is as before."""
    for each in right:
        jsonschema.validate(each, schema(form, EMOTIONS, openers=OPENERS))
    for each in wrong:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(each, schema(form, EMOTIONS, openers=OPENERS))


def test_string_with_openers_is_one_that_grammars_can_be_made_of() -> None:
    """Without a backslash in front of a mark: some engines take none there."""
    assert schema("string", EMOTIONS, ("clip",), OPENERS)["pattern"] == (
        r"^((happy|thinking) (Oh,|Well, look at that,|Is it[?]|-)|(sad) (Oh no,|-)|angry)"
        r' [^"\\\n]+( !(clip))?$'
    )


@pytest.mark.parametrize("form", FORMS)
def test_prompt_tells_its_openers_in_its_last_words(form: Form) -> None:
    """All that stands before them is the same, byte by byte, as without: servers keep it."""
    plain, opened = in_form(prompt(), form), opening(prompt(), form)
    if form == "text":
        assert opened == plain
        return
    assert opened.messages[0] == plain.messages[0]
    assert opened.messages[-1].content.startswith(plain.messages[-1].content + "\n")
    last = opened.messages[-1].content.removeprefix(plain.messages[-1].content)
    assert all(f'"{each.text}"' in last for each in OPENERS)
    assert opened.answer_schema == schema(form, EMOTIONS, (), OPENERS)


@pytest.mark.parametrize("form", FORMS)
def test_prompt_without_openers_is_as_before(form: Form) -> None:
    """Byte by byte."""
    assert opening(prompt(()), form) == in_form(prompt(()), form)
    assert schema(form, EMOTIONS, (), ()) == schema(form, EMOTIONS)


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(
    ("written", "emotion", "text"),
    [
        ('{"emotion": "happy", "opener": "Oh,", "text": "that is nice."}', "happy",
         "Oh, that is nice."),
        ('{"emotion": "happy", "opener": "", "text": "That is nice."}', "happy", "That is nice."),
        ('{"emotion": "happy", "opener": null, "text": "That is nice."}', "happy",
         "That is nice."),
        ('{"emotion": "happy", "opener": "Oh,", "text": "Oh, that is nice."}', "happy",
         "Oh, that is nice."),
        ('{"emotion": "sad", "opener": "Oh,", "text": "I am sorry."}', "sad", "I am sorry."),
        ('{"emotion": "sad", "opener": "Oh no,", "text": "I am sorry."}', "sad",
         "Oh no, I am sorry."),
        ('{"emotion": "happy", "opener": "none", "text": "That is nice."}', "happy",
         "That is nice."),
        ('{"happy": "Oh,", "text": "that is nice."}', "happy", "Oh, that is nice."),
        ('{"thinking": "Is it?", "text": "I doubt it."}', "thinking", "Is it? I doubt it."),
        ('{"happy": "", "text": "That is nice."}', "happy", "That is nice."),
        ('{"happy": "Oh, that is nice."}', "happy", "Oh, that is nice."),
        ('{"happy": "That is nice."}', "happy", "That is nice."),
        ('"happy Oh, that is nice."', "happy", "Oh, that is nice."),
        ('"happy - That is nice."', "happy", "That is nice."),
        ('"happy Well, look at that, it is nice."', "happy", "Well, look at that, it is nice."),
    ],
)  # fmt: skip
def test_opener_stands_before_the_text(written: str, emotion: str, text: str, size: int) -> None:
    """In each form, in pieces of any size; what is none, or does not fit, is left out."""
    parser = read(written, size=size)
    assert (parser.emotion, parser.text.rstrip(), parser.complete) == (emotion, text, True)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ('{"emotion": "happy", "opener": "Oh,', "Oh,"),
        ('{"happy": "Oh,', "Oh,"),
        ('"happy Oh,', "Oh,"),
        ('"happy Well, look at that,', "Well, look at that,"),
    ],
)
def test_opener_is_a_clause_with_its_last_token(written: str, known: str) -> None:
    """Nothing behind it is waited for."""
    parser, clauses = AnswerParser(EMOTIONS, openers=OPENERS), OpenedClauses(OPENERS[:2])
    parser.feed(written)
    clauses.emotion = parser.emotion
    assert clauses.feed(parser.text) == [known]
    assert clauses.opener == known


def test_clause_behind_an_opener_is_early() -> None:
    """It may end at a comma, as the first one of an answer."""
    text = "Oh, hello everybody, it is good to see so many of you here. We walk."
    for size in (1, 5, 200):
        clauses, found = OpenedClauses(OPENERS), []
        for end in [*range(size, len(text), size), len(text)]:
            found += clauses.feed(text[:end])
        found += clauses.finish()
        assert found[:2] == ["Oh,", "hello everybody,"]
        assert " ".join(found) == text


def test_second_opener_of_an_answer_is_left_out() -> None:
    """Where another model goes on with it."""
    clauses = OpenedClauses(OPENERS, silent=True)
    assert [*clauses.feed("Oh, hello everybody, it is good."), *clauses.finish()] == [
        "hello everybody,", "it is good."
    ]  # fmt: skip
    assert clauses.opener == ""


def test_answer_without_openers_is_read_as_before() -> None:
    """What looks like one is none, where the persona has none."""
    parser = read('{"happy": "Oh,", "text": "that is nice."}', (), size=100)
    assert parser.text == "Oh,"
    assert json.loads('"happy - hi"') == "happy - hi"
    assert read('"happy - hi"', ()).text == "- hi"
