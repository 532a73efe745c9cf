"""A start that fails again and again is tried again less and less often, also by an older systemd.

It starts a service that died anew after the same time, however often; so who fails waits first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FIRST_S, LONGEST_S = 1.0, 60.0
"""So long the second failure in a row waits, and each at most; the first one does not."""

FORGOTTEN_S = 300.0
"""After so long without one, the next failure is a first one."""

_FILE = "failures"


def hold_back(environ: Mapping[str, str], now: float) -> float:
    """How long to wait before this failure ends the process, s; `now` in s since 1970.

    Counted in the folder that the unit has for as long as the machine runs; without one, 0.
    """
    folder = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if not folder:
        return 0.0
    file = Path(folder) / _FILE
    try:
        count, at = file.read_text(encoding="utf-8").split()
        before = int(count) if 0 <= now - float(at) < FORGOTTEN_S else 0
    except (OSError, ValueError):
        before = 0
    wait = min(FIRST_S * 2.0 ** (before - 1), LONGEST_S) if before else 0.0
    try:
        file.write_text(f"{min(before + 1, 60)} {now + wait}\n", encoding="utf-8")
    except OSError:
        return FIRST_S
    return wait
