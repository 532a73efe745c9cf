"""The forms that an answer may be asked for: the schema of each, and its words in the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

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
_AS_JSON = pattern(r"(?<=[.!?]) As JSON\.|,? as JSON(?=\.)")
_END_OF_DATA = "\n]\n"


def rule(form: Form, emotions: Sequence[str], actions: Sequence[str] = ()) -> str:
    """How a prompt asks for it."""
    action = _ACTION.format(actions=", ".join(actions)) if actions else ""
    return _RULES[form].format(emotions=", ".join(emotions), first=emotions[0], action=action)


def schema(form: Form, emotions: Sequence[str], actions: Sequence[str] = ()) -> dict[str, Any]:
    """JSON schema of an answer, whose emotion comes first: it is known when speech starts."""
    match form:
        case "string":
            # A dot instead would let the closing quotation mark in.
            action = f"( !({'|'.join(actions)}))?" if actions else ""
            spoken = rf'^({"|".join(emotions)}) [^"\\\n]+{action}$'
            return {"type": "string", "pattern": spoken}
        case "key":
            return {"anyOf": [_object({each: {"type": "string"}}) for each in emotions]}
        case "object":
            emotion = {"type": "string", "enum": list(emotions)}
            return _object({"emotion": emotion, "text": {"type": "string"}})
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


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _with(message: PromptMessage, content: str) -> PromptMessage:
    return message.model_copy(update={"content": content})
