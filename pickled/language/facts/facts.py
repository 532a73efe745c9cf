"""Reads from one chat message what its author tells of themselves, by rules, in English only.

Nothing is better than nonsense: what is not surely meant, and not surely about the author, is left
to the summary after the stream. Never kept: orders, commands, links, jokes, what bots write,
contact data and exact places, ages, and what is nobody's business (health of people, faith,
politics, money, crime). That a pet is ill is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pickled.language.bots import known_bots
from pickled.language.facts.life_rules import LIFE_RULES
from pickled.language.facts.own_rules import OWN_RULES
from pickled.language.facts.rule import Rule
from pickled.language.facts.times import WHEN, resolve
from pickled.language.facts.words import (
    ILL,
    NOT_MEANT,
    ORDERS,
    PLACE_OF_LIVING,
    SENSITIVE,
    any_of,
    no_place,
    not_a_thing,
    not_english,
)
from pickled.language.plain import speakable, without_markers
from pickled.messages.chat import ChatMessage
from pickled.patterns import pattern

Kind = Literal["taste", "identity", "has", "state", "plan", "activity", "told"]
"""`told`: found by a model."""

LONGEST_MESSAGE = 300
"""Characters; longer texts are mostly pasted."""

LONGEST_FACT = 120
"""Characters of a fact, without the name."""

MOST_FACTS = 4
"""That one message gives at most."""


_RULES = (*OWN_RULES, *LIFE_RULES)
"""The first that fits is taken."""


@dataclass(frozen=True, slots=True)
class FoundFact:
    """One fact about the author of a message."""

    kind: Kind
    subject: str
    """A newer fact of the same subject replaces this one: `job`, `state:dog`, `taste:ramen`."""
    predicate: str
    """What follows the name: ` loves ramen`, `'s dog is ill`."""
    confidence: float
    until: datetime | None = None
    """When a plan is over."""

    def told_of(self, name: str) -> str:
        """In the third person: `ana's dog is ill`."""
        return f"{name}{self.predicate}"


def from_message(message: ChatMessage) -> tuple[FoundFact, ...]:
    """The facts that a chat message tells of its author; nothing of a bot's."""
    if is_bot(message.user, message.badges):
        return ()
    text = message.text
    if message.fragments:
        if any(NOT_MEANT.search(each.text) for each in message.fragments if each.type == "emote"):
            return ()
        kept = (each.text for each in message.fragments if each.type in ("text", "mention"))
        text = "".join(kept)
    return extract(text, at=message.ts)


def extract(text: str, *, at: datetime) -> tuple[FoundFact, ...]:
    """The facts that an author tells of themselves; `at` is when, for "tomorrow" and the like."""
    if len(text) > LONGEST_MESSAGE or not _OF_ME.search(text):
        return ()
    plain = _plain(text)
    if plain is None:
        return ()
    found: dict[str, FoundFact] = {}
    for clause in _clauses(plain):
        for each in _read(clause, at):
            found.setdefault(each.subject, each)
    less = 0.7 if _LAUGHS.search(plain) else 1.0
    facts = [replace(each, confidence=round(each.confidence * less, 2)) for each in found.values()]
    return tuple(facts[:MOST_FACTS])


def is_fit(predicate: str) -> bool:
    """May that be kept of somebody? No orders, contact data, exact places, or private matters."""
    return bool(
        len(predicate) <= LONGEST_FACT
        and _LATIN.fullmatch(predicate)
        and not any(
            rule.search(predicate)
            for rule in (SENSITIVE, ORDERS, NOT_MEANT, PLACE_OF_LIVING, _LINK, _MANY_DIGITS, _AGE)
        )
        and (not ILL.search(predicate) or _OF_A_PET.match(predicate))
    )


def is_bot(user: str, badges: tuple[str, ...] = ()) -> bool:
    """Does a program write under that name?"""
    name = user.casefold()
    marked = any(badge.split("/", 1)[0] in ("bot", "bot-badge") for badge in badges)
    return marked or name in known_bots() or (name.endswith("bot") and name != "bot")


