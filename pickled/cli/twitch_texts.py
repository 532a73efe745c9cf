"""What a person is shown who signs in: the rights, the code, the link as a picture."""

from __future__ import annotations

import io

import segno
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pickled.config import Config
from pickled.services.twitch.scopes import scopes_of
from pickled.services.twitch.tokens import Role

CONSOLE = (
    "Twitch wants to know which application signs in, and that is your own. Once: open "
    "https://dev.twitch.tv/console/apps, Register Your Application, any name, OAuth Redirect URL "
    "http://localhost, Category Chat Bot, Client Type Public; Create, then Manage. Copy its Client "
    "ID and run `pickled twitch login --client-id THAT`. There is no secret to copy."
)


def rights_shown(show: Console, role: Role, channel: str) -> None:
    """What Twitch will ask that account for, and why."""
    whose = f"twitch.tv/{channel}, your own account" if role == "streamer" else "your bot's account"
    show.print(f"This signs in {whose}. It asks for:", style="bold")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for each in scopes_of(role):
        table.add_row(Text(each.name), Text(each.why, style="dim"))
    show.print(table)


def code_shown(show: Console, code: str, url: str, *, qr: bool) -> None:
    """The code and the link, and the link as a picture for a telephone."""
    show.print()
    if qr:
        picture = io.StringIO()
        segno.make(url, error="l").terminal(out=picture, border=2, compact=True)
        show.file.write(picture.getvalue())
        show.file.flush()
    show.print(Text.assemble("Open ", (url, "bold"), " and type in ", (code, "bold")))
    show.print("Waiting for that; Ctrl-C ends it.", style="dim")


def what_next(show: Console, config: Config, role: Role, channel: str) -> None:
    """What is still to be done, if anything is."""
    kinds = {each.kind for each in config.inputs}
    if "twitch" not in kinds and not (config.channel and kinds <= {"twitch_anonymous"}):
        show.print(f"Add `{{kind: twitch, channel: {channel}}}` to `inputs` in pickled.yaml.")
    elif "twitch" not in kinds:
        show.print("The next `pickled run` listens with it; one that runs already: start it again.")
    if role == "streamer":
        show.print("Has the co-host an account of its own? `pickled twitch login --as bot`")
    else:
        show.print(f"In your chat: `/mod` it, then it hears of follows too, in #{channel}.")
