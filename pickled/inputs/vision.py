"""What the vision-server sees: over MQTT, or asked of its own page while it has no broker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from pickled.inputs import Emit, Source
from pickled.messages.vision import Scene
from pickled.mqtt import Incoming
from pickled.plugins import Surroundings
from pickled.recurring import Recurring, times

if TYPE_CHECKING:
    import httpx2

log = structlog.get_logger()

HEARD_S = 45.0
"""After so long without a word on MQTT its page is asked: it speaks more often while it sees."""

MOST_SKEW_S = 2.0
"""Where its clock differs more from ours, only how old it says that a picture is counts."""

LONGEST_TEXT = 600
"""Characters of a description."""

_LARGEST = 64 * 1024
_TIMEOUT_S = 4.0
_SLOWEST = 12
"""While nobody answers, every so many times of the usual pause."""


class Options(BaseModel):
    """Where its page is, for while MQTT does not reach it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(default="http://127.0.0.1:3001", pattern=r"^https?://[^\s/@?#]+$")
    token: SecretStr | None = None
    poll_s: float = Field(default=5.0, ge=0.5, le=300)


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Source]:
    """Ready to listen."""
    yield VisionServer(options, surroundings)


class VisionServer:
    """Emits a scene for each thing that is seen; one that was heard already is passed over."""

    def __init__(self, options: Options, surroundings: Surroundings) -> None:
        self._options = options
        self._surroundings = surroundings
        self._heard_at = float("-inf")
        self._last: Scene | None = None
        self._wrong = Recurring()

    async def run(self, emit: Emit) -> None:
        """Listen until cancelled; a vision-server that is away is waited for."""
        if bus := self._surroundings.bus:
            bus.on("event/vision", lambda message: self._take(message.payload, emit))
            bus.on("vision/availability", self._availability)
        import httpx2  # where somebody sees

        logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would tell of each request
        token = self._options.token
        headers = {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        failed = 0
        async with httpx2.AsyncClient(
            base_url=self._options.server,
            timeout=_TIMEOUT_S,
            trust_env=False,
            follow_redirects=False,
            headers=headers,
        ) as client:
            while True:
                if self._silent_s() >= HEARD_S:
                    failed = 0 if await self._ask(client, emit) else failed + 1
                else:
                    failed = 0
                await asyncio.sleep(self._options.poll_s * min(_SLOWEST, 2**failed))

    def _silent_s(self) -> float:
        return asyncio.get_running_loop().time() - self._heard_at

    async def _ask(self, client: httpx2.AsyncClient, emit: Emit) -> bool:
        """Its page; False if it does not answer."""
        import httpx2

        try:
            answer = await client.get("/vision/latest")
        except (httpx2.HTTPError, OSError) as error:
            why = f"{type(error).__name__} at {self._options.server}"
            self._surroundings.report(
                "down", f"the vision-server is neither on MQTT nor at its address ({why}): start it"
            )
            return False
        if answer.status_code not in (200, 204):
            remedy = "; is the token right?" if answer.status_code == 401 else ""
            told = f"the vision-server at {self._options.server} answers {answer.status_code}"
            self._surroundings.report("down", told + remedy)
            return False
        self._surroundings.report("up", f"asked at {self._options.server}, as it is not on MQTT")
        if answer.status_code == 200 and len(answer.content) <= _LARGEST:
            self._take(answer.content, emit, heard=False)
        return True

    def _availability(self, message: Incoming) -> None:
        if message.payload == b"online":
            self._heard()
        elif message.payload:
            self._heard_at = float("-inf")

    def _heard(self) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        self._surroundings.report("up", "")

    def _take(self, payload: bytes, emit: Emit, *, heard: bool = True) -> None:
        """What is no scene is passed over, and said."""
        if heard:
            self._heard()
        if len(payload) > _LARGEST:
            self._complain("too long")
            return
        try:
            scene = _scene(payload)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self._complain(f"{'.'.join(map(str, first['loc']))} {first['msg']}")
            return
        if self._last is None or scene.captured_at > self._last.captured_at:
            self._last = scene
            emit(_by_our_clock(scene, now=datetime.now(UTC)))

    def _complain(self, why: str) -> None:
        count = self._wrong.due(why, asyncio.get_running_loop().time())
        if count is not None:
            log.warning(f"the vision-server says what can't be used{times(count)}", why=why[:200])


def _scene(payload: bytes) -> Scene:
    scene = Scene.model_validate_json(payload)
    return scene.model_copy(update={"text": scene.text[:LONGEST_TEXT]})


def _by_our_clock(scene: Scene, *, now: datetime) -> Scene:
    if abs((now - scene.ts).total_seconds()) <= MOST_SKEW_S:
        return scene
    age = max(timedelta(), scene.ts - scene.captured_at)
    return scene.model_copy(update={"ts": now, "captured_at": now - age})
