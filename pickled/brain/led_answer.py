"""Reads an answer that begins with its emotion: a JSON string, a tuple, or plain text."""

from __future__ import annotations

from pickled.brain.loose_json import Shape, Written, ending, read_text, rests
from pickled.messages.emotion import EMOTIONS
from pickled.patterns import pattern

_WORD = "|".join(EMOTIONS)
_MARKED = rf"(?:\[\s*+((?i:{_WORD}))\s*+\]|\(\s*+((?i:{_WORD}))\s*+\)|((?i:{_WORD})):)[:,–-]?+\s*+"
"""An emotion that is marked as one; a word alone may be the first of a sentence."""

_FENCE = r"\s*+(?:```\w*+\s*+)?+"
_STRING = pattern(rf'{_FENCE}"\s*+(?:{_MARKED}|({_WORD})\s++)')
_WORD_ALONE = pattern(rf'{_FENCE}"\s*+({_WORD})"\s*+\Z')
_TUPLE = pattern(rf'{_FENCE}\[\s*+"\s*+((?i:{_WORD}))\s*+"\s*+,\s*+"')
_PLAIN = pattern(rf"{_FENCE}(?:{_MARKED}|({_WORD})\s++)(?=[^\s{{\[])")

_OF_A_STRING = ending(r"[^\S\n]*(?:\n|```)", r"[^\S\n]*`{0,2}\Z")
_IN_A_TUPLE = ending(r"\s*(?:,\s*[\"n]|\])", r"\s*(?:,\s*)?\Z")


def read_led(said: str, *, final: bool) -> Written | None:
    """The answer as far as it is written; None if it is none of these, or not yet."""
    if found := _STRING.match(said):
        emotion = found[1] or found[2] or found[3] or found[4]
        text, end = read_text(said, found.end(), _OF_A_STRING, final=final)
        rested = end is None and rests(said[found.end() :], sentence=False)
        return _written("string", emotion, text, ended=end is not None, rested=rested)
    if found := _TUPLE.match(said):
        text, end = read_text(said, found.end(), _IN_A_TUPLE, final=final)
        rested = end is None and rests(said[found.end() :])
        return _written("tuple", found[1], text, ended=end is not None, rested=rested)
    if (found := _PLAIN.match(said)) and not (found[4] and said[found.end()].islower()):
        text = said[found.end() :].partition("```")[0]
        if not final:
            text = text.rstrip("`")
        return _written("text", found[1] or found[2] or found[3] or found[4], text)
    if final and (found := _WORD_ALONE.match(said)):
        return _written("string", found[1], "")
    return None


def _written(
    shape: Shape, emotion: str, text: str, *, ended: bool = False, rested: bool = False
) -> Written:
    return Written(
        fields={"emotion": emotion, "text": text},
        growing=None if ended else "text",
        closed=ended,
        rests=rested,
        shape=shape,
    )
