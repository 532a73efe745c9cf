"""Puts together the wordings with which a quoted text gives orders to a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pickled.language.injection import (
    order_form,
    order_words,
    order_words_abroad,
    order_words_conduct,
    order_words_play,
)
from pickled.patterns import on_first_use, pattern


@dataclass(frozen=True, slots=True, eq=False)
class OrderRule:
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


def _rules(table: str) -> tuple[OrderRule, ...]:
    parts = {name: part for name, _, part in _blocks(order_words.MACROS)}
    rules = []
    for kind, triggers, wording in _blocks(table):
        whole = re.sub(r"<([A-Z]+)>", lambda found: parts[found[1]], wording)
        rules.append(OrderRule(kind, triggers, pattern(whole)))
    return tuple(rules)


@on_first_use
def latin_rules() -> Mapping[str, tuple[OrderRule, ...]]:
    """Those in words of Latin letters, by trigger."""
    rules = (
        *_rules(order_words.SPEECH),
        *_rules(order_words_conduct.CONDUCT),
        *_rules(order_words_play.PLAY),
        *_rules(order_words_abroad.ABROAD),
    )
    by_trigger: dict[str, tuple[OrderRule, ...]] = {}
    for rule in rules:
        for trigger in rule.triggers:
            by_trigger[trigger] = (*by_trigger.get(trigger, ()), rule)
    return by_trigger


@on_first_use
def script_rules() -> tuple[OrderRule, ...]:
    """Those in other scripts."""
    return _rules(order_words_abroad.SCRIPTS)


@on_first_use
def form_rules() -> tuple[OrderRule, OrderRule]:
    """What imitates the prompt's own form, a role, a command or a call; orders in one word."""
    markup, glued = _rules(order_form.FORM)
    return markup, glued
