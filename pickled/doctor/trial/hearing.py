"""Recognizers: do they take sound, end with it, and keep to their form?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from pickled.audio import MIC_RATE, bytes_for
from pickled.doctor.check import Check
from pickled.doctor.trial.probing import probed
from pickled.errors import PickledError, RecognizerError
from pickled.messages.recognized import Recognized
from pickled.orchestrator.intake.reel import Reel
from pickled.orchestrator.parts.fence import contained
from pickled.orchestrator.parts.ladder import PROBE_TIMEOUT_S
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug
from pickled.stt import Recognizer

HEARS_S = 15.0
"""So long it may take for a second of silence, and to end after it."""

LOADING_S = 60.0
"""So long it may load its model."""

_AGAIN_S = 0.2
_PIECE_MS = 20


async def try_recognizer(
    plug: Plug, _tap: PublishingTap, _seconds: float, part: Recognizer
) -> list[Check]:
    """Give it a second in which nobody speaks, and then no more."""
    del plug
    await _loaded(part)
    checks = [await probed(part)]
    now = asyncio.get_running_loop().time
    told: list[object] = []

    async def hear() -> None:
        given = part.recognize(_silence())
        if not isinstance(given, AsyncGenerator):
            raise RecognizerError("`recognize` is no async generator: it has to `yield`")
        async with aclosing(given) as turns:
            told.extend([each async for each in turns])

    begun = now()
    try:
        await contained(part.name, hear, limit_s=HEARS_S, error=RecognizerError)
    except PickledError as error:
        return [*checks, Check("hears", "fail", "does not hear", remedy=str(error))]
    if odd := [each for each in told if not isinstance(each, Recognized)]:
        why = f"It gave {type(odd[0]).__name__}; it has to yield Recognized."
        return [*checks, Check("hears", "fail", "gives something else than words", why)]
    words = " ".join(each.text for each in told if isinstance(each, Recognized))
    took = f"1 s of silence in {(now() - begun) * 1000:.0f} ms"
    if words.strip():
        why = "There was nothing to be heard: some models make up words for silence."
        return [*checks, Check("hears", "warn", f"{took}, and found words in it", why)]
    return [*checks, Check("hears", "ok", took)]


async def listen(part: Recognizer) -> None:
    """Sound that does not end, until it is cancelled."""
    await _loaded(part)
    reel = Reel()
    reel.add(bytes(bytes_for(_PIECE_MS, MIC_RATE)))
    async with aclosing(part.recognize(reel.read(0))) as turns:
        async for _ in turns:
            continue
    await asyncio.Event().wait()


async def _loaded(part: Recognizer) -> None:
    """Wait for a model that is loading; what else is wrong shows at the probe."""
    now = asyncio.get_running_loop().time
    until = now() + LOADING_S
    while now() < until:
        try:
            await contained("probe", part.probe, limit_s=PROBE_TIMEOUT_S, error=RecognizerError)
        except PickledError as error:
            if not getattr(error, "loading", False):
                return
            await asyncio.sleep(_AGAIN_S)
        else:
            return


def _silence() -> AsyncIterator[bytes]:
    reel = Reel()
    for _ in range(1000 // _PIECE_MS):
        reel.add(bytes(bytes_for(_PIECE_MS, MIC_RATE)))
    reel.add(b"")
    reader = reel.read(0)
    reel.close()
    return reader
