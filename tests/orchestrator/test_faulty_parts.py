"""Parts that fail in ways that nobody foresaw: each is named, something else serves, it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.orchestrator.rig import Rig
from tests.stand_ins.faulty import faulty
from tests.stand_ins.faulty.inputs import LINES
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice

Play = Callable[..., Rig]

STOP_S = 5.0
RUNS = [
    ("start raises", "down", "no serial port"),
    ("start hangs", "down", "it is starting"),
    ("start exits", "down", "it raised SystemExit"),
    ("yields the wrong thing", "down", "yields a object without `async def run(self"),
    ("exits", "down", "it raised SystemExit"),
    ("ends", "disabled", "it has come to its end"),
    ("close raises", "up", ""),
    ("close hangs", "up", ""),
    ("hangs", "up", ""),
]
"""Of inputs and outputs alike: the fault, and what health says then."""

ONCE = ("start hangs", "ends", "is refused")
"""What does not happen again and again."""

STARTS = [
    ("start raises", "no serial port"),
    ("start hangs", "it is starting"),
    ("start exits", "it raised SystemExit"),
    ("has no name", "needs `name`, of type str"),
    ("probe raises", "failed: no "),
    ("probe hangs", "no answer within 3 s"),
]
"""Of models and voices alike: what keeps one from ever being used, and why."""

USES = [
    ("exits", "failed: it raised SystemExit"),
    ("hangs", "gave nothing for 10 s"),
    ("is stubborn", "gave nothing for 10 s"),
]
"""Of models and voices alike: what goes wrong in use, before the first piece."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Each failure is logged with its whole traceback, whose printing takes seconds."""
    with capture_logs():
        yield


async def answered(rig: Rig, turns: int = 1) -> Any:
    """Somebody asks, and the whole answer is heard."""
    rig.chat("John, are you there?", user=f"viewer{turns}")
    said = await rig.outcome(turns)
    assert (said.outcome, said.heard) == ("finished", said.text)
    assert said.text
    return said


def health(rig: Rig, component: str) -> tuple[str, str]:
    """How it is, and why."""
    found = rig.state("health/state").root.get(component)
    return (found.status, found.detail) if found else ("", "")


async def until_health(rig: Rig, component: str, status: str, detail: str) -> None:
    """Wait until it says so."""

    def told() -> bool:
        now = health(rig, component)
        return now[0] == status and detail in now[1]

    await rig.until(told, within=10)


def was(rig: Rig, component: str, status: str, detail: str) -> bool:
    """Did health ever say so?"""
    return any(
        each.component == component and each.to == status and detail in each.detail
        for each in rig.events("event/health")
    )


async def keeps_saying(rig: Rig, component: str, status: str, fault: str) -> None:
    """What fails again and again is told as an error, too, and does not flicker."""
    if status == "down" and fault not in ONCE:
        errors = await rig.until(lambda: rig.events("event/error"))
        assert (errors[0].component, errors[0].code) == (component, "restarting")
        assert "failed 3 times in a row" in errors[0].message
    changes = [each for each in rig.events("event/health") if each.component == component]
    assert len(changes) <= 2


@pytest.mark.parametrize(
    ("fault", "status", "detail"),
    [
        *RUNS,
        ("raises", "down", "a line without a colon"),
        ("is refused", "down", "the token is wrong"),
        ("cancels itself", "down", "it cancelled itself"),
        ("emits a dict", "down", "`emit` was given a dict; it takes one of ChatMessage"),
        ("floods from a thread", "up", ""),
    ],
)
def test_input_that_fails_is_named_and_another_one_serves(
    play: Play, fault: str, status: str, detail: str
) -> None:
    """The level stays full: chat of the other input is answered, and the end is in time."""

    async def scene(rig: Rig) -> None:
        await until_health(rig, "input.faulty", status, detail)
        await answered(rig)
        assert rig.state("service_level/state") == "full"
        await keeps_saying(rig, "input.faulty", status, fault)

    rig = play(scene, inputs=(faulty("inputs", fault),))
    assert rig.stopped_s < STOP_S


def test_lines_from_a_thread_all_come_through(play: Play) -> None:
    """Nothing that it emitted is lost on the way to the loop."""

    async def scene(rig: Rig) -> None:
        def taken() -> int:
            chat = rig.events("event/chat")
            return sum(len(getattr(each, "messages", (each,))) + each.suppressed for each in chat)

        await rig.until(lambda: taken() == LINES)

    play(scene, inputs=(faulty("inputs", "floods from a thread"),))


