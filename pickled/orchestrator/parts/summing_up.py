"""Lets a model word what is not for the air, as the summary of a stream."""

from __future__ import annotations

from contextlib import aclosing, suppress

from pickled.brain.parse import AnswerParser
from pickled.errors import ModelError, TornError
from pickled.llm import Model
from pickled.messages.decision import Request
from pickled.messages.prompt import Prompt, PromptMessage
from pickled.orchestrator.parts.ladder import Ladder

PLAIN_ANSWER = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
"""JSON schema of an answer that is only text."""


async def word(models: Ladder[Model], task: str) -> str:
    """What a model makes of a task that is not for the air; raises ModelError.

    One that only reads out can't do that.
    """
    able = [rung for rung in models.working() if not rung.part.bounded]
    if not able:
        raise ModelError("no model that can write is there")
    prompt = Prompt(
        messages=(PromptMessage(role="user", content=task),),
        answer_schema=PLAIN_ANSWER,
        request=Request(turn="a" * 12, origin="ask", reason="summary", arrived=0.0, decided=0.0),
        persona="",
    )
    parser = AnswerParser(())
    with suppress(TornError):  # what is there of it says something
        async with aclosing(able[0].part.stream(prompt)) as deltas:
            async for delta in deltas:
                parser.feed(delta)
                if parser.over:
                    break
    parser.finish()
    return parser.text
