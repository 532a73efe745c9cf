"""Devices of ours in Home Assistant that nobody lives in: renamed, switched off, gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from pickled.config import Config
from pickled.doctor.check import Check
from pickled.errors import BrokerError
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.left_over import KeptDevice, device_filters, kept_devices, retained
from pickled.topics import Root

NAME = "home assistant"
TIMEOUT_S = 5.0


def check_left_overs(config: Config) -> tuple[Check, ...]:
    """What we are told of there, and what is left over; nothing where the broker is away."""
    root = Root(config.mqtt.base_topic, config.instance)
    try:
        with Conversation(config.mqtt, root, timeout_s=TIMEOUT_S) as talk:
            filters = device_filters(config.mqtt)
            announced = retained(talk, config.mqtt, root, filters, timeout_s=TIMEOUT_S)
            devices = kept_devices(announced)
            states = retained(talk, config.mqtt, root, _alive(devices), timeout_s=TIMEOUT_S)
    except BrokerError:
        return ()
    wrong = list(_wrong(config, root, devices, states))
    if wrong:
        what = ", ".join(dict.fromkeys(each for each, _, _ in wrong))
        why = " ".join(dict.fromkeys(why for _, why, _ in wrong))
        remedy = "; ".join(dict.fromkeys(remedy for _, _, remedy in wrong))
        return (Check(NAME, "warn", f"left over: {what}", why, f"{remedy}."),)
    if not config.home_assistant.enabled:
        return (Check(NAME, "ok", "discovery is switched off (home_assistant.enabled)"),)
    ours = sum(1 for each in devices if each.root == root)
    return (Check(NAME, "ok", f"it is told of {ours} devices, none is left over"),)


def _alive(devices: list[KeptDevice]) -> set[str]:
    """What is retained of those who are somebody's."""
    nodes = {_info(each) for each in devices if each.node}
    return nodes | {each.root("availability") for each in devices}


def _info(kept: KeptDevice) -> str:
    return kept.root("node/{node}/info", node=kept.node)


def _wrong(
    config: Config, root: Root, devices: list[KeptDevice], states: Mapping[str, bytes]
) -> Iterator[tuple[str, str, str]]:
    """What, why, and the command that clears it."""
    off = {each.root for each in devices if states.get(each.root("availability")) == b"offline"}
    for each in devices:
        if each.root != root:
            if each.root in off:
                why = f"{each.root.base}/{each.root.instance} is not running."
                yield each.device, why, f"if it is gone for good: `{_purge(each.root)}`"
            continue
        if not config.home_assistant.enabled:
            why = "Discovery is switched off, and Home Assistant is still told of us."
            yield each.device, why, "start the daemon once: it takes that out"
        elif not each.topic.startswith(f"{config.mqtt.discovery_prefix}/"):
            why = f"It is announced on {each.topic}, which is not our prefix."
            yield each.device, why, "start the daemon once: it takes that out"
        elif each.node and _info(each) not in states and root("availability") in states:
            why = f"The node {each.node} is not known at the broker any more."
            command = f"pickled mqtt purge --node {quote(each.node)}"
            yield each.device, why, f"if it is gone for good: `{command}`"


def _purge(root: Root) -> str:
    base = "" if root.base == Root().base else f" --base-topic {quote(root.base)}"
    return f"pickled mqtt purge --instance {root.instance}{base}"
