"""The rules by which facts are read from a clause: a pattern, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pickled.language.facts.words import EVENTS, FAMILY, JOBS, KINDRED, PETS, TASTES, THINGS, words

Told = tuple[str, str] | None
"""Subject and predicate; None: it was no fact after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of sentence is read."""

    kind: Literal["taste", "identity", "has", "state", "plan", "activity"]
    pattern: re.Pattern[str]
    """Matched from the start of a clause without its time."""
    tell: Callable[[Mapping[str, str]], Told]
    confidence: float
    plan: bool = False
    """The time belongs to what is told."""
    needs_time: bool = False
    of_people: bool = True
    """Then nothing of health is kept."""
    more: bool = False
    """The clause is read on by the next rules."""


_I_AM = r"(?:i'm|im|i\ am)(?:\ (?:just|also|actually|still|currently|really|now))?"
_I = r"i(?:\ (?:really|absolutely|just|also|actually|still|totally|always|usually|do|currently))*"
_OBJECT = r"(?P<thing>\S+(?:\ \S+){0,6})"
_VERBS = {
    "love": "loves", "adore": "adores", "like": "likes", "enjoy": "enjoys", "prefer": "prefers",
    "hate": "hates", "dislike": "dislikes", "can't stand": "can't stand",
    "cant stand": "can't stand", "don't like": "doesn't like", "dont like": "doesn't like",
    "play": "plays", "collect": "collects", "study": "studies", "teach": "teaches",
    "speak": "speaks", "run": "runs", "brew": "brews", "bake": "bakes", "paint": "paints",
    "knit": "knits", "write": "writes", "breed": "breeds", "grow": "grows", "build": "builds",
    "restore": "restores",
}  # fmt: skip
_EMPTY_STATES = words(
    "cute adorable good great nice cool awesome amazing best funny here there back my your"
    " right wrong bad weird like trash insane crazy so the not"
)
_VERY = words("so very really too a an")
_SLIGHT_TASTES = words("the a an it how seeing watching being")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{text})$", re.IGNORECASE | re.VERBOSE)


def _plain_article(text: str) -> str:
    return re.sub(r"^(?:a|an|the|some|their)\s+", "", text.casefold())


def _taste(part: Mapping[str, str]) -> Told:
    thing = part["thing"]
    first, *rest = thing.split()
    if first.casefold() in _SLIGHT_TASTES and not (rest and rest[0][0].isupper()):
        return None
    return f"taste:{_plain_article(thing)}", f" {_VERBS[part['verb'].casefold()]} {thing}"


def _activity(part: Mapping[str, str]) -> Told:
    thing, verb = part["thing"], part["verb"].casefold()
    if thing.split()[0].casefold() in ("on", "in", "with", "for", "at", "out", "away", "to", "a"):
        return None
    return f"{verb}:{_plain_article(thing)}", f" {_VERBS[verb]} {thing}"


def _job(part: Mapping[str, str]) -> Told:
    kind = part.get("kind", "").lower()
    if set(kind.split()) & _NO_KINDS:
        return None
    what = f"{kind} {part['job'].lower()}".strip()
    article = "an" if what[0] in "aeiou" else "a"
    return "job", f" is {article} {what}"


_NO_KINDS = words(
    "bad terrible shit shitty awful horrible good great real fake better worse best worst"
    " huge big little bit literal not former ex future wannabe fucking damn stupid dumb lot"
    " of for to in the your my his her their former retired"
)


def _place(subject: str, verb: str) -> Callable[[Mapping[str, str]], Told]:
    return lambda part: (subject, f" {verb} {_named(part['place'])}")


def _named(place: str) -> str:
    small = ("of", "and", "the", "upon")
    words = (
        word if word in small or word[:1].isupper() else word.title() for word in place.split()
    )
    return " ".join(words)


def _pet_name(part: Mapping[str, str]) -> Told:
    what, name = part["what"].lower(), part["name"].title()
    if name.lower() in _NO_NAMES:
        return None
    return f"name:{what}", f"'s {what} is called {name}"


_NO_NAMES = words(
    "is was has had got died ran just and or not will can does did loves hates never always"
    " still keeps looks likes wants needs passed turned won food toy too now again"
)


def _state(part: Mapping[str, str]) -> Told:
    what, verb, state = part["what"].lower(), part["verb"].lower(), part.get("state", "")
    first = next((each for each in state.casefold().split() if each not in _VERY), "")
    if verb in ("is", "was", "got") and (not first or first in _EMPTY_STATES):
        return None
    return f"state:{what}", f"'s {what} {verb} {state}".rstrip()


def _event(part: Mapping[str, str]) -> Told:
    what = part["what"].lower()
    verb = part.get("verb", "").lower() or ("are" if what in _PLURAL else "is")
    which = f"{part['kind'].lower()} " if part.get("kind") else ""
    return what, f"'s {which}{what} {verb}"


_PLURAL = frozenset({"exams", "finals", "holidays"})


def _going(part: Mapping[str, str]) -> Told:
    verb = part["verb"].lower()
    where = f" {part['to'].lower()} {_named(part['place'])}" if part.get("place") else ""
    if verb in ("going", "driving", "leaving", "traveling", "travelling") and not where:
        return None
    return f"plan:{verb}", f" is {verb}{where}"


def _passed(part: Mapping[str, str]) -> Told:
    verb = part["verb"].lower()
    return part["what"].lower(), f" {verb} their {part['what'].lower()}"


RULES: tuple[Rule, ...] = (
    Rule(
        "taste",
        _pattern(
            rf"{_I}\ (?P<verb>love|adore|like|enjoy|prefer|hate|dislike|can'?t\ stand"
            rf"|don'?t\ like)\ {_OBJECT}"
        ),
        _taste,
        0.8,
    ),
    Rule(
        "taste",
        _pattern(
            rf"my\ (?:all[ -]time\ )?fav(?:e|ou?rite)?\ (?P<what>{TASTES})\ (?:is|are)\ {_OBJECT}"
        ),
        lambda part: (
            f"favourite:{part['what'].lower()}",
            f"'s favourite {part['what'].lower()} is {part['thing']}",
        ),
        0.85,
    ),
    Rule(
        "identity",
        _pattern(
            rf"(?:{_I_AM}|{_I}\ work\ as|{_I_AM}\ working\ as)\ an?\ "
            rf"(?P<kind>[a-z-]{{2,20}}(?:\ [a-z-]{{2,20}})?\ )??(?P<job>{JOBS})"
            r"(?:\ (?:in|at|from|for|here|by)\b.*)?"
        ),
        _job,
        0.85,
    ),
    Rule(
        "identity",
        _pattern(rf"{_I_AM}\ (?:an?\ )?(?P<job>{KINDRED})(?:\ of\ .*)?"),
        lambda part: (
            f"is:{part['job'].lower()}",
            f" is {part['job'].lower()}"
            if part["job"].lower() in ("vegan", "vegetarian")
            else f" is a {part['job'].lower()}",
        ),
        0.75,
    ),
    Rule(
        "identity",
        _pattern(rf"{_I_AM}\ (?:originally\ )?from\ (?P<place>\S+(?:\ \S+){{0,3}})"),
        _place("origin", "is from"),
        0.8,
    ),
    Rule(
        "identity",
        _pattern(r"i(?:'m|\ am)?\ (?:live|living)\ in\ (?P<place>\S+(?:\ \S+){0,3})"),
        _place("home", "lives in"),
        0.75,
    ),
    Rule(
        "identity",
        _pattern(r"i\ (?:just\ )?moved\ to\ (?P<place>\S+(?:\ \S+){0,3})"),
        _place("home", "moved to"),
        0.8,
    ),
    Rule(
        "identity",
        _pattern(r"(?:my\ name\ is|my\ name's|call\ me)\ (?P<name>[A-Z][a-zà-ɏ]{1,19})"),
        lambda part: ("name", f" is called {part['name']}") if part["name"][0].isupper() else None,
        0.7,
    ),
    Rule(
        "activity",
        _pattern(rf"{_I_AM}\ (?P<verb>studying|learning|teaching|training\ for)\ {_OBJECT}"),
        lambda part: (
            f"{part['verb'].lower()}:{_plain_article(part['thing'])}",
            f" is {part['verb'].lower()} {part['thing']}",
        ),
        0.75,
    ),
    Rule(
        "activity",
        _pattern(
            rf"{_I}\ (?P<verb>play|collect|study|teach|speak|run|brew|bake|paint|knit|breed|grow"
            rf"|restore)\ {_OBJECT}"
        ),
        _activity,
        0.65,
    ),
    Rule(
        "has",
        _pattern(
            rf"(?:i\ (?:just\ )?(?:have|own|adopted|got)|i've\ got|ive\ got|we\ (?:have|adopted))\ "
            rf"(?P<count>an?|two|three|four|five)\ (?P<kind>[a-z]{{3,12}}\ )?(?P<what>{PETS}|"
            r"dogs|cats|puppies|kittens|rabbits|parrots|chickens|horses|snakes|ferrets)"
            r"(?:\ (?:named|called)\ (?P<name>[^\W\d_]{2,20}))?(?:\ (?:and|with|at|in)\ .*)?"
        ),
        lambda part: (
            f"has:{part['what'].lower()}",
            f" has {part['count'].lower()} "
            + (f"{part['kind'].strip().lower()} " if part.get("kind") else "")
            + part["what"].lower()
            + (f" called {part['name'].title()}" if part.get("name") else ""),
        ),
        0.8,
        of_people=False,
    ),
    Rule(
        "has",
        _pattern(
            rf"my\ (?P<what>{PETS})(?:'s\ name\ is|\ is\ (?:called|named))\ "
            r"(?P<name>[^\W\d_]{2,20})"
        ),
        _pet_name,
        0.85,
        of_people=False,
    ),
    Rule(
        "has",
        _pattern(
            rf"my\ (?:(?:little|old|poor|baby|new)\ )?(?P<what>{PETS})\ "
            r"(?P<name>(?-i:[A-Z][^\W\d_]{1,19}))(?:\ .*)?"
        ),
        _pet_name,
        0.75,
        of_people=False,
        more=True,
    ),
    Rule(
        "state",
        _pattern(
            rf"my\ (?:(?:little|old|poor|baby|new)\ )?(?P<what>{PETS})"
            r"(?:\ (?P<name>[A-Z][^\W\d_]{1,19}))?\ "
            r"(?P<verb>is|was|has\ been|got|died|passed\ away|ran\ away|had|turned|turns|won|needs"
            r"|escaped|survived|recovered|loves|hates)(?:\ (?P<state>\S+(?:\ \S+){0,5}))?"
        ),
        _state,
        0.75,
        of_people=False,
    ),
    Rule(
        "plan",
        _pattern(
            rf"my\ (?:(?P<kind>[a-z]{{3,14}}|(?:{FAMILY})'s)\ )?(?P<what>{EVENTS})\ "
            r"(?P<verb>is|are|starts|begins|ends)(?:\ (?:coming\ up|due))?"
        ),
        _event,
        0.85,
        plan=True,
        needs_time=True,
    ),
    Rule(
        "plan",
        _pattern(
            rf"(?:i\ (?:have|got)|i've\ got|ive\ got)\ (?:an?\ |my\ |the\ )?"
            rf"(?:(?P<kind>[a-z]{{3,14}})\ )?(?P<what>{EVENTS})"
        ),
        _event,
        0.8,
        plan=True,
        needs_time=True,
    ),
    Rule(
        "plan",
        _pattern(
            rf"{_I_AM}\ (?P<verb>flying|travell?ing|moving|driving|going|leaving|heading|visiting)"
            r"(?:\ (?P<to>to|for)\ (?P<place>\S+(?:\ \S+){0,2}))?"
        ),
        _going,
        0.75,
        plan=True,
        needs_time=True,
    ),
    Rule(
        "plan",
        _pattern(rf"{_I_AM}\ (?P<verb>flying|moving)\ (?P<to>to)\ (?P<place>\S+(?:\ \S+){{0,2}})"),
        _going,
        0.7,
    ),
    Rule(
        "plan",
        _pattern(rf"{_I_AM}\ (?P<verb>getting\ married|graduating)"),
        lambda part: (f"plan:{part['verb'].lower()}", f" is {part['verb'].lower()}"),
        0.8,
        plan=True,
    ),
    Rule(
        "state",
        _pattern(
            rf"(?:i\ (?:just\ |finally\ )*(?P<verb>passed|failed|aced)\ (?:my|the)\ "
            rf"(?:[a-z]{{3,14}}\ )?(?P<what>{EVENTS}))"
        ),
        _passed,
        0.8,
    ),
    Rule(
        "state",
        _pattern(r"i\ (?:just\ |finally\ )*(?P<what>got\ married|graduated|got\ engaged|retired)"),
        lambda part: (f"did:{part['what'].lower()}", f" {part['what'].lower()}"),
        0.8,
    ),
    Rule(
        "state",
        _pattern(
            rf"my\ (?P<what>{THINGS})\ (?P<verb>broke\ down|died|crashed|was\ stolen|got\ stolen"
            r"|is\ broken|is\ finished|is\ done|won|just\ opened)"
        ),
        _state,
        0.7,
        of_people=False,
    ),
    Rule(
        "state",
        _pattern(
            rf"my\ (?P<what>{FAMILY})\ (?P<verb>is)\ "
            rf"(?P<state>visiting|coming\ over|moving\ out|moving\ in|getting\ married"
            rf"|an?\ (?:{JOBS}))"
        ),
        _state,
        0.65,
        plan=True,
    ),
)
"""The first that fits is taken."""
