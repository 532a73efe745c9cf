"""The forms of an answer: what each lets a model write, and how the prompt asks for it."""

from __future__ import annotations

from typing import Any, get_args

import jsonschema
import pytest

from pickled.brain.answer_form import emotions_of, in_form, rule, schema
from pickled.brain.persona import Persona
from pickled.brain.prompt import build
from pickled.brain.repeats import otherwise
from pickled.messages.decision import Request
from pickled.messages.prompt import Form, Prompt
from tests.llm.asking import prompt as asked

EMOTIONS = ("happy", "sad")
FORMS = get_args(Form)


def prompt(origin: str = "chat") -> Prompt:
    request = Request.model_validate(
        {"turn": "a" * 12, "origin": origin, "reason": "mention", "arrived": 0, "decided": 0}
    )
    persona = Persona(name="John", personality="A host.", emotions=("happy", "sad"))
    return build(request, persona=persona, recent=())


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("object", [{"emotion": "sad", "text": "oh"}],
         [{"emotion": "love", "text": "oh"}, {"text": "oh"}, {"emotion": "sad", "x": 1}]),
        ("key", [{"sad": "oh"}, {"happy": ""}],
         [{"love": "oh"}, {}, {"sad": "oh", "happy": "oh"}, {"sad": 1}, "sad oh"]),
        ("string", ["sad oh", "happy Él dijo: 'sí'!"],
         ["sad", "sad ", "love oh", "oh", 'sad "oh"', "sad a\nb", "sad \\", " sad oh",
           {"sad": "o"}]),
    ],
)  # fmt: skip
def test_schema_takes_what_is_asked_for(form: Form, right: list[Any], wrong: list[Any]) -> None:
    """And nothing else; the emotion comes first."""
    for answer in right:
        jsonschema.validate(answer, schema(form, EMOTIONS))
    for answer in wrong:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(answer, schema(form, EMOTIONS))


def test_schema_of_a_string_is_one_that_grammars_can_be_made_of() -> None:
    """From `^` to `$`, without a dot; what may be done about it stands at its end."""
    assert schema("string", EMOTIONS)["pattern"] == r'^(happy|sad) [^"\\\n]+$'
    acting = schema("string", EMOTIONS, ("clip", "poll"))["pattern"]
    assert acting == r'^(happy|sad) [^"\\\n]+( !(clip|poll))?$'


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("origin", ["chat", "ask", "stream", "moment"])
def test_prompt_asks_for_one_form(form: Form, origin: str) -> None:
    """Its words and its schema are those of the form, also when it asks for something else."""
    other = in_form(otherwise(prompt(origin)), form)
    rules, task = (each.content for each in other.messages)
    assert [each for each in FORMS if rule(each, EMOTIONS) in rules] == [form]
    assert other.answer_schema == schema(form, EMOTIONS)
    assert ("as json" in task.lower()) == (form != "text")
    assert ".." not in task
    assert "happy, sad" in rules


def test_prompt_tells_what_may_stand_behind_an_answer() -> None:
    """The actions, in the form that has room for them."""
    acting = prompt().model_copy(update={"actions": ("clip", "poll")})
    assert "one of clip, poll" in in_form(acting, "string").messages[0].content
    assert in_form(acting, "string").answer_schema == schema("string", EMOTIONS, ("clip", "poll"))


def test_prompt_keeps_what_others_wrote() -> None:
    """Only our own words are changed."""
    said = f"{rule('object', ['neutral', 'happy'])} Answer as JSON.\n]\nSay it, as JSON."
    assert emotions_of(asked(said)) == ("neutral", "happy")
    for form in FORMS:
        start, _, _ = in_form(asked(said), form).messages[-1].content.rpartition("\n]\n")
        assert said.startswith(start)


@pytest.mark.parametrize("form", FORMS)
def test_prompt_without_an_emotion_stays(form: Form) -> None:
    """What is no answer of a persona is asked for as it is."""
    plain = {"type": "object", "properties": {"text": {"type": "string"}}}
    summary = asked().model_copy(update={"answer_schema": plain})
    assert in_form(summary, form) is summary
