"""What can be done and set: each control sends a command, shows its answer, follows its state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from pickled.messages.state import HeldState, Info
from pickled.web.commands import PageCommands
from pickled.web.feed import Feed

Refresh = Callable[[], None]
"""Shows what has changed; called a few times a second."""

SWITCHES = (
    ("paused", "Pause", "Listens and remembers, answers nothing"),
    ("discreet", "Discreet", "Names no place, and nothing that the camera sees"),
    ("approval", "Approval", "Every answer waits for you"),
    ("mic_muted", "Microphone off", "No node sends what it hears"),
)
SLIDERS = (
    ("volume", "Volume", 0, 100, 1, "%"),
    ("spontaneity", "Speaks up unasked", 0, 100, 1, "%"),
    ("cooldown", "Pause after an answer", 0, 60, 0.5, "s"),
)


@dataclass(frozen=True)
class Desk:
    """What every control needs."""

    feed: Feed
    commands: PageCommands

    async def do(self, path: str, fields: dict[str, Any] | None = None, *, done: str = "") -> bool:
        """Send a command; what comes back is shown, a refusal always."""
        answer = await self.commands.send(path, fields)
        if not answer.ok:
            ui.notify(f"{path}: {answer}", type="negative", position="top")
        elif done:
            ui.notify(done, type="positive", position="top", timeout=1500)
        return answer.ok

    def state(self, name: str) -> Any:
        """The last value of `<name>/state`."""
        return self.feed.values.get(f"{name}/state")

    def doing(self, path: str, fields: dict[str, Any] | None = None, *, done: str = "") -> Any:
        """The same as a handler."""

        async def handler() -> None:
            await self.do(path, fields, done=done)

        return handler


def stop_bar(desk: Desk) -> Refresh:
    """Mute, skip and panic: large, first in the order of the keyboard."""
    with ui.element("div").classes("p-stop").props('role=toolbar aria-label="Stop"'):
        mute = ui.button("Mute").classes("p-mute").props("no-caps unelevated")
        ui.button("Skip", on_click=desk.doing("cmd/skip")).props("no-caps flat").classes("p-skip")
        panic = ui.button("Panic", on_click=desk.doing("cmd/panic", done="Silent, and muted"))
        panic.props("no-caps outline color=negative")

    async def toggle() -> None:
        await desk.do("muted/set", {"value": "OFF" if desk.state("muted") == "ON" else "ON"})

    mute.on_click(toggle)

    def refresh() -> None:
        muted = desk.state("muted") == "ON"
        text = "Muted: let it speak" if muted else "Mute"
        if mute.text != text:
            mute.set_text(text)
            mute.classes(add="on" if muted else "", remove="" if muted else "on")

    return refresh


def say_box(desk: Desk) -> Refresh:
    """Say a text as given, or ask as the streamer would."""
    with ui.element("form").classes("p-say").on("submit.prevent", lambda: None):
        box = ui.input(placeholder="Words for it").props("outlined dense maxlength=500")
        box.props('aria-label="Words for it"').classes("p-grow")

        def sending(path: str) -> Callable[[], Awaitable[None]]:
            async def send() -> None:
                text = (box.value or "").strip()
                if text and await desk.do(path, {"text": text}):
                    box.set_value("")

            return send

        say, ask = sending("cmd/say"), sending("cmd/ask")
        ui.button("Say", on_click=say).props("no-caps unelevated")
        ui.button("Ask", on_click=ask).props("no-caps outline")
    box.on("keydown.enter", say)
    return lambda: None


def held_answers(desk: Desk) -> Refresh:
    """Answers that wait for a person."""
    box = ui.element("section").classes("p-held").props('aria-label="Waits for you"')
    shown: list[str] = [""]

    def refresh() -> None:
        held = desk.state("held")
        waiting = held.root if isinstance(held, HeldState) else ()
        mark = " ".join(each.turn for each in waiting)
        if mark == shown[0]:
            return
        shown[0] = mark
        box.clear()
        with box:
            for each in waiting[:5]:
                with ui.element("article"):
                    user = each.to[-1].user if each.to else ""
                    ui.label(f"Waits for you{': to ' + user if user else ''}").classes("p-asked")
                    ui.label(each.text).classes("p-text")
                    turn = {"turn": each.turn}
                    with ui.row():
                        yes = ui.button("Approve", on_click=desk.doing("cmd/approve", turn))
                        yes.props("no-caps unelevated")
                        no = ui.button("Reject", on_click=desk.doing("cmd/reject", turn))
                        no.props("no-caps flat color=negative")

    return refresh


def settings(desk: Desk) -> Refresh:
    """Who it is, how it sounds, how often it speaks up."""
    parts = [_choice(desk, "persona", "Persona"), _choice(desk, "voice", "Voice")]
    parts += [_slider(desk, *each) for each in SLIDERS]
    parts += [_switch(desk, *each) for each in SWITCHES]
    return lambda: _all(parts)


def _all(parts: list[Refresh]) -> None:
    for each in parts:
        each()


def _choice(desk: Desk, name: str, label: str) -> Refresh:
    select = ui.select([], label=label).props("outlined dense options-dense").classes("w-full")

    async def chosen() -> None:
        value = select.value
        if (
            value
            and value != desk.state(name)
            and not await desk.do(f"{name}/set", {"value": value})
        ):
            select.set_value(desk.state(name))

    select.on_value_change(chosen)

    def refresh() -> None:
        info, now = desk.feed.values.get("info"), desk.state(name)
        names = list(getattr(info, f"{name}s")) if isinstance(info, Info) else []
        if now and now not in names:
            names.append(now)
        if names != select.options:
            select.set_options(names)
        if now in names and select.value != now:
            select.set_value(now)

    return refresh


def _slider(
    desk: Desk, name: str, label: str, least: float, most: float, step: float, unit: str
) -> Refresh:
    with ui.element("div").classes("p-slider"):
        ui.label(label)
        value = ui.label().classes("p-value")
        slider = ui.slider(min=least, max=most, step=step).props(f'aria-label="{label}"')
    seen: list[float | None] = [None]

    async def moved(event: GenericEventArguments) -> None:
        await desk.do(f"{name}/set", {"value": event.args})
        seen[0] = None

    slider.on("change", moved)
    slider.on_value_change(lambda: value.set_text(f"{slider.value:g} {unit}"))

    def refresh() -> None:
        now = desk.state(name)
        if isinstance(now, int | float) and now != seen[0]:
            seen[0] = now
            slider.set_value(min(now, most))
            value.set_text(f"{now:g} {unit}")

    return refresh


def _switch(desk: Desk, name: str, label: str, tip: str) -> Refresh:
    with ui.element("div").classes("p-switch"):
        switch = ui.switch(label)
        ui.label(tip).classes("p-tip")

    async def flipped() -> None:
        wanted = "ON" if switch.value else "OFF"
        if wanted != desk.state(name) and not await desk.do(f"{name}/set", {"value": wanted}):
            switch.set_value(desk.state(name) == "ON")

    switch.on_value_change(flipped)
    seen: list[Any] = [None]

    def refresh() -> None:
        now = desk.state(name)
        if now != seen[0]:
            seen[0] = now
            switch.set_value(now == "ON")

    return refresh
