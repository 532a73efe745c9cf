"""Commands in chat: how they are written, who may give them, how often."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.chat_command import (
    ALL_VIEWERS_EVERY_S,
    MOST_VIEWERS,
    VIEWER_EVERY_S,
    Manners,
    Rates,
    parse,
)
from tests.brain.stage import chat

MOD = {"badges": ("moderator/1",)}


@pytest.mark.parametrize(
    ("text", "verb", "argument"),
    [
        ("!pickle skip", "skip", ""),
        ("!PICKLE  Persona  Maple ", "persona", "Maple"),
        ("!pickle", "help", ""),
        ("!pickle dance", "help", ""),
        ("!pickle forgetme", "forgetme", ""),
        ("!skip", "skip", ""),
        ("!persona blitz", "persona", "blitz"),
        ("!pickle block Some Word", "block", "Some Word"),
        ("!pickle answer @Ana", "answer", "@Ana"),
        ("!pickle panic", "panic", ""),
    ],
)
def test_parse_reads_what_a_moderator_writes(text: str, verb: str, argument: str) -> None:
    """The prefix and the aliases, in any case; what is unknown asks for help."""
    command = parse(chat(text, **MOD), manners=Manners())
    assert command is not None
    assert (command.verb, command.argument) == (verb, argument)


def test_parse_reads_a_command_in_a_reply() -> None:
    """The service puts the name of whom one replies to in front: a stop key is one all the same."""
    for text in ("@Ana !pickle skip", "@Ana !skip"):
        command = parse(chat(text, reply_to="m1", **MOD), manners=Manners())
        assert command is not None
        assert command.verb == "skip"
    assert parse(chat("@Ana !pickle skip", **MOD), manners=Manners()) is None


@pytest.mark.parametrize(
    "text", ["skip", "hello !pickle skip", "!song", "!forgetme", "! pickle", "!"]
)
def test_parse_leaves_the_rest_alone(text: str) -> None:
    """Other bots' commands and plain lines are none of ours."""
    assert parse(chat(text, **MOD), manners=Manners()) is None


def test_parse_aliases_can_be_switched_off() -> None:
    """A channel whose song bot uses !skip keeps it."""
    assert parse(chat("!skip", **MOD), manners=Manners(aliases=False)) is None


def test_parse_alias_of_a_viewer_is_no_command() -> None:
    """Viewers who vote in a song bot don't hear that they may not."""
    assert parse(chat("!skip"), manners=Manners()) is None
    command = parse(chat("!pickle skip"), manners=Manners())
    assert command is not None
    assert command.moderating


def test_parse_follows_the_prefix() -> None:
    """The word after the exclamation mark is the channel's choice."""
    command = parse(chat("!bot help"), manners=Manners(prefix="bot"))
    assert command is not None
    assert parse(chat("!pickle help"), manners=Manners(prefix="bot")) is None


@given(st.text(max_size=300))
def test_parse_takes_any_text(text: str) -> None:
    """Nothing that is written in chat breaks it."""
    command = parse(chat("!pickle " + text, **MOD), manners=Manners())
    assert command is None or len(command.argument) <= 64


def test_rates_slow_viewers_down_but_not_moderators() -> None:
    """One viewer can't keep it busy, nor can many; a moderator is always obeyed."""
    rates = Rates()

    def may(user: str, now: float, **who: object) -> bool:
        command = parse(chat("!pickle help", user=user, **who), manners=Manners())
        assert command is not None
        return rates.allows(command, now=now)

    assert may("Ana", 0.0)
    assert not may("Bea", ALL_VIEWERS_EVERY_S - 0.1)
    assert may("Bea", ALL_VIEWERS_EVERY_S)
    assert not may("Ana", VIEWER_EVERY_S - 0.1)
    assert may("Ana", VIEWER_EVERY_S)
    assert may("Mod", VIEWER_EVERY_S, **MOD)
    assert may("Mod", VIEWER_EVERY_S, **MOD)


def test_rates_remember_a_bounded_number() -> None:
    """A flood of names does not fill the memory."""
    rates = Rates()
    for number in range(MOST_VIEWERS * 2):
        command = parse(chat("!pickle help", user=f"u{number}"), manners=Manners())
        assert command is not None
        rates.allows(command, now=number * 10.0)
    assert len(rates._last) <= MOST_VIEWERS
