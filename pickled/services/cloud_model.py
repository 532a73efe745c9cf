"""A model behind an address and a key: all of it that does not depend on who made its interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from pydantic import Field

from pickled.errors import ModelError, NoSuchModelError
from pickled.messages.prompt import Prompt
from pickled.services.cloud import PROBE_S, Service, Standing
from pickled.services.dialect import Dialects
from pickled.services.gauge import Gauge
from pickled.services.outside import Account, is_outside
from pickled.services.streaming import WARMING_S, Patience, Piece, answered

MOST_REFUSED = 20
"""Names of models that were refused are remembered."""


class CloudOptions(Account, Patience):
    """What every such model has among its options."""

    model: str = Field(min_length=1, max_length=200)
    max_tokens: int


class Vendor(Protocol):
    """What differs between the interfaces."""

    failures: tuple[type[Exception], ...]
    """All that its client raises when something is wrong there, or on the way."""

    async def ask(self, model: str) -> bool:
        """Is the server there, and does it take the key? False: it does not list that model."""

    def pieces(self, prompt: Prompt, model: str, dialects: Dialects) -> AsyncGenerator[Piece, None]:
        """The answer as it comes; closing it makes the server stop."""

    def refusal(self, error: Exception) -> tuple[int, object] | None:
        """Status and reason, if the server itself refused."""

    def cause(self, error: Exception) -> BaseException | None:
        """What went wrong on the way."""


V = TypeVar("V", bound=Vendor)


@dataclass
class CloudModel:
    """Streams answers, in the form that the server can give them."""

    kind: str
    options: CloudOptions
    service: Service
    vendor: Vendor
    bounded: bool = False
    gauge: Gauge | None = None
    """Of a server of the house: what one outside holds, and whom else it serves, nobody knows."""
    _dialects: Dialects = field(default_factory=Dialects)
    _standings: dict[str, Standing] = field(default_factory=dict)
    _refused: dict[str, None] = field(default_factory=dict)
    """Models that the server did not have when they were asked for an answer."""
    _opening: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """As shown: the kind and the model."""
        return f"{self.kind} {self.options.model}"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer as it is written; closing it makes the server stop."""
        model = prompt.model or self.options.model
        pieces = self._pieces(prompt, model)
        texts = answered(
            pieces if self.gauge is None else self.gauge.measured(pieces, prompt),
            patience=self.options.with_(prompt),
            name=f"{self.kind} {model}",
            most_tokens=self.options.max_tokens,
            late=self._of(model).late,
        )
        try:
            async with aclosing(texts):
                async for text in texts:
                    yield text
        except GeneratorExit:
            self._reopen(model)
            raise
        except ModelError as error:
            self._standing(model).forget()
            if isinstance(error, NoSuchModelError):
                self._refused[model] = None
                if len(self._refused) > MOST_REFUSED:
                    del self._refused[next(iter(self._refused))]
            raise

    async def probe(self) -> None:
        """Is the server there, does it take the key, and the model? Costs no generation."""
        await self.probe_model(self.options.model)

    async def probe_model(self, model: str) -> None:
        """The same for another one of its models."""
        await self._standing(model).ask(lambda: self._ask(model))

    async def stop(self) -> None:
        """Begin nothing any more."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait({self._opening})

    def _reopen(self, model: str) -> None:
        """An answer that was heard enough of took its connection along: have the next one ready."""

        async def ask() -> None:
            with suppress(ModelError):
                await self._ask(model)

        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(ask(), name=f"connect to {self.service.url}")

    async def _ask(self, model: str) -> None:
        try:
            async with asyncio.timeout(PROBE_S):
                listed = await self.vendor.ask(model)
        except self.vendor.failures as error:
            raise self._explained(error, model) from error
        # A server may take names that it doesn't list; but not one that it refused already.
        if not listed and model in self._refused:
            raise self._of(model).refusal(404, "no such model")
        self._refused.pop(model, None)

    async def _pieces(self, prompt: Prompt, model: str) -> AsyncGenerator[Piece, None]:
        try:
            async with aclosing(self.vendor.pieces(prompt, model, self._dialects)) as pieces:
                async for piece in pieces:
                    yield piece
        except self.vendor.failures as error:
            raise self._explained(error, model) from error

    def _explained(self, error: Exception, model: str) -> ModelError:
        if (refusal := self.vendor.refusal(error)) is not None:
            return self._of(model).refusal(*refusal)
        return ModelError(self._of(model).on_the_way(self.vendor.cause(error)))

    def _of(self, model: str) -> Service:
        return replace(self.service, model=model)

    def _standing(self, model: str) -> Standing:
        if model not in self._standings and len(self._standings) > MOST_REFUSED:
            self._standings.clear()
        return self._standings.setdefault(model, Standing(self.service.url))


@asynccontextmanager
async def open_model(
    kind: str, options: CloudOptions, make: Callable[[Any], Vendor], *, gauged: bool = False
) -> AsyncIterator[CloudModel]:
    """A model behind that address; whether the server is there shows at the first probe.

    `make` is given the way there, and makes the vendor's client of it. `gauged`: where it is a
    server of the house, it is measured how fast that is.
    """
    service = Service(options.base_url, options.model, options.key)
    gauge = Gauge(options.model) if gauged and not is_outside(options.base_url) else None
    slowest = max(options.first_token_timeout_s, options.idle_timeout_s, WARMING_S if gauge else 0)
    async with service.client(longest_s=slowest, connect_s=options.connect_timeout_s) as way:
        model = CloudModel(kind, options, service, make(way), gauge=gauge)
        try:
            yield model
        finally:
            await model.stop()
