"""How a voice shows an emotion: tables beside this file, one for each kind of voice that can.

`emotion = what that kind is told`, with `# comment`; an emotion that is not there is neutral.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pickled.messages.emotion import Emotion
from pickled.text_files import read_text


def told(kind: str, emotion: Emotion) -> str:
    """What that kind of voice is told for it; empty for nothing."""
    return _table(kind).get(emotion, "")


@cache
def _table(kind: str) -> dict[str, str]:
    lines = read_text(Path(__file__).parent / f"{kind}.txt").splitlines()
    pairs = (each.partition("=") for each in lines if each and not each.startswith("#"))
    return {emotion.strip(): meaning.strip() for emotion, _, meaning in pairs}
