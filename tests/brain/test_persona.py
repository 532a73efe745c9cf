"""Persona files: defaults, and mistakes that are explained."""

from __future__ import annotations

import re

import jsonschema
import pytest
import yaml

from pickled.brain.persona import (
    LARGEST_FILE,
    parse_persona,
)
from pickled.brain.persona_schema import persona_schema
from pickled.brain.readout_phrases import READOUT_REASONS
from pickled.errors import ConfigError

LEAST = "name: John Doe\npersonality: A friend.\n"


def mistakes(text: str) -> list[str]:
    """What is said about a file that is wrong."""
    with pytest.raises(ConfigError) as caught:
        parse_persona(text, source="x.yaml")
    return str(caught.value).splitlines()


def test_parse_defaults() -> None:
    """A name and a personality are enough; the rest has the documented defaults."""
    persona = parse_persona(LEAST, source="x.yaml")
    assert persona.triggers == ("john doe",)
    assert persona.language == "en"
    assert persona.voice.choose("local") == (None, 1.0)
    behavior = persona.behavior
    assert (behavior.spontaneity, behavior.cooldown, behavior.mention_ttl) == (20, 5, 20)
    assert (behavior.chat_batch_size, behavior.max_sentences) == (10, 2)
    assert behavior.answer_questions
    assert {"mention", "question", "chance", "ask", "raid"} <= persona.readout.keys()


@pytest.mark.parametrize(
    "written", ["spontaneity: 30", "spontaneity: 30 %", "spontaneous_rate: 0.30"]
)
def test_parse_spontaneity(written: str) -> None:
    """Percent, with or without its sign, and the prototype's rate mean the same."""
    persona = parse_persona(LEAST + f"behavior: {{{written}}}\n", source="x.yaml")
    assert persona.behavior.spontaneity == 30


def test_parse_triggers_and_lists() -> None:
    """Triggers are compared without case and @; one text stands for a list of one."""
    persona = parse_persona(
        LEAST + "triggers: ['@John', PICKLE]\nstyle: Be brief.\nemotions: happy\n", source="x"
    )
    assert persona.triggers == ("john", "pickle")
    assert persona.style == ("Be brief.",)
    assert persona.emotions == ("happy",)


def test_parse_voice_fallback() -> None:
    """A voice id counts for its own provider; others have theirs, or their own choice."""
    voice = parse_persona(
        LEAST
        + "voice:\n  provider: deepgram\n  voice_id: thalia\n  speed: 1.2\n"
        + "  fallback: {local: {voice_id: slt}, wyoming: {speed: 0.9}}\n",
        source="x",
    ).voice
    assert voice.choose("deepgram") == ("thalia", 1.2)
    assert voice.choose("local") == ("slt", 1.2)
    assert voice.choose("wyoming") == (None, 0.9)
    assert voice.choose("other") == (None, 1.2)


def test_parse_readout_fills_up() -> None:
    """Given phrases replace the plain ones of that reason only."""
    persona = parse_persona(LEAST + "readout: {mention: 'Psst, {user}: {text}'}\n", source="x")
    assert persona.readout["mention"] == ("Psst, {user}: {text}",)
    assert persona.readout["raid"]


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("behaviour: {}", "x.yaml:3: behaviour is unknown; did you mean behavior?"),
        ("behavior:\n  cooldwn: 3",
         "x.yaml:4: behavior.cooldwn is unknown; did you mean cooldown?"),
        ("cooldown: 3", "x.yaml:3: cooldown is unknown here; it belongs under behavior"),
        ("voice: {triggers: 3}",
         "x.yaml:3: voice.triggers is unknown here; it belongs to the top level"),
        ("voice:\n  fallback:\n    local: {voice: 3}",
         "x.yaml:5: voice.fallback.local.voice is unknown; did you mean voice_id?"),
        ("readout: {metnion: hi}", "did you mean mention?"),
        ("readout:\n  ask:\n    - '{text}'\n    - '{txt}'",
         "x.yaml:6: readout.ask.1: only {user}, {text} and {count} can be filled in"),
        ("readout: {ask: '{text'}", "x.yaml:3: readout.ask.0: a brace"),
        ("readout: {ask: '{text.x}'}", "x.yaml:3: readout.ask.0: only"),
        ("readout: {ask: '{text!r}'}", "x.yaml:3: readout.ask.0: only"),
        ("readout: {ask: '{}'}", "x.yaml:3: readout.ask.0: only"),
        ("emotions:\n- happy\n- hapy", "x.yaml:5: emotions.1:"),
        ("vtube: {hapy: F1}", "did you mean happy?"),
        ("behavior: {spontaneity: 0.2}", "write 20"),
        ("behavior: {spontaneity: 101}", "less than or equal to 100"),
        ("behavior: {spontaneous_rate: 20}", "spontaneous_rate is a number from 0 to 1"),
        ("behavior: {spontaneous_rate: 0.2, spontaneity: 20}", "keep spontaneity"),
        ("behavior: {cooldown: .inf}", "finite"),
        ("behavior: 3", "x.yaml:3: behavior:"),
        ("triggers: ['!!']", "x.yaml:3: triggers.0: a trigger needs a letter or a digit"),
        ("language: english please", "x.yaml:3: language:"),
        ("name: Twice", "x.yaml:3: name is given twice"),
        ("style: [a", "x.yaml:"),
        ("style: &a [b]\nmodel: *a", "x.yaml:3: anchors are not used here"),
        ("model: !!python/object:os.system {}", "x.yaml:3:"),
        ("? [a]\n: b", "x.yaml:3: a key is a plain word"),
        ("model: a\x07b", "x.yaml:1: is not YAML"),
    ],
)  # fmt: skip
def test_parse_explains_a_mistake(added: str, told: str) -> None:
    """Each mistake is told with its line and the nearest known word."""
    assert told in mistakes(LEAST + added + "\n")[0]


