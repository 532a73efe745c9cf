"""`pickled install`: what sets a machine up, and takes it back; each installer is a module."""

from __future__ import annotations

import typer

from pickled.cli.install_mosquitto import install_mosquitto
from pickled.cli.install_node import install_node
from pickled.cli.install_systemd import systemd

app = typer.Typer(
    no_args_is_help=True,
    help="Set this machine up: says each file and command first; takes it back with --remove.",
)
app.command(
    epilog="Example: `sudo /opt/pickled/bin/pickled install systemd --dry-run`, "
    "`pickled install systemd --node`"
)(systemd)
app.command(
    "mosquitto",
    epilog="Example: `sudo pickled install mosquitto --node laptop --tls home-server.lan`",
)(install_mosquitto)
app.command(
    "node",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: `pickled install node --broker mqtt://home-server --output CABLE --dry-run`",
)(install_node)


@app.callback()
def _install() -> None:
    """Set this machine up: says each file and command first; takes it back with --remove."""
