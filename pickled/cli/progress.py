"""A progress bar on a terminal, for what is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LEAST = 500
"""Steps; fewer are done before a bar could be read."""


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives what is called with the number of steps that were done since."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=total < LEAST) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)
