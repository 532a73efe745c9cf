"""Makes the prompt of a turn: what is remembered, what goes on, what was said, and who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import structlog

from pickled.brain import prompt as prompting
from pickled.brain.context import Situation
from pickled.brain.persona import Persona
from pickled.brain.remembered import Remembered
from pickled.errors import ModelError
from pickled.language.address import folded, uncalled
from pickled.language.feeling.emotes import Emotes
from pickled.language.injection.echo import Others, others
from pickled.llm.compress import Compressor
from pickled.memory.rows import day
from pickled.memory.short_term import ShortTerm
from pickled.messages.decision import Request
from pickled.messages.memory import Line
from pickled.messages.prompt import Prompt
from pickled.orchestrator.recollection.remembering import Recalled
from pickled.orchestrator.turn.openers import NO_OPENING, Opening

log = structlog.get_logger()

SHORTEST_NAME = 3
"""Characters; a shorter name is found in too many words."""


class Recall(Protocol):
    """Where memories come from."""

    async def __call__(self, request: Request, *, exclude: Sequence[str]) -> Recalled:
        """What is known about who asks and what is asked; never raises, never takes long."""


@dataclass(frozen=True)
class Prepared:
    """What the model gets, and what its answer is held against."""

    prompt: Prompt
    others: Awaitable[Others]
    """The words of others, which are not to come back as the co-host's own; they are looked
    through while the model begins to write."""
    names: frozenset[str] = frozenset()
    """Of the viewers in the prompt, folded."""
    memory_hits: tuple[str, ...] = ()
    """Ids of the memories that are in it."""
    said: tuple[str, ...] = ()
    """The co-host's own last answers, which it is not to give again."""
    opening: Opening = NO_OPENING
    """What it may begin with."""


@dataclass(frozen=True)
class Preparing:
    """Recalls, and words the prompt."""

    short_term: ShortTerm
    recall: Recall
    situation: Callable[[], Situation]
    screen: Callable[[str], str]
    """The input gate, for what was kept before today's rules."""
    screen_name: Callable[[str], str]
    on_emptied: Callable[[int], None]
    """Called with how many memories were left out, as nothing of them may be shown."""
    emotes: Emotes | None = None
    canary: str = ""
    max_recent: int = 10
    room: int | None = None
    """Tokens that a whole prompt may take; None: nobody said."""
    compressor: Compressor | None = None

    async def __call__(self, persona: Persona, request: Request) -> Prepared:
        """Recall comes before what is asked is stored: a message can't recall itself."""
        recent = self.short_term.recent(self.max_recent)
        known = [line.message_id for line in recent if line.message_id]
        recalled = _not_said_just_now(await self.recall(request, exclude=known), recent)
        composed = prompting.compose(
            request,
            persona=persona,
            recent=recent,
            max_recent=self.max_recent,
            remembered=self._presentable(recalled),
            situation=self.situation(),
            emotes=self.emotes,
            canary=self.canary,
            room=self.room,
        )
        if composed.emptied:
            self.on_emptied(composed.emptied)
        lines = [
            (author, uncalled(text, persona.triggers))
            for author, text in (*_remembered(recalled), *composed.quoted)
        ]
        return Prepared(
            prompt=prompting.finish(composed, data=await self._shorter(composed.data)),
            others=asyncio.get_running_loop().run_in_executor(
                None, partial(others, lines, rules=composed.rules)
            ),
            names=frozenset(
                folded(author) for author, _ in composed.quoted if len(author) >= SHORTEST_NAME
            ),
            memory_hits=tuple(hit.id for hit in recalled.hits),
            said=self.short_term.own(),
        )

    def _presentable(self, recalled: Recalled) -> list[Remembered]:
        """Who asks, then what fits; each part as it may be seen under today's rules."""
        viewers = [Remembered(self.screen(each)) for each in recalled.viewers]
        hits = [
            Remembered(
                self.screen(hit.said),
                author=self.screen_name(hit.viewer) if hit.viewer else "",
                day=day(hit.at) if hit.at else "",
            )
            for hit in recalled.hits
        ]
        return [*viewers, *hits]

    async def _shorter(self, data: str) -> str | None:
        """What the compressor makes of it; None if there is none, or it fails."""
        if self.compressor is None:
            return None
        try:
            return await self.compressor.compress(data)
        except ModelError as error:
            log.warning("the prompt is not compressed", why=str(error))
            return None


def _not_said_just_now(recalled: Recalled, recent: Sequence[Line]) -> Recalled:
    """Without its own words that the conversation shows anyway: twice there, they come again."""
    own = tuple(line.text for line in recent if line.speaker == "cohost")
    return replace(recalled, hits=tuple(hit for hit in recalled.hits if not hit.text.endswith(own)))


def _remembered(recalled: Recalled) -> list[tuple[str, str]]:
    """What viewers once said, word by word; facts and its own words it may say again."""
    return [(hit.viewer, hit.text) for hit in recalled.hits if hit.source in ("chat", "import")]
