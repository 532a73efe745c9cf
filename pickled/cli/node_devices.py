"""The sound devices of this machine: listed, and chosen once by who starts a node by hand."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pickled.config.layers import read_dotenv
from pickled.node.chosen import ChosenDevices, chosen_before, devices_file, keep_choice
from pickled.node.devices import BEST_API, SoundDevice, inputs, outputs

OUTPUT, INPUT = "AUDIO_OUTPUT_DEVICE", "AUDIO_INPUT_DEVICE"
"""The prototype's names for the two."""


def variables(config: Path | None, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, and below it the file `.env` beside the configuration, as for the daemon."""
    folder = config.absolute().parent if config else Path.cwd()
    return read_dotenv(folder / ".env") | dict(environ)


def list_devices() -> None:
    """Print all outputs and microphones; raises DeviceError."""
    for head, found, none in (
        ("Outputs, for --output:", outputs(), "none; `--wav FILE` writes a file instead"),
        ("Microphones, for --input:", inputs(), "none"),
    ):
        print(head)
        for each in found:
            print(f"  {_line(each)}{'  (default)' if each.default else ''}")
        if not found:
            print(f"  {none}")


def devices_for(
    output: str | None, microphone: str | None, *, wav: bool, environ: Mapping[str, str]
) -> ChosenDevices:
    """Options win over the environment, which wins over what was chosen once; else it is asked.

    Only a terminal is asked, and only if nothing is known. Raises DeviceError.
    """
    output = output if output is not None else environ.get(OUTPUT) or None
    microphone = microphone if microphone is not None else environ.get(INPUT) or None
    path = devices_file()
    told = output is not None or microphone is not None or wav
    kept = chosen_before(path)
    if kept is None and not told and sys.stdin.isatty() and sys.stdout.isatty():
        kept = choose_now(path)
    if kept is None:
        kept = ChosenDevices()
    return ChosenDevices(
        output if output is not None else kept.output,
        microphone if microphone is not None else kept.input,
    )


def choose_now(path: Path) -> ChosenDevices:
    """Ask for both, and keep the answer."""
    print("Which devices shall this node use? It is asked once; Enter takes the default.")
    output = _ask("Where shall the co-host sound?", _people_know(outputs()), "the default output")
    found = [each for each in _people_know(inputs()) if not each.hears_itself]
    microphone = _ask("Which microphone shall it hear?", found, "none")
    chosen = ChosenDevices(output, microphone)
    keep_choice(path, chosen)
    print(f"Kept in {path}: --output and --input win over it; delete it to be asked again.\n")
    return chosen


def _ask(question: str, found: Sequence[SoundDevice], default: str) -> str | None:
    if not found:
        return None
    print(question)
    print(f"  0  {default}")
    for number, each in enumerate(found, 1):
        print(f"  {number}  {_line(each)}")
    while True:
        answer = input("Number [0]: ").strip() or "0"
        if answer.isdecimal() and int(answer) <= len(found):
            return found[int(answer) - 1].name if int(answer) else None
        print(f"From 0 to {len(found)}.")


def _people_know(found: Sequence[SoundDevice]) -> list[SoundDevice]:
    """Each once: Windows lists a device for each of its ways to it, Linux the bridges, too."""
    served = [each for each in found if each.sink]
    best = [each for each in found if each.api == BEST_API]
    return list({each.name: each for each in served or best or found}.values())


def _line(device: SoundDevice) -> str:
    described = f"  {device.description}" if device.description else ""
    return f"{device.name}  [{device.api}]{described}"
