"""`pickled setup`: from nothing to being heard, by questions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pickled import log
from pickled.cli.setup.broker import ask_broker
from pickled.cli.setup.channel import ask_channel
from pickled.cli.setup.draft import Draft
from pickled.cli.setup.hearing import hear
from pickled.cli.setup.interview import Interview
from pickled.cli.setup.model import ask_model
from pickled.cli.setup.persona import ask_persona
from pickled.cli.setup.voice import ask_voice
from pickled.errors import PickledError
from pickled.extras import missing, needs


def setup(
    config: Annotated[
        Path | None, typer.Option(help="The file to write or change; default ./pickled.yaml.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: take what is there, and the defaults.")
    ] = False,
    broker: Annotated[str | None, typer.Option(help="host:port, or mqtts://user@host.")] = None,
    channel: Annotated[str | None, typer.Option(help="Your Twitch channel.")] = None,
    llm: Annotated[str | None, typer.Option(help="ollama, openai or readout.")] = None,
    host: Annotated[str | None, typer.Option(help="Where Ollama is.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Where the other server is.")] = None,
    api_key_file: Annotated[str | None, typer.Option(help="Its key's file.")] = None,
    model: Annotated[str | None, typer.Option(help="The model's name; fetched if need be.")] = None,
    tts: Annotated[str | None, typer.Option(help="local, wyoming or deepgram.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the Wyoming voice is.")] = None,
    voice: Annotated[str | None, typer.Option(help="The voice's name, or auto.")] = None,
    persona: Annotated[str | None, typer.Option(help="default, maple, blitz, or yours.")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Play nothing.")] = False,
    sentence: Annotated[str | None, typer.Option(help="What you say to it at the end.")] = None,
) -> None:
    """Ask what is needed, try each part, write pickled.yaml, and let it speak.

    It can be run again: what stands in the file is the default of each question, and what it does
    not ask about stays as it is. An option answers its question beforehand.
    """
    if absent := missing("server"):
        raise PickledError(needs(absent[0]))
    log.only_errors()
    told = {
        "broker": broker, "channel": channel, "llm": llm, "host": host, "base-url": base_url,
        "api-key-file": api_key_file, "model": model, "tts": tts, "url": url, "voice": voice,
        "persona": persona, "sentence": sentence,
    }  # fmt: skip
    console = Console(highlight=False, soft_wrap=True)
    given = {name: answer for name, answer in told.items() if answer is not None}
    questions = Interview(console, given, defaults=yes)
    draft = Draft.of(config, environ=os.environ, cwd=Path.cwd())
    questions.say(f"{'Changes' if draft.before else 'Makes'} {draft.path}, at the end.", "dim")
    ask_channel(questions, draft)
    ask_broker(questions, draft)
    ask_persona(questions, draft)
    answers = ask_model(questions, draft)
    ask_voice(questions, draft, silent=silent)
    _write(questions, draft)
    if not silent:
        hear(questions, draft, answers=answers)
    _what_next(questions, draft)


def _write(questions: Interview, draft: Draft) -> None:
    """Once its owner has seen it."""
    questions.heading(str(draft.path))
    changes = draft.changes()
    if not changes:
        questions.good("stays as it is")
        return
    for line in changes if draft.before else draft.text().splitlines():
        questions.say(line, "green" if line.startswith("+") else "red" if line[:1] == "-" else "")
    if not questions.yes("Write it?"):
        raise PickledError("Nothing was written.")
    copy = draft.write()
    questions.good(f"written; the one before is {copy.name}" if copy else "written")


def _what_next(questions: Interview, draft: Draft) -> None:
    config = draft.config()
    named = "" if draft.path.parent == Path.cwd() else f" --config {draft.path}"
    host = config.mqtt.host
    questions.heading("What next")
    for command, does in (
        (f"pickled doctor{named}", "looks at everything once more"),
        (f"pickled run{named}", "starts it; Ctrl-C ends it"),
        (f"pickled node --broker mqtt://{host}", "on the machine that shall be heard"),
        (f"pickled watch{named}", "what it does, live"),
    ):
        questions.say(f"  {command:<44} {does}")
