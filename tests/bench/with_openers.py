"""First sounds of answers that begin with an opener, beside those of a peer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.figures import Figure
from tests.bench.opener_pieces import openers
from tests.bench.peers import PIPECAT, Peer
from tests.bench.services import is_long
from tests.bench.stage import CoHost, co_host, quiet_chat, stage
from tests.bench.turns import ANSWER_S, clock_shift, is_answer_to
from tests.stand_ins.pulse import NullSink

FORMS = ("string", "object")
"""Asked for by `llm.answer_form`: the one with least before the first word, and what a model of
Ollama's is asked for that feels nothing in that one."""

_AT_LEAST = {"string": {True: 1.7, False: 1.5}}
"""By form, for two sentences and for one."""


@dataclass(frozen=True)
class Opened:
    """One of our turns, with openers on."""

    number: int
    total_ms: float
    opens: bool


Arms = dict[str, list[Opened]]
"""By form."""


async def measured(sink: NullSink | None, how: str) -> Arms:
    """Turns with a model that takes every opener that it is offered."""
    counts = {"quick": {"string": 12}, "bench": {"string": 48, "object": 32}}
    counts["prove"] = dict.fromkeys(FORMS, 100)
    return {form: await _turns(sink, count, form) for form, count in counts[how].items()}


async def _turns(sink: NullSink | None, count: int, form: str) -> list[Opened]:
    async with stage(sink) as on, co_host(on, openers=True, form=form) as co:

        async def answered(name: str, sent: float) -> None:
            decided = await co.until("event/decision", is_answer_to(name), after=sent)
            turn = json.loads(decided.payload)["turn"]
            await co.until(
                "response/state", lambda said: said["turn"] == turn, after=sent, timeout=ANSWER_S
            )

        asked = await quiet_chat(on, count + 1, answered=answered)
        return [_turn(co, number, name) for number, name in enumerate(asked[1:], 1)]


def _turn(co: CoHost, number: int, name: str) -> Opened:
    decisions = (said for _, said in co.seen("event/decision") if is_answer_to(name)(said))
    turn = next(decisions)["turn"]
    first = next(said["text"] for said in _of(co, "event/response", turn) if said.get("index") == 0)
    (sounded,) = (
        said["at_ms"] / 1000 - clock_shift()
        for _, said in co.seen("node/{node}/played")
        if said["state"] == "started" and said["utterance"] == f"{turn}.0"
    )
    return Opened(number, (sounded - co.stage.sent[name]) * 1000, first in openers())


def _of(co: CoHost, path: str, turn: str) -> list[Any]:
    return [said for _, said in co.seen(path) if said.get("turn") == turn]


def figures(arms: Arms) -> list[Figure]:
    """How many turns had one, and how soon they and the others sounded."""
    found = []
    for form, turns in arms.items():
        opened = [each.total_ms for each in turns if each.opens]
        plain = [each.total_ms for each in turns if not each.opens]
        found += [
            Figure(
                what=f"openers on, asked for a {form}: turns with an opener",
                value=len(opened) / len(turns) * 100,
                unit="%",
                at_most=100 / 3,
                note=f"{len(opened)} of {len(turns)} turns, with a model that takes every one",
            ),
            Figure(
                what=f"openers on, asked for a {form}: first sound of a turn with one, p50",
                value=median(opened) if opened else None,
                unit="ms",
                note=f"without one {median(plain):.0f} ms",
            ),
        ]
    return found


def beside(peer: Peer, arms: Arms, others_ms: Sequence[float]) -> list[Figure]:
    """How many times sooner turns with an opener are, answers of the same length compared."""
    if peer is not PIPECAT:
        return []
    return [
        _sooner(peer, form, turns, others_ms, long=long)
        for form, turns in arms.items()
        for long in (True, False)
    ]


def _sooner(
    peer: Peer, form: str, turns: Sequence[Opened], others_ms: Sequence[float], *, long: bool
) -> Figure:
    ours = [each.total_ms for each in turns if each.opens and is_long(each.number) is long]
    others = [each for number, each in enumerate(others_ms, 1) if is_long(number) is long]
    words = "two sentences" if long else "one sentence"
    return Figure(
        what=f"turns with an opener, asked for a {form}, sooner than {peer.title}, "
        f"no emotion before the text, answers of {words}",
        value=median(others) / median(ours) if ours else None,
        unit="×",
        at_least=_AT_LEAST.get(form, {}).get(long),
        note=f"{median(ours):.0f} ms against {median(others):.0f} ms; {len(ours)} turns"
        if ours
        else "no turn of that length had one",
    )