@pytest.mark.parametrize(
    ("fault", "status", "detail"),
    [*RUNS, ("raises", "down", "no such scene"), ("listener raises", "up", "")],
)
def test_output_that_fails_is_named_and_nothing_else_suffers(
    play: Play, fault: str, status: str, detail: str
) -> None:
    """What is published goes to everybody else."""

    async def scene(rig: Rig) -> None:
        await until_health(rig, "output.faulty", status, detail)
        await answered(rig)
        assert rig.state("service_level/state") == "full"
        await keeps_saying(rig, "output.faulty", status, fault)

    rig = play(scene, outputs=(faulty("outputs", fault),))
    assert rig.stopped_s < STOP_S


def with_fallback(folder: str, fault: str) -> dict[str, Any]:
    """A faulty first choice, and one behind it that works."""
    if folder == "llm":
        return {"model": faulty("llm", fault), "spare_models": (ScriptedModel(),)}
    return {"voice": faulty("tts", fault), "spare_voices": (ScriptedVoice(),)}


@pytest.mark.parametrize(
    ("folder", "fault", "why"),
    [
        *(("llm", *row) for row in STARTS),
        ("llm", "yields the wrong thing", "without `def stream(self, prompt)`"),
        *(("tts", *row) for row in STARTS),
        ("tts", "yields the wrong thing", "without `def synthesize(self, text"),
        ("tts", "has no voices", "has to name at least one voice"),
    ],
)
def test_part_that_does_not_start_leaves_it_to_its_fallback(
    play: Play, folder: str, fault: str, why: str
) -> None:
    """The daemon starts, `degraded` says why, the level is reduced, and every turn is heard."""

    async def scene(rig: Rig) -> None:
        await until_health(rig, folder, "degraded", why)
        await answered(rig)
        assert rig.state("service_level/state") == "reduced"

    rig = play(scene, **with_fallback(folder, fault))
    assert rig.stopped_s < STOP_S


@pytest.mark.parametrize(
    ("folder", "fault", "why"),
    [
        *(("llm", *row) for row in USES),
        ("llm", "raises", "failed: no tokens left"),
        ("llm", "raises later", "failed: expected a string"),
        ("llm", "hangs later", "gave nothing for 5 s"),
        ("llm", "gives bytes", "gave bytes and not str"),
        ("llm", "gives nothing", "the answer has no text"),
        *(("tts", *row) for row in USES),
        ("tts", "raises", "failed: voice is None"),
        ("tts", "gives text", "gave str and not bytes"),
        ("tts", "gives nothing", "the voice gave no sound"),
    ],
)
def test_part_that_fails_in_use_leaves_it_to_its_fallback(
    play: Play, folder: str, fault: str, why: str
) -> None:
    """The turn in which it fails is heard to its end, and so is the next one."""

    async def scene(rig: Rig) -> None:
        await answered(rig)
        assert was(rig, folder, "degraded", why)
        await answered(rig, 2)

    rig = play(scene, **with_fallback(folder, fault))
    assert "reduced" in rig.broker.sent("service_level/state")
    assert rig.stopped_s < STOP_S


@pytest.mark.parametrize(
    ("folder", "fault", "why", "outcome"),
    [
        ("llm", "goes on for ever", "the answer is longer than", "interrupted"),
        ("tts", "raises later", "failed: the pipe is broken", "finished"),
        ("tts", "hangs later", "gave nothing for 5 s", "finished"),
        ("tts", "goes on for ever", "does not come to an end", "interrupted"),
    ],
)
def test_part_that_fails_in_the_middle(
    play: Play, folder: str, fault: str, why: str, outcome: str
) -> None:
    """An answer that was begun can't be begun again, a clause can be gone on with; health says
    why."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, are you there?")
        said = await rig.outcome()
        assert said.outcome == outcome
        assert was(rig, folder, "degraded", why)
        await rig.until(lambda: rig.state("speaking/state") == "OFF")

    play(scene, **with_fallback(folder, fault))


def test_sound_of_half_samples_is_put_together(play: Play) -> None:
    """Whatever the length of its pieces, whole samples go to the nodes."""

    async def scene(rig: Rig) -> None:
        await answered(rig)
        assert health(rig, "tts") == ("up", "faulty voice")

    play(scene, **with_fallback("tts", "gives half a sample"))


@pytest.mark.parametrize("fault", ["close raises", "close hangs"])
@pytest.mark.parametrize("folder", ["llm", "tts"])
def test_part_that_can_not_be_closed_does_not_hold_up_the_end(
    play: Play, folder: str, fault: str
) -> None:
    """It works until then, and the end is in time."""

    async def scene(rig: Rig) -> None:
        await answered(rig)
        await asyncio.sleep(0.1)

    rig = play(scene, **with_fallback(folder, fault))
    assert rig.stopped_s < STOP_S
