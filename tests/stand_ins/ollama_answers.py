"""How Ollama words a piece of an answer, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal

from aiohttp import web

from pickled.messages.emotion import EMOTIONS

Request = dict[str, Any]

Failure = Literal[
    "hang",  # accepts the request, and says nothing
    "hang in the middle",
    "cut",  # closes the connection in the middle
    "no done",  # ends cleanly without the final part
    "error line",
    "html",  # 502 with a page for a browser
    "garbage",
    "empty",  # done, without a word
    "out of memory",  # 500 at every use of the model
]

DIMENSIONS = 32
"""Of what /api/embed gives."""

STAMP = "2026-01-01T00:00:00.000000Z"

_CHAT_KEYS = {"model", "messages", "stream", "format", "options", "keep_alive", "think", "tools"}
_EMBED_KEYS = {"model", "input", "truncate", "options", "keep_alive", "dimensions"}


def line(
    asked: Request,
    token: str,
    *,
    done: bool = False,
    count: int = 0,
    thought: str = "",
    figures: Mapping[str, object] = MappingProxyType({}),
) -> bytes:
    """One line of a streamed answer; the last one has no token, but figures (None: left out)."""
    part: dict[str, Any] = {
        "model": asked["model"],
        "created_at": STAMP,
        "message": {
            "role": "assistant",
            "content": token,
            **({"thinking": thought} if thought else {}),
        },
        "done": done,
    }
    if thought:
        part["message"]["thinking"] = thought
    if done:
        full = count == asked.get("options", {}).get("num_predict")
        part |= {
            "done_reason": "length" if full else "stop",
            "eval_count": count,
            "total_duration": 1,
        }
        part = {name: each for name, each in (part | figures).items() if each is not None}
    return json.dumps(part).encode() + b"\n"


async def felt(request: web.Request, asked: Request, emotion: str, turn: int) -> web.StreamResponse:
    """The beginning of a string: something else on each turn, the same on turn 0."""
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    begun = EMOTIONS[turn % len(EMOTIONS)] if turn else emotion
    await response.write(line(asked, f'"{begun} Well,') + line(asked, "", done=True, count=1))
    await response.write_eof()
    return response


def about_words(whole: str) -> list[str]:
    """About as a model cuts them: a space and the start of a word, the rest of it, marks."""
    return re.findall(r"\s?\w{1,5}|\s?[^\w\s]|\s", whole)


def prompt_of(asked: Request) -> str:
    """All messages, as the server reads them."""
    return "\n".join(each["content"] for each in asked["messages"])


def badly_asked(asked: Request) -> web.Response | None:
    """What the real server refuses of /api/chat, or what would be wrong to ask it."""
    if unknown := asked.keys() - _CHAT_KEYS:
        return error(400, f"unknown keys: {sorted(unknown)}")
    for key, kind in {"messages": list, "options": dict, "keep_alive": str}.items():
        if refusal := wrong(asked.get(key), (kind,)):
            return refusal
    thinks = "low" if "gpt-oss" in asked["model"] else False
    if asked.get("stream") is not True or asked.get("think") != thinks:
        return error(400, f"stream has to be true, and think {thinks}")
    if not isinstance(asked.get("format", {}), dict) and asked.get("format") != "json":
        return error(400, "format is a schema, or json")
    for each in asked["messages"]:
        if each.get("role") not in ("system", "user", "assistant") or not each.get("content"):
            return error(400, f"invalid message: {each}")
    return None


def badly_asked_to_embed(asked: Request) -> web.Response | None:
    """The same of /api/embed."""
    if unknown := asked.keys() - _EMBED_KEYS:
        return error(400, f"unknown keys: {sorted(unknown)}")
    texts = asked.get("input")
    if not isinstance(texts, list) or not all(texts):
        return error(400, "input is a list of texts that are not empty")
    return wrong(asked.get("keep_alive"), (str,))


def wrong(value: object, types: tuple[type, ...]) -> web.Response | None:
    """A refusal, unless it is of one of these types."""
    return None if isinstance(value, types) else error(400, f"wrong type: {value!r}")


def error(status: int, text: str) -> web.Response:
    """As Ollama words one."""
    return web.json_response({"error": text}, status=status)


def bad_gateway() -> web.Response:
    """What a proxy before it says."""
    page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
    return web.Response(status=502, text=page, content_type="text/html")


def words_vector(text: str) -> Sequence[float]:
    """Texts that share words are near each other; not of length 1."""
    values = [0.0] * DIMENSIONS
    for word in text.lower().split():
        values[sha256(word.encode()).digest()[0] % DIMENSIONS] += 2.0
    return values
