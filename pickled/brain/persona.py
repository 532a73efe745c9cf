"""Who the co-host is: a persona's fields and defaults, how its file is read, and its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pickled.brain.allowed_actions import AllowedAction
from pickled.brain.choice.score import Weights
from pickled.brain.event_texts import EventText
from pickled.brain.persona_voice import FallbackVoice, Voice
from pickled.brain.readout_phrases import READOUT_REASONS, Phrase
from pickled.errors import ConfigError
from pickled.language.readout import phrases
from pickled.messages.base import Strict
from pickled.messages.emotion import EMOTIONS, Emotion
from pickled.messages.opener import Opener
from pickled.messages.stream import STREAM_EVENT_TYPES
from pickled.yaml_lines import Where, line_of, read

LARGEST_FILE = 65_536
"""Characters; a larger persona file is refused unread."""


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _percent(value: object) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        return value.strip().removesuffix("%").strip()
    if isinstance(value, float) and 0 < value < 1:
        raise ValueError(f"is in percent: write {value * 100:g} if you mean {value * 100:g} %")
    return value


def _trigger(value: str) -> str:
    name = value.strip().removeprefix("@").casefold()
    if not any(character.isalnum() for character in name):
        raise ValueError("a trigger needs a letter or a digit")
    return name


def _with_text(value: object) -> object:
    if isinstance(value, bool | int | float):
        raise ValueError("write it in quotes; YAML reads something else in it than a text")
    return {"text": value} if isinstance(value, str) else value


def _by_name(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _different(openers: tuple[Opener, ...]) -> tuple[Opener, ...]:
    known: set[str] = set()
    for each in openers:
        if (text := each.text.casefold()) in known:
            raise ValueError(f"{each.text} stands there twice")
        known.add(text)
    return openers


Text = Annotated[str, Field(min_length=1, max_length=500)]
Trigger = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_trigger)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), BeforeValidator(_percent)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


_Openers = Annotated[
    tuple[Annotated[Opener, BeforeValidator(_with_text)], ...],
    Field(max_length=100),
    BeforeValidator(_listed),
    AfterValidator(_different),
]


class Behavior(Strict):
    """When and how much the persona talks."""

    spontaneity: Percent = 20.0
    """How often it answers what nobody asked it, %."""
    cooldown: Seconds = 5.0
    """Pause from the end of the last sound, s; a mention does not wait for it."""
    mention_ttl: Seconds = 20.0
    """How long a mention waits for its answer before it expires, s."""
    chat_batch_size: int = Field(default=10, ge=1, le=100)
    """How many messages are looked at together."""
    max_sentences: int = Field(default=2, ge=1, le=10)
    """Longest answer."""
    idle_after: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] | None = None
    """Silence after which it may say something by itself, s; without it, never."""
    answer_questions: bool = True
    """Answer questions that are put to nobody in particular."""
    follow_up: Seconds = 6.0
    """After an answer to the streamer no name is needed for so long, s; 0: it always is."""

    @model_validator(mode="before")
    @classmethod
    def _read_prototype(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "spontaneous_rate" not in data:
            return data
        if "spontaneity" in data:
            raise ValueError("spontaneity and spontaneous_rate say the same; keep spontaneity")
        rate = data["spontaneous_rate"]
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise ValueError("spontaneous_rate is a number from 0 to 1")
        rest = {key: value for key, value in data.items() if key != "spontaneous_rate"}
        return {**rest, "spontaneity": round(rate * 100)}


class Persona(Strict):
    """One character: `personas/<name>.yaml`."""

    name: str = Field(min_length=1, max_length=40)
    """As it is called on air."""
    personality: str = Field(min_length=1, max_length=4000)
    """Who it is, in its own words: the model reads this."""
    style: Annotated[tuple[Text, ...], Field(max_length=30), BeforeValidator(_listed)] = ()
    """How it talks, one rule each."""
    triggers: Annotated[tuple[Trigger, ...], Field(max_length=30), BeforeValidator(_listed)] = ()
    """The names that it answers to; without any, its name."""
    emotions: Annotated[tuple[Emotion, ...], Field(min_length=1), BeforeValidator(_listed)] = (
        EMOTIONS
    )
    """Which emotions it can show."""
    voice: Voice = Voice()
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    """The language that it speaks, as `en` or `pt-BR`."""
    openers: _Openers = ()
    """First words, of which an answer may have some: their sound is made beforehand. Each is a text
    with its mark at the end, as `Oh,`, or `{text, emotions}`: without emotions it fits all answers
    but sad and angry ones."""
    behavior: Behavior = Behavior()
    weights: Weights = Weights()
    """What makes a message worth an answer."""
    actions: Annotated[
        tuple[Annotated[AllowedAction, BeforeValidator(_by_name)], ...],
        Field(max_length=20),
        BeforeValidator(_listed),
    ] = ()
    """What it may have done beside speaking, of what the outputs offer: names, or `{name, …}`.
    Without any it does nothing, and its model knows of nothing."""
    events: dict[str, Annotated[tuple[EventText, ...], BeforeValidator(_listed)]] = Field(
        default_factory=dict
    )
    """Stream event → texts, of which one is spoken as it stands: `{user}` (of several: all),
    `{count}`, `{amount}`, `{currency}`, `{months}`, `{tier}`, `{viewers}`, `{seconds}`, `{title}`
    and `{text}` are filled in. Without any, the model words it; an empty list says nothing."""
    vtube: dict[Emotion, str] = Field(default_factory=dict)
    """Emotion → hotkey of the avatar."""
    model: str | None = None
    """The model that words its answers; without it, the configured one."""
    readout: dict[str, Annotated[tuple[Phrase, ...], BeforeValidator(_listed)]] = Field(
        default_factory=dict, validate_default=True
    )
    """Phrases for reading out without a model, by the decision's reason; `{user}`, `{text}` and
    `{count}` are filled in. What is not given is said plainly, in its language if we know it."""

    @model_validator(mode="before")
    @classmethod
    def _name_is_a_trigger(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and isinstance(data.get("name"), str):
            return data if data.get("triggers") else {**data, "triggers": (data["name"],)}
        return data

    @field_validator("openers")
    @classmethod
    def _its_own(cls, openers: tuple[Opener, ...], info: ValidationInfo) -> tuple[Opener, ...]:
        shown = info.data.get("emotions", EMOTIONS)
        for each in openers:
            words = f" {' '.join(each.words)} "
            if any(f" {name} " in words for name in info.data.get("triggers", ())):
                raise ValueError(f"{each.text} has a name in it; an opener names nobody")
            if strange := [emotion for emotion in each.emotions if emotion not in shown]:
                raise ValueError(f"{each.text} is for {strange[0]}, which is not among `emotions`")
        return openers

    @field_validator("events")
    @classmethod
    def _known_events(cls, own: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := sorted(own.keys() - set(STREAM_EVENT_TYPES)):
            known = ", ".join(STREAM_EVENT_TYPES)
            raise ValueError(f"{unknown[0]} is no event (there are {known})")
        return own

    @field_validator("readout")
    @classmethod
    def _known_reasons(
        cls, own: dict[str, tuple[str, ...]], info: ValidationInfo
    ) -> dict[str, tuple[str, ...]]:
        given = {reason: some for reason, some in own.items() if some}
        if unknown := sorted(given.keys() - set(READOUT_REASONS)):
            raise ValueError(f"{unknown[0]} is no reason (there are {', '.join(READOUT_REASONS)})")
        return {**phrases(info.data.get("language", "")), **given}


def parse_persona(text: str, *, source: str) -> Persona:
    """The persona of a YAML text; raises ConfigError with one `source:line: …` per mistake."""
    if len(text) > LARGEST_FILE:
        raise ConfigError(f"{source}:1: a persona has at most {LARGEST_FILE} characters")
    data, lines = read(text, source)
    try:
        return Persona.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        told = sorted({(line_of(each["loc"], lines), _explain(each)) for each in found})
        raise ConfigError("\n".join(f"{source}:{line}: {what}" for line, what in told)) from error


def _explain(error: Mapping[str, Any]) -> str:
    path: Where = tuple(part for part in error["loc"] if part != "[key]")
    where = ".".join(str(part) for part in path)
    match error["type"]:
        case "extra_forbidden":
            return f"{where} is unknown{_nearest_key(path)}"
        case "missing":
            return f"{where} is missing"
        case "string_type" if isinstance(error["input"], bool):
            return f"{where}: write it in quotes; YAML reads yes, no, on and off as true or false"
        case "string_type" if isinstance(error["input"], int | float):
            return f"{where}: write it in quotes; YAML reads it as a number"
        case "literal_error":
            return f"{where}: {error['msg']}{_nearest(str(error['input']), EMOTIONS)}"
        case "value_error":
            message = error["msg"].removeprefix("Value error, ")
            known = _NAMES.get(path, ())
            return f"{where}: {message}{_nearest(message.split(' ', 1)[0], known)}"
    return f"{where}: {error['msg']}"


def _nearest_key(path: Where) -> str:
    key, parents = str(path[-1]), tuple(str(part) for part in path[:-1])
    inner: dict[str, type[BaseModel]] = {"openers": Opener, "actions": AllowedAction}
    model = inner.get("".join(parents[:1])) or _PLACES.get(parents, FallbackVoice)
    if nearest := _nearest(key, model.model_fields):
        return nearest
    for place, other in _PLACES.items():
        if key in other.model_fields:
            return f" here; it belongs {f'under {place[0]}' if place else 'to the top level'}"
    return f" (there are {', '.join(model.model_fields)})"


def _nearest(word: str, known: Iterable[str]) -> str:
    found = get_close_matches(word, list(known), 1)
    return f"; did you mean {found[0]}?" if found else ""


_PLACES: dict[tuple[str, ...], type[BaseModel]] = {
    (): Persona,
    ("behavior",): Behavior,
    ("voice",): Voice,
    ("weights",): Weights,
}
_NAMES: dict[Where, tuple[str, ...]] = {
    ("readout",): READOUT_REASONS,
    ("events",): STREAM_EVENT_TYPES,
}
"""What the keys of a mapping may be."""
