"""Models and their helpers: do they answer, and in the form that was asked for?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pickled.brain.parse import AnswerParser
from pickled.brain.persona import Persona
from pickled.brain.prompt import beginning, build
from pickled.brain.tempo import GOAL_S, Tempo, verdict
from pickled.doctor.check import Check
from pickled.doctor.trial.probing import probed
from pickled.errors import EmbedderError, ModelError, PickledError, TornError
from pickled.language.tokens import tokens
from pickled.llm import Model
from pickled.llm.compress import Compressor
from pickled.llm.guard import Guard, Judgement
from pickled.memory import Embedder
from pickled.memory.embed import is_unit_vector
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Request
from pickled.messages.emotion import EMOTIONS
from pickled.messages.prompt import Prompt
from pickled.orchestrator.parts.fence import contained
from pickled.orchestrator.parts.fenced import EMBED_S, JUDGE_S, MOST_ANSWER
from pickled.orchestrator.parts.pieces import Limits, Pieces
from pickled.orchestrator.parts.warming import gauge_of, read_through
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug
from pickled.services.smaller import smaller

TEXT = "What is the best thing to eat on a walk by the sea?"

PERSONA = Persona(name="Pickle", personality="A cheerful co-host.")

MEASURING_S = 25.0
"""So long an answer may take that shows how fast a model is."""

LOADING_S = 60.0
"""So long an embedder may load its model."""


def prompt() -> Prompt:
    """What the daemon would ask when a viewer asks that."""
    asked = ChatMessage(ts=datetime.now(UTC), id="1", user="ana", user_id="1", text=TEXT)
    request = Request(turn="a" * 12, reason="mention", messages=(asked,), arrived=0.0, decided=0.0)
    return build(request, persona=PERSONA, recent=())


async def try_model(plug: Plug, _tap: PublishingTap, _seconds: float, part: Model) -> list[Check]:
    """Let it answer, and read the answer as the daemon does."""
    checks = [await probed(part)]
    reader = Pieces(part.name, str, Limits.beside(plug.options), ModelError)
    now = asyncio.get_running_loop().time
    parser, answer, first_s, began = AnswerParser(EMOTIONS), "", 0.0, now()
    try:
        async with aclosing(reader.of(partial(part.stream, prompt()), most=MOST_ANSWER)) as pieces:
            async for piece in pieces:
                first_s = first_s or now() - began
                answer += piece
                parser.feed(piece)
                if parser.over:
                    break
        parser.finish()
    except TornError as error:
        wrote = f"It wrote {answer[:80]!r}."
        return [*checks, Check("answers", "warn", "an answer without its end", wrote, str(error))]
    except ModelError as error:
        wrote = f"It wrote {answer[:80]!r}." if answer else ""
        return [*checks, Check("answers", "fail", "no answer that can be said", wrote, str(error))]
    times = f"the first word after {first_s * 1000:.0f} ms, the last after {now() - began:.1f} s"
    checks.append(Check("answers", "ok", f"{parser.text[:80]!r}, {times}"))
    return [*checks, _form(answer, parser), *_speed("speed", part)]


async def try_speed(name: str, part: Model) -> list[Check]:
    """Let it answer, if it is one of the house, and say how fast it reads and writes."""
    gauge = gauge_of(part)
    if gauge is None:
        return []
    why = f"It did not answer within {MEASURING_S:g} s."
    try:
        async with asyncio.timeout(MEASURING_S):
            await read_through(part, beginning(PERSONA))
            await read_through(part, prompt())
    except ModelError as error:
        why = str(error)
    except TimeoutError:
        pass  # it is known by then how slow it is at least
    return _speed(name, part) or [Check(name, "warn", "not measured", remedy=why)]


def _speed(name: str, part: Model) -> list[Check]:
    """The verdict on what was measured, if anything was."""
    gauge = gauge_of(part)
    tempo = gauge.tempo(None) if gauge else Tempo()
    if gauge is None or tempo.reads is None:
        return []
    word_s = tempo.first_word_s()
    figures = {"reads_tokens_per_s": tempo.reads * tempo.real, "first_word_s": word_s}
    if tempo.writes:
        figures["writes_tokens_per_s"] = tempo.writes
    figures = {key: round(value, 2) for key, value in figures.items()}
    told = f"{part.name} {verdict(tempo)}"
    if not tempo.too_slow:
        return [Check(name, "ok", told, figures=figures)]
    smaller_one = smaller(gauge.size(None), tempo)
    get = f"Try {smaller_one}: `ollama pull {smaller_one}`." if smaller_one else ""
    why = f"Prompts are as short as can be, and read in more than {GOAL_S:g} s all the same."
    told = told.partition("; too slow")[0] + "; too slow"
    return [Check(name, "warn", told, why, get or "Try a smaller model.", figures)]


async def answer(part: Model) -> None:
    """Of a question; cancelled at its first piece at the latest."""
    async with aclosing(part.stream(prompt())) as pieces:
        async for _ in pieces:
            await asyncio.Event().wait()


async def try_guard(plug: Plug, _tap: PublishingTap, _seconds: float, part: Guard) -> list[Check]:
    """Let it judge a harmless clause."""
    checks = [await probed(part)]

    def told(verdict: Judgement) -> str:
        return "lets a harmless clause pass" if verdict.safe else f"stops it: {verdict.reason}"

    judge = partial(part.judge, TEXT)
    return [*checks, await _answered("judges", plug, judge, Judgement, told)]


async def judge(part: Guard) -> None:
    """A clause."""
    await part.judge(TEXT)


async def try_compressor(
    plug: Plug, _tap: PublishingTap, _seconds: float, part: Compressor
) -> list[Check]:
    """Let it shorten a text."""
    text = " ".join([TEXT] * 20)
    now, began = asyncio.get_running_loop().time, 0.0

    async def compress() -> str:
        nonlocal began
        began = now()
        return await part.compress(text)

    def told(shorter: str) -> str:
        took_s, saved = max(now() - began, 0.001), tokens(text) - tokens(shorter)
        return (
            f"{len(text)} characters to {len(shorter)} in {took_s:.2f} s: sooner only with a model "
            f"that reads fewer than {max(0, saved) / took_s:.0f} tokens/s, which then holds none "
            "of its last prompt"
        )

    return [await _answered("compresses", plug, compress, str, told)]


async def compress(part: Compressor) -> None:
    """A text."""
    await part.compress(TEXT)


async def try_embedder(
    _plug: Plug, _tap: PublishingTap, _seconds: float, part: Embedder
) -> list[Check]:
    """Let it embed a sentence and nothing, once it has loaded."""
    end = asyncio.get_running_loop().time() + LOADING_S
    embed = partial(part.embed, [TEXT, ""], urgent=True)
    while True:
        try:
            vectors = await contained("embed", embed, limit_s=EMBED_S, error=EmbedderError)
            break
        except EmbedderError as error:
            if not error.loading or asyncio.get_running_loop().time() > end:
                return [Check("embeds", "fail", "no vector", remedy=str(error))]
            await asyncio.sleep(0.5)
    return [_vectors(vectors, part.dimensions)]


async def embed(part: Embedder) -> None:
    """A sentence."""
    await part.embed([TEXT])


def _form(answer: str, parser: AnswerParser) -> Check:
    if parser.shape not in (None, "object"):
        return Check("form", "ok", f"{parser.shape}, {parser.emotion}")
    try:
        emotion = json.loads(answer)["emotion"]
    except (ValueError, TypeError, KeyError):
        why = "Asked for is JSON with `emotion`, then `text`: without it every answer is neutral."
        return Check("form", "warn", "is not the JSON that was asked for", why)
    if emotion not in EMOTIONS:
        return Check("form", "warn", f"the emotion {emotion!r} is unknown", "It counts as neutral.")
    return Check("form", "ok", f"JSON, {parser.emotion}")


async def _answered(
    name: str,
    plug: Plug,
    work: Callable[[], Awaitable[Any]],
    kind: type,
    told: Callable[[Any], str],
) -> Check:
    limit_s = getattr(plug.options, "timeout_s", None) or JUDGE_S
    try:
        given = await contained(plug.kind, work, limit_s=limit_s, error=ModelError)
    except PickledError as error:
        return Check(name, "fail", "no answer", remedy=str(error))
    if not isinstance(given, kind) or given == "":
        return Check(name, "fail", f"gave {given!r:.60}", f"Asked for is a {kind.__name__}.")
    return Check(name, "ok", told(given))


def _vectors(vectors: Any, dimensions: int) -> Check:
    if not isinstance(vectors, list) or len(vectors) != 2:
        return Check("embeds", "fail", f"gave {vectors!r:.60}", "Asked for is one a text.")
    vector, nothing = vectors
    if not isinstance(vector, bytes) or not vector or not is_unit_vector(vector):
        why = "Asked for is a unit vector of little-endian float32, as bytes."
        return Check("embeds", "fail", f"gave {vector!r:.60}", why)
    if nothing is not None:
        return Check("embeds", "fail", "gave a vector of no text", "That has no meaning: None.")
    if dimensions != len(vector) // 4:
        return Check("embeds", "fail", f"{len(vector) // 4} dimensions, and says {dimensions}")
    return Check("embeds", "ok", f"{dimensions} dimensions")
