"""The dashboard's pages: everything at once on `/`, the little that is needed on air on `/dock`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from nicegui import ui
from nicegui.events import GenericEventArguments

from pickled.web.addresses import Addresses
from pickled.web.commands import PageCommands
from pickled.web.dashboard.board import Board
from pickled.web.dashboard.condition import health, latency, show, status_line
from pickled.web.dashboard.controls import (
    Desk,
    Refresh,
    held_answers,
    say_box,
    settings,
    stop_bar,
)
from pickled.web.dashboard.elements import AnswerList, ChatList, Heading
from pickled.web.feed import Feed

STATIC = Path(__file__).parents[1] / "static"
TICK_S = 0.25
RECONNECT_S = 30.0
"""So long a page on a bad line keeps what was typed."""
_STYLE = '<link rel="stylesheet" href="/static/dashboard.css">'
_FILES = {"dashboard.css": "text/css", "pickle.svg": "image/svg+xml"}


def dashboard(app: FastAPI, feed: Feed, commands: PageCommands, addresses: Addresses) -> None:
    """Add the pages to the application; once in a process."""
    board, desk = Board(feed.turns), Desk(feed, commands)
    feed.listeners.append(board.take)

    @app.get("/static/{name}", include_in_schema=False)
    def file(name: str) -> Response:
        if name not in _FILES:
            return Response(status_code=404)
        headers = {"cache-control": "no-cache"}
        return FileResponse(STATIC / name, media_type=_FILES[name], headers=headers)

    @ui.page("/", title="pickled")
    def main(request: Request) -> None:
        _prepare()
        _main(desk, board, addresses, f"{request.url.scheme}://{request.url.netloc}")

    @ui.page("/dock", title="pickled: dock")
    def dock() -> None:
        _prepare()
        with ui.element("div").classes("p-dock"):
            Heading("h1", "pickled").classes("p-unseen")
            parts = [status_line(desk), stop_bar(desk), held_answers(desk), say_box(desk)]
        ui.timer(TICK_S, lambda: _refresh(parts))

    ui.run_with(
        app,
        title="pickled",
        favicon=STATIC / "pickle.svg",
        dark=None,
        language="en-US",
        reconnect_timeout=RECONNECT_S,
        tailwind=False,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )


def _prepare() -> None:
    ui.add_head_html(_STYLE)
    ui.colors(primary="#2f7d32", secondary="#e2592f", negative="#c62f2a", positive="#2f7d32")


def _refresh(parts: list[Refresh]) -> None:
    for each in parts:
        each()


def _main(desk: Desk, board: Board, addresses: Addresses, base: str) -> None:
    parts: list[Refresh] = []
    with ui.element("header").classes("p-head"):
        ui.element("img").props('src="/static/pickle.svg" alt="" width=40 height=40')
        with ui.element("div").classes("p-title"):
            Heading("h1", "pickled")
            parts.append(status_line(desk))
        parts.append(stop_bar(desk))
    with ui.element("div").classes("p-main"):
        with _card("p-now", "Now"):
            with ui.element("div").classes("p-stage-box"):
                frame = ui.element("iframe").classes("p-face")
                frame.props('src="/overlay?size=fit&captions=0&card=0&question=0" title="Its face"')
                with ui.element("div").classes("p-grow"):
                    parts.append(show(desk))
                    parts.append(_caption(desk))
                    parts.append(say_box(desk))
            parts.append(held_answers(desk))
        with _card("p-answers-card", "Last answers"):
            answers = AnswerList()
        with _card("p-chat-card", "Chat"):
            chat = _chat(desk)
        with _card("p-settings", "Settings"):
            parts.append(settings(desk))
        with _card("p-health-card", "Health"):
            parts.append(health(desk))
        with _card("p-latency-card", "Where the time goes"):
            parts.append(latency(desk, board))
        with _card("p-obs", "In OBS"):
            _addresses(addresses, base)
    parts.append(_lists(board, chat, answers))
    ui.timer(TICK_S, lambda: _refresh(parts))


def _card(name: str, title: str) -> Any:
    box = ui.element("section").classes(f"p-card {name}")
    with box:
        Heading("h2", title)
    return box


def _caption(desk: Desk) -> Refresh:
    label = ui.label().classes("p-caption").props("aria-live=polite")

    def refresh() -> None:
        text = str(desk.state("caption") or "")
        if label.text != text:
            label.set_text(text)

    return refresh


def _chat(desk: Desk) -> ChatList:
    chat = ChatList(can_answer=desk.commands.knows("cmd/answer"))

    async def answer(event: GenericEventArguments) -> None:
        await desk.do("cmd/answer", {"message": str(event.args)}, done="It will be answered")

    async def retract(event: GenericEventArguments) -> None:
        told = {"message": str(event.args), "confirm": True}
        await desk.do("cmd/forget", told, done="Taken back everywhere")

    async def forget(event: GenericEventArguments) -> None:
        user, who = str(event.args.get("user", "")), str(event.args.get("id", ""))
        if await _sure(
            f"Forget {user}?", "Everything that is kept about them is deleted for good."
        ):
            told = {"viewer": f"id:{who}", "confirm": True}
            await desk.do("cmd/forget", told, done=f"{user} is forgotten")

    chat.on("answer", answer)
    chat.on("retract", retract)
    chat.on("forget", forget)
    return chat


async def _sure(question: str, what: str) -> bool:
    with ui.dialog() as dialog, ui.card().classes("p-dialog"):
        ui.label(question).classes("p-total")
        ui.label(what)
        with ui.row():
            ui.button("Keep", on_click=lambda: dialog.submit(False)).props("no-caps flat")
            yes = ui.button("Delete", on_click=lambda: dialog.submit(True))
            yes.props("no-caps unelevated color=negative")
    sure = bool(await dialog)
    dialog.delete()
    return sure


def _addresses(addresses: Addresses, base: str) -> None:
    for label, sound, why in (
        ("Face and captions", False, "A browser source; its voice comes from an audio-node."),
        (
            "Face, captions and voice",
            True,
            "Tick “Control audio via OBS”: no other program needed.",
        ),
    ):
        address = addresses.overlay(sound=sound, base=base)
        box = ui.input(label, value=address).props("readonly outlined dense").classes("w-full")
        box.on("focus", js_handler="(event) => event.target.select()")
        ui.label(why).classes("p-tip")


def _lists(board: Board, chat: ChatList, answers: AnswerList) -> Callable[[], None]:
    known = [0]

    def refresh() -> None:
        if board.version == known[0]:
            return
        lines, said = board.lines_since(known[0]), board.answers_since(known[0])
        known[0] = board.version
        if lines:
            chat.run_method("add", lines)
        if said:
            answers.run_method("add", said)

    return refresh
