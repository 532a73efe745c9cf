"""The gate, both ways: every clause passes it before it is sound, caption or chat, and all that
comes in before it is prompted, shown or remembered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pickled.language.moderation.folding import fold
from pickled.language.moderation.word_forms import code_keys
from pickled.language.moderation.word_list import DEFAULT, Match, WordList
from pickled.language.normalization.cleaning import Change, clean, one_line
from pickled.language.plain import folded_form, speakable, without_tokens
from pickled.language.privacy import personal
from pickled.language.privacy.personal import NO_PRIVATE_WORDS, PrivateWords
from pickled.language.reading import Reading, read
from pickled.patterns import pattern

Rule = Literal["link", "marker", "control", "command", "repeats", "length", "empty", "unstable"]


@dataclass(frozen=True, slots=True)
class GateRules:
    """What the configuration asks of the gate."""

    max_chars: int = 400
    """Longest clause that is spoken, in characters; the rest is cut off."""
    words: WordList = DEFAULT
    """What must not be said."""
    private: PrivateWords = NO_PRIVATE_WORDS
    """The user's own: never spoken, shown or remembered."""
    discreet: bool = False
    """Are places kept back too?"""
    canary: str = ""
    """What only the prompt has: a clause with it tells the prompt; "" checks nothing."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be spoken of a clause."""

    text: str | None
    """None: nothing."""
    rule: str | None
    """The first rule that changed or stopped it."""
    kind: Literal["passed", "masked", "blocked"]
    tier: str = ""
    """block or mask for listed words; personal, private or discreet for what must stay private."""
    changed: tuple[Change, ...] = ()
    """What was taken out because it is no speech; that is no reason to mask."""
    seen: str = field(default="", compare=False)
    """With what was taken out: it may disguise a word that shows with the next clause only."""


SAID_INSTEAD = "something"
"""Spoken in place of a masked word: a sentence with it still sounds like one."""

SHOWN_INSTEAD = "…"
"""Stands in place of what is taken out of a text that comes in."""

LONGEST_INPUT = 2_000
"""Characters of an incoming text; the rest is cut off. Twitch allows 500."""

