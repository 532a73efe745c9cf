"""OpenAI's chat completions as far as pickled uses them: strict about requests, with the gaps
that compatible servers have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.stand_ins.sse import Request, SseStandIn, event
from tests.stand_ins.written import Schema, offered

_KEYS = {
    "model", "messages", "stream", "response_format", "max_tokens", "max_completion_tokens",
    "temperature", "reasoning_effort", "chat_template_kwargs",
}  # fmt: skip


@dataclass
class OpenaiStandIn(SseStandIn):
    """Takes what OpenAI takes, unless it is told to be another server."""

    formats: tuple[str, ...] = ("json_schema", "json_object")
    """Forms of an answer that it can hold a model to."""
    knows_choices: bool = True
    """`anyOf` at the root of a schema; OpenAI's own wants an object there."""
    knows_openers: bool = True
    knows_patterns: bool = True
    """A string with a pattern there: what makes grammars takes it."""
    refusal_status: int = 400
    """For a form that it can't; llama.cpp's server answers 500."""
    limit: str = "max_tokens"
    """The name of the limit; OpenAI's newer models want `max_completion_tokens`."""
    takes_temperature: bool = True
    efforts: tuple[str, ...] = ("none", "minimal", "low", "medium", "high")
    """What `reasoning_effort` may be; () where it is unknown."""
    takes_template_kwargs: bool = True
    thinks: int = 0
    """So many tokens it thinks before it answers, unless it is told not to."""
    without_system: str = ""
    """How its template refuses the system role."""
    any_model: bool = False
    """It takes every name, as servers with one model do."""
    timings: Any = None
    """What llama.cpp's server says of its own work in the last piece."""
    list_status: int = 200
    """What it says when it is asked which models it has."""

    @property
    def base_url(self) -> str:
        """As `llm.base_url` takes it."""
        return f"{self.url}/v1"

    def routes(self, app: web.Application) -> None:
        """Its two addresses."""
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._chat)

    async def _models(self, request: web.Request) -> web.StreamResponse:
        self.probes += 1
        if refusal := self.refused(request):
            return refusal
        if self.list_status != 200:
            return self.error(self.list_status, "Not Found")
        about = {"object": "model", "created": 1, "owned_by": "us"}
        return web.json_response(
            {"object": "list", "data": [{"id": each, **about} for each in self.models]}
        )

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(asked)
        if refusal := self.refused(request) or self._badly_asked(asked):
            return refusal
        return await self.answer(request, asked)

    def _badly_asked(self, asked: Request) -> web.Response | None:
        """What the real servers refuse, or what would be wrong to ask them."""
        if unknown := asked.keys() - _KEYS:
            return self.error(400, f"unknown keys: {sorted(unknown)}")
        if not self.any_model and asked.get("model") not in self.models:
            return self.error(404, f"The model `{asked.get('model')}` does not exist")
        if asked.get("stream") is not True:
            return self.error(400, "stream has to be true")
        for each in asked["messages"]:
            if each.get("role") not in ("system", "user", "assistant") or not each.get("content"):
                return self.error(400, f"invalid message: {each}")
        if self.failure == "overloaded":
            return self.error(503, "The engine is currently overloaded")
        if self.failure == "too many":
            return self.error(429, f"Rate limit reached for {self.key}")
        if self.without_system and any(each["role"] == "system" for each in asked["messages"]):
            return self.error(self.refusal_status, self.without_system)
        return self._wrong_form(asked) or self._wrong_limits(asked) or self._wrong_effort(asked)

    def _wrong_effort(self, asked: Request) -> web.Response | None:
        effort = asked.get("reasoning_effort")
        if effort is not None and effort not in self.efforts:
            return self.error(400, f"Unsupported value: 'reasoning_effort' can't be '{effort}'.")
        if "chat_template_kwargs" in asked and not self.takes_template_kwargs:
            return self.error(400, "Unrecognized request argument: chat_template_kwargs")
        return None

    def _wrong_form(self, asked: Request) -> web.Response | None:
        form = asked.get("response_format")
        if form is None:
            return None
        if form.get("type") not in self.formats:
            return self.error(self.refusal_status, f"{form.get('type')} is not supported")
        if form["type"] == "json_object":
            said = " ".join(each["content"] for each in asked["messages"])
            return None if "json" in said.lower() else self.error(400, "say JSON in the messages")
        schema = form["json_schema"]["schema"]
        if form["json_schema"].get("strict") is not True or not form["json_schema"].get("name"):
            return self.error(400, "Invalid response_format: it has to be strict, and have a name")
        if not self.knows_choices and "anyOf" in schema:
            return self.error(self.refusal_status, "schema must not have 'anyOf' at the top level")
        if not self.knows_openers and offered(self.emotion, schema):
            return self.error(self.refusal_status, "this schema is not supported")
        if not self.knows_patterns and "pattern" in schema:
            return self.error(self.refusal_status, "schema must have type 'object'")
        for each in schema.get("anyOf", [schema]):
            if each["type"] == "object" and (
                each.get("additionalProperties") is not False
                or set(each["required"]) != set(each["properties"])
            ):
                return self.error(400, "Invalid schema for response_format")
        return None

    def schema(self, asked: Request) -> Schema | None:
        """What the model is held to."""
        form = asked.get("response_format", {}).get("json_schema", {})
        found: Schema | None = form.get("schema")
        return found

    def _wrong_limits(self, asked: Request) -> web.Response | None:
        for name in {"max_tokens", "max_completion_tokens"} & asked.keys():
            if name != self.limit:
                text = f"Unsupported parameter: '{name}'. Use '{self.limit}' instead."
                return self.error(400, text)
        if "temperature" in asked and not self.takes_temperature:
            return self.error(400, "Unsupported value: 'temperature' does not support 0.8.")
        return None

    def error(self, status: int, text: str) -> web.Response:
        """As OpenAI words it."""
        body = {"message": text, "type": "invalid_request_error", "param": None, "code": None}
        return web.json_response({"error": body}, status=status)

    def events(self, asked: Request, tokens: Sequence[str]) -> tuple[bytes, list[bytes], bytes]:
        """Role, pieces, why it ended, how much it was, and the mark behind it all."""
        limit = asked.get("max_tokens") or asked.get("max_completion_tokens")
        reason = "length" if len(tokens) == limit else "stop"
        reason = "content_filter" if self.failure == "refusal" else reason
        told = {} if self.timings is None else {"timings": self.timings}
        end = _chunk({}, reason) + event({**_HEAD, "choices": [], **told}) + event("[DONE]")
        first = _chunk({"role": "assistant", "content": ""})
        quiet = asked.get("reasoning_effort") == "none" or "chat_template_kwargs" in asked
        thoughts = 0 if quiet else self.thinks
        first += b"".join([_chunk({"reasoning_content": "hm"})] * min(thoughts, limit or thoughts))
        if limit and thoughts >= limit:
            return first, [], _chunk({}, "length") + event("[DONE]")
        return first, [_chunk({"content": each}) for each in tokens], end

    def error_event(self) -> bytes:
        """As it comes in the middle of an answer."""
        return event({"error": {"message": "The server had an error", "type": "server_error"}})


_HEAD = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "small"}


def _chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
    return event({**_HEAD, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
