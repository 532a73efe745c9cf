"""What protects the password on its way: TLS, and the refusal to go without."""

from __future__ import annotations

import ssl

from pickled.config import MqttConfig, is_this_machine
from pickled.errors import BrokerError, ConfigError
from pickled.text_files import refuse_unless_plain

_WANTED = "name the PEM file of the authority that made the broker's certificate"


class TlsSocket(ssl.SSLSocket):
    """Closes itself when the handshake fails: paho leaves that to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        """As in SSLSocket."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def tls_context(config: MqttConfig) -> ssl.SSLContext | None:
    """The context for the connection; None without TLS. Raises BrokerError."""
    if not config.tls:
        _refuse_clear_text(config)
        return None
    if config.ca_file is not None:
        try:
            refuse_unless_plain(config.ca_file)
        except ConfigError as error:
            raise BrokerError(f"mqtt.ca_file {error}; {_WANTED}") from error
    try:
        context = ssl.create_default_context(cafile=config.ca_file)
    except OSError as error:
        why = f"{config.ca_file}: can't be used: {error.strerror}"
        raise BrokerError(f"mqtt.ca_file {why}; {_WANTED}") from error
    context.sslsocket_class = TlsSocket
    return context


def _refuse_clear_text(config: MqttConfig) -> None:
    if config.password is None or config.insecure or is_this_machine(config.host):
        return
    raise BrokerError(
        f"the password would go to {config.host} in clear text: set mqtt.tls, or "
        "mqtt.insecure if you trust everybody in that network"
    )
