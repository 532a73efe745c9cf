"""How long a chat line's feeling takes, beside VADER, and how many lines the mood takes in."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pickled.brain.mood import Mood
from pickled.language.feeling.emotes import bundled_emotes
from pickled.language.feeling.sentiment import sentiment
from pickled.language.reading import Readings
from pickled.messages.chat import ChatMessage
from tests.bench.figures import Figure

ABOUT = (
    "lines of 1 to 20 words drawn from emotes, slang, plain words and emoji, none twice; the best "
    "of five rounds over the same lines, one process; mood: 700 viewers at 1,000 lines a second, "
    "and the same with 300 texts that repeat, as chat does"
)
_SEED = 4
_PARTS = """
LUL OMEGALUL PogChamp forsenLove monkaS moon2CRY xyzHype 😂 ❤️ Kappa lol nice wow the a is this where
what game he not good bad very boring love stream music why please stop look at that dog street
train haha HAHA GO LETS !!! ??? thanks for
"""


async def measure(how: str) -> list[Figure]:
    """Ours, VADER's, and the mood's intake."""
    count = {"quick": 1_000, "bench": 5_000, "prove": 20_000}[how]
    dice, parts = random.Random(_SEED), _PARTS.split()
    lines = [" ".join(dice.choices(parts, k=dice.randint(1, 20))) for _ in range(count)]
    emotes = bundled_emotes()
    ours = _us_a_line(lambda text: sentiment(text, emotes=emotes), lines)
    vader = _us_a_line(SentimentIntensityAnalyzer().polarity_scores, lines)
    return [
        Figure(what="a line's feeling", value=ours, unit="µs", at_most=100),
        Figure(what="the same lines with VADER", value=vader, unit="µs"),
        Figure(what="sooner than VADER", value=vader / ours, unit="×"),
        Figure(what="mood, no line twice", value=_intake(lines), unit="lines/s"),
        Figure(
            what="mood, lines that repeat",
            value=_intake((lines[:300] * count)[:count]),
            unit="lines/s",
            at_least=20_000,
        ),
    ]


def _us_a_line(read: Callable[[str], object], lines: list[str]) -> float:
    rounds = []
    for _ in range(5):
        began = time.perf_counter()
        for each in lines:
            read(each)
        rounds.append(time.perf_counter() - began)
    return min(rounds) / len(lines) * 1e6


def _intake(lines: list[str]) -> float:
    now = datetime.now(UTC)
    messages = [
        ChatMessage(ts=now, id=str(number), user="u", user_id=str(number % 700), text=text)
        for number, text in enumerate(lines)
    ]
    mood, readings = Mood(bundled_emotes()), Readings()
    began = time.perf_counter()
    for number, message in enumerate(messages):
        mood.add(message, now=number / 1000, reading=readings.of(message.text))
    return len(messages) / (time.perf_counter() - began)
