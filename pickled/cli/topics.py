"""`pickled topics`: print the MQTT contract, and check what was printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pickled.errors import UsageError
from pickled.mqtt import acl, printed
from pickled.topics import Root

app = typer.Typer(no_args_is_help=True, help="Print and check the MQTT contract.")

Folder = Annotated[Path, typer.Option("--folder", help="Where the printed contract lies.")]


@app.command(epilog="Example: `pickled topics write`")
def write(folder: Folder = Path("topics")) -> None:
    """Print the contract: AsyncAPI, schemas, examples, Mosquitto's files, README."""
    existing = _read(folder)
    wanted = printed.files(existing)
    for path, content in wanted.items():
        target = folder / path
        if existing.get(path) != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(f"wrote {target}")
    for path in existing.keys() - wanted.keys():
        if not path.startswith(printed.EXAMPLES):
            (folder / path).unlink()
            print(f"removed {folder / path}")


@app.command(epilog="Example: `pickled topics check`")
def check(folder: Folder = Path("topics")) -> None:
    """Fail if the printed contract differs from the code's, or an old example is not read."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; run it in the repository, or use --folder.")
    found = printed.problems(_read(folder))
    for each in found:
        Console(highlight=False).print(each, markup=False)
    if found:
        print("\nThe contract has changed: run `pickled topics write` and commit what it prints.")
        raise typer.Exit(1)
    print(f"{folder} is what the code says.")


@app.command("acl", epilog="Example: `pickled topics acl --node laptop --node phone > pickled.acl`")
def print_acl(
    node: Annotated[
        list[str] | None, typer.Option("--node", help="A node's name; its user is node-NAME.")
    ] = None,
    chat: Annotated[
        list[str] | None,
        typer.Option("--chat", help="Who brings chat from elsewhere; their user is chat-NAME."),
    ] = None,
    instance: Annotated[str, typer.Option(help="`instance` of pickled.yaml.")] = "home",
    base_topic: Annotated[str, typer.Option(help="`mqtt.base_topic` of pickled.yaml.")] = "pickled",
    discovery_prefix: Annotated[
        str, typer.Option(help="`mqtt.discovery_prefix` of pickled.yaml.")
    ] = "homeassistant",
) -> None:
    """Print Mosquitto's access list for your own instance and nodes."""
    nodes, chats = node or [acl.EXAMPLE_NODE], chat or [acl.EXAMPLE_CHAT]
    root = Root(base_topic, instance)
    printed_list = acl.access_list(
        root, nodes=nodes, chats=chats, discovery_prefix=discovery_prefix
    )
    print(printed_list, end="")


def _read(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
