"""Takes out of an answer what is no speech: pictures, actions, marks, the speaker's own name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pickled.language.normalization.actions import without_actions
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

Change = Literal["picture", "action", "mark", "name"]
"""What was taken out: emoji and smileys; what it does; what formats a text; its own name."""

_KEPT_SIGNS = frozenset("°+=<>~^`|€$£¥₹₩×÷−½¼¾")
"""Symbols by their category that are spoken, or that the marks decide about."""

_GONE = "\ue000"
"""Stands where something was taken out until the end; no text that comes in has it."""
_WORD = r"[^\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Of scripts that set their words apart."""

_RULE = pattern(r"[\s|:+*_=#~`-]*[|*_=#~`-]{2}[\s|:+*_=#~`-]*\w*")
"""A line of a table, across the page, or around code."""
_LINE_MARK = pattern(r"\s*(?:(?:[-*+•‣▪◦–—>|]|#{1,6})\s+|\|)+")
_TAG = pattern(r"</?[A-Za-z][^<>]{0,60}>")
_LABELLED = pattern(r"\[([^\[\]]{1,80})\]\(([^()\s]{1,200})\)")
_FACE = pattern(
    r"""(?<![^\W_])(?:[^\s\w"'“”«»()\[\].,!?…-]|_){0,4}[^\s"'“”«»()\[\].,!?…]?
    \((?=[^()\[\]]{0,11}(?:ツ|[^\w\s()\[\]'",.!?%$€£#/:;&+=°*-]|_\s*\)))[^()\[\]]{1,12}\)
    [^\s"'.,!?…()]{0,4}(?:\s?[︵┻━┳]+)*""",
    re.VERBOSE,
)
"""Faces of signs: (^_^), ¯\\_(ツ)_/¯."""
_EMPHASIS = pattern(
    rf"(?<!{_WORD})(?<![*~`])([*_~`]{{1,3}})(?=\S)([^*~`]+?)(?<=\S)\1(?!{_WORD}|[*~`])"
)
_LOOSE_MARK = pattern(
    r"(?<![\w*~`#])[*~`_]+(?=[\w\"'“(¿¡!])|(?<=[^\W\d])`+(?!\w)"
    r"|(?<![\w*~`])(?<!\d )[*~`_]+(?!\w| \d)"
)
_ARROW = pattern(r"\s*(?:<?[-=]{1,3}>|<[-=]{1,3})\s*")
_BAR = pattern(r"\s*\|+\s*")
_BRACKETS = pattern(r"(?<=\w)[\[\]{}]+(?=\w)|(?P<outer>[\[\]{}]+|\\(?=[\W_]))")
_CALLED = pattern(r"(?<![\w.])@(?=\w)|(?<![\w&])#(?=[^\W\d])|(?<!\w)#+(?!\w)")
_GLUED = pattern(r"(?<=[^\W_])_+(?=[^\W_])|(?<![^\W_])_+(?=\w)|(?<=\w)_+(?![^\W_])")
_HOLES = pattern(rf"{_GONE}[{_GONE}\u200d\U000e0020-\U000e007f]+")
"""Emoji may be made of several, with joiners and tags between."""
_HOLE = pattern(
    rf"""\(\s*{_GONE}[\s{_GONE}]*\)          # brackets around it
    | \s*{_GONE}[\s{_GONE}]*(?=[,.!?;:…)\]”’»」。！？、，])(?<!\s)
    | (?<=[¡¿(\[“„«「])\s*{_GONE}[\s{_GONE}]*
    | \s*{_GONE}(?="(?:[\s.,!?]|$))""",
    re.VERBOSE,
)
_LEFT_IN_FRONT = pattern(rf"^[\s{_GONE}]*(?!\.\.)[,.;:!?…)]*[\s{_GONE}]+")
_DOUBLED = pattern(rf"([,;:])(?:[\s{_GONE}]*[,;:])+|[,;:]\s*{_GONE}\s*(?=[.!?…])")
_OPEN_MARK = pattern(r"(?<!\w)\*{1,3}(?=[^\s*])|[\[(](?=\S)")

LONGEST_SPAN = 80
"""Characters: what is open for longer was no span."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is said of a text, and what was taken out."""

    text: str
    changed: tuple[Change, ...] = ()


