"""What a new line of chat costs, beside another checkout: `python -m tests.bench.chat_line FOLDER`.

Both are measured in turn in one run, stage by stage, with lines of 108 characters put together of
what chat says, and with those of the bundled walk; none comes twice, so that no cache of lines
knows it. The machine's moods pass over both alike, so ratios are what counts.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

HERE = Path(__file__).parents[2]
CORPORA = HERE / "tests" / "corpora"
WALK = HERE / "pickled" / "inputs" / "recordings" / "irl_walk.jsonl"

STAGES = ("gate", "tricks", "crowd", "mood")
Line = list[float]
"""µs of each stage."""

LENGTH, LINES, WARM = 108, 2_000, 500
ROUNDS = 5
LINE_EVERY_S = 0.06
"""1,000 lines a minute."""


def main() -> None:
    """Measure both, and print each stage with its ratio."""
    if sys.argv[1] == "-":
        json.dump(_measured(json.load(sys.stdin)), sys.stdout)
        return
    other, rounds = Path(sys.argv[1]).resolve(), int((sys.argv[2:] or [ROUNDS])[0])
    for what, lines in (("108 characters", composed()), ("the walk", walked())):
        taken: dict[Path, list[Line]] = {HERE: [], other: []}
        for _ in range(rounds):
            for checkout, fastest in taken.items():
                _keep_fastest(fastest, _run(checkout, lines))
        sys.stdout.write(f"{what}, {len(taken[HERE])} lines, the fastest of {rounds}, µs a line\n")
        for place, stage in enumerate((*STAGES, "all")):
            ours, theirs = ([_stage(line, place) for line in taken[path]] for path in (HERE, other))
            sys.stdout.write(
                f"  {stage:7} median {median(ours):6.1f}, other {median(theirs):6.1f}: "
                f"{median(theirs) / median(ours):.2f} × cheaper; "
                f"mean {mean(ours):6.1f}, other {mean(theirs):6.1f}: "
                f"{mean(theirs) / mean(ours):.2f} ×\n"
            )


def _keep_fastest(fastest: list[Line], lines: list[Line]) -> None:
    """Of each stage of each line: what comes on top of that is the machine's."""
    known = fastest or lines
    fastest[:] = [
        [min(pair) for pair in zip(*both, strict=True)] for both in zip(known, lines, strict=True)
    ]


def _stage(line: Line, place: int) -> float:
    return sum(line) if place == len(STAGES) else line[place]


def _warm(lines: list[str]) -> int:
    """So many come first and are not counted: words and expressions are new only once."""
    return min(WARM, len(lines) // 4)


def composed() -> list[str]:
    """Lines of 108 characters, of what viewers say in the corpora."""
    dice, said = random.Random(5), _said()
    lines: dict[str, None] = {}
    while len(lines) < LINES + WARM:
        line = ""
        while len(line) < LENGTH:
            line = f"{line} {dice.choice(said)}".lstrip()
        lines[line[: LENGTH - 1].rstrip().ljust(LENGTH, "?")] = None
    return list(lines)


def _said() -> list[str]:
    """What is said in the corpora of honest chat, without repetition, shortest pieces first."""
    text = (CORPORA / "honest_chat.txt").read_text("utf-8")
    found = dict.fromkeys(each for each in text.splitlines() if each and each[0] != "#")
    for name in ("planted_dev", "planted_seen", "planted_heldout"):
        for line in (CORPORA / f"{name}.jsonl").read_text("utf-8").splitlines():
            found.update(dict.fromkeys(json.loads(line).get("wordings", ())))
    return sorted(found)


def walked() -> list[str]:
    """The different lines of the bundled recording, as they come."""
    lines = map(json.loads, WALK.read_text("utf-8").splitlines())
    return list(dict.fromkeys(_texts(lines)))


def _texts(entries: Iterator[Any]) -> Iterator[str]:
    for entry in entries:
        if entry.get("type") == "chat":
            yield entry["text"]


def _run(checkout: Path, lines: list[str]) -> list[Line]:
    """µs of each stage, for each line, with the package of that checkout."""
    done = subprocess.run(
        [sys.executable, "-P", str(Path(__file__)), "-"],
        input=json.dumps(lines), stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(checkout)}, timeout=300,
    )  # fmt: skip
    taken: list[Line] = json.loads(done.stdout)
    return taken


def _measured(lines: list[str]) -> list[Line]:
    """In the process that has the package: what each line takes."""
    stages = _stages()
    taken = []
    gc.disable()
    for number, line in enumerate(lines):
        steps = [*stages(line, number, number * LINE_EVERY_S)]
        marks = [time.thread_time_ns()]
        for stage in steps:
            stage()
            marks.append(time.thread_time_ns())
        if number >= _warm(lines):
            taken.append([(end - begin) / 1000 for begin, end in pairwise(marks)])
    return taken


def _stages() -> Callable[[str, int, float], Iterator[Callable[[], object]]]:
    """What is done with one line, as the package of this process does it."""
    from pickled import patterns
    from pickled.brain.crowd import Crowd
    from pickled.brain.mood import Mood
    from pickled.brain.safety import GateRules, check_input
    from pickled.language.feeling.emotes import bundled_emotes
    from pickled.messages.chat import ChatMessage

    trick = _trick()
    patterns.warm()
    reading = _reading()
    gate, crowd, mood = GateRules(), Crowd(), Mood(bundled_emotes())
    gate.words.prepare()
    started = datetime.now(UTC)

    def stages(text: str, number: int, now: float) -> Iterator[Callable[[], object]]:
        message = ChatMessage(
            ts=started, id=str(number), user="u", user_id=str(number % 700), text=text
        )
        read, known = reading(text)
        yield lambda: check_input(read, gate=gate)
        yield lambda: trick(read)
        yield lambda: crowd.add(message, now=now, **known)
        yield lambda: mood.add(message, now=now, **known)

    return stages


def _trick() -> Callable[[Any], object]:
    """What finds tricks, by the name that it has there."""
    try:
        from pickled.language.injection.tricks import trick
    except ImportError:
        older = import_module("pickled.language.injection.orders")
        found: Callable[[Any], object] = older.orders
        return found
    return trick


def _reading() -> Callable[[str], tuple[Any, dict[str, Any]]]:
    """Makes a new reading, where there are such: what one stage reads, the next one finds."""
    try:
        from pickled.language.reading import Reading
    except ImportError:
        return lambda text: (text, {})
    return lambda text: (reading := Reading(text), {"reading": reading})


if __name__ == "__main__":
    main()
