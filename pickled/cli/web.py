"""`pickled web`: the overlay for OBS, the dashboard, and REST."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from pickled.config import Config, is_this_machine, load, secrets
from pickled.errors import PickledError, UsageError
from pickled.extras import missing, needs

_LARGEST_PORT = 65_535


def web(
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./pickled.yaml.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Where to listen; elsewhere than here one has to sign in.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=_LARGEST_PORT, help="Which port.")] = None,
    cert: Annotated[
        Path | None, typer.Option(help="Certificate (PEM), for https; with --key.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's key (PEM).")] = None,
) -> None:
    """Serve the pages until SIGTERM or Ctrl-C: dashboard, overlay, REST.

    They are clients of the broker like any: they start and stop by themselves.
    """
    if absent := missing("web"):
        raise PickledError(needs(absent[0]))
    loaded = load(config, environ=os.environ, cwd=Path.cwd())
    told = _told(loaded.config, os.environ, host=host, port=port, cert=cert, key=key)
    from pickled import log

    supervised = "INVOCATION_ID" in os.environ or not sys.stderr.isatty()
    log.configure(secrets=secrets(told), as_json=supervised)
    from pickled.web.main import run

    raise typer.Exit(run(told))


def _told(
    config: Config,
    environ: Mapping[str, str],
    *,
    host: str | None,
    port: int | None,
    cert: Path | None,
    key: Path | None,
) -> Config:
    """With the options, which win, and the prototype's HOST and PORT, where the file says none."""
    named = config.web.model_fields_set
    changes: dict[str, Any] = {}
    if "host" not in named and (old := environ.get("HOST", "").strip()) and _is_address(old):
        changes["host"] = old
    if "port" not in named and (old := environ.get("PORT", "").strip()):
        if not old.isdecimal() or not 1 <= int(old) <= _LARGEST_PORT:
            raise UsageError(f"PORT={old} is no port: from 1 to {_LARGEST_PORT}, as in PORT=8000.")
        changes["port"] = int(old)
    given = {"host": host, "port": port, "certificate": cert, "certificate_key": key}
    changes |= {name: value for name, value in given.items() if value is not None}
    return config.model_copy(update={"web": config.web.model_copy(update=changes)})


def _is_address(text: str) -> bool:
    """Some shells have the machine's name in HOST: only an address is meant for us."""
    import ipaddress

    if is_this_machine(text):
        return True
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