def clean(text: str, *, speaker: Sequence[str] = ()) -> Cleaned:
    """One line as it is said by a speaker of these names; it may be empty."""
    said = text
    changed: list[Change] = []
    for change, step in _STEPS_IF_PLAIN if _is_plain(text) else _STEPS:
        before, said = said, step(said)
        if said != before and change not in changed:
            changed.append(change)
    named, said = said, _without_name(said, speaker)
    if named != said:
        changed.append("name")
    return Cleaned(_tidy(said) if changed else said, tuple(changed))


def one_line(text: str) -> str:
    """The lines of a text as one: without bars, bullets, headings, and no two run together."""
    if "\n" not in text and "\r" not in text:
        return _LINE_MARK.sub("", text, count=1) if _LINE_MARK.match(text) else text
    said = ""
    for line in text.splitlines():
        if _RULE.fullmatch(line):
            continue
        marked = _LINE_MARK.match(line)
        words = (line[marked.end() :] if marked else line).rstrip("| ")
        if not words.strip():
            continue
        if said and said.rstrip()[-1:].isalnum():
            said = said.rstrip() + ("," if marked else ".")
        said += " " + words
    return said


def open_span(text: str) -> bool:
    """Does a text end within brackets or stars that may yet be closed?"""
    near = text[-LONGEST_SPAN:]
    found = [*_OPEN_MARK.finditer(near)]
    if not found:
        return False
    closer = {"[": "]", "(": ")"}.get(found[-1][0], "*")
    return closer not in near[found[-1].end() :]


@on_first_use
def _smileys() -> re.Pattern[str]:
    forms = sorted(listed("normalization/smileys"), key=len, reverse=True)
    return re.compile(rf"(?<![^\s.,!?])(?:{'|'.join(map(re.escape, forms))})(?=[\s.,!?…]|$)")


def _is_plain(text: str) -> bool:
    """Nothing but words and their punctuation: the usual case, told at once."""
    return text.isascii() and not set(text) & set("*_~`[]{}()<>|#@\\^=:;8x/+")


def _without_entities(text: str) -> str:
    if "&" not in text or ";" not in text:
        return text
    from html import unescape  # its table of names is as large as two of our modules

    return unescape(text)


def _without_tags(text: str) -> str:
    return _TAG.sub(_GONE, _LABELLED.sub(r"\1", text))


def _without_pictures(text: str) -> str:
    faceless = _FACE.sub(_GONE, text)
    return _HOLES.sub(_GONE, "".join(_GONE if _is_picture(each) else each for each in faceless))


def _without_smileys(text: str) -> str:
    return _smileys().sub(_GONE, text)


def _is_picture(character: str) -> bool:
    if character.isascii() or character in _KEPT_SIGNS:
        return False
    category = unicodedata.category(character)
    return category in ("So", "Sk", "Sm") or character in "\ufe0e\ufe0f\u20e3"


def _without_marks(text: str) -> str:
    while (bare := _EMPHASIS.sub(r"\2", text)) != text:
        text = bare
    text = _LOOSE_MARK.sub("", text)
    text = _BAR.sub(", ", _ARROW.sub(", ", text))
    text = _CALLED.sub("", _BRACKETS.sub(lambda found: " " if found["outer"] else "", text))
    return _GLUED.sub(" ", text)


def _without_name(text: str, speaker: Sequence[str]) -> str:
    """Without `John:` in front, as scripts have it."""
    for name in speaker:
        begins, rest = text[: len(name)], text[len(name) :].lstrip()
        if name and begins.casefold() == name.casefold() and rest[:1] in (":", "："):
            return rest[1:].lstrip()
    return text


def _tidy(text: str) -> str:
    """Spaces and punctuation where something was taken out, and nowhere else."""
    text = _LEFT_IN_FRONT.sub("", _HOLE.sub("", _DOUBLED.sub(r"\1", text)))
    return " ".join(text.replace(_GONE, " ").split())


_Steps = tuple[tuple[Change, Callable[[str], str]], ...]
_STEPS_IF_PLAIN: _Steps = (("picture", _without_smileys),)
_STEPS: _Steps = (
    ("mark", _without_entities),
    ("mark", _without_tags),
    ("action", partial(without_actions, by=_GONE)),
    ("picture", _without_pictures),
    ("picture", _without_smileys),
    ("mark", _without_marks),
)
