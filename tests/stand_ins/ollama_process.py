"""`python -m tests.stand_ins.ollama_process --port P`: Ollama's stand-in, alone."""

from __future__ import annotations

import argparse
import asyncio

from tests.stand_ins.ollama import DEFAULT_MODEL, DEFAULT_TEXT, OllamaStandIn


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=11434)
    parser.add_argument("--first-token-ms", type=float, default=200.0)
    parser.add_argument("--tokens-per-s", type=float, default=40.0)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--text", action="append", help="what to say; may be given several times")
    given = parser.parse_args()
    ollama = OllamaStandIn(
        texts=tuple(given.text or (DEFAULT_TEXT,)),
        models=(given.model,),
        first_token_ms=given.first_token_ms,
        tokens_per_s=given.tokens_per_s,
    )
    async with ollama.serve(given.port):
        print(ollama.url, flush=True)  # noqa: T201 - whoever started it waits for this
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