_OF_ME = pattern(r"(?<![\w'])(?:i|im|ive|my|me|we)(?!\w)|[^\x00-\x7f]", re.IGNORECASE)
_LAUGHS = pattern(r"\b(?:lol|lmao|rofl|haha\w*|xd|kek\w*|lul\w*)\b", re.IGNORECASE)
_LINK = pattern(r"://|\bwww\.|\w\.[a-z]{2,}\b|\w@\w", re.IGNORECASE)
_MANY_DIGITS = pattern(r"(?:\d[\s().-]?){5,}")
_AGE = pattern(r"\b\d{1,3}\s*(?:years?[\s-]old|yo|y/o|yrs?)\b", re.IGNORECASE)
_MENTION = pattern(r"@\w+[,:]?")
_QUOTED = pattern(r"[\"“”«»„]|(?:^|\s)'\w[^']*'(?:\s|$)")
_SENTENCE = pattern(r"(?<=[.!?;\n…])\s+|\s*[;\n…]+\s*|\s+(?:-|–|—)\s+|(?<=\w)[!.]+$")
_CLAUSE = pattern(
    r"\s*,\s*(?:and\s+|but\s+|so\s+)?|\s+(?:and|but|because|cause|cuz|bc|so)\s+(?=i\b|im\b|i'|my\b)",
    re.IGNORECASE,
)
_LEAD = pattern(
    r"^(?:(?:h+i+|hey+|hello+|yo|well|so|and|but|btw|tbh|honestly|actually|also|yeah|yes|yep|no|oh"
    r"|ok|okay|ha(?:ha)*|lol|lmao|ngl|fyi|guys|chat|everyone|same|fun\ fact|good\ (?:morning"
    r"|evening|news)|sad\ news|today|guess\ what|man|omg|wow|sorry|thanks?|hope)\b[\s,:!]*)+",
    re.IGNORECASE | re.VERBOSE,
)
_TAIL = pattern(
    r"\s+(?:lol|lmao|haha\w*|xd|tbh|ngl|though|tho|too|as\ well|btw|already|rn|right\ now|now"
    r"|so\ much|a\ lot|a\ bit|very\ much|the\ most|fr|man|guys|chat|again|also|:\S+|<3|\W+)$",
    re.IGNORECASE | re.VERBOSE,
)
_STOP = pattern(
    r"\s+(?:every(?:\ ?day)?|each|because|cause|cuz|bc|when|while|but|since|which|who|that"
    r"|though|than|after|before|until|unless|where|and\ then"
    r"|so\ (?:i|my|that|we)|and\ (?:i|my|it|we|he|she|they))\b.*$",
    re.IGNORECASE | re.VERBOSE,
)
_TIME = pattern(rf"\s*,?\s*\b({WHEN})(?:\s+at\s+\S+(?:\s?[ap]m)?)?$", re.IGNORECASE | re.VERBOSE)
_OF_A_PET = pattern(lambda: rf"'s (?:{any_of('pets')}) ")
_LATIN = pattern(r"[A-Za-zÀ-ɏ0-9'’&+.\- ]+")


def _plain(text: str) -> str | None:
    """The text to read, or None if it must not or can't be read."""
    plain = speakable(text).replace("’", "'")
    stripped = _MENTION.sub(" ", plain).strip()
    refused = (
        not stripped
        or stripped[0] in "!/?#$%^&*>"
        or without_markers(plain) != plain
        or any(rule.search(stripped) for rule in (_LINK, _MANY_DIGITS, _AGE, _QUOTED, ORDERS))
        or _is_shouted_or_repeated(stripped)
        or _is_foreign(stripped)
    )
    return None if refused else " ".join(stripped.split())


def _is_shouted_or_repeated(text: str) -> bool:
    letters = [each for each in text if each.isalpha()]
    loud = len(letters) > 12 and sum(map(str.isupper, letters)) > 0.6 * len(letters)
    said = text.casefold().split()
    return loud or (len(said) > 7 and len(set(said)) < 0.6 * len(said))


def _is_foreign(text: str) -> bool:
    letters = [each for each in text if each.isalpha()]
    latin = sum(each < "\u0250" for each in letters)
    said = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return latin < 0.9 * len(letters) or bool(said & not_english())


def _clauses(text: str) -> Iterator[str]:
    """Parts that stand for themselves; none of a sentence that asks or supposes something."""
    for sentence in _SENTENCE.split(text):
        if not sentence or sentence.rstrip().endswith("?") or NOT_MEANT.search(sentence):
            continue
        for part in _CLAUSE.split(sentence):
            clause = _LEAD.sub("", part.strip(" .!,:"))
            while (shorter := _TAIL.sub("", clause)) != clause:
                clause = shorter
            if clause:
                yield clause


def _read(clause: str, at: datetime) -> Iterator[FoundFact]:
    if SENSITIVE.search(clause):
        return
    bare, moment = clause, None
    if (found := _TIME.search(clause)) and (moment := resolve(found[1], said=at)):
        bare = clause[: found.start()]
    for rule in _RULES:
        match = rule.pattern.match(_STOP.sub("", bare))
        if not match or (rule.needs_time and moment is None):
            continue
        fact = _fact(rule, match.groupdict(), moment.text if moment and rule.plan else "")
        if fact is not None:
            yield replace(fact, until=moment.until if moment and rule.plan else None)
            if not rule.more:
                return


def _fact(rule: Rule, parts: dict[str, str | None], when: str) -> FoundFact | None:
    values = {name: _value(value or "") for name, value in parts.items()}
    if not all(_is_allowed(rule, name, value) for name, value in values.items() if value):
        return None
    told = rule.tell(values)
    if told is None:
        return None
    subject, predicate = told
    predicate = f"{predicate} {when}" if when else predicate
    if len(predicate) > LONGEST_FACT or not _LATIN.fullmatch(predicate):
        return None
    return FoundFact(rule.kind, subject.casefold()[:60], predicate, rule.confidence)


def _value(text: str) -> str:
    text = " ".join(text.split()).strip(" .'-")
    return re.sub(r"\bmy\b", "their", text, flags=re.IGNORECASE)


def _is_allowed(rule: Rule, name: str, value: str) -> bool:
    said = value.casefold().replace("'", " ").split()
    if name in ("thing", "state") and (len(said) > 7 or (set(said) - {"their"}) & not_a_thing()):
        return False
    if rule.of_people and ILL.search(value):
        return False
    return name != "place" or _is_place(value)


def _is_place(value: str) -> bool:
    said = value.casefold().split()
    exact = PLACE_OF_LIVING.search(value) or any(each.isdigit() for each in value)
    return not exact and len(said) <= 4 and not set(said) & no_place()
