"""All that the daemon's parts hold, found by following references from where chat comes in."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, ModuleType

from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.intake.intake import Intake
from tests.orchestrator.rig import Door, Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice

_OUTSIDE = (
    ModuleType, type, asyncio.AbstractEventLoop, MemoryBroker, StandInNode, Rig, Door,
    ScriptedModel, ScriptedVoice,
)  # fmt: skip
"""What is not the daemon's own, or remembers for the tests."""


def intake_of(rig: Rig) -> Intake:
    """Where chat comes in."""
    running = (each for each in gc.get_objects() if isinstance(each, Intake))
    return next(each for each in running if each.events._bus is rig.bus)


def reached(rig: Rig) -> Iterator[tuple[object, Callable[[], str]]]:
    """Each object that is reached from there, and the way to it, by the names of types."""
    start: object = intake_of(rig)
    todo = [start]
    before: dict[int, object] = {id(start): None}
    while todo:
        each = todo.pop()
        if isinstance(each, _OUTSIDE):
            continue
        yield each, partial(_way, each, before)
        inner = gc.get_referents(each)
        if isinstance(each, FunctionType):
            inner = [each.__closure__, each.__defaults__]
        for one in inner:
            if one is not None and id(one) not in before:
                before[id(one)] = each
                todo.append(one)


def _way(each: object, before: dict[int, object]) -> str:
    names = []
    while each is not None:
        names.append(type(each).__name__)
        each = before[id(each)]
    return " > ".join(reversed(names))