_WINDOW = 2
_MOST_PASSES = 8
_TOP_LEVEL = (
    "com net org edu gov info biz tv gg ly gl io ai app dev xyz shop site online live stream link"
    " club store top vip win click eu uk de fr nl pl ru jp cn br ca au us se fi dk cz ch es pt"
).replace(" ", "|")
_LINK = pattern(
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
_STRETCHED = pattern(r"([^\d\s])\1{3,}")
_REPEATED = pattern(r"\b([^\W\d]\w*)(?:([\s,.!?…-]+)\1\b){3,}", re.IGNORECASE)
_COMMAND = pattern(r"^[\s.]*[/!\\][\s/!.\\]*|^\.(?=[^\W\d])")
_TURNS = pattern("[\u202b\u202e\u2067]")
"""Makes what follows be read from its end."""
_ONLY_LINKS = pattern(r"(?:\W*\blink\b)+\W*")


def check(
    clause: str,
    *,
    gate: GateRules,
    before: Sequence[str] = (),
    seen: Sequence[str] = (),
    speaker: Sequence[str] = (),
) -> Checked:
    """What of the clause may be spoken; checking the result again changes nothing.

    `before` has the clauses that went out already, and `seen` what was seen of them: what becomes
    forbidden only together with the last two of them blocks this one. `speaker` has the names of
    who says it.
    """
    rule: str | None = None
    changed: dict[Change, None] = {}
    clause = clause[: gate.max_chars * 4]
    reading, tier, visible = Reading(clause), "", ""
    for _ in range(_MOST_PASSES):
        text = reading.text
        cleaned, found, taken = _clean(text, gate, speaker)
        rule = rule or found
        changed.update(dict.fromkeys(taken))
        if cleaned == text or taken:
            whole = Reading(speakable(text)) if taken else reading
            listed = gate.words.find_all(whole)
            if any(each.tier == "block" for each in listed):
                return Checked(None, "words", "blocked", "block")
            masked = _replaced(whole.text, listed, SAID_INSTEAD)
            visible = visible or masked
            if listed:
                cleaned, rule, tier = masked, rule or "words", "mask"
            elif cleaned == text:
                break
        reading = Reading(cleaned)
    else:
        return Checked(None, "unstable", "blocked")
    if not tier and _TURNS.search(clause) and (read := gate.words.find(clause)):
        return Checked(None, "words", "blocked", read.tier)
    if not any(map(str.isalnum, text)) or (rule and _ONLY_LINKS.fullmatch(text)):
        return Checked(None, rule or "empty", "blocked")
    if stopped := _stopped(reading, before, gate):
        return stopped
    visible, shown = visible if changed else text, seen or before
    differs = visible != text or [*shown][-_WINDOW:] != [*before][-_WINDOW:]
    if differs and (stopped := _stopped(Reading(visible), shown, gate)):
        return stopped
    return Checked(text, rule, "masked" if rule else "passed", tier, tuple(changed), visible)


def check_input(text: str | Reading, *, gate: GateRules) -> Checked:
    """What of a text that comes in may be prompted, shown and remembered.

    Listed words and what must stay private become `…`; links stay. Nothing is stopped but a text
    of which nothing is left. The result passes unchanged.
    """
    reading, rule, tier = read(text), None, ""
    if len(reading.text) > LONGEST_INPUT:
        reading, rule = Reading(reading.text[:LONGEST_INPUT]), "length"
    for _ in range(_MOST_PASSES):
        kept = reading.text
        if spots := gate.words.find_all(reading):
            rule, tier = rule or "words", tier or min(each.tier for each in spots)
            reading = Reading(_replaced(kept, spots, SHOWN_INSTEAD))
        changed, found = personal.mask(reading, private=gate.private, discreet=gate.discreet)
        if found:
            rule, tier = rule or found.rule, tier or found.tier
        if changed == kept:
            break
        reading = Reading(changed)
    else:
        return Checked(None, rule, "blocked", tier)
    if rule and not any(map(str.isalnum, kept)):
        return Checked(None, rule, "blocked", tier)
    return Checked(kept, rule, "masked" if rule else "passed", tier)


def _stopped(clause: Reading, before: Sequence[str], gate: GateRules) -> Checked | None:
    """The verdict on a clause that must not be spoken, alone or after what was."""
    spoken = " ".join([*before][-_WINDOW:])
    window = Reading(f"{spoken} {clause.text}") if spoken else clause
    if gate.canary and _tells(window, gate.canary):
        return Checked(None, "canary", "blocked")
    found = personal.find(clause, private=gate.private, discreet=gate.discreet)
    if found is None and spoken:
        for match in gate.words.find_all(window):
            if match.start < len(spoken) + 1 < match.end:
                return Checked(None, "words", "blocked", match.tier)
        found = personal.find(window, private=gate.private, discreet=gate.discreet)
        if found and personal.find(spoken, private=gate.private, discreet=gate.discreet):
            found = None  # it was let out with that, nothing is added here
    return Checked(None, found.rule, "blocked", found.tier) if found else None


def _tells(reading: Reading, canary: str) -> bool:
    """Is the canary in it, in any spelling, also from its end?"""
    wanted, said = code_keys(fold(canary))[-1], code_keys(reading.form(fold))
    return bool(wanted) and any(wanted in told or wanted[::-1] in told for told in said)


def _replaced(text: str, spots: Sequence[Match], by: str) -> str:
    """The text with these spots replaced; overlapping ones are one."""
    parts: list[str] = []
    done = 0
    for each in sorted(spots, key=lambda spot: (spot.start, -spot.end)):
        if each.end <= done:
            continue
        if each.start >= done:
            parts += [text[done : each.start], by]
        done = each.end
    return "".join((*parts, text[done:]))


def _clean(
    text: str, gate: GateRules, speaker: Sequence[str]
) -> tuple[str, Rule | None, tuple[Change, ...]]:
    """One pass of all rules, the first one that found something, and what was no speech."""
    line = one_line(text)
    bare = without_tokens(line)
    said = clean(bare, speaker=speaker)
    visible = speakable(said.text)
    unlinked = _LINK.sub("link", visible)
    calm = _REPEATED.sub(r"\1\2\1\2\1", _STRETCHED.sub(r"\1\1\1", unlinked))
    spoken = " ".join(_COMMAND.sub("", calm).split())
    short = spoken
    if len(spoken) > gate.max_chars:
        short = (spoken[: gate.max_chars + 1].rpartition(" ")[0] or spoken)[: gate.max_chars]
    changes: tuple[tuple[Rule, bool], ...] = (
        ("control", visible != folded_form(said.text)),
        ("marker", bare.split() != line.split()),
        ("link", unlinked != visible),
        ("repeats", calm != unlinked),
        ("command", spoken != calm),
        ("length", short != spoken),
    )
    found = next((rule for rule, changed in changes if changed), None)
    taken: tuple[Change, ...] = ("mark",) if line.split() != text.split() else ()
    return short, found, (*taken, *said.changed)
