"""Which voice fits a language, and a text by the letters that it is written in.

A package, because the modules beside it are the kinds of voices.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

LATIN = "LATIN"

_SAME = {"cmn": "zh", "no": "nb"}
"""Two names of one language."""

_WRITTEN_IN: Mapping[str, tuple[str, ...]] = {
    "CYRILLIC": ("ru", "uk", "bg", "sr", "mk", "be", "kk"),
    "CJK": ("zh", "ja"),
    "KANA": ("ja",),
    "HANGUL": ("ko",),
    "ARABIC": ("ar", "fa", "ur"),
    "HEBREW": ("he",),
    "GREEK": ("el",),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "BENGALI": ("bn",),
    "GURMUKHI": ("pa",),
    "GUJARATI": ("gu",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "KANNADA": ("kn",),
    "MALAYALAM": ("ml",),
    "SINHALA": ("si",),
    "THAI": ("th",),
    "MYANMAR": ("my",),
    "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",),
    "ETHIOPIC": ("am",),
}
"""Letters by the first word of their Unicode name → languages, the likeliest first."""

_TELLING = {"uk": "іїєґ", "be": "ў", "fa": "پچژگ", "ur": "ٹڈڑںے"}
"""Letters that only this one of several languages has."""


def fitting(language: str, voices: Sequence[str], languages: Mapping[str, str]) -> str | None:
    """The voice that speaks a language (`de`, `pt-BR`); None if the first one does, or none does.

    A persona's region decides where there is a voice of it; else any region of the language will.
    """
    wanted = _tag(language)
    tags = {name: _tag(languages[name]) for name in voices if name in languages}
    first = tags.get(voices[0], "")
    if first == wanted or first.startswith(f"{wanted}-"):
        return None
    same = next((name for name, tag in tags.items() if tag == wanted), None)
    if same is not None:
        return same
    if _primary(first) == _primary(wanted):
        return None
    return next((name for name, tag in tags.items() if _primary(tag) == _primary(wanted)), None)


def script(text: str) -> str:
    """What most letters of a text are: `LATIN`, `CYRILLIC`, `CJK`, `KANA` …"""
    if text.isascii():
        return LATIN
    letters = unicodedata.normalize("NFKC", text)
    found = Counter(map(_script, filter(str.isalpha, letters)))
    if found["KANA"]:  # without it, its other half would be Chinese
        found["KANA"] += found.pop("CJK", 0)
    return max(found, key=lambda each: (found[each], each == LATIN), default=LATIN)


def reading(
    text: str, voice: str, voices: Sequence[str], languages: Mapping[str, str]
) -> str | None:
    """That voice if it knows the letters of a text, else another one that does; None: none does."""
    letters = script(text)
    known = _WRITTEN_IN.get(letters, ())
    if letters == LATIN or _primary(_tag(languages.get(voice, ""))) in known:
        return voice
    told = set(text.lower())
    likely = sorted(known, key=lambda each: not told & set(_TELLING.get(each, "")))
    spoken: dict[str, str] = {}
    for name in filter(languages.__contains__, voices):
        spoken.setdefault(_primary(_tag(languages[name])), name)
    return next((spoken[each] for each in likely if each in spoken), None)


def _tag(language: str) -> str:
    primary, dash, rest = language.casefold().replace("_", "-").partition("-")
    return _SAME.get(primary, primary) + dash + rest


def _primary(tag: str) -> str:
    return tag.partition("-")[0]


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0]
    return "KANA" if first.startswith(("HIRAGANA", "KATAKANA")) else first
