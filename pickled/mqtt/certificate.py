"""How long the broker's certificate is still valid."""

from __future__ import annotations

import socket
import ssl
import time

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.secure import tls_context

_DAY_S = 86_400
_TIMEOUT_S = 5.0


def days_left(config: MqttConfig) -> float | None:
    """None without TLS, or if it can't be looked at."""
    try:
        context = tls_context(config)
        if context is None:
            return None
        with (
            socket.create_connection((config.host, config.port), _TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=config.host) as shown,
        ):
            certificate = shown.getpeercert() or {}
    except (OSError, BrokerError):
        return None
    until = certificate.get("notAfter")
    if not isinstance(until, str):
        return None
    return (ssl.cert_time_to_seconds(until) - time.time()) / _DAY_S
