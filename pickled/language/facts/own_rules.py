"""What somebody says of themselves: tastes, what they are, where they are from, what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pickled.language.facts.rule import I_AM, I_DO, OBJECT, Rule, Told, clause, named, plain_article
from pickled.language.facts.words import words

_VERBS = {
    "love": "loves", "adore": "adores", "like": "likes", "enjoy": "enjoys", "prefer": "prefers",
    "hate": "hates", "dislike": "dislikes", "can't stand": "can't stand",
    "cant stand": "can't stand", "don't like": "doesn't like", "dont like": "doesn't like",
    "play": "plays", "collect": "collects", "study": "studies", "teach": "teaches",
    "speak": "speaks", "run": "runs", "brew": "brews", "bake": "bakes", "paint": "paints",
    "knit": "knits", "write": "writes", "breed": "breeds", "grow": "grows", "build": "builds",
    "restore": "restores",
}  # fmt: skip
_SLIGHT_TASTES = words("the a an it how seeing watching being")


def _taste(part: Mapping[str, str]) -> Told:
    thing = part["thing"]
    first, *rest = thing.split()
    if first.casefold() in _SLIGHT_TASTES and not (rest and rest[0][0].isupper()):
        return None
    return f"taste:{plain_article(thing)}", f" {_VERBS[part['verb'].casefold()]} {thing}"


def _activity(part: Mapping[str, str]) -> Told:
    thing, verb = part["thing"], part["verb"].casefold()
    if thing.split()[0].casefold() in ("on", "in", "with", "for", "at", "out", "away", "to", "a"):
        return None
    return f"{verb}:{plain_article(thing)}", f" {_VERBS[verb]} {thing}"


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
    return lambda part: (subject, f" {verb} {named(part['place'])}")


OWN_RULES: tuple[Rule, ...] = (
    Rule(
        "taste",
        clause(
            rf"{I_DO}\ (?P<verb>love|adore|like|enjoy|prefer|hate|dislike|can'?t\ stand"
            rf"|don'?t\ like)\ {OBJECT}"
        ),
        _taste,
        0.8,
    ),
    Rule(
        "taste",
        clause(
            rf"my\ (?:all[ -]time\ )?fav(?:e|ou?rite)?\ (?P<what>{{tastes}})\ (?:is|are)\ {OBJECT}"
        ),
        lambda part: (
            f"favourite:{part['what'].lower()}",
            f"'s favourite {part['what'].lower()} is {part['thing']}",
        ),
        0.85,
    ),
    Rule(
        "identity",
        clause(
            rf"(?:{I_AM}|{I_DO}\ work\ as|{I_AM}\ working\ as)\ an?\ "
            rf"(?P<kind>[a-z-]{{2,20}}(?:\ [a-z-]{{2,20}})?\ )??(?P<job>{{jobs}})"
            r"(?:\ (?:in|at|from|for|here|by)\b.*)?"
        ),
        _job,
        0.85,
    ),
    Rule(
        "identity",
        clause(rf"{I_AM}\ (?:an?\ )?(?P<job>{{kindred}})(?:\ of\ .*)?"),
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
        clause(rf"{I_AM}\ (?:originally\ )?from\ (?P<place>\S+(?:\ \S+){{0,3}})"),
        _place("origin", "is from"),
        0.8,
    ),
    Rule(
        "identity",
        clause(r"i(?:'m|\ am)?\ (?:live|living)\ in\ (?P<place>\S+(?:\ \S+){0,3})"),
        _place("home", "lives in"),
        0.75,
    ),
    Rule(
        "identity",
        clause(r"i\ (?:just\ )?moved\ to\ (?P<place>\S+(?:\ \S+){0,3})"),
        _place("home", "moved to"),
        0.8,
    ),
    Rule(
        "identity",
        clause(r"(?:my\ name\ is|my\ name's|call\ me)\ (?P<name>[A-Z][a-zà-ɏ]{1,19})"),
        lambda part: ("name", f" is called {part['name']}") if part["name"][0].isupper() else None,
        0.7,
    ),
    Rule(
        "activity",
        clause(rf"{I_AM}\ (?P<verb>studying|learning|teaching|training\ for)\ {OBJECT}"),
        lambda part: (
            f"{part['verb'].lower()}:{plain_article(part['thing'])}",
            f" is {part['verb'].lower()} {part['thing']}",
        ),
        0.75,
    ),
    Rule(
        "activity",
        clause(
            rf"{I_DO}\ (?P<verb>play|collect|study|teach|speak|run|brew|bake|paint|knit|breed|grow"
            rf"|restore)\ {OBJECT}"
        ),
        _activity,
        0.65,
    ),
)
