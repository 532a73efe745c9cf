"""Puts together the wordings with which a quoted text gives orders to a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pickled.language.injection import (
    order_form,
    order_words,
    order_words_abroad,
    order_words_conduct,
    order_words_play,
)


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


def _compiled(table: str) -> tuple[OrderRule, ...]:
    parts = {name: part for name, _, part in _blocks(order_words.MACROS)}
    rules = []
    for kind, triggers, pattern in _blocks(table):
        whole = re.sub(r"<([A-Z]+)>", lambda found: parts[found[1]], pattern)
        rules.append(OrderRule(kind, triggers, re.compile(whole)))
    return tuple(rules)


RULES = (
    _compiled(order_words.SPEECH)
    + _compiled(order_words_conduct.CONDUCT)
    + _compiled(order_words_play.PLAY)
    + _compiled(order_words_abroad.ABROAD)
)
"""In words of Latin letters."""

SCRIPTS = _compiled(order_words_abroad.SCRIPTS)
"""In other scripts."""

MARKUP, GLUED = _compiled(order_form.FORM)
"""What imitates the prompt's own form, a role, a command or a call; orders in one word."""
