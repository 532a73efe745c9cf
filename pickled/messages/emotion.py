"""The emotions that an answer can carry."""

from __future__ import annotations

from typing import Literal, get_args

Emotion = Literal[
    "neutral",
    "happy",
    "excited",
    "sad",
    "angry",
    "surprised",
    "confused",
    "thinking",
    "love",
    "laugh",
]
EMOTIONS: tuple[Emotion, ...] = get_args(Emotion)
