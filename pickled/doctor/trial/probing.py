"""Asks a part whether it works."""

from __future__ import annotations

from typing import Any

from pickled.doctor.check import Check
from pickled.errors import PickledError
from pickled.orchestrator.parts.fence import contained
from pickled.orchestrator.parts.ladder import PROBE_TIMEOUT_S


async def probed(part: Any) -> Check:
    """What its `probe` says, in the time that the daemon gives it."""
    try:
        await contained("probe", part.probe, limit_s=PROBE_TIMEOUT_S, error=PickledError)
    except PickledError as error:
        why = "The daemon uses a fallback until it answers."
        return Check("probe", "fail", "it can't work now", why, str(error))
    return Check("probe", "ok", f"{part.name} answers")
