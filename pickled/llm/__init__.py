"""Models that word an answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pydantic import Field

from pickled.messages.prompt import AnswerForm, Form, Prompt
from pickled.services.streaming import Patience

if TYPE_CHECKING:
    from pickled.services.gauge import Gauge  # whoever writes a part needs no brain for it


class WriterOptions(Patience):
    """What every model that writes has among its options."""

    max_tokens: int = Field(default=150, ge=1, le=4096)
    """Longest answer, in tokens."""
    prompt_messages: int = Field(default=10, ge=0, le=100)
    """How many earlier lines the prompt holds; whoever builds the prompt reads it."""
    answer_form: AnswerForm = "auto"
    """What is asked for first; what a server refuses is an object from then on."""

    def forms(self, best: Form) -> tuple[Form, ...]:
        """What to ask for, best first, where `best` is the best that the server may take."""
        first = best if self.answer_form == "auto" else self.answer_form
        return (first,) if first in ("object", "text") else (first, "object")


class Model(Protocol):
    """What `start` of each file here yields."""

    @property
    def name(self) -> str:
        """As shown: the kind and the model."""

    @property
    def bounded(self) -> bool:
        """It keeps to a length of its own: the persona's `max_sentences` is not for it."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer, piece by piece: an object of `emotion`, then `text`, or another form of
        `brain/answer_form.py`.

        Closing the generator stops the model.
        Raises ModelError on failure or silence; TornError behind the pieces of an answer that came
        to its limit, so that its last whole sentence ends it; NoSuchModelError if it has not the
        model that the prompt names, so that it is asked again without that name.
        """

    async def probe(self) -> None:
        """Can it answer now? Raises ModelError that names the remedy; costs no generation."""


@runtime_checkable
class Gauged(Protocol):
    """A model of the house, whose server is measured while it answers."""

    @property
    def gauge(self) -> Gauge | None:
        """How fast each of its models is, and what it has read last; None: it is not measured."""


@runtime_checkable
class ManyModels(Protocol):
    """A model whose service has others, too, of which a persona may name one."""

    async def probe_model(self, model: str) -> None:
        """Has it that model? Raises NoSuchModelError with the remedy; costs no generation."""
