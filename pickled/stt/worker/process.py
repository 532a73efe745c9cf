"""The worker seen from the daemon: started, given sound, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Any

from pickled.errors import RecognizerError
from pickled.stt.worker import HEAD

COMMAND = (sys.executable, "-m", "pickled.stt.worker")
_QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_LONGEST_LINE = 1 << 20
_LONGEST_REASON = 160
_MOST_WAITING = 1000
_SEND_S = 30.0
_END_S = 1.0


class RecognizerProcess:
    """One process; `run` it in a task, and look at `ready` and `failure`."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.ready = False
        self.failure = ""
        """Why it is of no use any more."""
        self.stretch = 0
        """The number of the stretch that is sent."""
        self._options = options
        self._process: Process | None = None
        self._answers: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_MOST_WAITING)
        self._sent = False
        """Something of the stretch was sent."""

    async def run(self) -> None:
        """Until it ends, or is cancelled; then it is gone."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND, json.dumps(self._options), stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
                env={**os.environ, **_QUIET}, limit=_LONGEST_LINE,
            )  # fmt: skip
            assert self._process.stdout is not None
            while line := await self._process.stdout.readline():
                self._told(json.loads(line))
            self.failure = self.failure or "the process that recognizes speech has died"
        except (OSError, ValueError) as error:
            self.failure = f"the process that recognizes speech failed: {error}"
        finally:
            self.failure = self.failure or "it has ended"
            self._put(None)
            await self._end()

    async def send(self, pcm: bytes) -> None:
        """A piece of the stretch, or its end; raises RecognizerError."""
        process = self._process
        if self.failure or process is None or process.stdin is None:
            raise RecognizerError(self.failure or "it is starting")
        self._sent = bool(pcm)
        self.stretch += not pcm
        try:
            process.stdin.write(HEAD.pack(len(pcm)) + pcm)
            async with asyncio.timeout(_SEND_S):
                await process.stdin.drain()
        except TimeoutError as error:
            raise RecognizerError("this machine is too slow to recognize speech") from error
        except OSError as error:
            raise RecognizerError("the process that recognizes speech has died") from error

    async def begin(self) -> int:
        """The number of a new stretch; one that somebody left in the middle is ended."""
        if self._sent:
            await self.send(b"")
        return self.stretch

    def interim(self, number: int) -> str | None:
        """The newest words of that stretch so far, without waiting."""
        text = None
        while not self._answers.empty():
            answer = self._answers.get_nowait()
            if answer is None:
                self._put(None)
                return None
            if answer.get("n") == number and isinstance(answer.get("interim"), str):
                text = answer["interim"]
        return text

    async def final(self, number: int, seconds: float) -> dict[str, Any]:
        """All that is known of that stretch; raises RecognizerError."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    answer = await self._answers.get()
                    if answer is None:
                        self._put(None)
                        raise RecognizerError(self.failure)
                    if answer.get("n") == number and isinstance(answer.get("final"), str):
                        return answer
        except TimeoutError as error:
            raise RecognizerError(
                f"no words within {seconds:g} s; try a smaller model, or more threads"
            ) from error

    def _told(self, answer: Any) -> None:
        if not isinstance(answer, dict):
            return
        if "failed" in answer:
            self.failure = " ".join(str(answer["failed"]).split())[:_LONGEST_REASON]
        self.ready = self.ready or "ready" in answer
        if "n" in answer:
            self._put(answer)

    def _put(self, answer: dict[str, Any] | None) -> None:
        if self._answers.full():
            self._answers.get_nowait()
        self._answers.put_nowait(answer)

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await process.communicate()
