"""`pickled replay`: plays a recording again, offline, and tells what was answered and why."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pickled.cli.rehearsed import Telling
from pickled.config import Config, PartConfig, load
from pickled.errors import UsageError
from pickled.inputs.replay import find_recording
from pickled.log import only_errors
from pickled.plugins import Plug, find, kinds, ladder
from pickled.rehearsal.recorded import Recorded, read_recorded

if TYPE_CHECKING:
    from pickled.rehearsal.stage import Casting
    from pickled.rehearsal.story import Story

READOUT = "readout"
"""Needs no service: it is the model where nothing was recorded and no other one is named."""

_MODEL = "model:"


def replay(
    file: Annotated[str, typer.Argument(help="A recording, or the name of a bundled one.")],
    speed: Annotated[
        float | None,
        typer.Option(help="Print at so many times its pace; else as fast as it can.", min=0.001),
    ] = None,
    persona: Annotated[
        str | None, typer.Option(help="Who plays; default: who it was, with what was said then.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Who words the answers: readout, or a model of the configuration."),
    ] = None,
    compare: Annotated[
        str | None, typer.Option(help="Beside another persona, or model:NAME.", metavar="OTHER")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a decision, and one with the counts.")
    ] = False,
) -> None:
    """Play a recording to the whole co-host on virtual time, always with the same result.

    Without --model and --persona it says what it said then. A real model is waited for while
    virtual time stands still; then its answer has the usual pace. No memory is read or changed.
    Ends with 1 if no turn at all could be worded.
    """
    only_errors()
    loaded = load(config, environ=os.environ, cwd=Path.cwd()).config
    recorded = read_recorded(find_recording(file, Path.cwd()))
    castings = [_casting(loaded, recorded, persona, model)]
    if compare is not None:
        castings.append(_other(loaded, recorded, persona, model, compare))
    from pickled.rehearsal.stage import personas_of, rehearse

    stories = [rehearse(recorded, loaded, casting) for casting in castings]
    triggers = {name: each.triggers for name, each in personas_of(loaded).items()}
    telling = Telling(triggers, speed=speed, as_json=as_json)
    if compare is None:
        telling.story(stories[0])
    else:
        telling.both(stories[0], stories[1])
    if any(map(_nothing_worded, stories)):
        raise typer.Exit(1)


def _nothing_worded(story: Story) -> bool:
    """Did every turn fail?"""
    return bool(story.turns) and all(each.outcome == "failed" for each in story.turns.values())


def _other(
    config: Config, recorded: Recorded, persona: str | None, model: str | None, other: str
) -> Casting:
    """The same with another persona, or with another model."""
    if other.startswith(_MODEL):
        return _casting(config, recorded, persona, other.removeprefix(_MODEL))
    return _casting(config, recorded, other, model)


def _casting(config: Config, recorded: Recorded, persona: str | None, model: str | None) -> Casting:
    from pickled.rehearsal.stage import Casting

    exact = persona is None and model is None and bool(recorded.answers)
    who = persona or recorded.persona or config.persona
    how = "as recorded" if exact else model or READOUT
    plug = None if model in (None, READOUT) else _model_plug(config, str(model))
    return Casting(f"{who}, {how}", persona=persona, model=plug, recorded_answers=exact)


def _model_plug(config: Config, name: str) -> Plug:
    """A kind, a model, or kind:model; what the configuration says of that kind counts."""
    rungs = ladder("llm", config.llm)
    for rung in rungs:
        of = getattr(rung.options, "model", "")
        if name in (rung.kind, of, f"{rung.kind}:{of}"):
            return rung
    kind, _, of = name.partition(":")
    if kind not in kinds("llm"):
        known = ", ".join(dict.fromkeys((*(rung.kind for rung in rungs), *kinds("llm"))))
        raise UsageError(f"--model {name}: there is no such model (there are {known}).")
    own = next((rung.options.model_dump() for rung in rungs if rung.kind == kind), {})
    return find("llm", PartConfig.model_validate({"kind": kind, **own, **_named(of)}))


def _named(model: str) -> dict[str, str]:
    return {"model": model} if model else {}
