"""All commands as one program: each command's module is imported only when the command runs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from pickled import __version__

COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("demo", "demo", "Everything in one go, with a bundled chat."),
    "setup": ("setup", "setup", "First steps: asks, tries, writes pickled.yaml, and is heard."),
    "run": ("run", "run", "The daemon: inputs, brain, voice, over MQTT."),
    "node": ("node", "app", "The audio-node: the co-host's mouth on this machine."),
    "pair": ("pair", "pair", "On the server: a line and a QR code that pair a node with it."),
    "web": ("web", "web", "The pages: overlay for OBS, dashboard, REST."),
    "doctor": ("doctor", "doctor", "What is wrong, why, and how to mend it."),
    "say": ("talk", "say", "Let it say a text, as given."),
    "ask": ("talk", "ask", "Ask it, as the streamer would."),
    "set": ("talk", "set_value", "Set a value: muted, volume, persona …"),
    "watch": ("watch", "watch", "A live view of everything that happens."),
    "record": ("record", "record", "Record a stream from MQTT, to play it again."),
    "replay": ("replay", "replay", "Play a recording again: what was answered, what not, why."),
    "twitch": ("twitch", "app", "Sign in to Twitch from any machine: login, status, logout."),
    "viewer": ("viewer", "app", "What is kept about a viewer: show, export, forget."),
    "memory": ("memory", "app", "Memory: search, stats, export, import, check, consolidate."),
    "install": ("install", "app", "Set this machine up, or take that back: systemd, mosquitto."),
    "backup": ("backup", "backup", "Everything that is kept, in one file."),
    "restore": ("backup", "restore", "Put a backup back."),
    "mqtt": ("mqtt", "app", "What is kept at the broker: clear what is left over."),
    "topics": ("topics", "app", "Print and check the MQTT contract."),
    "personas": ("personas", "app", "Write a persona file, and check them."),
    "voices": ("voices", "voices", "Which voices can be chosen, and what they speak."),
}
"""Name → module in this folder, what is called there (a function or a typer app), and the help."""


class _Lazy(TyperGroup):
    """Lists all commands by their one-line help, and imports the one that is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, (_, _, summary) in COMMANDS.items():
            self.commands[name] = TyperCommand(name, help=summary)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command with its options, from its own module."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, _load(name) if name in COMMANDS else command, rest


app = typer.Typer(
    cls=_Lazy,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    epilog="Try it: `pickled demo`. Every command answers `--help` with an example.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"pickled {__version__}")
        raise typer.Exit


@app.callback()
def _pickled(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and end."
    ),
) -> None:
    """pickled, an AI co-host for people who stream their life."""


def _load(name: str) -> Any:
    module, attribute, _ = COMMANDS[name]
    found = getattr(import_module(f"pickled.cli.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        command, found = found, typer.Typer()
        found.command(name, epilog=EXAMPLES[name])(command)
    elif name in EXAMPLES:
        found.info.epilog = EXAMPLES[name]
    found._add_completion = False  # noqa: SLF001  # only the whole program offers it
    found.rich_markup_mode = "markdown"  # brackets in an address are no markup
    return typer.main.get_command(found)


EXAMPLES = {
    "demo": "Example: `pickled demo --seconds 60 --wav out.wav`",
    "setup": "Example: `pickled setup`, `pickled setup --yes --channel streamername`",
    "run": "Example: `pickled run --config pickled.yaml`",
    "pair": "Example: `pickled pair --node laptop`, and on the laptop `pickled node pair`",
    "web": "Example: `pickled web`, `pickled web --host 0.0.0.0 --cert web.pem --key web.key`",
    "doctor": "Example: `pickled doctor --json`, `pickled doctor --part inputs:linefeed`",
    "say": "Example: `pickled say 'Welcome back, everybody!'`",
    "ask": "Example: `pickled ask 'What did chat think of that?' --wait`",
    "set": "Example: `pickled set volume 60`, `pickled set muted on`",
    "personas": "Example: `pickled personas new renate --language de`, `pickled personas check`",
    "voices": "Example: `pickled voices --language de`",
    "memory": "Example: `pickled memory search 'whose dog was ill'`, `pickled memory stats`",
    "viewer": "Example: `pickled viewer show sunny_side`, `pickled viewer forget sunny_side`",
    "install": "Example: `pickled install systemd --dry-run`",
    "mqtt": "Example: `pickled mqtt purge --instance studio --dry-run`",
    "backup": "Example: `pickled backup /mnt/disk/pickled.backup --encrypt`",
    "restore": "Example: `pickled restore /mnt/disk/pickled.backup --yes`",
    "twitch": "Example: `pickled twitch login`, `pickled twitch login --as bot`",
    "topics": "Example: `pickled topics check`",
    "record": "Example: `pickled record friday.jsonl --seconds 3600`",
    "replay": "Example: `pickled replay irl_walk`, "
    "`pickled replay friday.jsonl --compare model:readout`",
    "watch": "Example: `pickled watch --broker mqtt://192.168.1.10`",
}
"""What `--help` ends with."""
