"""Looks up what an emote means: bundled names, a channel's own file, and how names are built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError

from pickled.errors import ConfigError
from pickled.language.tables import heads
from pickled.messages.base import Strict
from pickled.patterns import on_first_use, pattern
from pickled.yaml_lines import line_of, read

LONGEST_NAME = 64
"""Characters; Twitch allows 25, 7TV 100: a longer name than this has no meaning."""

LARGEST_FILE = 262_144
"""Characters; a larger file is refused unread."""

_OWN = pattern(r"[a-z][a-z0-9]{1,15}?(?P<rest>[A-Z][A-Za-z0-9]*)")
_FAMILY = pattern(
    r"(?:HYPER|OMEGA|GIGA|MEGA|wide|Wide|[Pp]epe?o?|peepo|Feels|monka|[Ww]eird)(?P<rest>.+)"
)
_PART = pattern(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class Emote:
    """What one name says."""

    name: str
    meaning: str
    """A few words, for a prompt."""
    valence: float
    """−1 … 1."""
    arousal: float
    """0 … 1."""


class EmoteEntry(Strict):
    """One name in a channel's own file."""

    meaning: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
    valence: float | None = Field(default=None, ge=-1, le=1, allow_inf_nan=False)
    arousal: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)


class Emotes:
    """Every name that is known, and rules for names that are built from known parts."""

    __slots__ = ("_folded", "_known")

    def __init__(self, known: Mapping[str, Emote]) -> None:
        self._known = dict(known)
        self._folded = {name.casefold(): each for name, each in known.items() if _distinct(name)}

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def meaning(self, name: str) -> Emote | None:
        """What the name says; None for what is no emote, or one whose name tells nothing.

        Exact names come first, then names in other capitals, then `prefixSuffix` of a channel.
        """
        if found := self._known.get(name):
            return found
        if not 2 < len(name) <= LONGEST_NAME or not name.isascii():
            return None
        return self._folded.get(name.casefold()) or self._built(name)

    def extended(self, more: Iterable[Emote]) -> Emotes:
        """These and more; a name in both means what `more` says."""
        return Emotes({**self._known, **{each.name: each for each in more}})

    def _built(self, name: str) -> Emote | None:
        if name[-1] == "W" and (plain := self._known.get(name[:-1])):
            return _named(name, plain)
        matched = _OWN.fullmatch(name) or _FAMILY.fullmatch(name)
        if matched is None:
            return None
        rest: str = matched["rest"]
        found = self._known.get(rest) or _suffixes().get(rest.casefold())
        if found is None:
            parts = [_suffixes().get(part.casefold()) for part in _PART.findall(rest)]
            found = next((part for part in reversed(parts) if part), None)
        if found is None and name.startswith("monka"):
            found = self._known.get("monkaS")
        return _named(name, found) if found else None


@on_first_use
def bundled_emotes() -> Emotes:
    """Twitch's global emotes, those of BTTV, FFZ and 7TV that chat uses most, faces and emoji."""
    return Emotes(_rows("feeling/emotes") | _rows("feeling/emoji"))


def parse_emotes(text: str, *, source: str, with_bundled: bool = True) -> Emotes:
    """The emotes of a YAML text: `name: meaning`, or `name: {meaning, valence, arousal}`.

    They add to the bundled ones and override them. Numbers that are not given are those of a
    bundled emote of the same meaning or the same name, else valence 0 and arousal 0.3.
    Raises ConfigError with `source:line: …`, one line per mistake.
    """
    if len(text) > LARGEST_FILE:
        raise ConfigError(f"{source}:1: a file of emotes has at most {LARGEST_FILE} characters")
    data, lines = read(text, source)
    found, wrong = [], []
    for name, value in data.items():
        try:
            found.append(_entry(name, value))
        except (ValidationError, ValueError) as error:
            where, what = _explain(error)
            wrong.append(f"{source}:{line_of((name, *where), lines)}: {name[:40]}: {what}")
    if wrong:
        raise ConfigError("\n".join(wrong))
    return (bundled_emotes() if with_bundled else Emotes({})).extended(found)


def _entry(name: str, value: Any) -> Emote:
    if not name or len(name) > LONGEST_NAME or len(name.split()) != 1 or not name.isprintable():
        raise ValueError(f"a name is one word of at most {LONGEST_NAME} characters")
    entry = EmoteEntry.model_validate(value if isinstance(value, dict) else {"meaning": value})
    like = _by_meaning().get(entry.meaning.casefold()) or bundled_emotes().meaning(name)
    valence = entry.valence if entry.valence is not None else like.valence if like else 0.0
    arousal = entry.arousal if entry.arousal is not None else like.arousal if like else 0.3
    return Emote(name, entry.meaning, valence, arousal)


def _explain(error: ValueError) -> tuple[tuple[str | int, ...], str]:
    if not isinstance(error, ValidationError):
        return (), str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    where = tuple(part for part in first["loc"] if isinstance(part, str | int))
    return where, f"{'.'.join(map(str, where))}: {first['msg']}"


@on_first_use
def _by_meaning() -> dict[str, Emote]:
    emotes = (*_rows("feeling/suffixes").values(), *_rows("feeling/emotes").values())
    return {word: each for each in emotes for word in (each.meaning, *each.meaning.split(", "))}


@on_first_use
def _suffixes() -> dict[str, Emote]:
    return {name.casefold(): each for name, each in _rows("feeling/suffixes").items()}


def _rows(table: str) -> dict[str, Emote]:
    """The emotes of a table of names under `meaning | valence | arousal`."""
    found: dict[str, Emote] = {}
    for head, names in heads(table).items():
        meaning, valence, arousal = head.split(" | ")
        found |= {name: Emote(name, meaning, float(valence), float(arousal)) for name in names}
    return found


def _named(name: str, like: Emote) -> Emote:
    return Emote(name, like.meaning, like.valence, like.arousal)


def _distinct(name: str) -> bool:
    """Can the name be told from a word when its capitals are lost?"""
    return len(name) >= 5 and name.isascii() and name.isalnum() and not name.istitle()
