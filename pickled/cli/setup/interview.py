"""Asks a person, one question after the other; what was answered by an option is not asked."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from pickled.errors import PickledError, UsageError

_MOST_TRIES = 20
"""Wrong answers in a row; a program that feeds us nonsense comes to an end."""


@dataclass(frozen=True)
class Choice:
    """One of several answers."""

    value: str
    label: str
    """What is said about it."""


@dataclass
class Interview:
    """Told beforehand: answers by option, and whether all else takes its default."""

    console: Console
    given: Mapping[str, str] = field(default_factory=dict)
    """Option, as `channel` → answer."""
    defaults: bool = False
    """Nobody is asked."""
    read: Callable[[str], str] = input
    """Gives a line; raises EOFError."""

    def heading(self, text: str) -> None:
        """What comes now."""
        self.console.print()
        self.console.print(Text(text, "bold"))

    def say(self, text: str, style: str = "") -> None:
        """One line."""
        self.console.print(Text(text, style))

    def good(self, text: str) -> None:
        """What works."""
        self.console.print(Text.assemble(("✓ ", "green"), text))

    def bad(self, text: str) -> None:
        """What does not, and how to mend it."""
        self.console.print(Text.assemble(("! ", "yellow"), text))

    def ask(
        self,
        name: str,
        text: str,
        *,
        default: str | None = None,
        check: Callable[[str], str] = str.strip,
    ) -> str:
        """An answer that `check` takes; it gives what is meant, or raises ValueError with why not.

        Raises UsageError if there is nobody to ask, and the option for it.
        """
        if (answer := self.given.get(name)) is not None:
            try:
                return self._taken(text, check(answer))
            except ValueError as error:
                raise UsageError(f"--{name} {answer!r} {error}.") from error
        if self.defaults:
            if default is None:
                raise UsageError(f"--yes asks nothing: say it with --{name}.")
            return self._taken(text, check(default))
        shown = f"{text} [{default}]: " if default else f"{text}: "
        for _ in range(_MOST_TRIES):
            try:
                return check(self._line(shown) or default or "")
            except ValueError as error:
                self.bad(f"That {error}.")
        raise PickledError("No answer that could be used; nothing was written.")

    def choose(
        self, name: str, text: str, choices: Sequence[Choice], *, default: str, free: bool = False
    ) -> str:
        """One of them, by its number or its name; with `free`, any other answer is taken too."""
        values = [each.value for each in choices]
        if name not in self.given and not self.defaults:
            self._list(choices)

        def check(answer: str) -> str:
            plain = answer.strip()
            if plain in values:
                return plain
            if plain.isdecimal() and 0 < int(plain) <= len(values):
                return values[int(plain) - 1]
            if free and plain:
                return plain
            wanted = f"a number up to {len(values)}, or a name" if len(values) > 1 else values[0]
            raise ValueError(f"is none of these: write {wanted}")

        return self.ask(name, text, default=default, check=check)

    def _list(self, choices: Sequence[Choice]) -> None:
        """Those with a label on a line each, the others behind one another."""
        names = Text("     ")
        for number, each in enumerate(choices, 1):
            line = Text.assemble(f"{number:>3}  ", (each.value, "bold"), "  ", (each.label, "dim"))
            if each.label:
                self.console.print(line)
            else:
                names.append_text(Text.assemble(f"{number} ", (each.value, "bold"), "  "))
        if names.plain.strip():
            self.console.print(names)

    def yes(self, text: str, *, default: bool = True) -> bool:
        """A yes or a no."""
        answers = {"y": True, "yes": True, "n": False, "no": False}

        def check(answer: str) -> str:
            if answer.strip().lower() not in answers:
                raise ValueError("is neither yes nor no: write y or n")
            return answer.strip().lower()

        told = self.ask("", f"{text} (y/n)", default="y" if default else "n", check=check)
        return answers[told]

    def secret(self, text: str) -> str:
        """What does not show on the screen; empty if nobody is asked."""
        if self.defaults:
            return ""
        if sys.stdin.isatty():
            return getpass.getpass(f"{text} (does not show): ").strip()
        return self._line(f"{text}: ")

    def _taken(self, text: str, answer: str) -> str:
        self.say(f"{text}: {answer or 'none'}", "dim")
        return answer

    def _line(self, shown: str) -> str:
        try:
            return self.read(shown).strip()
        except EOFError:
            raise PickledError(
                "The answers ended before the questions did; nothing was written. "
                "`pickled setup --yes` takes what it finds, options answer beforehand."
            ) from None
