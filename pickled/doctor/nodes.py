"""The daemon and the audio-nodes, as they show themselves at the broker."""

from __future__ import annotations

from collections.abc import Iterator

from pickled import __version__
from pickled.config import MqttConfig
from pickled.doctor.check import Check
from pickled.extras import update
from pickled.messages.state import Info
from pickled.mqtt.presence import Presence, SeenNode
from pickled.mqtt.probe import Findings

_SKEW_MS = 2_000
_CONTRACT = Info.model_fields["contract"].default


def check_daemon(there: Presence) -> Check:
    """Is it there, only once, of this version, and well?"""
    if there.rivals:
        what = "two daemons use the same name, and kick each other out"
        why = "States and answers are now the one's, now the other's."
        remedy = "Stop one of them, or give it an `instance` of its own."
        return Check("daemon", "fail", what, why, remedy)
    if not there.daemon and there.busy:
        what = f"it does not run, and {' and '.join(sorted(there.busy))} still says ON"
        why = "It ended in the middle of that; what goes by those states alone waits for ever."
        remedy = "Start it: it puts them right. Let lights and scenes look at `availability`, too."
        return Check("daemon", "warn", what, why, remedy)
    if not there.daemon:
        return Check("daemon", "ok", "it does not run")
    if there.info is not None and there.info.version != __version__:
        what = f"it runs, as version {there.info.version}; this is {__version__}"
        remedy = "Start it again: it goes on with what it was started with."
        return Check("daemon", "warn", what, remedy=remedy)
    parts = there.health.root if there.health else {}
    ailing = [
        f"{name} is {each.status}: {each.detail or 'it does not say why'}"
        for name, each in sorted(parts.items())
        if each.status in ("degraded", "down")
    ]
    if ailing:
        return Check("daemon", "warn", "it runs, and says what it lacks", remedy="; ".join(ailing))
    return Check("daemon", "ok", "it runs")


def check_nodes(found: Findings, mqtt: MqttConfig) -> Iterator[Check]:
    """Which are there, and what is wrong with each."""
    there = found.presence
    daemon = "the daemon runs" if there.daemon else "the daemon does not run"
    if found.role.startswith("node-"):
        yield _own_node(found, mqtt)
        return
    if not there.online:
        remedy = "Start `pickled node --broker mqtt://…` on the machine that shall be heard."
        yield Check("nodes", "warn", f"{daemon}, no node is online", "Nothing sounds.", remedy)
        return
    online = f"{daemon}, online: {', '.join(there.online)}"
    wrong = [each for name in there.online for each in _wrong(name, there.nodes[name], there)]
    if not wrong:
        yield Check("nodes", "ok", online)
        return
    whys, remedies = zip(*wrong, strict=True)
    yield Check("nodes", "warn", online, " ".join(whys), " ".join(dict.fromkeys(remedies)))


def _own_node(found: Findings, mqtt: MqttConfig) -> Check:
    """A node's user sees nothing of the others."""
    name = found.role.removeprefix("node-")
    if found.presence.online == [name]:
        return Check("nodes", "ok", f"{name} is online")
    what = f"{mqtt.username} is the user of the node {name}, which is not online"
    return Check("nodes", "warn", what, remedy=f"Start it as `pickled node --name {name}`.")


def _wrong(name: str, node: SeenNode, there: Presence) -> Iterator[tuple[str, str]]:
    """Why and remedy, as often as there is something."""
    if name in there.silent:
        yield (
            f"{name} is called online, and does not answer.",
            f"Start the node on {name} again; does its machine sleep, or its network hang?",
        )
    if not node.state.has_sound:
        yield f"{name} can't be heard.", node.state.last_error
    elif node.state.last_error:
        yield f"{name} says that something is wrong.", node.state.last_error
    skew = node.state.clock_offset_ms
    if skew is not None and abs(skew) > _SKEW_MS:
        late = "behind" if skew > 0 else "ahead"
        yield (
            f"The clock of {name} is {abs(skew) / 1000:.0f} s {late}.",
            f"Let {name} set its clock by the network (`timedatectl set-ntp true`).",
        )
    if node.info is None:
        return
    if node.info.contract != _CONTRACT:
        yield (
            f"{name} speaks contract {node.info.contract}, not {_CONTRACT}.",
            f"On {name}: {update('node')}, then start it again.",
        )
    elif node.info.version != __version__:
        yield (
            f"{name} is version {node.info.version or 'unknown'}, this is {__version__}.",
            f"On {name}: {update('node')}, then start it again.",
        )
