"""The forms that an answer may be asked for: the schema of each, and its words in the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from pickled.brain.openers import fits
from pickled.messages.opener import Opener
from pickled.messages.prompt import Form, Prompt, PromptMessage
from pickled.patterns import pattern

_RULES: dict[Form, str] = {
    # A small model needs the example; one without words of its own would be repeated.
    "string": "Give nothing but one JSON string, which begins with how you feel, one of "
    '{emotions}, as "{first} Good to see you all, how are you?"{action}.',
    "key": "Give nothing but one JSON object with one key, which is one of {emotions}: "
    '{{"{first}": what you say}}.',
    "object": 'Give nothing but one JSON object: {{"emotion": one of {emotions}, "text": what you '
    "say}}.",
    "text": "Give nothing but one of {emotions} in brackets, and then what you say: [{first}] what "
    "you say.",
}
_ACTION = ', and may end with a space, "!" and one of {actions}'
_BEGIN: dict[Form, str] = {
    "string": 'Begin it with {openers}, or with {none} if none of them fits: "{first} {opener} the '
    'rest of what you say".',
    "key": 'Say first how you begin, {openers}, or "" if none of them fits: {{"{first}": '
    '"{opener}", "text": the rest of what you say}}.',
    "object": 'Say first how you begin, as "opener": {openers}, or "" if none of them fits; '
    '"text" is the rest of what you say.',
}
NO_OPENER = "-"
"""Stands in a string where the model wanted none."""

_AS_JSON = pattern(r"(?<=[.!?]) As JSON\.|,? as JSON(?=\.)")
_MEANS_MORE = pattern("[.?]")
_END_OF_DATA = "\n]\n"


def rule(form: Form, emotions: Sequence[str], actions: Sequence[str] = ()) -> str:
    """How a prompt asks for it."""
    action = _ACTION.format(actions=", ".join(actions)) if actions else ""
    return _RULES[form].format(emotions=", ".join(emotions), first=emotions[0], action=action)


def schema(
    form: Form,
    emotions: Sequence[str],
    actions: Sequence[str] = (),
    openers: Sequence[Opener] = (),
) -> dict[str, Any]:
    """JSON schema of an answer, whose emotion comes first: it is known when speech starts.

    Then, where there are openers, one that fits the emotion, or none.
    """
    match form:
        case "string":
            # A dot instead would let the closing quotation mark in.
            action = f"( !({'|'.join(actions)}))?" if actions else ""
            led = _led(emotions, openers) if openers else "|".join(emotions)
            return {"type": "string", "pattern": rf'^({led}) [^"\\\n]+{action}$'}
        case "key":
            return {"anyOf": [_keyed(each, _fitting(openers, each)) for each in emotions]}
        case "object":
            emotion = {"type": "string", "enum": list(emotions)}
            begins = {"opener": _one_of([each.text for each in openers])} if openers else {}
            return _object({"emotion": emotion, **begins, "text": {"type": "string"}})
        case "text":
            return {}
    assert_never(form)


def emotions_of(prompt: Prompt) -> tuple[str, ...]:
    """The emotions that the prompt's schema allows."""
    emotion = prompt.answer_schema.get("properties", {}).get("emotion", {})
    return tuple(emotion.get("enum", ()))


def in_form(prompt: Prompt, form: Form) -> Prompt:
    """The prompt, which asks for an object, asking for that form instead.

    One that asks for no emotion is for no persona: it stays as it is.
    """
    emotions = emotions_of(prompt)
    if form == "object" or not emotions:
        return prompt
    asked = rule("object", emotions), rule(form, emotions, prompt.actions)
    messages = [
        _with(each, each.content.replace(*asked)) if each.role == "system" else each
        for each in prompt.messages
    ]
    if form == "text" and messages:
        data, end, task = messages[-1].content.rpartition(_END_OF_DATA)
        messages[-1] = _with(messages[-1], data + end + _AS_JSON.sub("", task))
    return prompt.model_copy(
        update={
            "messages": tuple(messages),
            "answer_schema": schema(form, emotions, prompt.actions),
        }
    )


def opening(prompt: Prompt, form: Form) -> Prompt:
    """The prompt in that form, with the openers that it offers: held to them by its schema.

    Its last words tell them; what stands before those is the same on every turn.
    """
    asked, emotions = in_form(prompt, form), emotions_of(prompt)
    if not (prompt.openers and emotions and prompt.messages) or form == "text":
        return asked
    known = [f'"{each.text}"' for each in prompt.openers]
    told = _BEGIN[form].format(
        openers=", ".join(known), none=NO_OPENER, first=emotions[0], opener=prompt.openers[0].text
    )
    *before, last = asked.messages
    return asked.model_copy(
        update={
            "messages": (*before, _with(last, f"{last.content}\n{told}")),
            "answer_schema": schema(form, emotions, prompt.actions, prompt.openers),
        }
    )


def _led(emotions: Sequence[str], openers: Sequence[Opener]) -> str:
    """Each emotion with the openers that fit it; those with the same ones together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for each in emotions:
        groups.setdefault(tuple(_fitting(openers, each)), []).append(each)
    led = []
    for fitting, some in groups.items():
        begins = "|".join(map(_literal, (*fitting, NO_OPENER)))
        led.append(f"({'|'.join(some)}) ({begins})" if fitting else "|".join(some))
    return "|".join(led)


def _literal(text: str) -> str:
    """As an expression that grammars are made of, too: none of them takes a backslash here."""
    return _MEANS_MORE.sub(r"[\g<0>]", text)


def _keyed(emotion: str, openers: Sequence[str]) -> dict[str, Any]:
    if not openers:
        return _object({emotion: {"type": "string"}})
    return _object({emotion: _one_of(openers), "text": {"type": "string"}})


def _fitting(openers: Sequence[Opener], emotion: str) -> list[str]:
    return [each.text for each in openers if fits(each, emotion)]


def _one_of(openers: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [*openers, ""]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _with(message: PromptMessage, content: str) -> PromptMessage:
    return message.model_copy(update={"content": content})
