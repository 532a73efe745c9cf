"""Readout: without a model it still picks what matters and says it in the persona's manner."""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.llm.readout import Options, read_out, start
from pickled.messages.chat import ChatMessage, Fragment
from pickled.messages.decision import Request
from pickled.messages.emotion import EMOTIONS
from pickled.messages.prompt import Prompt
from pickled.plugins import Surroundings

PHRASES = {
    "mention": ("{user} says to me: {text}",),
    "question": ("{user} asks: {text}", "A question from {user}: {text}"),
    "chance": ("{user} says: {text}",),
    "ask": ("{text}",),
    "raid": ("Welcome, {user} and {count} friends!", "Welcome, {user}!"),
    "cheer": ("Thank you, {user}!",),
}


def line(text: str, user: str = "anna", *fragments: tuple[Any, str]) -> ChatMessage:
    cut = tuple(Fragment(type=kind, text=each) for kind, each in fragments)
    return ChatMessage(
        ts=datetime.now(UTC), id=f"{user} {text}", user=user, user_id=user, text=text, fragments=cut
    )


def prompt(
    *messages: ChatMessage, reason: str = "question", origin: Any = "chat", **changed: Any
) -> Prompt:
    turn = changed.pop("turn", "abcdefghijkl")
    request = Request(
        turn=turn, reason=reason, origin=origin, messages=messages, arrived=0, decided=0
    )
    given_ = {"persona": "John", "readout": PHRASES, **changed}
    return Prompt(messages=(), request=request, **given_)


def text_of(*messages: ChatMessage, longest: int = 160, **changed: Any) -> str:
    return read_out(prompt(*messages, **changed), longest=longest)[1]


async def test_stream_gives_json() -> None:
    """What comes out is read by the same parser as a model's answer."""
    surroundings = Surroundings(Path(), Path(), lambda status, detail: None)
    async with start(Options(), surroundings) as model:
        await model.probe()
        async with aclosing(model.stream(prompt(line('say "hi"'), reason="chance"))) as pieces:
            answer = json.loads("".join([piece async for piece in pieces]))
    assert answer == {"emotion": "neutral", "text": 'anna says: say "hi"'}
    assert list(answer) == ["emotion", "text"]


def test_last_message_is_the_one_that_asked() -> None:
    """The others are only what was said around it."""
    told = text_of(line("nice weather", "bob"), line("where are we?"))
    assert told in ("anna asks: where are we?", "A question from anna: where are we?")


def test_phrase_depends_on_the_turn_alone() -> None:
    """The same turn is read out the same way, and not every turn the same way."""
    turns = ["abcdefghijkl", "bcdefghijklm", "cdefghijklmn", "defghijklmno", "efghijklmnop"]
    told = [text_of(line("where are we?"), turn=turn) for turn in turns]
    assert told == [text_of(line("where are we?"), turn=turn) for turn in turns]
    assert len(set(told)) == 2


def test_many_who_say_the_same_are_counted() -> None:
    """A crowd is read out as one, and a viewer who repeats himself is none."""
    crowd = [line("Where ARE we??", f"viewer{n}") for n in range(6)]
    assert "7" in text_of(*crowd, line("where are we?"), line("where are we?"))
    assert "anna" in text_of(*[line("where are we?")] * 5)


def test_crowd_is_read_out_by_the_persona_if_it_can_count() -> None:
    """Phrases with {count} are the persona's own way to speak for a crowd."""
    phrases = {"question": ("{user} asks: {text}", "{count} minds, one thought: {text}")}
    crowd = [line("where are we?", f"viewer{n}") for n in range(5)]
    assert text_of(*crowd, readout=phrases) == "5 minds, one thought: where are we?"
    assert text_of(line("where are we?"), readout=phrases) == "anna asks: where are we?"


def test_crowd_keeps_to_the_persona_s_language() -> None:
    """Our own English phrases are for personas that speak English."""
    crowd = [line("Wo sind wir?", f"viewer{n}") for n in range(5)]
    german = {"question": ("{user} fragt: {text}",)}
    assert text_of(*crowd, readout=german, language="de") == "viewer fragt: Wo sind wir?"


def test_by_chance_a_crowd_matters_more_than_the_newest() -> None:
    """What nobody asked for is chosen by how many say it, else by how new it is."""
    crowd = [line("follow the cat", f"viewer{n}") for n in range(4)]
    assert "4" in text_of(*crowd, line("hi"), reason="chance")
    assert text_of(*crowd[:2], line("hi"), reason="chance") == "anna says: hi."


