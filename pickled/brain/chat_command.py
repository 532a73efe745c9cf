"""Commands in chat: who may say `!pickle skip` and the like, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from pickled.messages.chat import ChatMessage
from pickled.patterns import pattern
from pickled.recent import Recent

Verb = Literal[
    "skip", "mute", "unmute", "persona", "approve", "reject", "panic", "pause", "discreet", "block",
    "unblock", "ignore", "unignore", "answer", "forgetme", "whatdoyouknow", "optout", "help",
]  # fmt: skip
VERBS: tuple[Verb, ...] = get_args(Verb)

RIGHTS: tuple[Verb, ...] = ("forgetme", "whatdoyouknow", "optout", "help")
"""What every viewer may do."""

MODERATORS: tuple[Verb, ...] = tuple(verb for verb in VERBS if verb not in RIGHTS)
"""What only the streamer and moderators may do; the rest is every viewer's right."""

ALIASES: tuple[Verb, ...] = ("skip", "mute", "persona")
"""Those that work without the prefix, as the prototype had them."""

VIEWER_EVERY_S = 20.0
"""A viewer's next command counts after so long; a moderator's at once."""

ALL_VIEWERS_EVERY_S = 2.0
"""Viewers' commands together: more would keep it talking about nothing else."""

MOST_VIEWERS = 1_000
"""So many viewers' last commands are remembered."""

MODERATING = frozenset({"broadcaster", "moderator", "lead_moderator"})
"""The badges of those who may do that."""

_LONGEST_ARGUMENT = 64
_REPLIED = pattern(r"^@\S{1,50}\s+")
_WORD = pattern(r"!(\w{1,24})(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ChatCommand:
    """What somebody in chat wants done."""

    verb: Verb
    argument: str
    message: ChatMessage

    @property
    def moderating(self) -> bool:
        """Is it one that needs a moderator?"""
        return self.verb in MODERATORS


@dataclass(frozen=True, slots=True)
class Manners:
    """How commands are written."""

    prefix: str = "pickle"
    aliases: bool = True


def parse(message: ChatMessage, *, manners: Manners) -> ChatCommand | None:
    """The command that a message is, or None; `!pickle` alone asks for help.

    An alias of somebody who may not use it is no command: it may be meant for a song bot.
    """
    text = message.text.strip()[:200]
    if message.reply_to is not None:
        text = _REPLIED.sub("", text)  # the name of whom it replies to is put in front
    found = _WORD.fullmatch(text)
    if not found:
        return None
    word, rest = found[1].casefold(), (found[2] or "").split()
    if word == manners.prefix:
        word = rest.pop(0).casefold() if rest else "help"
    elif not (manners.aliases and word in ALIASES and is_moderator(message)):
        return None
    verb: Verb = next((each for each in VERBS if each == word), "help")
    return ChatCommand(verb, " ".join(rest)[:_LONGEST_ARGUMENT], message)


def is_moderator(message: ChatMessage) -> bool:
    """The streamer and those who moderate for them, by the service's own badges."""
    return any(badge.split("/", 1)[0] in MODERATING for badge in message.badges)


@dataclass
class Rates:
    """Who gave a command when."""

    _last: Recent[str, float] = field(default_factory=lambda: Recent(MOST_VIEWERS))
    _any: float = float("-inf")

    def allows(self, command: ChatCommand, *, now: float) -> bool:
        """May it be done? A moderator always; a viewer not twice in a row."""
        if is_moderator(command.message):
            return True
        who = command.message.user_id or command.message.user
        last = self._last.get(who, float("-inf"))
        if now - last < VIEWER_EVERY_S or now - self._any < ALL_VIEWERS_EVERY_S:
            return False
        self._last[who] = self._any = now
        return True
