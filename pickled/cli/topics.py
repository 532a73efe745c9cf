"""`pickled topics`: print the MQTT contract, and check what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pickled.config.forms import instance_name
from pickled.errors import UsageError
from pickled.mqtt import acl, printed
from pickled.patterns import pattern
from pickled.topics import Root

_NAME = pattern(r"[a-z0-9][a-z0-9_-]{0,31}")

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
        list[str] | None,
        typer.Option("--node", help="A node's name, or INSTANCE.NAME; its user is node-NAME."),
    ] = None,
    instance: Annotated[
        list[str] | None, typer.Option(help="`instance` of pickled.yaml; several for one file.")
    ] = None,
    base_topic: Annotated[str, typer.Option(help="`mqtt.base_topic` of pickled.yaml.")] = "pickled",
    discovery_prefix: Annotated[
        str, typer.Option(help="`mqtt.discovery_prefix` of pickled.yaml.")
    ] = "homeassistant",
    chat: Annotated[
        list[str] | None,
        typer.Option("--chat", help="Who brings chat from elsewhere; its user is chat-NAME."),
    ] = None,
    shared: Annotated[
        list[str] | None,
        typer.Option("--shared", help="A user that serves all instances, as hass."),
    ] = None,
) -> None:
    """Print Mosquitto's access list for your own instances and nodes, all in one file."""
    instances = accesses(
        instance or [Root().instance],
        nodes=node or [acl.EXAMPLE_NODE],
        chats=chat or [acl.EXAMPLE_CHAT],
        base_topic=base_topic,
        discovery_prefix=discovery_prefix,
    )
    print(acl.access_lists(instances, shared=shared or []), end="")


def accesses(
    instances: Sequence[str],
    *,
    nodes: Sequence[str],
    chats: Sequence[str],
    base_topic: str = "pickled",
    discovery_prefix: str = "homeassistant",
) -> list[acl.Access]:
    """Who gets rights in each instance; raises UsageError for names that no topic can have."""
    _check(instances, nodes, chats)
    return [
        acl.Access(
            Root(base_topic, name), _those_of(name, nodes), _those_of(name, chats), discovery_prefix
        )
        for name in instances
    ]


def _those_of(instance: str, names: Sequence[str]) -> tuple[str, ...]:
    """A plain name is in every instance, `studio.phone` in `studio` alone."""
    whole = (name if "." in name else f"{instance}.{name}" for name in names)
    return tuple(each.split(".", 1)[1] for each in whole if each.split(".", 1)[0] == instance)


def _check(instances: Sequence[str], nodes: Sequence[str], chats: Sequence[str]) -> None:
    for name in instances:
        try:
            if instance_name(name) == name:
                continue
            why = "can't have spaces around it"
        except ValueError as error:
            why = str(error)
        raise UsageError(f"--instance {name}: {why}.")
    for option, names in (("--node", nodes), ("--chat", chats)):
        for name in names:
            instance, _, own = name.rpartition(".")
            if not _NAME.fullmatch(own):
                raise UsageError(
                    f"{option} {name}: up to 32 of a-z, 0-9, _ and -, beginning with a letter or a "
                    "digit; before it an instance and a dot, if it is in that one alone."
                )
            if instance and instance not in instances:
                raise UsageError(f"{option} {name}: --instance {instance} is not named.")


def _read(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
