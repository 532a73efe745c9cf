"""What somebody says of what is theirs: pets, plans, exams, family and things."""

from __future__ import annotations

from collections.abc import Mapping

from pickled.language.facts.rule import I_AM, Rule, Told, clause, named
from pickled.language.facts.words import words

_EMPTY_STATES = words(
    "cute adorable good great nice cool awesome amazing best funny here there back my your"
    " right wrong bad weird like trash insane crazy so the not"
)
_VERY = words("so very really too a an")


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
    where = f" {part['to'].lower()} {named(part['place'])}" if part.get("place") else ""
    if verb in ("going", "driving", "leaving", "traveling", "travelling") and not where:
        return None
    return f"plan:{verb}", f" is {verb}{where}"


def _passed(part: Mapping[str, str]) -> Told:
    verb = part["verb"].lower()
    return part["what"].lower(), f" {verb} their {part['what'].lower()}"


LIFE_RULES: tuple[Rule, ...] = (
    Rule(
        "has",
        clause(
            r"(?:i\ (?:just\ )?(?:have|own|adopted|got)|i've\ got|ive\ got|we\ (?:have|adopted))\ "
            r"(?P<count>an?|two|three|four|five)\ (?P<kind>[a-z]{3,12}\ )?(?P<what>{pets}|"
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
        clause(
            r"my\ (?P<what>{pets})(?:'s\ name\ is|\ is\ (?:called|named))\ "
            r"(?P<name>[^\W\d_]{2,20})"
        ),
        _pet_name,
        0.85,
        of_people=False,
    ),
    Rule(
        "has",
        clause(
            r"my\ (?:(?:little|old|poor|baby|new)\ )?(?P<what>{pets})\ "
            r"(?P<name>(?-i:[A-Z][^\W\d_]{1,19}))(?:\ .*)?"
        ),
        _pet_name,
        0.75,
        of_people=False,
        more=True,
    ),
    Rule(
        "state",
        clause(
            r"my\ (?:(?:little|old|poor|baby|new)\ )?(?P<what>{pets})"
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
        clause(
            r"my\ (?:(?P<kind>[a-z]{3,14}|(?:{family})'s)\ )?(?P<what>{events})\ "
            r"(?P<verb>is|are|starts|begins|ends)(?:\ (?:coming\ up|due))?"
        ),
        _event,
        0.85,
        plan=True,
        needs_time=True,
    ),
    Rule(
        "plan",
        clause(
            r"(?:i\ (?:have|got)|i've\ got|ive\ got)\ (?:an?\ |my\ |the\ )?"
            r"(?:(?P<kind>[a-z]{3,14})\ )?(?P<what>{events})"
        ),
        _event,
        0.8,
        plan=True,
        needs_time=True,
    ),
    Rule(
        "plan",
        clause(
            rf"{I_AM}\ (?P<verb>flying|travell?ing|moving|driving|going|leaving|heading|visiting)"
            r"(?:\ (?P<to>to|for)\ (?P<place>\S+(?:\ \S+){0,2}))?"
        ),
        _going,
        0.75,
        plan=True,
        needs_time=True,
    ),
    Rule(
        "plan",
        clause(rf"{I_AM}\ (?P<verb>flying|moving)\ (?P<to>to)\ (?P<place>\S+(?:\ \S+){{0,2}})"),
        _going,
        0.7,
    ),
    Rule(
        "plan",
        clause(rf"{I_AM}\ (?P<verb>getting\ married|graduating)"),
        lambda part: (f"plan:{part['verb'].lower()}", f" is {part['verb'].lower()}"),
        0.8,
        plan=True,
    ),
    Rule(
        "state",
        clause(
            r"(?:i\ (?:just\ |finally\ )*(?P<verb>passed|failed|aced)\ (?:my|the)\ "
            r"(?:[a-z]{3,14}\ )?(?P<what>{events}))"
        ),
        _passed,
        0.8,
    ),
    Rule(
        "state",
        clause(r"i\ (?:just\ |finally\ )*(?P<what>got\ married|graduated|got\ engaged|retired)"),
        lambda part: (f"did:{part['what'].lower()}", f" {part['what'].lower()}"),
        0.8,
    ),
    Rule(
        "state",
        clause(
            r"my\ (?P<what>{things})\ (?P<verb>broke\ down|died|crashed|was\ stolen|got\ stolen"
            r"|is\ broken|is\ finished|is\ done|won|just\ opened)"
        ),
        _state,
        0.7,
        of_people=False,
    ),
    Rule(
        "state",
        clause(
            r"my\ (?P<what>{family})\ (?P<verb>is)\ "
            r"(?P<state>visiting|coming\ over|moving\ out|moving\ in|getting\ married"
            r"|an?\ (?:{jobs}))"
        ),
        _state,
        0.65,
        plan=True,
    ),
)
