"""A key on this machine that mutes the node, without any broker: by pynput, an extra of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pickled.errors import UsageError
from pickled.extras import remedy

_END_S = 2.0
_EXAMPLE = "for example `--hotkey ctrl+alt+m`, or `--hotkey f9`"


@dataclass
class Hotkey:
    """Calls `press` each time that the keys are pressed; from a thread of its own."""

    keys: str
    press: Callable[[], None]
    _listener: Any = None

    def start(self) -> None:
        """Listen to the keyboard; raises UsageError with the remedy if that can't be."""
        if why := hindrance(sys.platform, os.environ):
            raise UsageError(f"--hotkey does not work here: {why}.")
        keyboard = _keyboard()
        keys = spelled(self.keys)
        try:
            keyboard.HotKey.parse(keys)
        except ValueError as error:
            raise UsageError(f"--hotkey {self.keys}: no such keys; {_EXAMPLE}.") from error
        self._listener = keyboard.GlobalHotKeys({keys: self.press})
        self._listener.daemon = True
        self._listener.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            self._listener.stop()
            self._listener.join(_END_S)


def spelled(keys: str) -> str:
    """As pynput has it: `ctrl+alt+m` is `<ctrl>+<alt>+m`."""
    parts = [each.strip() for each in keys.lower().split("+")]
    return "+".join(f"<{each}>" if len(each) > 1 and each[0] != "<" else each for each in parts)


def hindrance(platform: str, environ: Mapping[str, str]) -> str:
    """Why no program may see the keys of this desktop; empty if it may."""
    if platform in ("win32", "darwin"):
        return ""
    if environ.get("XDG_SESSION_TYPE") == "wayland" or environ.get("WAYLAND_DISPLAY"):
        return (
            "Wayland shows its keys to no program; give your desktop a shortcut of its own, which "
            "publishes TOGGLE on this node's `muted/set` by `mosquitto_pub`"
        )
    if not environ.get("DISPLAY"):
        return "there is no desktop (DISPLAY is not set)"
    return ""


def _keyboard() -> Any:
    try:
        from pynput import keyboard
    except ImportError as error:
        raise UsageError(
            f"--hotkey needs the package pynput, of the extra hotkey ({error}): "
            f"{remedy('node', 'hotkey')}."
        ) from error
    return keyboard
