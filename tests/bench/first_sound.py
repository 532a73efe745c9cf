"""First sound on a quiet chat: ours above what model and voice need, and beside two other ways."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from pickled.node.jitter import SHALLOW_MS
from tests.bench import peer_pipecat
from tests.bench.figures import Figure, percentile
from tests.bench.services import MODEL, TEXT_ALONE, TWO_SENTENCES, Service, answer, read_journal
from tests.bench.stage import CoHost, Stage, co_host, quiet_chat, stage
from tests.stand_ins import pulse
from tests.stand_ins.processes import environment, python, started
from tests.stand_ins.pulse import NullSink

ABOUT = (
    "viewers name the co-host one after the other; chat by an IRC stand-in, model 200 ms to the "
    "first token and 40 tokens/s, voice 150 ms to the first byte and 4 × real time, each a "
    "process; real Mosquitto, daemon and node; answers of two sentences and of one in turn (113, "
    "35, 121, 59 characters), JSON with the emotion first; from the sending of the line to the "
    "device's callback with the first sample that is not silent; what the model needs ends with "
    "the last character of the first clause"
)
ANSWER_S = 40.0
_FEWER = (
    "; its model writes 15 tokens less before the first word, 375 ms at 40 tokens/s: the JSON with "
    "the emotion that ours has by then"
)


@dataclass(frozen=True)
class Turn:
    """The moments of one of our turns, s."""

    sent: float
    asked: float
    """The model got the prompt."""
    ended: float
    """It wrote the last token of the first clause."""
    spoken: float
    """The voice got the clause."""
    delivered: float
    """The voice had sent as much sound as the node wants before it starts."""
    sounded: float
    """The device took the first sample."""

    @property
    def total_ms(self) -> float:
        return (self.sounded - self.sent) * 1000

    @property
    def above_ms(self) -> float:
        """What is ours: all but the time that model and voice needed."""
        needed = (self.ended - self.asked) + (self.delivered - self.spoken)
        return self.total_ms - needed * 1000

    @property
    def parts_ms(self) -> tuple[float, float, float]:
        """Chat to model, clause to voice, sound to device."""
        parts = (self.asked - self.sent, self.spoken - self.ended, self.sounded - self.delivered)
        return tuple(each * 1000 for each in parts)  # type: ignore[return-value]


async def measure(how: str) -> list[Figure]:
    """All arms, one after the other, on the same stand-ins."""
    ours, others = {"quick": (4, 4), "bench": (32, 12), "prove": (100, 20)}[how]
    async with sound_device() as sink:
        turns = await _ours(sink, ours)
        plain = await _other(sink, others, "plain")
        figures = [*_figures(turns, sink), *_beside("plain pipeline", turns, plain, 5.0)]
        try:
            peer = await asyncio.to_thread(peer_pipecat.installed)
        except peer_pipecat.NotInstalledError as error:
            what = "pipecat: first sound, p50"
            return [*figures, Figure(what=what, value=None, unit="ms", note=str(error))]
        alone = await _other(sink, others, "pipecat", peer, TEXT_ALONE)
        same = await _other(sink, others, "pipecat", peer, MODEL)
    name = f"pipecat {peer_pipecat.VERSION}"
    return [
        *figures,
        *_beside(f"{name}, the same answers", turns, same, 1.0),
        *_beside(f"{name}, no emotion before the text", turns, alone, 1.0, why=_FEWER),
    ]


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
            at_most=40,
            note=f"{len(turns)} turns; chat to model {chat:.1f}, end of the first clause to voice "
            f"{clause:.1f} (25 of it the token that shows the end), {SHALLOW_MS:.0f} ms of sound "
            f"to device {sound:.1f} ms",
        ),
        Figure(what=f"{what}, p95", value=percentile(above, 95), unit="ms", at_most=120),
        Figure(what="device latency beside it", value=_latency_ms(sink), unit="ms", note=device),
        Figure(what="first sound, p50", value=median(t.total_ms for t in turns), unit="ms"),
    ]


def _beside(
    name: str, turns: Sequence[Turn], others_ms: Sequence[float], at_least: float, *, why: str = ""
) -> list[Figure]:
    """The other one's, and how many times sooner ours is, answers of the same length compared."""
    figures = [
        Figure(
            what=f"{name}: first sound, p50",
            value=median(others_ms),
            unit="ms",
            note=f"{len(others_ms)} turns, p95 {percentile(others_ms, 95):.0f} ms{why}",
        )
    ]
    for long, words in ((True, "two sentences"), (False, "one sentence")):
        ours = [each.total_ms for n, each in enumerate(turns, 1) if _is_long(n) is long]
        others = [each for n, each in enumerate(others_ms, 1) if _is_long(n) is long]
        figures.append(
            Figure(
                what=f"ours sooner than {name}, answers of {words}",
                value=median(others) / median(ours),
                unit="×",
                at_least=at_least,
                note=f"{median(ours):.0f} ms against {median(others):.0f} ms",
            )
        )
    return figures


