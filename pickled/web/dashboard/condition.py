"""How it is: what it does just now, each part's health, and where the time goes."""

from __future__ import annotations

from nicegui import ui

from pickled.messages.state import CrowdState, Health, LatencyState, MoodState
from pickled.web.dashboard.board import Board
from pickled.web.dashboard.controls import Desk, Refresh

STAGES = {
    "gate": "wait", "recall": "recall", "llm_first_token": "model", "first_clause": "clause",
    "safety": "safety", "tts_first_byte": "voice", "first_sound": "sound",
}  # fmt: skip
_DOING = {"speaking": "is speaking", "thinking": "is thinking", "listening": "is listening to you"}
_LEVELS = {
    "full": "all is well", "reduced": "with a fallback", "captions": "captions only: no voice",
    "silent": "silent",
}  # fmt: skip


def status_line(desk: Desk) -> Refresh:
    """One sentence that is always true."""
    with ui.element("div").classes("p-status").props("role=status"):
        dot = ui.element("span").classes("p-dot")
        label = ui.label()

    def refresh() -> None:
        kind, text = _status(desk)
        if label.text != text:
            label.set_text(text)
            dot.classes(replace=f"p-dot {kind}")

    return refresh


def _status(desk: Desk) -> tuple[str, str]:
    feed = desk.feed
    if not feed.stage.broker:
        return "down", f"No broker: {feed.trouble}" if feed.trouble else "Connecting …"
    if not feed.daemon:
        return "down", "The co-host is away. Start it: pickled run"
    name = feed.stage.view["persona"] or "It"
    if desk.state("muted") == "ON":
        return "muted", f"{name} is muted"
    if desk.state("paused") == "ON":
        return "muted", f"{name} is paused: it listens, and answers nothing"
    pose = feed.stage.view["pose"]
    if pose in _DOING:
        return "busy", f"{name} {_DOING[pose]}"
    level = str(desk.state("service_level") or "")
    if level in ("captions", "silent", "reduced"):
        return "warn", f"{name} is here, {_LEVELS[level]}"
    return "up", f"{name} is here"


def show(desk: Desk) -> Refresh:
    """Mood and crowd in a line of chips."""
    with ui.element("div").classes("p-chips"):
        chips = [ui.label().classes("p-chip") for _ in range(5)]

    def refresh() -> None:
        for chip, text in zip(chips, _chips(desk), strict=True):
            if chip.text != text:
                chip.set_text(text)
            chip.set_visibility(bool(text))

    return refresh


def _chips(desk: Desk) -> list[str]:
    mood, crowd, rate = desk.state("mood"), desk.state("crowd"), desk.state("chat_rate")
    topics = crowd.topics if isinstance(crowd, CrowdState) else ()
    return [
        "live" if desk.state("live") == "ON" else "",
        f"feels {desk.state('emotion')}" if desk.feed.daemon and desk.state("emotion") else "",
        f"chat is {mood.label}" if isinstance(mood, MoodState) else "",
        _lines(rate) if isinstance(rate, int | float) else "",
        f"{topics[0].viewers} say: {topics[0].sample[:80]}" if topics else "",
    ]


def _lines(rate: float) -> str:
    return "one line a minute" if rate == 1 else f"{rate:g} lines a minute"


def health(desk: Desk) -> Refresh:
    """Each part, and what is wrong with it."""
    box = ui.element("ul").classes("p-health")
    shown: list[object] = [None]

    def refresh() -> None:
        board = desk.state("health")
        mark = (board, desk.feed.daemon)
        if mark == shown[0]:
            return
        shown[0] = mark
        box.clear()
        with box:
            if not isinstance(board, Health) or not desk.feed.daemon:
                with ui.element("li"):
                    ui.label("Nothing is known while the co-host is away.").classes("p-empty")
                return
            for name, part in sorted(board.root.items()):
                if part.status == "disabled":
                    continue
                with ui.element("li").classes(f"is-{part.status}"):
                    ui.element("span").classes("p-dot")
                    ui.label(name).classes("p-part")
                    ui.label(part.detail or part.status).classes("p-detail")

    return refresh


def latency(desk: Desk, board: Board) -> Refresh:
    """The last turn stage by stage, and the last turns beside each other."""
    with ui.element("div").classes("p-latency"):
        total = ui.label("No turn yet").classes("p-total")
        bars = {}
        for name, label in STAGES.items():
            with ui.element("div").classes("p-stage"):
                ui.label(label)
                with ui.element("div").classes("p-track"):
                    bar = ui.element("i").classes(f"st-{name}")
                bars[name] = (bar, ui.label())
        history = ui.element("div").classes("p-history").props("aria-hidden=true")
    shown: list[object] = [None]

    def refresh() -> None:
        state = desk.state("latency")
        if not isinstance(state, LatencyState) or state == shown[0]:
            return
        shown[0] = state
        around = f", usually {state.p50:.0f}" if state.p50 is not None else ""
        total.set_text(f"{state.total or 0:.0f} ms to the first sound{around}")
        longest = max((getattr(state, name) or 0 for name in STAGES), default=0) or 1
        for name, (bar, label) in bars.items():
            ms = getattr(state, name)
            bar.style(f"width: {100 * (ms or 0) / longest:.1f}%")
            label.set_text("" if ms is None else f"{ms:.0f} ms")
        history.clear()
        most = max(board.figures, default=1) or 1
        with history:
            for ms in board.figures:
                ui.element("i").style(f"height: {max(4, 100 * ms / most):.0f}%")

    return refresh
