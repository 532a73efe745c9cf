"""Is the vision-server there, with a picture and with a model that describes it?"""

from __future__ import annotations

import asyncio
from typing import Any

from pickled.config import Config
from pickled.doctor.check import Check
from pickled.errors import BrokerError
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root

_ANSWER_S = 1.0
_PAGE_S = 4.0
_WHY = "The co-host sees nothing of the stream."
_START = "Start it: `npm start` in vision-server/, or its service pickled-vision."


async def check_vision(config: Config) -> tuple[Check, ...]:
    """Nothing where nobody wants to see."""
    eye = next((each for each in config.inputs if each.kind == "vision"), None)
    if eye is None:
        return ()
    said = await asyncio.to_thread(_availability, config)
    server, token = str(eye.options.get("server", "")), str(eye.options.get("token") or "")
    status = await _status(server, token)
    if status is None:
        if said == "online":
            what = f"online at the broker; its page {server} can't be looked at"
            return (Check("vision", "ok", what),)
        return (Check("vision", "warn", "the vision-server is not there", _WHY, _START),)
    for part in ("source", "backend"):
        how = status.get(part)
        if isinstance(how, dict) and how.get("status") == "down":
            what = f"its {part} ({how.get('kind')}) is down"
            return (Check("vision", "warn", what, _WHY, str(how.get("detail", ""))[:300]),)
    if said != "online":
        what = f"answers at {server}, but is not online at the broker"
        why = "Its page is asked instead, which takes longer; commands don't reach it."
        remedy = "Does it have the same `mqtt` section, and the user `vision` or yours?"
        return (Check("vision", "warn", what, why, remedy),)
    seen = f"{status.get('frames')} pictures seen, {status.get('calls')} described"
    looks = "looks" if status.get("looks") else f"does not look: {status.get('why')}"
    return (Check("vision", "ok", f"{looks}; {seen}"),)


def _availability(config: Config) -> str:
    """What is retained; empty where nothing is, or nobody can be asked."""
    root = Root(config.mqtt.base_topic, config.instance)
    try:
        with Conversation(config.mqtt, root) as talk:
            talk.subscribe(root("vision/availability"))
            message = talk.next(_ANSWER_S)
    except BrokerError:
        return ""
    return message.payload.decode(errors="replace") if message is not None else ""


async def _status(server: str, token: str) -> dict[str, Any] | None:
    """What its page says; None if it says nothing."""
    import httpx2  # where somebody sees

    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        async with httpx2.AsyncClient(timeout=_PAGE_S, trust_env=False, headers=headers) as client:
            answer = await client.get(f"{server}/vision/status")
            found = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
