"""`pickled doctor`: what is wrong, why, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pickled import log
from pickled.cli.node_pair import with_pairing
from pickled.doctor import Check, examine, try_part

LONGEST_S = 120.0
"""A part may hold up everything, also the limits that it was given: then doctor is cut off."""

END_S = 2.0
"""So long threads and tasks may take to end that a part has left behind."""

_MARKS = {"ok": Text("ok", "green"), "warn": Text("!", "yellow"), "fail": Text("no", "bold red")}


def doctor(
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    part: Annotated[
        str | None,
        typer.Option(
            "--part",
            metavar="FOLDER:KIND",
            help="Try this part alone, of any package: inputs, outputs, llm, llm.guard, "
            "llm.compress, tts, memory.embed.",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=60, help="How long --part lets an input or output run.")
    ] = 5.0,
    output: Annotated[
        str | None,
        typer.Option(help="The sound output that a node here shall play to: is it there?"),
    ] = None,
    websocket: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=1,
            max=65535,
            help="The broker's port for WebSocket; default 8884 and 9001, if one listens there.",
        ),
    ] = None,
) -> None:
    """Check the broker, rights, model, voice, inputs and files; exits with 1 if one fails."""
    log.only_errors()
    environ = with_pairing(os.environ, config, Path.cwd())
    where: Any = {"environ": environ, "cwd": Path.cwd()}
    if part is None:
        looking = examine(config, output=output, websocket_port=websocket, **where)
    else:
        looking = try_part(part, config, seconds=seconds, **where)
    limit = threading.Timer(LONGEST_S, _cut_off)
    limit.daemon = True
    limit.start()
    try:
        raise typer.Exit(asyncio.run(_looked(looking, as_json=as_json)))
    finally:
        limit.cancel()


async def _looked(looking: Coroutine[Any, Any, tuple[Check, ...]], *, as_json: bool) -> int:
    """Say what was found; the exit code."""
    threads = set(threading.enumerate())
    checks = await looking
    code = int(any(check.status == "fail" for check in checks))
    if as_json:
        found = {"healthy": not code, "checks": [asdict(check) for check in checks]}
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        Console().print(_table(checks))
    if not await _all_ended(threads):
        sys.stdout.flush()
        os._exit(code)
    return code


async def _all_ended(threads: set[threading.Thread]) -> bool:
    """Is nothing left behind that the process would wait for?"""
    loop = asyncio.get_running_loop()
    shut = asyncio.create_task(loop.shutdown_default_executor())
    await asyncio.wait({shut}, timeout=END_S)
    left = {each for each in threading.enumerate() if not each.daemon} - threads
    return shut.done() and not left and asyncio.all_tasks() == {asyncio.current_task()}


def _cut_off() -> None:
    message = f"pickled: a part holds everything up for {LONGEST_S:g} s: doctor was cut off"
    print(message, file=sys.stderr, flush=True)
    os._exit(1)


def _table(checks: tuple[Check, ...]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for check in checks:
        lines = [part for part in (check.what, check.why) if part]
        text = Text("\n".join(lines))
        if check.remedy:
            text.append(f"\n{check.remedy}" if lines else check.remedy, "cyan")
        table.add_row(_MARKS[check.status], Text(check.name, "bold"), text)
    return table
