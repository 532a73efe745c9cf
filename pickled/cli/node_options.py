"""What `pickled node` can be told, option by option."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Name = Annotated[
    str | None, typer.Option(help="Its name, one of its own; default that of this machine.")
]
Output = Annotated[str | None, typer.Option(help="Sound device or sink, or a part of its name.")]
Elsewhere = Annotated[
    bool,
    typer.Option("--elsewhere", help="Sound elsewhere while that output is away, not nowhere."),
]
Input = Annotated[
    str | None,
    typer.Option("--input", help="Microphone or source, or a part of its name; else none."),
]
Echo = Annotated[
    Literal["auto", "yes", "no"],
    typer.Option(help="Does the microphone hear what it plays? no: headphones, yes: never both."),
]
Duck = Annotated[
    bool, typer.Option("--duck/--no-duck", help="Be softer at once while somebody speaks.")
]
MinLevel = Annotated[
    float | None,
    typer.Option(
        metavar="DB", min=-96, max=0, help="Don't hear who is softer: dB below full scale, as -45."
    ),
]
BelowUsual = Annotated[
    float | None,
    typer.Option(metavar="DB", min=1, max=60, help="Nor who is so much softer than you."),
]
Hotkey = Annotated[
    str | None, typer.Option(metavar="KEYS", help="Mute it by keys of this machine: ctrl+alt+m.")
]
Role = Annotated[
    Literal["public", "private"],
    typer.Option(help="public: to the stream. private: to the streamer's ear only."),
]
Gain = Annotated[float, typer.Option(metavar="DB", help="Louder or softer, in dB.")]
Wav = Annotated[
    Path | None, typer.Option(help="Write the sound to this file instead of playing it.")
]
BrokerUrl = Annotated[
    str | None, typer.Option(help="mqtt[s]://[user@]host[:port]; default from pickled.yaml.")
]
Instance = Annotated[str | None, typer.Option(help="Which co-host; default home.")]
PasswordFile = Annotated[Path | None, typer.Option(help="A file that holds the broker's password.")]
Config = Annotated[Path | None, typer.Option(help="The configuration file.")]
CaFile = Annotated[
    Path | None,
    typer.Option(help="The authority of the broker's certificate (PEM); also mqtt.ca_file."),
]
