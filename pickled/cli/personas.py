"""`pickled personas`: writes a persona file to begin with, checks them, writes their schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

import pickled
from pickled.brain.openers import unclean
from pickled.brain.persona import parse_persona
from pickled.brain.persona_schema import persona_schema
from pickled.brain.safety import GateRules
from pickled.cli.persona_draft import file_name, first_draft
from pickled.errors import ConfigError, UsageError
from pickled.text_files import read_text

SCHEMA_NAME = "persona.schema.json"

app = typer.Typer(no_args_is_help=True, help="Write a persona file, and check them.")


@app.callback()
def personas() -> None:
    """Write a persona file, and check them."""


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What it is called; also the file's name.")],
    language: Annotated[str, typer.Option(help="What it speaks, as de or pt-BR.")] = "en",
    folder: Annotated[
        Path | None, typer.Option(help="Where to; default the folder `personas` here.")
    ] = None,
) -> None:
    """Write a persona file with a comment to each field, to be made your own.

    Example: pickled personas new renate --language de
    """
    file = (folder or Path("personas")) / f"{file_name(name)}.yaml"
    text = first_draft(name, language)
    parse_persona(text, source=str(file))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new_file:
            new_file.write(text)
    except FileExistsError:
        raise UsageError(f"{file} is there already: choose another name, or edit it.") from None
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}") from error
    typer.echo(f"{file} is written. Make it your own, then:")
    typer.echo(f"  pickled personas check {file}")
    typer.echo(f"  pickled replay irl_walk --persona {file.stem} --compare default")
    typer.echo(f"  pickled set persona {file.stem}")


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files, or folders with .yaml files.")
    ] = None,
    write_schema: Annotated[
        bool, typer.Option("--write-schema", help=f"Also write {SCHEMA_NAME} beside the personas.")
    ] = False,
) -> None:
    """Say what is wrong in persona files, each mistake with its line.

    Without FILES, the folder `personas` here is checked, else the one that ships with pickled.

    Example: pickled personas check personas/default.yaml
    """
    found = _persona_files(files or [_own_folder()])
    mistakes = [told for each in found for told in _mistakes(each)]
    for each in mistakes:
        typer.echo(each, err=True)
    if not found:
        typer.echo("there are no persona files here; name one, or a folder", err=True)
    if mistakes or not found:
        raise typer.Exit(1)
    if write_schema:
        (found[0].parent / SCHEMA_NAME).write_text(schema_text(), encoding="utf-8")
    for file in found:
        if (model := parse_persona(read_text(file), source=str(file)).model) is not None:
            typer.echo(f"{file}: wants the model {model}; `pickled doctor` asks if it is there")
    typer.echo(f"{len(found)} {'persona is' if len(found) == 1 else 'personas are'} fine")


def schema_text() -> str:
    """The schema as it is written to `personas/persona.schema.json`."""
    return json.dumps(persona_schema(), indent=2, ensure_ascii=False) + "\n"


def _own_folder() -> Path:
    package = Path(pickled.__file__).parent
    choices = (Path("personas"), package / "personas", package.parent / "personas")
    return next((each for each in choices if each.is_dir()), choices[0])


def _persona_files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return found


def _mistakes(file: Path) -> list[str]:
    try:
        persona = parse_persona(read_text(file), source=str(file))
    except ConfigError as error:
        return str(error).splitlines()
    return [
        f"{file}: openers: the gate does not let {each!r} through as it is: word it otherwise"
        for each in unclean(persona.openers, gate=GateRules())
    ]
