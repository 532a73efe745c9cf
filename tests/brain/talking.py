"""Talk with pauses, a recognizer that ends pieces at them, and when the floor is free."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pickled.brain.dialogue import StreamersTurn
from pickled.brain.floor import Streamer, pause_after
from pickled.language.address import named
from pickled.messages.speech import Speech
from tests.brain.stage import START

CORPORA = Path(__file__).parents[1] / "corpora"
NAMES = ("john",)

WORDS_PER_S = 2.8
ENDS_AFTER_S = 0.5
"""Of silence; then a recognizer says that something is over."""
LATE_S = 0.1
"""So much later it is heard of."""
ANSWER_S = 0.45
"""A model and a voice take so long to the first sound, if they are asked when the turn is over."""


@dataclass(frozen=True)
class Begun:
    """A turn of the streamer, and when the co-host might have begun to be heard."""

    text: str
    pauses: int
    """In mid-turn."""
    false: int
    """Of these so many in which it would have begun."""
    after_s: float
    """From the streamer's true end on."""


def turns_of(name: str) -> list[list[str]]:
    """The turns of a corpus, in pieces."""
    lines = (CORPORA / name).read_text(encoding="utf-8").splitlines()
    return [[piece.strip() for piece in line.split("|")] for line in lines if line[:1] != "#"]


def talked(pieces: list[str], dice: random.Random, *, marks: bool) -> Begun:
    """Let it be said, with pauses of 0.2 to 1.5 s; `marks`: the recognizer writes punctuation."""
    floor, turn = Streamer(), StreamersTurn()
    pauses = [dice.uniform(0.2, 1.5) for _ in pieces[1:]]
    false, now, before = 0, 100.0, list[str]()
    for number, piece in enumerate(pieces):
        now = _say(floor, turn, piece, before, now, marks=marks)
        pause = pauses[number] if number < len(pauses) else 60.0
        before.append(piece)
        if pause < ENDS_AFTER_S:
            now += pause
            continue
        heard = now + ENDS_AFTER_S + LATE_S
        _hear(floor, turn, "final", _written(before, marks=marks), heard)
        before = []
        if number == len(pieces) - 1:
            free = max(heard + ANSWER_S, floor.breath_until)
            return Begun(" | ".join(pieces), len(pauses), false, free - now)
        false += max(heard + ANSWER_S, floor.breath_until) < now + pause + LATE_S
        now += pause
    raise AssertionError("a turn has an end")


def _say(
    floor: Streamer, turn: StreamersTurn, piece: str, before: list[str], now: float, *, marks: bool
) -> float:
    """Its words as they are recognized; when its last word ends."""
    _hear(floor, turn, "interim" if before else "started", _written(before, marks=False), now)
    words = piece.split()
    for count in range(1, len(words) + 1):
        now += 1 / WORDS_PER_S
        text = _written([*before, " ".join(words[:count])], marks=False)
        _hear(floor, turn, "interim", text, now)
    return now


def _written(pieces: list[str], *, marks: bool) -> str:
    text = " ".join(pieces)
    if not marks:
        return text.replace(",", "").replace("?", "").replace(".", "").lower()
    return text if text[-1:] in ".?,!" else text + "."


def _hear(floor: Streamer, turn: StreamersTurn, kind: str, text: str, now: float) -> None:
    ts = START + timedelta(seconds=now)
    speech = Speech.model_validate({"ts": ts, "event_type": kind, "text": text})
    whole = turn.take(speech, said=now)
    to_us = named(whole, NAMES)
    pause = pause_after(whole, to_us=to_us, names=NAMES) if kind == "final" else None
    floor.hear(speech, now=now, to_us=to_us, pause=pause)


def evening(name: str, *, seed: int, times: int = 20) -> Iterator[Begun]:
    """The turns of a corpus, again and again with other pauses."""
    dice = random.Random(seed)
    for number in range(times):
        for pieces in turns_of(name):
            yield talked(pieces, dice, marks=number % 2 == 0)
