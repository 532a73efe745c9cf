"""The worker itself: options as JSON in its one argument, sound in, words out."""

from __future__ import annotations

import json
import os
import sys
from typing import IO, Any

from pickled.stt.worker import HEAD, LONGEST_PIECE
from pickled.stt.worker.engines import Engine, engine_of


def main() -> None:
    """Until there is no more sound, or nobody who listens."""
    sound = sys.stdin.buffer
    told = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        os.nice(5)  # speaking goes first
        engine = engine_of(json.loads(sys.argv[1]))
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever started it is told
        _tell(told, failed=f"{type(error).__name__}: {error}")
        return
    _tell(told, ready=True)
    _serve(engine, sound, told)


def _serve(engine: Engine, sound: IO[bytes], told: IO[bytes]) -> None:
    number = 0
    while head := sound.read(HEAD.size):
        (length,) = HEAD.unpack(head)
        if length > LONGEST_PIECE:
            return
        if length:
            text = engine.feed(sound.read(length))
            if text is not None:
                _tell(told, n=number, interim=text)
            continue
        found = engine.end()
        _tell(told, n=number, final=found.text, confidence=found.confidence, words=found.words)
        number += 1


def _tell(told: IO[bytes], **what: Any) -> None:
    told.write(json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
