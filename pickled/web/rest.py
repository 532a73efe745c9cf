"""REST: health, settings and figures; what is set goes out over MQTT like from anywhere else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.routing import Route

from pickled import __version__
from pickled.messages.state import Health, Info
from pickled.web.api_page import api_page
from pickled.web.commands import CommandReply, PageCommands
from pickled.web.door import ACCESS
from pickled.web.feed import Feed
from pickled.web.metrics import CONTENT_TYPE, Metrics

_Name = Annotated[str, Field(min_length=1, max_length=64)]
_Percentage = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_Pause = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
SWITCHES = ("muted", "mic_muted", "paused", "approval", "discreet")
NUMBERS = ("volume", "cooldown", "spontaneity")
_STATUS = {"unavailable": 503, "busy": 429, "unknown_persona": 404, "unknown_voice": 404}


class VoiceSetting(BaseModel):
    """The voice in force."""

    model_config = ConfigDict(extra="forbid")
    voice: _Name


class PersonaSetting(BaseModel):
    """The persona in force."""

    model_config = ConfigDict(extra="forbid")
    persona: _Name


class SettingsChange(BaseModel):
    """What is to be changed; all else stays."""

    model_config = ConfigDict(extra="forbid")
    persona: _Name | None = None
    voice: _Name | None = None
    volume: _Percentage | None = None
    cooldown: _Pause | None = None
    spontaneity: _Percentage | None = None
    muted: bool | None = None
    mic_muted: bool | None = None
    paused: bool | None = None
    approval: bool | None = None
    discreet: bool | None = None


class CurrentSettings(BaseModel):
    """All settings; null where the co-host has not told yet."""

    persona: str | None
    voice: str | None
    volume: float | None
    cooldown: float | None
    spontaneity: float | None
    muted: bool | None
    mic_muted: bool | None
    paused: bool | None
    approval: bool | None
    discreet: bool | None
    personas: list[str]
    voices: list[str]


class Refusal(BaseModel):
    """Why it was not done."""

    code: str
    detail: str


class PartCondition(BaseModel):
    """How one part is."""

    status: str
    detail: str


class HealthReport(BaseModel):
    """How it is; to who is not signed in, only `status`."""

    status: Literal["ok", "degraded", "down"]
    version: str | None = None
    broker: bool | None = None
    daemon: bool | None = None
    service_level: str | None = None
    detail: str | None = None
    parts: dict[str, PartCondition] | None = None


def rest_routes(app: FastAPI, feed: Feed, commands: PageCommands, metrics: Metrics) -> APIRouter:
    """The routes, each with what it answers."""
    router = APIRouter(tags=["co-host"])
    refusals: dict[int | str, dict[str, Any]] = {
        400: {"description": "A body that can't be read"},
        404: {"model": Refusal, "description": "There is none of that name"},
        409: {"model": Refusal, "description": "The co-host refused it"},
        429: {"model": Refusal, "description": "Too much at once"},
        503: {"model": Refusal, "description": "The co-host, or the broker, is away"},
    }

    @router.get("/health", response_model_exclude_none=True)
    def health(request: Request, response: Response) -> HealthReport:
        report = _health(feed)
        response.status_code = 503 if report.status == "down" else 200
        known = request.scope.get(ACCESS) == "owner"
        return report if known else HealthReport(status=report.status)

    @router.get("/api/settings")
    def settings() -> CurrentSettings:
        return _settings(feed)

    @router.put("/api/settings", response_model=CurrentSettings, responses=refusals)
    async def change(wanted: SettingsChange) -> Any:
        for name, value in wanted.model_dump(exclude_none=True).items():
            told = ("ON" if value else "OFF") if isinstance(value, bool) else value
            answer = await commands.send(f"{name}/set", {"value": told})
            if not answer.ok:
                return _refused(answer)
            if feed.values.get(f"{name}/state") != told:
                await commands.shown(f"{name}/state", told)
        return _settings(feed)

    @router.get("/api/settings/voice")
    def voice() -> VoiceSetting:
        return VoiceSetting(voice=str(feed.values.get("voice/state") or "none"))

    @router.put("/api/settings/voice", response_model=VoiceSetting, responses=refusals)
    async def set_voice(wanted: VoiceSetting) -> Any:
        answer = await commands.send("voice/set", {"value": wanted.voice})
        return wanted if answer.ok else _refused(answer)

    @router.get("/api/settings/persona")
    def persona() -> PersonaSetting:
        return PersonaSetting(persona=str(feed.values.get("persona/state") or "none"))

    @router.put("/api/settings/persona", response_model=PersonaSetting, responses=refusals)
    async def set_persona(wanted: PersonaSetting) -> Any:
        answer = await commands.send("persona/set", {"value": wanted.persona})
        return wanted if answer.ok else _refused(answer)

    @router.get("/metrics", include_in_schema=False)
    def figures() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @router.get("/api", include_in_schema=False)
    def documentation() -> HTMLResponse:
        return HTMLResponse(api_page(app.openapi()))

    return router


def refuse_other_methods(app: FastAPI, router: APIRouter) -> None:
    """Else what is asked in another way falls through to the pages, and finds none."""
    known: dict[str, set[str]] = {}
    for each in router.routes:
        if isinstance(each, APIRoute):
            known.setdefault(each.path, set()).update(each.methods or ())
    for path, methods in known.items():
        headers = {"allow": ", ".join(sorted(methods))}
        refusal = JSONResponse({"detail": "Method Not Allowed"}, 405, headers)
        app.router.routes.append(Route(path, refusal))  # an application of its own: any method


def _refused(answer: CommandReply) -> JSONResponse:
    refusal = Refusal(code=answer.code, detail=str(answer))
    return JSONResponse(refusal.model_dump(), _STATUS.get(answer.code, 409))


def _settings(feed: Feed) -> CurrentSettings:
    values, info = feed.values, feed.values.get("info")
    switches = {each: _on(values.get(f"{each}/state")) for each in SWITCHES}
    numbers = {each: values.get(f"{each}/state") for each in NUMBERS}
    return CurrentSettings(
        persona=values.get("persona/state"),
        voice=values.get("voice/state"),
        personas=list(info.personas) if isinstance(info, Info) else [],
        voices=list(info.voices) if isinstance(info, Info) else [],
        **switches,
        **numbers,
    )


def _on(value: object) -> bool | None:
    return None if value is None else value == "ON"


def _health(feed: Feed) -> HealthReport:
    board = feed.values.get("health/state")
    parts = board.root if isinstance(board, Health) and feed.daemon else {}
    level = str(feed.values.get("service_level/state", "")) if feed.daemon else ""
    if not feed.daemon:
        status: Literal["ok", "degraded", "down"] = "down"
    else:
        status = "ok" if level in ("full", "") else "degraded"
    away = "" if feed.daemon else "the co-host is away: is `pickled run` running?"
    return HealthReport(
        status=status,
        version=__version__,
        broker=feed.stage.broker,
        daemon=feed.daemon,
        service_level=level,
        detail=feed.trouble or away,
        parts={
            name: PartCondition(status=part.status, detail=part.detail)
            for name, part in parts.items()
        },
    )