def test_parse_tells_all_mistakes_in_order() -> None:
    """All mistakes of a file are told at once, from top to bottom."""
    told = mistakes("nme: x\npersonality: y\nbehavior:\n  cooldown: -1\nextra: 1\n")
    assert [each.split(": ")[0] for each in told] == [
        "x.yaml:1", "x.yaml:1", "x.yaml:4", "x.yaml:5",
    ]  # fmt: skip
    assert "name is missing" in "\n".join(told)


@pytest.mark.parametrize("given", ["language: no", "triggers: [on]", "triggers: [007]"])
def test_parse_says_what_yaml_makes_of_a_word(given: str) -> None:
    """Norwegian is no truth value: quotes help."""
    (told,) = mistakes(LEAST + given + "\n")
    assert "write it in quotes; YAML reads" in told


@pytest.mark.parametrize(
    "text", ["", "- a", "just text", "[" * 3000, "x" * (LARGEST_FILE + 1), "3"]
)
def test_parse_refuses_what_is_no_persona(text: str) -> None:
    """What is no mapping, or far too much, is refused with its file."""
    assert mistakes(text)[0].startswith("x.yaml:")


def test_schema_agrees_with_the_parser() -> None:
    """The schema takes what the parser takes, and refuses unknown keys and reasons."""
    schema = persona_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    good = LEAST + "triggers: john\nreadout: {ask: hi}\nbehavior: {spontaneous_rate: 0.2}\n"
    parse_persona(good, source="x")
    jsonschema.validate(yaml.safe_load(good), schema)
    for wrong in ("extra: 1", "readout: {metnion: hi}", "behavior: {cooldwn: 1}", "emotions: []"):
        mistakes(LEAST + wrong)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(yaml.safe_load(LEAST + wrong), schema)
    assert set(schema["properties"]["readout"]["propertyNames"]["enum"]) == set(READOUT_REASONS)


OWN = "name: Ana\npersonality: p\nemotions: [happy, sad]\nopeners:\n"


def test_openers_are_texts_or_texts_with_emotions() -> None:
    """A text alone, an object, a single one; what is a space too much is none."""
    given = parse_persona(
        f'{OWN}  - "Oh,"\n  - {{text: "I  hear you,", emotions: sad}}\n', source="p"
    ).openers
    assert [(each.text, each.emotions) for each in given] == [
        ("Oh,", ()), ("I hear you,", ("sad",))
    ]  # fmt: skip
    assert parse_persona("name: A\npersonality: p\nopeners: 'Oh,'\n", source="p").openers[0].text
    assert parse_persona("name: A\npersonality: p\nopeners: []\n", source="p").openers == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Oh", "openers.0.text: an opener ends with a mark, as `Oh,`"),
        ("'**Oh**,'", "can't have '*'"),
        ("'<b>Oh,'", "can't have '<'"),
        ("'Oh \"dear\",'", "can't have '\"'"),
        ("'{user},'", "can't have '{'"),
        ("'!clip,'", "begins with a letter"),
        ("'...'", "needs a letter"),
        ("''", "at least 1 character"),
        (f"'{'x' * 40},'", "at most 40 characters"),
        ("'Hi ana,'", "Hi ana, has a name in it"),
        ("'Ana!'", "Ana! has a name in it"),
        ("yes", "write it in quotes"),
        ("{text: 'Ha!', emotions: [laugh]}", "Ha! is for laugh, which is not among `emotions`"),
        ("{text: 'Ha!', emotions: [hapy]}", "did you mean happy?"),
        ("{text: 'Ha!', emotion: [happy]}", "did you mean emotions?"),
        ("'Oh,'\n  - 'oh,'", "oh, stands there twice"),
    ],
)
def test_opener_that_cannot_be_used_is_told(line: str, told: str) -> None:
    """With its line and what is right: short, without markup, without names."""
    with pytest.raises(ConfigError) as refused:
        parse_persona(f"{OWN}  - {line}\n", source="p")
    assert told in str(refused.value)
    assert re.match(r"p:[45]: openers", str(refused.value))
