"""Puts together the wordings with which a quoted text tries tricks on a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pickled.language.injection import (
    trick_form,
    trick_words,
    trick_words_abroad,
    trick_words_conduct,
    trick_words_play,
)
from pickled.language.injection.names import Names, names_in_force
from pickled.language.tables import any_of
from pickled.patterns import lazy, on_first_use, pattern, remembered


@dataclass(frozen=True, slots=True, eq=False)
class TrickRule:
    """One wording; it is only looked for where one of its trigger words stands."""

    kind: str
    triggers: tuple[str, ...]
    """Whole words of a flat text; empty: it needs none."""
    pattern: re.Pattern[str]


def _blocks(table: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for block in table.strip().split("\n\n"):
        head, _, body = block.partition("\n=\n")
        kind, _, triggers = head.partition(":")
        yield kind, tuple(triggers.split()), "".join(map(str.strip, body.splitlines()))


def _rules(table: str, names: Names = ()) -> tuple[TrickRule, ...]:
    parts = {name: part for name, _, part in _blocks(trick_words.MACROS)}
    rules = []
    for kind, triggers, wording in _blocks(table):
        whole = re.sub(r"<([A-Z]+)>", lambda found: parts.get(found[1], found[0]), wording)
        if _NAME in triggers:
            triggers = (*triggers, *(word for name in names for word in name.split()))
        made = _named(whole, names) if _NAME in whole else _nameless(whole)
        rules.append(TrickRule(kind, triggers, made))
    return tuple(rules)


_NAME = "<NAME>"
_nameless = cache(pattern)
"""Made once, whatever names there are."""


def _named(wording: str, names: Names) -> re.Pattern[str]:
    found = any_of(map(re.escape, sorted(names, key=len, reverse=True)))
    return lazy(wording.replace(_NAME, f"(?:{found})"))


def latin_rules() -> Mapping[str, tuple[TrickRule, ...]]:
    """Those in words of Latin letters, by trigger, with the names that are in force."""
    return _latin_rules(names_in_force())


@remembered(2)
def _latin_rules(names: Names) -> Mapping[str, tuple[TrickRule, ...]]:
    rules = (
        *_rules(trick_words.SPEECH, names),
        *_rules(trick_words_conduct.CONDUCT, names),
        *_rules(trick_words_play.PLAY, names),
        *_rules(trick_words_abroad.ABROAD, names),
    )
    by_trigger: dict[str, tuple[TrickRule, ...]] = {}
    for rule in rules:
        for trigger in rule.triggers:
            by_trigger[trigger] = (*by_trigger.get(trigger, ()), rule)
    return by_trigger


def prepare(names: Names) -> None:
    """Compile what has those names in it, before they are in force. For a thread: 0.1 s."""
    for rules in _latin_rules(names).values():
        for rule in rules:
            assert rule.pattern.groups >= 0  # asked for anything, it is compiled


@on_first_use
def _prepared() -> None:
    """For `warm`."""
    prepare(names_in_force())


@on_first_use
def script_rules() -> tuple[TrickRule, ...]:
    """Those in other scripts."""
    return _rules(trick_words_abroad.SCRIPTS)


@on_first_use
def form_rules() -> tuple[TrickRule, TrickRule]:
    """What imitates the prompt's own form, a role, a command or a call; orders in one word."""
    markup, glued = _rules(trick_form.FORM)
    return markup, glued
