"""`pickled node`, also installed as `pickled-node`: the co-host's mouth and ear on this machine."""

from __future__ import annotations

import os
from typing import Annotated, NoReturn

import typer

from pickled.cli import call
from pickled.cli import node_options as options
from pickled.errors import UsageError
from pickled.patterns import pattern

_NAME = pattern(r"[a-z0-9][a-z0-9_-]{0,31}")
_LOUDEST_DB = 20.0

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: `pickled node --broker mqtt://node-laptop@192.168.1.10 --output CABLE`",
)


@app.callback()
def node(
    context: typer.Context,
    name: options.Name = None,
    output: options.Output = None,
    elsewhere: options.Elsewhere = False,
    microphone: options.Input = None,
    echo: options.Echo = "auto",
    duck: options.Duck = True,
    min_level: options.MinLevel = None,
    below_usual: options.BelowUsual = None,
    hotkey: options.Hotkey = None,
    role: options.Role = "public",
    gain: options.Gain = 0.0,
    wav: options.Wav = None,
    broker: options.BrokerUrl = None,
    instance: options.Instance = None,
    password_file: options.PasswordFile = None,
    config: options.Config = None,
    ca_file: options.CaFile = None,
) -> None:
    """Play the co-host's speech on this machine, and hear its streamer, until SIGTERM or Ctrl-C.

    Mute and panic are obeyed here, also when the daemon is gone. Nothing of a muted microphone
    leaves this machine.
    """
    if context.invoked_subcommand:
        return
    from pickled.cli.node_devices import devices_for, variables
    from pickled.cli.node_pair import found_for, run_found
    from pickled.node.node_log import log_to_stderr
    from pickled.node.options import HearingOptions, NodeOptions, default_name

    found = found_for(
        name,
        broker=broker,
        instance=instance,
        password_file=password_file,
        config=config,
        environ=os.environ,
        ca_file=ca_file,
    )
    told = variables(config, os.environ)
    chosen = devices_for(output, microphone, wav=wav is not None, environ=told)
    hearing = HearingOptions(
        input=chosen.input, echo=echo, duck=duck, least_db=min_level, below_usual_db=below_usual
    )
    started = NodeOptions(
        name=_checked(name or found.name or default_name()),
        mqtt=found.options.mqtt,
        instance=found.options.instance,
        output=chosen.output,
        elsewhere=elsewhere,
        role=role,
        gain_db=_at_most(gain),
        wav=wav,
        hearing=hearing,
        hotkey=hotkey,
    )
    log_to_stderr()
    raise typer.Exit(run_found(started, found))


@app.command(epilog="Example: `pickled node devices`, then `pickled node --output NAME`")
def devices() -> None:
    """List the sound devices that it can play to, and the microphones."""
    from pickled.cli.node_devices import list_devices

    list_devices()


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
