"""How an installer goes about it: it tells each step beforehand, does it when told so, undoes it.

An installer is a function that makes a list of steps and hands it to `carry_out`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from pickled.cli.steps import Step
from pickled.errors import InstallError, UsageError

DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take back what it did before.")]


@dataclass(frozen=True)
class Wish:
    """How somebody wants an installer to go about it."""

    dry_run: bool = False
    yes: bool = False
    remove: bool = False


def carry_out(what: str, steps: Sequence[Step], wish: Wish, *, afterwards: str = "") -> None:
    """Show all steps, ask, and do them one by one; with `wish.remove`, the last one first.

    Nothing is done if one of them is known to be impossible. Raises UsageError and InstallError.
    """
    removing = wish.remove
    ordered = list(reversed(steps)) if removing else list(steps)
    print(f"{'Removing' if removing else 'Installing'} {what}:")
    for line in [line for step in ordered if (line := step.told(removing=removing))] or ["nothing"]:
        print(f"  {line}")
    obstacles = [why for step in ordered if (why := step.obstacle(removing=removing))]
    if wish.dry_run:
        for why in obstacles:
            print(f"  in the way: {why}")
        print("Nothing was done (--dry-run).")
        return
    if obstacles:
        raise InstallError(f"{obstacles[0]}. Nothing was done.")
    if not wish.yes and not _agreed():
        print("Nothing was done.")
        return
    for index, step in enumerate(ordered):
        try:
            step.undo() if removing else step.do()
        except InstallError as error:
            done = f"{index} of {len(ordered)} steps were done before that"
            again = "mend it, and run the same command again" + (
                "" if removing else ", or take it back with --remove"
            )
            raise InstallError(f"{error} ({done}; {again})") from error
    print("Done." + (f" {afterwards}" if afterwards and not removing else ""))


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask: --yes does it, --dry-run only tells.")
    return typer.confirm("Shall I?", default=False)
