"""What the gate costs: per clause on its way out, per message on its way in."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from pickled.brain.safety import GateRules, check, check_input
from pickled.language.moderation.word_list import WordList, parse_word_list
from tests.bench.figures import Figure, percentile
from tests.language.moderation import benign
from tests.language.moderation.obfuscation import evasions

ABOUT = (
    "the gate without a guard model, processor time of one core, with the bundled list and 300 "
    "invented words: every clause out with the two before it (words, personal data, canary, "
    "links), every message in; clauses are honest lines of many languages and, one in ten, "
    "disguised words; beside it, what a plain test of each word with `in` costs"
)
WORDS = 300


async def measure(how: str) -> list[Figure]:
    """Out, in, and the plain test over the same lines."""
    rounds = {"quick": 1, "bench": 3, "prove": 20}[how]
    words, listed = _invented()
    gate = GateRules(words=listed, canary="canary-7f3a91c2e4")
    honest = benign.lines()
    chat = [each for each in benign.written_lines("honest_chat.txt") if each.isascii()]
    begin = time.thread_time()
    listed.prepare()
    ready = (time.thread_time() - begin) * 1000
    mixed = _mixed(honest, words)
    out = _times(mixed, _gate_out(gate), rounds)
    plain = _times(mixed, lambda line: any(each in line.casefold() for each in words), rounds)
    came_in = _times(chat, lambda line: check_input(line, gate=gate), rounds)
    p95 = percentile(out, 95)
    return [
        Figure(
            what="gate, a clause out, p95",
            value=p95,
            unit="ms",
            at_most=5,
            note=f"p50 {percentile(out, 50):.2f} ms, longest {max(out):.1f} ms, {len(out)} clauses",
        ),
        Figure(
            what="gate beside `word in clause` for each word, p50",
            value=percentile(out, 50) / percentile(plain, 50),
            unit="×",
            note=f"that takes {percentile(plain, 50) * 1000:.0f} µs and sees no disguise",
        ),
        Figure(what="the lists made ready, once", value=ready, unit="ms"),
        Figure(
            what="gate, messages in, on one core",
            value=1000 * len(came_in) / sum(came_in),
            unit="/s",
            at_least=20_000,
            note=f"p50 {percentile(came_in, 50) * 1000:.0f} µs, short honest chat in ASCII",
        ),
    ]


def _invented() -> tuple[list[str], WordList]:
    dice = random.Random(WORDS)
    words = sorted(
        {
            dice.choice(("bl", "fl", "gr", "kr", "pl", "sk", "v", "z", "qu", "dw"))
            + dice.choice("aeiou")
            + dice.choice(("rn", "mb", "bd", "nk", "zz", "lt", "xt", "ng"))
            + dice.choice(("ox", "el", "ok", "ub", "ix", "ag"))
            for _ in range(WORDS)
        }
    )
    return words, parse_word_list(f"block: [{', '.join(words)}]", source="bench")


def _mixed(honest: Sequence[str], words: Sequence[str]) -> list[str]:
    dice = random.Random(1)
    disguised = [text for _, _, text in evasions(words[:40], seed=3, each=1)]
    lines = [*honest, *dice.sample(disguised, k=min(len(disguised), len(honest) // 10))]
    dice.shuffle(lines)
    return lines


def _gate_out(gate: GateRules) -> Callable[[str], object]:
    said: list[str] = []

    def speak(line: str) -> None:
        checked = check(line, gate=gate, before=said)
        said[:] = [*said[-1:], checked.text] if checked.text else said

    return speak


def _times(lines: Sequence[str], do: Callable[[str], object], rounds: int) -> list[float]:
    """Milliseconds of the processor for each call; the first hundred are not counted."""
    for line in lines[:100]:
        do(line)
    taken = []
    for line in [*lines] * rounds:
        begin = time.thread_time()
        do(line)
        taken.append((time.thread_time() - begin) * 1000)
    return taken
