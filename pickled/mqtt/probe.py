"""What a broker lets us do, and who is there: asked without leaving a trace."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.acl import of_user
from pickled.mqtt.causes import too_small
from pickled.mqtt.conversation import Conversation, reply_topic
from pickled.mqtt.discovery.devices import daemon_device
from pickled.mqtt.presence import Presence, watch
from pickled.mqtt.rights import lacking
from pickled.mqtt.rules import PACKET_ROOM
from pickled.mqtt.views import Views, compare
from pickled.topics import REPLIES, Root

DOCTOR = "doctor"
"""The last level of its own retained topic."""

_SETTLE_S = 0.5
"""How long retained messages may take to come after the last probe has."""
_EXPIRY_S = 60
"""If we die before we can clear it, the broker does."""


@dataclass
class Findings:
    """What was found out about a broker that let us in."""

    refused: str = ""
    """Why we may not publish; empty if we may."""
    heard: bool = False
    """Did what we published come back?"""
    open_to_all: bool = False
    """It lets in whoever doesn't say who he is."""
    guarded: bool = False
    """An access list keeps users apart."""
    role: str = ""
    """Whose rights our name has by the printed access list; empty if nobody's."""
    forbidden: list[str] = field(default_factory=list)
    """What the daemon would need, and our user may not."""
    views: Views | None = None
    """None if nothing could be retained."""
    presence: Presence = field(default_factory=Presence)
    too_small: str = ""
    """Why it does not take our largest message, Home Assistant's discovery; empty if it does."""


def look(
    config: MqttConfig,
    root: Root,
    *,
    timeout_s: float = 5.0,
    discovers: bool = True,
    as_daemon: bool = True,
) -> Findings:
    """Connect as the daemon does, and find out; raises BrokerError if it doesn't let us in.

    `discovers`: does the daemon announce itself to Home Assistant? `as_daemon`: is ours its user?
    """
    found = Findings(role=of_user(config.username, root))
    mark = secrets.token_hex(4)
    own = reply_topic(config, root, mark=mark)
    foreign = f"{root(REPLIES)}/somebody-else/{mark}"
    will = reply_topic(config, root, mark=DOCTOR)
    with Conversation(config, root, timeout_s=timeout_s, will=will) as talk:
        if discovers and (limit := talk.largest_packet) is not None:
            found.too_small = too_small(limit, config) if limit < _largest(config, root) else ""
        talk.subscribe(own, foreign)
        try:
            with suppress(BrokerError):
                talk.publish(foreign, b"", expiry_s=1)
            talk.publish(own, b"", expiry_s=1)
        except BrokerError as error:
            found.refused = str(error)
        came = _listen(talk, until=own, timeout_s=_SETTLE_S if found.refused else timeout_s)
        found.heard, found.guarded = own in came, foreign not in came
        if found.heard:
            _look_further(talk, config, root, found)
            if as_daemon:
                prefix = config.discovery_prefix if discovers else ""
                info = found.presence.info_as_sent
                found.forbidden = lacking(talk, root, mark=mark, info=info, discovery_prefix=prefix)
    found.open_to_all = config.username is None or _lets_in_anybody(config, root, timeout_s)
    return found


def _look_further(talk: Conversation, config: MqttConfig, root: Root, found: Findings) -> None:
    """All that needs no more than a place of our own."""
    probe = reply_topic(config, root, mark=DOCTOR)
    talk.publish(probe, b"probe", retain=True, expiry_s=_EXPIRY_S)
    try:
        found.views = compare(config, root, probe, timeout_s=_SETTLE_S * 10)
    finally:
        talk.publish(probe, b"", retain=True)
    found.presence = watch(talk, root, settle_s=_SETTLE_S)


def _largest(config: MqttConfig, root: Root) -> int:
    """Bytes of the largest packet that the daemon sends."""
    device = daemon_device(root, prefix=config.discovery_prefix, personas=(), voices=())
    return len(device.payload()) + PACKET_ROOM


def _listen(talk: Conversation, *, until: str, timeout_s: float) -> set[str]:
    came: set[str] = set()
    end = time.monotonic() + timeout_s
    while (left := end - time.monotonic()) > 0:
        if (message := talk.next(left)) is None:
            break
        came.add(message.topic)
        if message.topic == until:
            end = min(end, time.monotonic() + _SETTLE_S)
    return came


def _lets_in_anybody(config: MqttConfig, root: Root, timeout_s: float) -> bool:
    nobody = config.model_copy(update={"username": None, "password": None})
    try:
        with Conversation(nobody, root, timeout_s=timeout_s):
            return True
    except BrokerError:
        return False
