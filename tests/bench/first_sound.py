"""First sound on a quiet chat: ours above what model and voice need, and beside two other ways."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from pickled.node.jitter import SHALLOW_MS
from tests.bench import opener_pieces, with_openers
from tests.bench.figures import Figure, percentile
from tests.bench.opener_pieces import plain_head, tail
from tests.bench.peers import LIVEKIT, PIPECAT, NotInstalledError, Peer
from tests.bench.pieces import ANSWERS
from tests.bench.services import (
    DEFAULT,
    MODEL,
    TEXT_ALONE,
    Hardware,
    is_long,
    read_journal,
)
from tests.bench.stage import Stage, quiet_chat, stage
from tests.bench.turns import ANSWER_S, Turn, ours
from tests.stand_ins import pulse
from tests.stand_ins.processes import environment, python, started
from tests.stand_ins.pulse import NullSink

ABOUT = (
    "viewers name the co-host one after the other; chat by an IRC stand-in, model 200 ms to the "
    "first token and 40 tokens/s, voice 150 ms to the first byte and 4 × real time, each a "
    "process; real Mosquitto, daemon and node; answers of two sentences and of one in turn (113, "
    "35, 121, 59 characters), a JSON string with the emotion first from ours, an object from "
    "the others, in the pieces of Llama 2's vocabulary; from the sending of the line to the "
    "device's callback with the first sample that is not silent; what the model needs ends with "
    "the last character of the first clause"
)
_SLOW_TOKENS_PER_S, _SLOW_TURNS = 10.0, 8

_SOONER_THAN_TEXT = {True: 1.25, False: 0.95}
"""Than pipecat with a model that writes no emotion; by whether the answers have two sentences."""


async def measure(how: str) -> list[Figure]:
    """All arms, one after the other, on the same stand-ins."""
    own, others = {"quick": (4, 4), "bench": (32, 12), "prove": (100, 20)}[how]
    async with sound_device() as sink:
        turns = await ours(sink, own)
        figures = [*_figures(turns, sink), await _sure(sink, others, turns), *await _slow(sink)]
        plain = await _other(sink, others, "plain")
        opened = await with_openers.measured(sink, how)
        figures += _beside("plain pipeline", turns, plain, {True: 5.0, False: 5.0})
        figures += with_openers.figures(opened)
        for peer in (PIPECAT, LIVEKIT):
            figures += await _peer(sink, turns, others, peer, opened)
    return figures


async def _peer(
    sink: NullSink | None,
    turns: Sequence[Turn],
    count: int,
    peer: Peer,
    opened: with_openers.Arms,
) -> list[Figure]:
    """With the same answers as objects, and with a model that writes their text alone."""
    try:
        await asyncio.to_thread(peer.installed)
    except NotInstalledError as error:
        what = f"{peer.name}: first sound, p50"
        return [Figure(what=what, value=None, unit="ms", note=str(error))]
    alone = await _other(sink, count, peer.name, peer, TEXT_ALONE)
    same = await _other(sink, count, peer.name, peer, MODEL)
    measured = peer is PIPECAT
    even, sooner = ({True: 1.0, False: 1.0}, _SOONER_THAN_TEXT) if measured else ({}, {})
    return [
        *_beside(f"{peer.title}, the same answers as objects", turns, same, even),
        *_beside(f"{peer.title}, no emotion before the text", turns, alone, sooner, why=_fewer()),
        *with_openers.beside(peer, opened, alone),
    ]


async def _sure(sink: NullSink | None, count: int, turns: Sequence[Turn]) -> Figure:
    """The same with a voice that is asked when the next token shows that the clause is over."""
    sure = await ours(sink, count, guessing=False)
    return _guessed(turns, sure, DEFAULT)


async def _slow(sink: NullSink | None) -> list[Figure]:
    """Both with a model that takes its time between two tokens."""
    hardware = Hardware(tokens_per_s=_SLOW_TOKENS_PER_S)
    sure = await ours(sink, _SLOW_TURNS, hardware, guessing=False)
    return [_guessed(await ours(sink, _SLOW_TURNS, hardware), sure, hardware)]


def _guessed(turns: Sequence[Turn], sure: Sequence[Turn], hardware: Hardware) -> Figure:
    above, others = (percentile([turn.above_ms for turn in each], 50) for each in (turns, sure))
    clause, waited = (median(turn.parts_ms[1] for turn in each) for each in (turns, sure))
    return Figure(
        what=f"{hardware.tokens_per_s:g} tokens/s: sooner than with a voice asked when it is sure",
        value=others - above,
        unit="ms",
        note=f"{len(turns)} turns, {len(sure)} others; above what is needed {above:.1f} ms, else "
        f"{others:.1f}; end of the first clause to voice {clause:.1f} ms, else {waited:.1f}",
    )


def _figures(turns: Sequence[Turn], sink: NullSink | None) -> list[Figure]:
    above = [each.above_ms for each in turns]
    chat, clause, sound = (median(part) for part in zip(*(t.parts_ms for t in turns), strict=True))
    what = "first sound above what model and voice need"
    device = "PulseAudio null sink" if sink else "a file that keeps real time"
    return [
        Figure(
            what=f"{what}, p50",
            value=percentile(above, 50),
            unit="ms",
            at_most=15,
            note=f"{len(turns)} turns; chat to model {chat:.1f}, end of the first clause to voice "
            f"{clause:.1f} (asked before the token that shows the end), {SHALLOW_MS:.0f} ms of "
            f"sound to device {sound:.1f} ms",
        ),
        Figure(what=f"{what}, p95", value=percentile(above, 95), unit="ms", at_most=60),
        Figure(what="device latency beside it", value=_latency_ms(sink), unit="ms", note=device),
        Figure(what="first sound, p50", value=median(t.total_ms for t in turns), unit="ms"),
    ]


def _beside(
    name: str,
    turns: Sequence[Turn],
    others_ms: Sequence[float],
    at_least: Mapping[bool, float],
    *,
    why: str = "",
) -> list[Figure]:
    """The other one's, and how many times sooner ours is, answers of the same length compared.

    `at_least`: of answers with two sentences (True), and with one.
    """
    figures = [
        Figure(
            what=f"{name}: first sound, p50",
            value=median(others_ms),
            unit="ms",
            note=f"{len(others_ms)} turns, p95 {percentile(others_ms, 95):.0f} ms{why}",
        )
    ]
    for long, words in ((True, "two sentences"), (False, "one sentence")):
        ours = [each.total_ms for n, each in enumerate(turns, 1) if is_long(n) is long]
        others = [each for n, each in enumerate(others_ms, 1) if is_long(n) is long]
        figures.append(
            Figure(
                what=f"ours sooner than {name}, answers of {words}",
                value=median(others) / median(ours),
                unit="×",
                at_least=at_least.get(long),
                note=f"{median(ours):.0f} ms against {median(others):.0f} ms",
            )
        )
    return figures


def _fewer() -> str:
    """What a model that writes text alone saves."""
    pieces = opener_pieces.cut(plain_head("string"), tail("string", ANSWERS[0]))
    before = next(n for n, each in enumerate(pieces) if "Hello" in each)
    took_ms = before / DEFAULT.tokens_per_s * 1000
    return (
        f"; its model writes {before} tokens less before the first word, {took_ms:.0f} ms at "
        f"{DEFAULT.tokens_per_s:g} tokens/s: the emotion that ours has by then"
    )


@asynccontextmanager
async def sound_device() -> AsyncIterator[NullSink | None]:
    """A sound card that nobody hears, where there is PulseAudio."""
    if not pulse.installed():
        yield None
        return
    with NullSink() as sink:
        yield sink


async def _other(
    sink: NullSink | None, count: int, arm: str, peer: Peer | None = None, model: str = MODEL
) -> list[float]:
    """First sounds of another way to do it, ms."""
    async with stage(sink) as on, other_arm(on, arm, peer=peer, model=model) as journal:

        async def answered(name: str, _sent: float) -> None:
            await until_journal(journal, "ended", name)

        asked = await quiet_chat(on, count + 1, answered=answered)
        return [(first_sound(journal, name) - on.sent[name]) * 1000 for name in asked[1:]]


@asynccontextmanager
async def other_arm(
    on: Stage, arm: str, *, peer: Peer | None = None, model: str = MODEL
) -> AsyncIterator[Path]:
    """A control arm as a process, ready to answer; its journal."""
    journal = on.folder / f"{arm}.jsonl"
    options = ["--irc", on.irc.url, "--model-url", on.model.url, "--model", model]
    options += ["--voice-url", on.voice.url, "--journal", str(journal)]
    if peer:
        command = [str(peer.installed()), "-P", str(peer.path), *options]
    else:
        output = ["--output", pulse.DEVICE] if on.sink else []
        command = python(f"tests.bench.{arm}", *options, *output)
    environ = on.environ()
    with started(arm, command, folder=on.folder, environ=environ) as process:
        waited = 0
        while not on.irc.viewers or not read_journal(journal):
            await asyncio.sleep(0.1)
            waited += 1
            if process.ended or waited > 600:
                raise RuntimeError(f"{arm} does not start:\n{process.log[-2000:]}")
        try:
            yield journal
        except BaseException:
            print(process.log[-3000:], file=sys.stderr)  # noqa: T201
            raise


def first_sound(journal: Path, name: str) -> float:
    """When the answer to that line began to sound."""
    return next(
        each["at"]
        for each in read_journal(journal)
        if each["what"] == "sound" and name in each["ids"]
    )


async def until_journal(journal: Path, what: str, name: str) -> None:
    """Wait until an arm has written that about a line of chat."""
    async with asyncio.timeout(ANSWER_S):
        while True:
            for each in read_journal(journal):
                if each["what"] == what and name in each["ids"]:
                    return
            await asyncio.sleep(0.05)


def _latency_ms(sink: NullSink | None) -> float:
    """From the callback until it is heard, as the device itself says."""
    if sink is None:
        return 20.0
    code = (
        "import sys, time; from pickled.node.device import DeviceSink;"
        "s = DeviceSink(sys.argv[1]); s.start(lambda n: bytes(2 * n)); time.sleep(0.3);"
        "print(s.latency_s); s.stop()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, pulse.DEVICE],
        env=environment(Path(sink.environ["HOME"]), **sink.environ),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return float(done.stdout.split()[-1]) * 1000
