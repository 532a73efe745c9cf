"""An answer as it grows, token by token, until it is whole."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import structlog

from pickled.brain.parse import AnswerParser
from pickled.errors import NoSuchModelError, TornError
from pickled.llm import Model
from pickled.messages.prompt import Prompt

log = structlog.get_logger()


async def growing(
    model: Model, prompt: Prompt, parser: AnswerParser, on_token: Callable[[], None]
) -> AsyncGenerator[str, None]:
    """The text each time that it may have grown; the model is stopped at the answer's end.

    Where the persona's own model is not there, the configured one answers.
    """
    torn = False
    try:
        async with aclosing(model.stream(prompt)) as deltas:
            async for delta in deltas:
                on_token()
                parser.feed(delta)
                yield parser.text
                if parser.over:
                    break
    except TornError:
        torn = True
    except NoSuchModelError as error:
        if prompt.model is None:
            raise
        log.warning("the persona's model is not there", instead=model.name, why=str(error))
        configured = prompt.model_copy(update={"model": None})
        async with aclosing(growing(model, configured, parser, on_token)) as texts:
            async for text in texts:
                yield text
        return
    parser.finish(torn=torn)
