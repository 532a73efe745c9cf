"""Reads the opener of an answer that has it in a place of its own, and puts it before the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pickled.brain.answer_form import NO_OPENER
from pickled.brain.loose_json import Written
from pickled.brain.openers import fits
from pickled.messages.opener import Opener


def opened(written: Written, openers: Sequence[Opener]) -> Written:
    """The same with emotion and text alone; `openers` are all that the persona has.

    What is none of them, or does not fit the emotion, is left out: the text stands by itself.
    """
    if written.shape == "string":
        return replace(written, fields=_without_none(written))
    return _joined(written, openers) if "opener" in written.fields else written


def _joined(written: Written, openers: Sequence[Opener]) -> Written:
    fields = dict(written.fields)
    begun, text = (fields.pop("opener") or "").strip(), fields.get("text")
    if "text" in fields and text is None:
        return written
    emotion = (fields.get("emotion") or "").strip().lower()
    fitting = [each.text for each in openers if fits(each, emotion)]
    waits = written.growing == "opener" and (
        begun not in fitting or any(each != begun and each.startswith(begun) for each in fitting)
    )
    said = "" if waits or not begun.startswith(tuple(fitting)) else begun
    if text is None and not said:
        growing = None if written.growing == "opener" else written.growing
        return replace(written, fields=fields, growing=growing, rests=False)
    grows = text is None or written.growing == "text"
    fields["text"] = _before(said, text or "", grows=grows) if said else text
    return replace(written, fields=fields, growing="text" if grows else written.growing)


def _before(opener: str, text: str, *, grows: bool) -> str:
    """Both; the opener once, where the text begins with it, too."""
    rest = text.lstrip()
    if grows and opener.casefold().startswith(rest.casefold()):
        return f"{opener} "
    if rest.casefold().startswith(opener.casefold()):
        rest = rest[len(opener) :].lstrip()
    return f"{opener} {rest}"


def _without_none(written: Written) -> dict[str, str | None]:
    text = (written.fields.get("text") or "").lstrip()
    if text == NO_OPENER and written.growing:
        return {**written.fields, "text": ""}
    if text.startswith(f"{NO_OPENER} "):
        return {**written.fields, "text": text[len(NO_OPENER) :].lstrip()}
    return written.fields
