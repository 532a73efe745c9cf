"""MQTT over WebSocket: what browsers and most plug-ins of a Stream Deck come by."""

from __future__ import annotations

from pickled.config import Config
from pickled.doctor.check import Check, Status
from pickled.mqtt.websocket import USUAL_PORTS, Outcome, Tried, try_websocket

_WHY = "Browsers and most plug-ins of a Stream Deck can't come in by it."
_WHAT: dict[Outcome, str] = {
    "nobody": "nothing listens at {where}",
    "other": "{where} is no WebSocket",
    "refused": "{where} refuses a WebSocket: {said}",
    "no subprotocol": "{where} opens a WebSocket that is not called `mqtt`",
    "silent": "{where} opens a WebSocket, and stays silent",
    "ok": "{where} speaks MQTT over WebSocket, on the path {said}",
}
_LISTENER = "Under that `listener` in mosquitto.conf write `protocol websockets`, and restart it"
_PROXY = (
    "a proxy in front of it has to pass on the header Sec-WebSocket-Protocol and what follows it"
)
_REMEDIES: dict[Outcome, str] = {
    "nobody": "Uncomment `listener 8884` and the lines below it in pickled's mosquitto.conf.",
    "other": f"{_LISTENER}.",
    "refused": f"{_LISTENER}; {_PROXY}.",
    "no subprotocol": f"Is it Mosquitto's? Then {_PROXY}.",
    "silent": f"Is it Mosquitto's? Then {_PROXY}.",
}


def check_websocket(config: Config, port: int | None = None) -> tuple[Check, ...]:
    """At that port, else at the usual ones, where what is no WebSocket is somebody else's."""
    mqtt = config.mqtt
    tried = [try_websocket(mqtt, each) for each in ((port,) if port else USUAL_PORTS)]
    if port is None:
        tried = [each for each in tried if each.outcome not in ("nobody", "other")]
        if not tried:
            what = f"none at {' and '.join(map(str, USUAL_PORTS))}"
            why = "Browsers and most plug-ins of a Stream Deck would need it."
            return (Check("websocket", "ok", what, why),)
    best = next((each for each in tried if each.outcome == "ok"), tried[0])
    return (_told(best, mqtt.host, asked=port is not None),)


def _told(tried: Tried, host: str, *, asked: bool) -> Check:
    what = _WHAT[tried.outcome].format(where=f"{host}:{tried.port}", said=tried.said)
    if tried.outcome == "ok":
        return Check("websocket", "ok", what)
    status: Status = "fail" if asked else "warn"
    return Check("websocket", status, what, _WHY, _REMEDIES[tried.outcome])
