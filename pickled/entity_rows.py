"""How a topic shows in Home Assistant: platform, name, category, and how its payload is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

LONGEST_VALUE = 250
"""Characters; Home Assistant drops a sensor's value above 255."""

Device = Literal["daemon", "node", "vision"]
"""What is a device of its own there."""

Platform = Literal[
    "switch", "select", "number", "button", "notify", "text", "sensor", "binary_sensor", "event"
]


@dataclass(frozen=True)
class Entity:
    """One entity of a topic: its platform, and the discovery keys that are its own."""

    platform: Platform
    name: str
    keys: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    """Names it within its device; empty: as its topic is called. Never changes its platform."""
    attributes: str = ""
    """The path of a topic whose JSON object it has for attributes."""
    sets: str = ""
    """The path of the command that sets it, where it is not called as its state is."""
    always: bool = False
    """Obeyed, or told, by others than the daemon: it is there while the daemon is away."""
    words: bool = False
    """Shows what is said or written: left out without `publish_text`."""
    microphone: bool = False
    """Only of a node that has one."""


def entity(
    platform: Platform,
    name: str,
    *,
    key: str = "",
    attributes: str = "",
    sets: str = "",
    always: bool = False,
    words: bool = False,
    microphone: bool = False,
    **keys: Any,
) -> Entity:
    """Among what a household sees and does first; at most 15 of the daemon's device."""
    return Entity(platform, name, keys, key, attributes, sets, always, words, microphone)


def config(platform: Platform, name: str, **given: Any) -> Entity:
    """As `entity`, among what is set seldom. Home Assistant never changes a category later."""
    return entity(platform, name, entity_category="config", **given)


def diagnostic(platform: Platform, name: str, **given: Any) -> Entity:
    """As `entity`, among what tells how the co-host is."""
    return entity(platform, name, entity_category="diagnostic", **given)


def words(expression: str) -> str:
    """A template for a text: not too long, and no fault where somebody says "None"."""
    return (
        f"{{% set said = ({expression} | default('', true) | string)[:{LONGEST_VALUE}] %}}"
        "{{ '“' ~ said ~ '”' if said in ['None', 'unknown', 'unavailable'] else said }}"
    )


def on_if(condition: str) -> str:
    """A template that says `ON` or `OFF`."""
    return f"{{{{ 'ON' if {condition} else 'OFF' }}}}"


def as_object(expression: str) -> str:
    """A template that makes the JSON object that attributes must be."""
    return f"{{{{ {expression} | to_json }}}}"


SPOKEN = "{{ {'text': value} | to_json }}"
"""Makes a command of any text, also of one that begins with `{`."""

HELD = as_object(
    "dict({'text': '', 'turn': none, 'expires_at': none},"
    " **dict(value_json | first | default({}, true), answers=value_json))"
)
"""The oldest answer that waits, and all of them."""

_PARTS = (
    "value_json.items() if how.status in ['degraded', 'down']"
    " and part not in ['twitch', 'obs', 'vtube']"
)
"""Those three are second names of an input or output."""

TROUBLE = (
    "{% set found = namespace(all=[]) %}"
    f"{{% for part, how in {_PARTS} %}}"
    "{% set why = ': ' ~ how.detail if how.detail else '' %}"
    "{% set found.all = found.all + [part ~ ' ' ~ how.status ~ why] %}"
    f"{{% endfor %}}{{{{ (found.all | join('; '))[:{LONGEST_VALUE}] or 'ok' }}}}"
)
"""Which parts are not well, and why."""

REFUSED = (
    "{% if value_json.event_type == 'rejected' %}"
    + words("value_json.command ~ ': ' ~ (value_json.message or value_json.code)")
    + "{% else %}{{ this.state }}{% endif %}"
)
"""The last command that was refused; an accepted one changes nothing."""
