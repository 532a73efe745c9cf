"""`pickled node`, also installed as `pickled-node`: the co-host's mouth on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from pickled.cli import call
from pickled.errors import UsageError
from pickled.patterns import pattern

_NAME = pattern(r"[a-z0-9][a-z0-9_-]{0,31}")
_LOUDEST_DB = 20.0
_PasswordFile = Annotated[
    Path | None, typer.Option(help="A file that holds the broker's password.")
]
_CaFile = Annotated[
    Path | None,
    typer.Option(help="The authority of the broker's certificate (PEM); also mqtt.ca_file."),
]

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: `pickled node --broker mqtt://node-laptop@192.168.1.10 --output CABLE`",
)


@app.callback()
def node(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option(help="Its name, one of its own; default that of this machine.")
    ] = None,
    output: Annotated[
        str | None, typer.Option(help="Sound device or sink, or a part of its name.")
    ] = None,
    elsewhere: Annotated[
        bool,
        typer.Option("--elsewhere", help="Sound elsewhere while that output is away, not nowhere."),
    ] = False,
    role: Annotated[
        Literal["public", "private"],
        typer.Option(help="public: to the stream. private: to the streamer's ear only."),
    ] = "public",
    gain: Annotated[float, typer.Option(metavar="DB", help="Louder or softer, in dB.")] = 0.0,
    wav: Annotated[
        Path | None, typer.Option(help="Write the sound to this file instead of playing it.")
    ] = None,
    broker: Annotated[
        str | None, typer.Option(help="mqtt[s]://[user@]host[:port]; default from pickled.yaml.")
    ] = None,
    instance: Annotated[str | None, typer.Option(help="Which co-host; default home.")] = None,
    password_file: _PasswordFile = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    ca_file: _CaFile = None,
) -> None:
    """Play the co-host's speech on this machine until SIGTERM or Ctrl-C.

    Mute and panic are obeyed here, also when the daemon is gone.
    """
    if context.invoked_subcommand:
        return
    from pickled.cli.node_pair import found_for, run_found
    from pickled.node.main import NodeOptions, default_name
    from pickled.node.node_log import log_to_stderr

    found = found_for(
        name,
        broker=broker,
        instance=instance,
        password_file=password_file,
        config=config,
        environ=os.environ,
        ca_file=ca_file,
    )
    options = NodeOptions(
        name=_checked(name or found.name or default_name()),
        mqtt=found.options.mqtt,
        instance=found.options.instance,
        output=output,
        elsewhere=elsewhere,
        role=role,
        gain_db=_at_most(gain),
        wav=wav,
    )
    log_to_stderr()
    raise typer.Exit(run_found(options, found))


@app.command(epilog="Example: `pickled node devices`, then `pickled node --output NAME`")
def devices() -> None:
    """List the sound devices that it can play to."""
    from pickled.node.devices import outputs

    found = outputs()
    if not found:
        print("This machine has no sound output; `pickled node --wav FILE` writes a file instead.")
    for each in found:
        described = f"  {each.description}" if each.description else ""
        print(f"{each.name}  [{each.api}]{described}{'  (default)' if each.default else ''}")


@app.command(epilog="Example: `pickled node pair`, then paste; `pickled node pair --forget`")
def pair(
    forget: Annotated[
        bool, typer.Option("--forget", help="Remove what is kept, password and all.")
    ] = False,
    name: Annotated[
        str | None, typer.Option(help="With --forget: this node only; default all of this user's.")
    ] = None,
) -> None:
    """Pair with the server: paste the line that `sudo pickled pair --node NAME` printed there.

    It is read from standard input, never from the command line, where others could see it.
    """
    from pickled.cli.node_pair import pair_node

    pair_node(forget=forget, name=_checked(name) if name else None)


def main() -> NoReturn:
    """`pickled-node`: exits with 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    call(app, "pickled-node")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"--name {name}: up to 32 of a-z, 0-9, _ and -, beginning with a letter or a digit."
        )
    return name


def _at_most(gain_db: float) -> float:
    if not -60 <= gain_db <= _LOUDEST_DB:
        raise UsageError(f"--gain {gain_db:g}: from -60 to {_LOUDEST_DB:g} dB.")
    return gain_db
