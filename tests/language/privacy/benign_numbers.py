"""Lines full of numbers, names and street words that give nobody away."""

from __future__ import annotations

from itertools import product
from pathlib import Path

WHO = ("he", "she", "they", "we", "you", "the streamer", "Marco", "chat", "my brother", "nobody")
THINGS = (
    "viewers", "points", "bits", "subs", "yen", "euros", "steps", "people", "kills", "messages",
    "kilometers", "minutes", "followers", "dollars", "tries", "wins", "hours", "pushups",
)  # fmt: skip
NUMBERS = (
    "3", "7", "12", "24", "42", "66", "99", "101", "250", "404", "512", "747", "1080", "1337",
    "1,000", "1999", "2024", "5000", "10k", "12,345", "69420", "100000", "1,000,000", "3.14",
)  # fmt: skip
TIMES = ("5 pm", "17:30", "at 8", "half past six", "2024-11-22", "22.11.2026", "11/22/2026", "24/7")
PRICES = ("$5", "€12.50", "£3", "5 bucks", "1000 yen", "12,99 €", "a hundred dollars", "$1,299.00")
SCORES = ("3-2", "21-19", "10:8", "102-98", "3 to 1", "0:0", "6-4 6-3", "16 : 14")

COUNTED = (
    "{who} got {number} {thing} today",
    "{number} {thing}, that's a lot",
    "only {number} {thing}?",
)
TIMED = ("we start {time}", "it was {time} when {who} laughed", "see you {time}, {who} said")
PAID = ("that was {price}, {who} paid", "{price} for a coffee?", "{who} found {price} and smiled")
PLAYED = ("the score is {score}", "{who} won {score} last night", "{score} and it isn't over")

BY_HAND = Path(__file__).parents[2] / "corpora" / "benign_numbers.txt"


def lines() -> list[str]:
    """More than a thousand lines, always the same."""
    built = [
        pattern.format(who=who, number=number, thing=thing)
        for place, (who, number, thing) in enumerate(product(WHO, NUMBERS, THINGS))
        if place % 5 == 0
        for pattern in COUNTED[place // 5 % 3 :][:1]
    ]
    for patterns, name, values in (
        (TIMED, "time", TIMES),
        (PAID, "price", PRICES),
        (PLAYED, "score", SCORES),
    ):
        built += [
            pattern.format(who=who, **{name: value})
            for pattern, who, value in product(patterns, WHO, values)
        ]
    return list(dict.fromkeys(BY_HAND.read_text(encoding="utf-8").strip().splitlines() + built))
