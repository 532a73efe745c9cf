"""An Ollama that fetches models, as its `/api/pull` tells of it: line by line, errors too."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import web

from tests.stand_ins.ollama import OllamaStandIn

SIZE = 2_200_000_000
"""Bytes of a model, as they are counted."""


@dataclass
class OllamaLibrary(OllamaStandIn):
    """Models that can be fetched; `pulled` tells which were."""

    library: tuple[str, ...] = ()
    hangs: bool = False
    """Nothing comes after the first half."""
    pulled: list[str] = field(default_factory=list)

    def _application(self) -> web.Application:
        app = super()._application()
        app.router.add_post("/api/pull", self._pull)
        return app

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        model = str((await request.json())["model"])
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)

        async def tell(**said: object) -> None:
            await response.write(json.dumps(said).encode() + b"\n")

        await tell(status="pulling manifest")
        if model not in self.library:
            await tell(error="pull model manifest: file does not exist")
            await response.write_eof()
            return response
        layer = {"digest": "sha256:" + "0" * 64, "total": SIZE}
        for share in (0.0, 0.5, 1.0):
            await tell(status="pulling 000000000000", completed=int(share * SIZE), **layer)
            if self.hangs and share:
                await asyncio.Event().wait()
        for status in ("verifying sha256 digest", "writing manifest", "success"):
            await tell(status=status)
        self.models = (*self.models, model)
        self.pulled.append(model)
        await response.write_eof()
        return response
