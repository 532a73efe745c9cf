"""What somebody wants of the broker, and how the next run knows it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from pickled.cli.topics import accesses
from pickled.errors import UsageError
from pickled.mqtt import acl
from pickled.patterns import pattern
from pickled.topics import Root

_LINE = "# chosen: "
_NAME = pattern(r"[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}")


class Choices(BaseModel):
    """Kept in the file that is written; the next run adds to them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    instances: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What the certificate is made for; none without TLS."""
    websocket: bool = False
    open_port: bool = False

    @property
    def line(self) -> str:
        """A comment that `kept` reads."""
        return f"{_LINE}{self.model_dump_json()}\n"

    def beside(self, before: Choices) -> Choices:
        """These, and those that were made before; and what is there if nothing is said."""

        def both(now: tuple[str, ...], then: tuple[str, ...], *default: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys((*then, *now))) or default

        return Choices(
            instances=both(self.instances, before.instances, Root().instance),
            nodes=both(self.nodes, before.nodes, acl.EXAMPLE_NODE),
            chats=both(self.chats, before.chats),
            shared=both(self.shared, before.shared),
            names=both(self.names, before.names),
            websocket=self.websocket or before.websocket,
            open_port=self.open_port or before.open_port,
        )

    def check(self, *, renew: bool) -> None:
        """Raises UsageError for what can't be had."""
        for name in self.names:
            if not _NAME.fullmatch(name):
                raise UsageError(f"--tls {name}: write a name or an address alone, as server.lan.")
        for user in self.shared:
            if user not in acl.USERS:
                raise UsageError(f"--shared {user}: there are {', '.join(acl.USERS)}.")
        if renew and not self.names:
            raise UsageError("--renew: there is no certificate; --tls NAME makes one.")

    @property
    def accesses(self) -> list[acl.Access]:
        """Who gets rights in each instance; raises UsageError."""
        return accesses(self.instances, nodes=self.nodes, chats=self.chats)


def kept(configuration: str) -> Choices:
    """What was chosen the last time; nothing, if that can't be read."""
    line = next((each for each in configuration.splitlines() if each.startswith(_LINE)), "")
    try:
        return Choices.model_validate_json(line.removeprefix(_LINE))
    except ValidationError:
        return Choices()
