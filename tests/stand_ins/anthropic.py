"""Anthropic's messages as far as pickled uses them; its events parse as the client's own models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from tests.stand_ins.sse import Request, SseStandIn, event
from tests.stand_ins.written import Schema

_KEYS = {
    "model", "messages", "system", "max_tokens", "stream", "output_config", "thinking",
    "temperature",
}  # fmt: skip

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


@dataclass
class AnthropicStandIn(SseStandIn):
    """A model of today, unless it is told to be an older or a newer one."""

    takes_schema: bool = True
    always_thinks: bool = False
    """`thinking: disabled` is an error, and thoughts come before the text."""
    takes_temperature: bool = False
    has_models: bool = True
    """False: as a server that only forwards messages."""
    error_type: str = "overloaded_error"
    """Of an error in the middle of an answer."""

    def routes(self, app: web.Application) -> None:
        """Its two addresses."""
        app.router.add_get("/v1/models/{model}", self._model)
        app.router.add_post("/v1/messages", self._messages)

    async def _model(self, request: web.Request) -> web.StreamResponse:
        self.probes += 1
        if not self.has_models:
            return web.Response(status=404, text="404: Not Found")
        if refusal := self.refused(request):
            return refusal
        name = request.match_info["model"]
        if name not in self.models:
            return self.error(404, f"model: {name}")
        about = {"display_name": name, "created_at": "2026-01-01T00:00:00Z", "type": "model"}
        return web.json_response({"id": name, **about})

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(asked)
        if refusal := self.refused(request) or self._badly_asked(request, asked):
            return refusal
        return await self.answer(request, asked)

    def _badly_asked(self, request: web.Request, asked: Request) -> web.Response | None:
        """What the real interface refuses, or what would be wrong to ask it."""
        if unknown := asked.keys() - _KEYS:
            return self.error(400, f"{sorted(unknown)}: Extra inputs are not permitted")
        if asked.get("model") not in self.models:
            return self.error(404, f"model: {asked.get('model')}")
        if "anthropic-version" not in request.headers:
            return self.error(400, "anthropic-version: header is required")
        if asked.get("stream") is not True or not isinstance(asked.get("max_tokens"), int):
            return self.error(400, "stream has to be true, max_tokens: Field required")
        messages = asked["messages"]
        if not messages or messages[0]["role"] != "user" or messages[-1]["role"] != "user":
            return self.error(400, "the conversation must begin and end with a user message")
        if not all(each["role"] in ("user", "assistant") and each["content"] for each in messages):
            return self.error(400, "messages: text content blocks must be non-empty")
        if self.failure == "overloaded":
            return self.error(529, "Overloaded")
        if self.failure == "too many":
            return self.error(429, f"This request would exceed the rate limit of {self.key}")
        return self._not_with_this_model(asked)

    def _not_with_this_model(self, asked: Request) -> web.Response | None:
        form = asked.get("output_config", {}).get("format")
        if form is not None:
            if not self.takes_schema:
                return self.error(400, "output_config.format: Extra inputs are not permitted")
            if form["type"] != "json_schema" or form["schema"]["additionalProperties"]:
                return self.error(400, "output_config.format.schema: invalid")
        if asked.get("thinking") == {"type": "disabled"} and self.always_thinks:
            return self.error(400, '"thinking.type.disabled" is not supported for this model')
        if "temperature" in asked and not self.takes_temperature:
            return self.error(400, "`temperature` is deprecated for this model.")
        return None

    def schema(self, asked: Request) -> Schema | None:
        """What the model is held to."""
        form = asked.get("output_config", {}).get("format", {})
        found: Schema | None = form.get("schema")
        return found

    def error(self, status: int, text: str) -> web.Response:
        """As Anthropic words it."""
        body = {"type": _TYPES.get(status, "api_error"), "message": text}
        return web.json_response({"type": "error", "error": body}, status=status)

    def events(self, asked: Request, tokens: Sequence[str]) -> tuple[bytes, list[bytes], bytes]:
        """A message with one block of text, behind one of thoughts where the model thinks."""
        message = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": asked["model"],
            "content": [], "stop_reason": None, "stop_sequence": None,
            "usage": {"input_tokens": 9, "output_tokens": 1},
        }  # fmt: skip
        first = _named({"type": "message_start", "message": message}) + _named({"type": "ping"})
        block = 0
        if self.always_thinks:
            block = 1
            thought = {"type": "thinking_delta", "thinking": "Where might that be?"}
            first += _block(0, {"type": "thinking", "thinking": "", "signature": ""})
            first += _delta(0, thought) + _named({"type": "content_block_stop", "index": 0})
        first += _block(block, {"type": "text", "text": ""})
        reason = "max_tokens" if len(tokens) == asked["max_tokens"] else "end_turn"
        reason = "refusal" if self.failure == "refusal" else reason
        end = _named({"type": "content_block_stop", "index": block}) + _end(reason, len(tokens))
        return first, [_delta(block, {"type": "text_delta", "text": each}) for each in tokens], end

    def error_event(self) -> bytes:
        """As it comes in the middle of an answer."""
        body = {"type": self.error_type, "message": "something is wrong here"}
        return _named({"type": "error", "error": body})


def _named(data: Request) -> bytes:
    return event(data, data["type"])


def _block(index: int, block: Request) -> bytes:
    return _named({"type": "content_block_start", "index": index, "content_block": block})


def _delta(index: int, delta: Request) -> bytes:
    return _named({"type": "content_block_delta", "index": index, "delta": delta})


def _end(reason: str, count: int) -> bytes:
    delta = {"stop_reason": reason, "stop_sequence": None}
    about = {"type": "message_delta", "delta": delta, "usage": {"output_tokens": count}}
    return _named(about) + _named({"type": "message_stop"})
