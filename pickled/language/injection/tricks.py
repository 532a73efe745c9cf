"""Finds tricks that others' words try on the model, and cuts them out of what a prompt quotes."""

from __future__ import annotations

from collections.abc import Iterator

from pickled.language.injection import disguise
from pickled.language.injection.comparable import echo_words
from pickled.language.injection.trick_rules import (
    form_rules,
    latin_rules,
    script_rules,
)
from pickled.language.reading import Reading, read
from pickled.patterns import on_first_use, pattern

_WORD = pattern(r"[^\W_]+")
_FORM = pattern(r"[<>\[\]{}\"'“”#=:：|/!(`*~-]")
_SHOUTED = pattern(r"(?<=[a-z])(?=[A-Z])")
_INNER_CAPITAL = pattern(r"[a-z][A-Z]")
_JOINED = pattern(r"[^\W_](?:[._+~/\\-][^\W_]+){2}")
_JOINING = pattern(r"[._+~/\\-]")
_JOINED_ORDER = pattern(
    r"(?i:say|yell|shout|repeat|tell)(?:[._+~-][^\W_]+){3,}|(?:Say|Yell|Shout|Repeat)(?:[A-Z][a-z]+){3,}"
)
_JOINT = pattern(r"(?<=\w)[._+~/\\-]|_")
_LONG_WORD = 12
"""Letters of a word that may be several."""
_STARTS = pattern(r"(?<=[.!?;…])\s+|\n+|\s+[|/]{1,2}\s+")
_POINTS_BACK = pattern(
    r"\b(?:that|this|above|before|previous|earlier|first|last|said|wrote|it|my|these|those|words?"
    r"|das|davor|eso|anterior|cela|precedent)\b"
)

_TELLTALE = """
    ignore repeat instructions instruction previous prompt system rules disregard forget pretend
    following sentence exactly everyone streamer obey say after from now
""".split()  # noqa: SIM905
"""Words that betray an order even backwards or rotated."""
_MIRRORED = frozenset(each[::-1] for each in _TELLTALE if len(each) > 3)
_ROTATED = frozenset(disguise.rotated(each) for each in _TELLTALE if len(each) > 2)
_TURNED = 0.3
"""Share of the words; the rest are names and rare words."""


def trick(text: str | Reading) -> str | None:
    """The kind of trick that a quoted text tries on the model, if it tries one.

    `override repeat role authority reveal format encoded complete memory action`. Honest requests
    ("say hi to my mom") are none. Only the first 2,000 characters are looked at.
    """
    reading = read(text)
    if len(reading.text) > disguise.LONGEST:
        reading = Reading(reading.text[: disguise.LONGEST])
    text, flat = reading.text, reading.form(disguise.flat)
    words = _WORD.findall(flat)
    if kind := _plain(flat, words):
        return kind
    unveiled = map(disguise.flat, _unveiled(text, flat, words))
    if any(_plain(each, _WORD.findall(each)) for each in unveiled):
        return "encoded"
    if _JOINED_ORDER.fullmatch(text):
        return "repeat"
    return "encoded" if _is_turned(words) or _is_coded(text, words) else None


def without_tricks(text: str) -> tuple[str, str | None]:
    """The text as a prompt may quote it, and the kind of trick that was in it.

    What comes before the trick stays if it is honest by itself and the trick does not refer to it;
    from the trick on everything goes. Empty when nothing is left.
    """
    kind = trick(text)
    if kind is None:
        return text, None
    kept = ""
    if kind != "encoded" and (starts := [each.end() for each in _STARTS.finditer(text)]):
        for end in starts:
            if trick(text[:end]):
                break
            kept = text[:end]
        if kept and _POINTS_BACK.search(disguise.flat(text[len(kept) :])):
            kept = ""
    return kept.strip(), kind


def _plain(flat: str, words: list[str]) -> str | None:
    """The first rule that the text as it stands breaks."""
    rules_of = latin_rules()
    if not rules_of.keys().isdisjoint(words):
        triggers = [word for word in words if word in rules_of]
        for rule in dict.fromkeys(rule for word in triggers for rule in rules_of[word]):
            if rule.pattern.search(flat):
                return rule.kind
    if _FORM.search(flat):
        markup, _ = form_rules()
        if markup.pattern.search(flat):
            return markup.kind
    if not flat.isascii():
        for rule in script_rules():
            if rule.pattern.search(flat):
                return rule.kind
    if max(map(len, words), default=0) >= _LONG_WORD:
        _, glued = form_rules()
        if any(map(glued.pattern.search, words)):
            return "override"
    return None


def _unveiled(text: str, flat: str, words: list[str]) -> Iterator[str]:
    """The text as it reads without its disguise, where it seems to wear one."""
    if (latin := disguise.latin(flat, words)) != flat:
        yield latin
        words = _WORD.findall(latin)
    if (not text.islower() and _INNER_CAPITAL.search(text)) or _is_joined(text):
        yield _SHOUTED.sub(" ", _JOINT.sub(" ", text))
    if not _MIRRORED.isdisjoint(words):
        yield latin[::-1]
    if not _ROTATED.isdisjoint(words):
        yield disguise.rotated(latin)
    if not text.isascii() and (upright := disguise.upright(text)) != text[::-1].lower():
        yield upright


def _is_joined(text: str) -> bool:
    return _JOINING.search(text) is not None and _JOINED.search(text) is not None


def _is_turned(words: list[str]) -> bool:
    """Whether many words are common ones backwards or rotated, and hardly one as it stands."""
    common, *turned = _common_words()
    for each in turned:
        count = len(each.intersection(words))
        if count < 2:
            continue
        different = frozenset(words)
        if count >= _TURNED * len(different) and count > 2 * len(different & common):
            return True
    return False


@on_first_use
def _common_words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Common words, backwards, and rotated."""
    common = frozenset(each for each in echo_words("common") if len(each) > 2)
    mirrored = frozenset(each[::-1] for each in common) - common
    return common, mirrored, frozenset(map(disguise.rotated, common)) - common


def _is_coded(text: str, words: list[str]) -> bool:
    return disguise.may_be_coded(text, words) and any(disguise.decoded(text))
