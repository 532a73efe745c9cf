"""Who sets up seeing in one place has set up both sides: `vision:` names the input, too."""

from __future__ import annotations

from typing import Any

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
"""Where it listens for all, it does so for this machine."""

_OFF = ("false", "no", "off", "0", "")


def name_the_eye(values: dict[str, Any]) -> None:
    """Put the vision-server's address into the input `vision`; add one where there is only it."""
    section = values.get("vision")
    if not isinstance(section, dict):
        return
    inputs = values.get("inputs") or []
    if not isinstance(inputs, list | tuple):
        return
    eyes = [each for each in inputs if isinstance(each, dict) and each.get("kind") == "vision"]
    if not eyes and str(section.get("enabled", True)).strip().lower() not in _OFF:
        inputs = [*inputs, {"kind": "vision"}]
    values["inputs"] = [_placed(each, section) for each in inputs]


def _placed(part: Any, section: dict[str, Any]) -> Any:
    if not (isinstance(part, dict) and part.get("kind") == "vision"):
        return part
    host, port = str(section.get("host") or "127.0.0.1"), section.get("port") or 3001
    if host in _EVERYWHERE:
        host = "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    known = {"server": f"http://{shown}:{port}"}
    if section.get("token"):
        known["token"] = section["token"]
    return {**known, **part}
