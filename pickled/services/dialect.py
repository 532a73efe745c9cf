"""What a server takes of that which not every server takes, learnt from what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

Choices = Mapping[str, Sequence[Mapping[str, object]]]
"""What is asked for → the parameters that ask for it, best first; `{}` leaves it out."""

NEGOTIABLE = frozenset({400, 422, 500, 501})
"""Statuses with which servers refuse a parameter; llama.cpp's answers 500 to a schema."""

_NOT_THE_PARAMETERS = ("context", "too long", "billing", "credit", "quota", "memory", "api key")
"""What a refusal says that leaving a parameter out can't mend."""

_CALLED = {
    "system role": (
        "system message",
        "system prompt",
        "role not",
        "roles",
        "chat template",
        "jinja",
    ),
    "thinking": ("reasoning", "thinking"),
    "format": ("grammar", "schema", "pattern"),
    "format with openers": ("format", "grammar", "schema", "pattern"),
}
"""What else a refusal says about a choice; a template's own sentence names no parameter."""

OPENERS = "openers"
"""A choice that only some turns have: what names nothing refuses it before the first of all."""

_RELEARN_S = 600.0
"""A refusal may have been a passing fault: after this long the best is tried again."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How far it has gone down in each of the choices."""

    steps: Mapping[str, int] = field(default_factory=dict)

    def parameters(self, choices: Choices) -> dict[str, object]:
        """Those to ask with."""
        found: dict[str, object] = {}
        for name, ways in choices.items():
            found |= ways[min(self.steps.get(name, 0), len(ways) - 1)]
        return found

    def simpler(self, choices: Choices, refusal: str) -> Dialect | None:
        """One step down where the refusal points, else in the first choice; None: nothing left."""
        said = refusal.lower()
        named = [
            name
            for name in choices
            if self._has_more(choices, name)
            and any(sign in said for sign in self._signs(choices, name))
        ]
        guessed = sorted(choices, key=OPENERS.__ne__)[: 2 if OPENERS in choices else 1]
        first = next((name for name in guessed if self._has_more(choices, name)), "")
        if not named and any(sign in said for sign in _NOT_THE_PARAMETERS):
            return None
        if not named and not first:
            return None
        name = named[0] if named else first
        return Dialect({**self.steps, name: self.steps.get(name, 0) + 1})

    def _signs(self, choices: Choices, name: str) -> set[str]:
        """How a refusal calls it: as it is called here, by a parameter, or as templates do."""
        given = choices[name][self.steps.get(name, 0)]
        return {name, *given, *_CALLED.get(name, ())}

    def _has_more(self, choices: Choices, name: str) -> bool:
        return self.steps.get(name, 0) < len(choices[name]) - 1


class Dialects:
    """What was learnt about each model of one server, for a while."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Dialect, float]] = {}

    def of(self, model: str, now: float) -> Dialect:
        """What to begin with; `now` in s of a monotonic clock."""
        dialect, learnt = self._known.get(model, (Dialect(), now))
        return dialect if now - learnt < _RELEARN_S else Dialect()

    def keep(self, model: str, dialect: Dialect, now: float) -> None:
        """It was taken. What is known already does not last longer for it."""
        known, learnt = self._known.get(model, (None, now))
        if known != dialect or now - learnt >= _RELEARN_S:
            self._known[model] = (dialect, now)

    async def settle(
        self,
        model: str,
        choices: Choices,
        ask: Callable[[dict[str, object]], Awaitable[T]],
        *,
        refusal: type[Exception],
    ) -> T:
        """Ask with the best parameters that are taken, and learn which those are.

        `refusal`, the client's error for a status that is no success, has `status_code`, and its
        words as `body` or `error`; it is raised where leaving something out can't help.
        """
        now = asyncio.get_running_loop().time()
        dialect = self.of(model, now)
        while True:
            try:
                answer = await ask(dialect.parameters(choices))
            except refusal as error:
                refused: Any = error
                negotiable = refused.status_code in NEGOTIABLE
                words = getattr(refused, "body", None) or getattr(refused, "error", None)
                simpler = dialect.simpler(choices, str(words)) if negotiable else None
                if simpler is None:
                    raise
                dialect = simpler
            else:
                self.keep(model, dialect, now)
                return answer