def test_by_chance_a_message_without_words_is_passed_over() -> None:
    """Emotes alone can't be read out."""
    told = text_of(line("nice harbour", "bob"), line("KEKW KEKW"), reason="chance")
    assert told == "bob says: nice harbour."


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("look https://example.com/a?b here", "look here"),
        ("buy at www.example.com", "buy at"),
        ("heyyyyyy John!!!!", "heyy John!"),
        ("what???!?!", "what!"),
        ("@John_Bot, where are we?", "where are we?"),
        ("John: where are we?", "where are we?"),
        ("Johnny is here", "Johnny is here"),
        ("ask @some_body", "ask some body"),
        ("\N{FIRE}\N{FIRE} so hot \N{FIRE}", "so hot"),
        ("WHERE ARE YOU GOING", "Where are you going"),
        ("I am in the USA", "I am in the USA"),
        ("a\u202eb\u0000c", "abc"),
        ("it costs 5.50 or 1000", "it costs 5.50 or 1000"),
        ("wait... what", "wait. what"),
        ("LUL that was close", "that was close"),
        ("{user} {count} {0}", "user count 0"),
    ],
)
def test_text_is_pleasant_to_hear(written: str, spoken: str) -> None:
    """Links, stretches, pictures, shouting and marks are not read out."""
    assert text_of(line(written), reason="ask", origin="ask").rstrip(".") == spoken


def test_emote_fragments_are_left_out() -> None:
    """What the service marks as an emote is no word."""
    cut = line("hi xqcL there", "anna", ("text", "hi "), ("emote", "xqcL"), ("text", " there"))
    assert text_of(cut, reason="chance") == "anna says: hi there."


@pytest.mark.parametrize(
    ("user", "called"),
    [("xX_dark_wolf_99", "xX dark wolf"), ("42", "42"), ("", "somebody"), ("__", "somebody")],
)
def test_name_is_pleasant_to_hear(user: str, called: str) -> None:
    """Underscores and numbers behind a name are not spoken."""
    assert text_of(line("hi", user), reason="chance") == f"{called} says: hi."


def test_long_message_is_cut_at_a_word() -> None:
    """A wall of text is not read to its end."""
    told = text_of(line("word " * 100), reason="chance", longest=50)
    assert len(told) < 70
    assert told.endswith("word…")
    assert 50 < len(text_of(line("ab" * 100), reason="chance", longest=50)) < 70


def test_mention_without_words_is_answered() -> None:
    """Somebody who only calls is not read out as nothing."""
    assert "anna" in text_of(line("@John"), reason="mention")


@pytest.mark.parametrize("text", ["", "KEKW", "!song", "https://example.com", "\N{FIRE}"])
@pytest.mark.parametrize("reason", ["mention", "question", "chance", "unheard_of"])
def test_there_is_always_something_to_say(text: str, reason: str) -> None:
    """A turn that was decided is not silent."""
    assert any(map(str.isalpha, text_of(line(text), reason=reason)))
    assert any(map(str.isalpha, text_of(reason=reason)))


def test_raid_tells_how_many() -> None:
    """The number is the service's; without one, no phrase that needs it is used."""
    for text, told in (
        ("42 raiders from anna have joined!", "Welcome, anna and 42 friends!"),
        ("raid", "Welcome, anna!"),
    ):
        assert text_of(line(text), reason="raid", origin="stream") == told


def test_stream_event_without_a_phrase_is_named() -> None:
    """What the persona has no words for is thanked for plainly."""
    told = text_of(line("hype_train"), reason="hype_train", origin="stream")
    assert told == "Hype train! Thank you, anna!"


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("hahaha that cat", "laugh"),
        ("love this place <3", "love"),
        ("that is so sad :(", "sad"),
        ("omg look", "surprised"),
        ("let's go!!", "excited"),
        ("where are we?", "thinking"),
        ("good morning!", "happy"),
        ("the tram is late", "neutral"),
        ("whatever", "neutral"),
    ],
)
def test_emotion_follows_the_message(text: str, emotion: str) -> None:
    """Marks and words show the mood."""
    assert read_out(prompt(line(text)), longest=160)[0] == emotion


def test_emotion_is_one_of_the_persona_s() -> None:
    """A persona that does not laugh stays neutral, or what it can be."""
    for known, expected in ((["neutral", "sad"], "neutral"), (["sad", "angry"], "sad")):
        schema = {"properties": {"emotion": {"enum": known}}}
        assert read_out(prompt(line("hahaha"), answer_schema=schema), longest=160)[0] == expected


@given(
    texts=st.lists(st.text(max_size=60), min_size=1, max_size=6),
    user=st.text(max_size=30),
    reason=st.sampled_from(["mention", "question", "chance", "raid", "else"]),
    origin=st.sampled_from(["chat", "ask", "stream"]),
)
def test_nothing_that_is_written_breaks_it(
    texts: list[str], user: str, reason: str, origin: str
) -> None:
    """Any text of any viewer ends in a known emotion and a line of sane length."""
    messages = [line(text, user) for text in texts]
    emotion, told = read_out(prompt(*messages, reason=reason, origin=origin), longest=100)
    assert emotion in EMOTIONS
    assert any(map(str.isalnum, told))
    assert len(told) < 250


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "v0"), (2, "v0 and v1"), (3, "v0, v1 and v2"), (5, "v0, v1 and 3 others")],
)
def test_those_who_subscribed_together_are_named_together(count: int, told: str) -> None:
    """Several events that are told as one: by name, or counted when they are many."""
    lines = [line("cheer", f"v{place}") for place in range(count)]
    assert text_of(*lines, reason="cheer", origin="stream") == f"Thank you, {told}!"
