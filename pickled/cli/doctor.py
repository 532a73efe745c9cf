"""`pickled doctor`: what is wrong, why, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pickled import log
from pickled.doctor import Check, examine

_MARKS = {"ok": Text("ok", "green"), "warn": Text("!", "yellow"), "fail": Text("no", "bold red")}


def doctor(
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Check the broker, rights, model, voice, inputs and files; exits with 1 if one fails."""
    log.only_errors()
    checks = asyncio.run(examine(config, environ=os.environ, cwd=Path.cwd()))
    failed = any(check.status == "fail" for check in checks)
    if as_json:
        found = {"healthy": not failed, "checks": [asdict(check) for check in checks]}
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        Console().print(_table(checks))
    raise typer.Exit(int(failed))


def _table(checks: tuple[Check, ...]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for check in checks:
        lines = [part for part in (check.what, check.why) if part]
        text = Text("\n".join(lines))
        if check.remedy:
            text.append(f"\n{check.remedy}" if lines else check.remedy, "cyan")
        table.add_row(_MARKS[check.status], Text(check.name, "bold"), text)
    return table
