"""Makes the prompt of a turn: what is remembered, what goes on, what was said, and who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Protocol

from pickled.brain import prompt as prompting
from pickled.brain.context import Situation
from pickled.brain.persona import Persona
from pickled.brain.remembered import Remembered
from pickled.brain.shown import Haste
from pickled.brain.tempo import Tempo, fits, marks, surely_fits
from pickled.language.address import folded, uncalled
from pickled.language.beginnings import sites_in
from pickled.language.feeling.emotes import Emotes
from pickled.language.injection.echo import Others, others
from pickled.llm import Model
from pickled.memory.rows import day
from pickled.memory.short_term import ShortTerm
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Request
from pickled.messages.memory import Line
from pickled.messages.prompt import Prompt
from pickled.orchestrator.parts.warming import Warming, gauge_of
from pickled.orchestrator.recollection.remembering import Recalled
from pickled.orchestrator.turn.compressing import Compressing
from pickled.orchestrator.turn.openers import NO_OPENING, Opening

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
    fit: Callable[[Model], Awaitable[Prompt]] | None = None

    async def prompt_for(self, model: Model) -> Prompt:
        """As much of it as that model reads in time; raises ModelError if it can't read now."""
        if self.fit is None:
            return self.prompt
        fitted, offered = await self.fit(model), self.prompt.openers
        whole = fitted.messages == self.prompt.messages  # to offer openers takes tokens, too
        return fitted.model_copy(update={"openers": offered}) if offered and whole else fitted

    @cached_property
    def sites(self) -> frozenset[str]:
        """Words of the prompt that may be a site's name, in small letters."""
        return sites_in(each.content for each in self.prompt.messages)


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
    actions: Callable[[Persona], Mapping[str, str]] = lambda _persona: {}
    """What the model may ask for, with what it does."""
    canary: str = ""
    max_recent: int = 10
    room: int | None = None
    """Tokens that a whole prompt may take; None: nobody said."""
    compressing: Compressing | None = None
    warming: Warming | None = None
    look: Callable[[Sequence[ChatMessage]], Awaitable[None]] | None = None
    """Waits for a fresh look where somebody asks for one; never raises, never takes long."""

    async def __call__(self, persona: Persona, request: Request) -> Prepared:
        """Recall comes before what is asked is stored: a message can't recall itself."""
        recent = self.short_term.recent(self.max_recent)
        known = [line.message_id for line in recent if line.message_id]
        recalled = _not_said_just_now(await self.recall(request, exclude=known), recent)
        if self.look is not None:
            await self.look(request.messages)
        compose = partial(
            prompting.compose,
            request,
            persona=persona,
            recent=recent,
            max_recent=self.max_recent,
            remembered=self._presentable(recalled),
            situation=self.situation(),
            emotes=self.emotes,
            canary=self.canary,
            actions=self.actions(persona),
            room=self.room,
        )
        composed = compose()
        if composed.emptied:
            self.on_emptied(composed.emptied)
        lines = [
            (author, uncalled(text, persona.triggers))
            for author, text in (*_remembered(recalled), *composed.quoted)
        ]
        prompt = await self._finished(composed)
        return Prepared(
            prompt=prompt,
            others=asyncio.get_running_loop().run_in_executor(
                None, partial(others, lines, rules=composed.rules)
            ),
            names=frozenset(
                folded(author) for author, _ in composed.quoted if len(author) >= SHORTEST_NAME
            ),
            memory_hits=tuple(hit.id for hit in recalled.hits),
            said=self.short_term.own(),
            fit=partial(self._fitted, prompt, compose),
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

    async def _finished(self, composed: prompting.Composed) -> Prompt:
        if self.compressing is None:
            return prompting.finish(composed)
        first = self.warming.first() if self.warming else None
        gauge = gauge_of(first) if first else None
        tempo = gauge.tempo(composed.persona.model) if gauge else Tempo()
        data = await self.compressing.shorter(composed, tempo)
        return prompting.finish(composed, data=data)

    async def _fitted(
        self, prompt: Prompt, compose: Callable[..., prompting.Composed], model: Model
    ) -> Prompt:
        """All of it, unless the model would be late: then what it reads in time."""
        gauge = gauge_of(model)
        if gauge is None or self.warming is None:
            return prompt
        await self.warming.ready(model)
        tempo = gauge.tempo(prompt.model)
        if tempo.room is None or surely_fits(prompt, tempo) or fits(marks(prompt), tempo):
            return prompt
        return prompting.finish(compose(haste=Haste(tempo.room, tempo.held)))


def _not_said_just_now(recalled: Recalled, recent: Sequence[Line]) -> Recalled:
    """Without its own words that the conversation shows anyway: twice there, they come again."""
    own = tuple(line.text for line in recent if line.speaker == "cohost")
    return replace(recalled, hits=tuple(hit for hit in recalled.hits if not hit.text.endswith(own)))


def _remembered(recalled: Recalled) -> list[tuple[str, str]]:
    """What viewers once said, word by word; facts and its own words it may say again."""
    return [(hit.viewer, hit.text) for hit in recalled.hits if hit.source in ("chat", "import")]
