"""The key that mutes a node without any broker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from pickled.errors import UsageError
from pickled.node.hotkey import Hotkey, hindrance, spelled
from pickled.node.mute import Mute
from pickled.node.orders import Orders
from pickled.node.sound import Sound


@pytest.mark.parametrize(
    ("keys", "theirs"),
    [
        ("ctrl+alt+m", "<ctrl>+<alt>+m"),
        ("<ctrl>+<alt>+m", "<ctrl>+<alt>+m"),
        ("F9", "<f9>"),
        ("Ctrl + Shift + ü", "<ctrl>+<shift>+ü"),
    ],
)
def test_keys_are_written_as_people_do(keys: str, theirs: str) -> None:
    """Without the library's brackets, which a shell would take for itself."""
    assert spelled(keys) == theirs


@pytest.mark.parametrize(
    ("platform", "environ", "why"),
    [
        ("win32", {}, ""),
        ("darwin", {}, ""),
        ("linux", {"DISPLAY": ":0"}, ""),
        ("linux", {}, "no desktop"),
        ("linux", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "Wayland"),
        ("linux", {"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "Wayland"),
    ],
)
def test_desktop_that_shows_its_keys_to_nobody_is_told(
    platform: str, environ: dict[str, str], why: str
) -> None:
    """With what does instead."""
    told = hindrance(platform, environ)
    assert why in told
    assert bool(told) == bool(why)


def test_missing_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The node does not start half: whoever wants a key would rely on it."""
    monkeypatch.setitem(sys.modules, "pynput", None)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(UsageError, match=r"pynput.*'\.\[node,hotkey\]'"):
        Hotkey("ctrl+alt+m", lambda: None).start()


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One of X11, with nothing on it."""
    if not find_spec("pynput"):  # to import it takes a desktop
        pytest.skip("the extra hotkey is not installed")
    for program in ("Xvfb", "xdotool"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: `apt install xvfb xdotool`")
    ours, theirs = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "320x240x8", "-nolisten", "tcp"],
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    with os.fdopen(ours) as number:
        monkeypatch.setenv("DISPLAY", f":{number.readline().strip()}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    yield
    server.terminate()
    server.wait(10)


_LISTENS = """
import sys
from pickled.node.hotkey import Hotkey
key = Hotkey("ctrl+alt+m", lambda: print("pressed", flush=True))
key.start()
key._listener.wait()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.integration
@pytest.mark.usefixtures("desktop")
def test_key_is_heard_wherever_it_is_pressed() -> None:
    """By the real library on a real desktop: these keys, once a press, and no others."""
    with subprocess.Popen(
        [sys.executable, "-c", _LISTENS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as listener:
        assert listener.stdout
        assert listener.stdout.readline() == "ready\n"
        for keys in ("x", "ctrl+alt+m", "x"):
            subprocess.run(["xdotool", "key", "--delay", "50", keys], check=True, timeout=10)
        assert listener.stdout.readline() == "pressed\n"
        listener.kill()
        assert listener.stdout.read() == ""


def orders() -> Orders:
    """Those of a node that nobody has told anything."""
    sound = Sound(threading.Event())
    return Orders(sound, Mute(), Mute(), volume=100, gain_db=0, pong=lambda _: None)


def test_key_mutes_this_node_alone_and_releases_it() -> None:
    """It needs no daemon, never mutes others, and is a mute like any other: an OFF releases it."""
    given = orders()
    given.switch_by_hand()
    assert (given.muted.own, given.muted.alone) == (True, True)
    assert given.sound.playback.muted
    given.switch_by_hand()
    assert not given.muted.own
    assert not given.sound.playback.muted
    assert given.obeyed == 2


def test_key_releases_what_a_panic_muted() -> None:
    """Somebody is at the machine, and wants it to speak: as if OFF had been sent to it."""
    given = orders()
    given.muted.command("ON", fresh=True, daemon_online=True)
    given.switch_by_hand()
    assert not given.muted.own
