"""The output gate, first form: every clause passes it before it becomes sound, caption or chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pickled.brain.plain import folded_form, speakable, without_tokens

Rule = Literal["link", "marker", "control", "command", "repeats", "length", "empty", "unstable"]


@dataclass(frozen=True, slots=True)
class GateRules:
    """What the configuration asks of the gate."""

    max_chars: int = 400
    """Longest clause that is spoken, in characters; the rest is cut off."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be spoken of a clause."""

    text: str | None
    """None: nothing."""
    rule: str | None
    """The first rule that changed or stopped it."""
    kind: Literal["passed", "masked", "blocked"]


_MOST_PASSES = 8
_TOP_LEVEL = (
    "com net org edu gov info biz tv gg ly gl io ai app dev xyz shop site online live stream link"
    " club store top vip win click eu uk de fr nl pl ru jp cn br ca au us se fi dk cz ch es pt"
).replace(" ", "|")
_LINK = re.compile(
    rf"""
      [a-z][a-z0-9+.-]{{1,15}}://\S*                                  # any scheme
    | (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+                   # e-mail
    | (?<![\w.-])(?:
        www\.\S+
      | [\w-]++(?:\.[\w-]++)*?\.[^\W\d][\w-]*+(?::\d+)?/\S*        # word.word/…
      | [\w-]++(?:\.[\w-]++)*?\.(?:{_TOP_LEVEL})\b(?!\.\w)(?::\d+)?
      | \d{{1,3}}(?:\.\d{{1,3}}){{3}}\b(?::\d+)?                    # address by number
      )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EMPHASIS = re.compile(r"([*_`~]{1,3})(?=\S)([^*_`~]+)(?<=\S)\1")
_STRETCHED = re.compile(r"([^\d\s])\1{3,}")
_REPEATED = re.compile(r"\b([^\W\d]\w*)(?:([\s,.!?…-]+)\1\b){3,}", re.IGNORECASE)
_COMMAND = re.compile(r"^[\s.]*[/!\\][\s/!.\\]*|^\.(?=[^\W\d])")
_ONLY_LINKS = re.compile(r"(?:\W*\blink\b)+\W*")


def check(clause: str, *, gate: GateRules) -> Checked:
    """What of the clause may be spoken; checking the result again changes nothing."""
    rule: Rule | None = None
    text = clause[: gate.max_chars * 4]
    for _ in range(_MOST_PASSES):
        cleaned, found = _clean(text, gate)
        rule = rule or found
        if cleaned == text:
            break
        text = cleaned
    else:
        return Checked(None, "unstable", "blocked")
    if not any(map(str.isalnum, text)) or (rule and _ONLY_LINKS.fullmatch(text)):
        return Checked(None, rule or "empty", "blocked")
    return Checked(text, rule, "masked" if rule else "passed")


def _clean(text: str, gate: GateRules) -> tuple[str, Rule | None]:
    """One pass of all rules, and the first one that found something."""
    visible = speakable(text)
    whole = _EMPHASIS.sub(r"\2", visible)
    bare = without_tokens(whole)
    unlinked = _LINK.sub("link", bare)
    calm = _REPEATED.sub(r"\1\2\1\2\1", _STRETCHED.sub(r"\1\1\1", unlinked))
    spoken = " ".join(_COMMAND.sub("", calm).split())
    short = spoken
    if len(spoken) > gate.max_chars:
        short = (spoken[: gate.max_chars + 1].rpartition(" ")[0] or spoken)[: gate.max_chars]
    changes: tuple[tuple[Rule, bool], ...] = (
        ("control", visible != folded_form(text)),
        ("marker", bare != whole),
        ("link", unlinked != bare),
        ("repeats", calm != unlinked),
        ("command", spoken != calm),
        ("length", short != spoken),
    )
    return short, next((rule for rule, changed in changes if changed), None)