def _is_long(turn: int) -> bool:
    return len(answer(turn)) > TWO_SENTENCES


@asynccontextmanager
async def sound_device() -> AsyncIterator[NullSink | None]:
    """A sound card that nobody hears, where there is PulseAudio."""
    if not pulse.installed():
        yield None
        return
    with NullSink() as sink:
        yield sink


async def _ours(sink: NullSink | None, count: int) -> list[Turn]:
    async with stage(sink) as on, co_host(on) as co:

        async def answered(name: str, sent: float) -> None:
            decided = await co.until("event/decision", _answers(name), after=sent)
            turn = json.loads(decided.payload)["turn"]
            await co.until(
                "response/state", lambda said: said["turn"] == turn, after=sent, timeout=ANSWER_S
            )

        asked = await quiet_chat(on, count + 1, answered=answered)
        return [_turn(co, name) for name in asked[1:]]  # the first one warms everything up


def _answers(name: str) -> Any:
    return lambda said: said["event_type"] == "answer" and said["messages"][-1] == name


def _turn(co: CoHost, name: str) -> Turn:
    sent = co.stage.sent[name]
    turn = next(said["turn"] for _, said in co.seen("event/decision") if _answers(name)(said))
    clause = next(
        said["text"]
        for _, said in co.seen("event/response")
        if said.get("turn") == turn and said["event_type"] == "clause" and said["index"] == 0
    )
    (sounded,) = (
        said["at_ms"] / 1000 - _clock_shift()
        for _, said in co.seen("node/{node}/played")
        if said["state"] == "started" and said["utterance"] == f"{turn}.0"
    )
    asked, ended = _written(co.stage.model, clause, sent)
    spoken, delivered = _delivered(co.stage.voice, clause, sent)
    return Turn(sent, asked, ended, spoken, delivered, sounded)


def _written(model: Service, clause: str, since: float) -> tuple[float, float]:
    """When the model was asked, and when it wrote the token with the clause's last character."""
    entries = [each for each in model.entries() if each["at"] >= since]
    text = ""
    for each in entries:
        text += each["text"]
        if clause in text:
            return entries[0]["at"], each["at"]
    raise ValueError(f"the model did not write {clause!r}")


def _delivered(voice: Service, clause: str, since: float) -> tuple[float, float]:
    """When the voice was asked for the clause, and when it had sent the prebuffer's sound."""
    entries = [e for e in voice.entries() if e["at"] >= since and e["text"] == clause]
    asked = next(each["at"] for each in entries if each["what"] == "asked")
    return asked, next(each["at"] for each in entries if each.get("ms", 0) >= SHALLOW_MS)


def _clock_shift() -> float:
    return time.time() - time.monotonic()


async def _other(
    sink: NullSink | None, count: int, arm: str, peer: Path | None = None, model: str = MODEL
) -> list[float]:
    """First sounds of another way to do it, ms."""
    async with stage(sink) as on, other_arm(on, arm, peer=peer, model=model) as journal:

        async def answered(name: str, _sent: float) -> None:
            await until_journal(journal, "ended", name)

        asked = await quiet_chat(on, count + 1, answered=answered)
        return [(first_sound(journal, name) - on.sent[name]) * 1000 for name in asked[1:]]


@asynccontextmanager
async def other_arm(
    on: Stage, arm: str, *, peer: Path | None = None, model: str = MODEL
) -> AsyncIterator[Path]:
    """A control arm as a process, ready to answer; its journal."""
    journal = on.folder / f"{arm}.jsonl"
    options = ["--irc", on.irc.url, "--model-url", on.model.url, "--model", model]
    options += ["--voice-url", on.voice.url, "--journal", str(journal)]
    if peer:
        script = Path(__file__).with_name("pipecat_arm.py")
        command = [str(peer), "-P", str(script), *options]
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
        "import sys, time; from pickled.node.device import Speaker;"
        "s = Speaker(sys.argv[1]); s.start(lambda n: bytes(2 * n)); time.sleep(0.3);"
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
