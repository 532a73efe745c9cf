"""Does the broker let us in, is it good enough, and who else may do what there?"""

from __future__ import annotations

from collections.abc import Iterator

from pickled.config import Config, MqttConfig
from pickled.doctor.check import Check
from pickled.doctor.nodes import check_daemon, check_nodes
from pickled.errors import BrokerError
from pickled.mqtt.acl import user_name
from pickled.mqtt.causes import NOT_AUTHORIZED, access_command, refusal
from pickled.mqtt.certificate import days_left
from pickled.mqtt.probe import Findings, look
from pickled.mqtt.views import Views
from pickled.topics import Root

_SOON_DAYS = 21
_SIX = (
    "`sudo pickled install mosquitto` makes the six: then a laptop that is lost can play and "
    "nothing else, a tablet on the wall steer and not forget, the camera only tell what it sees, "
    "and nobody but the daemon hears the microphone."
)


def check_broker(config: Config, *, as_daemon: bool = True) -> tuple[Check, ...]:
    """`as_daemon`: is it the daemon that runs here, and not a node alone?"""
    mqtt, root = config.mqtt, Root(config.mqtt.base_topic, config.instance)
    where = f"{mqtt.host}:{mqtt.port}"
    try:
        found = look(mqtt, root, discovers=config.home_assistant.enabled, as_daemon=as_daemon)
    except BrokerError as error:
        return (Check("broker", "fail", f"{where} can't be used", remedy=str(error)),)
    checks = [_check_use(found, mqtt, root, where), _check_users(found, mqtt)]
    checks += _check_rights(found, mqtt, root)
    if found.views is not None:
        checks += _check_retained(found.views)
    checks += _check_certificate(mqtt)
    return *checks, check_daemon(found.presence), *check_nodes(found, mqtt)


def _check_use(found: Findings, mqtt: MqttConfig, root: Root, where: str) -> Check:
    if found.refused or not found.heard:
        why = "" if found.refused else "What we publish does not come back to us."
        remedy = found.refused or refusal(NOT_AUTHORIZED, "what it publishes", mqtt, root)
        return Check("broker", "fail", f"{where} lets us do too little", why, remedy)
    if found.too_small:
        why = "Home Assistant gets nothing, and with it whatever is as large."
        return Check("broker", "warn", f"{where} lets us in", why, found.too_small)
    return Check("broker", "ok", f"{where} lets us in, publish and read")


def _check_users(found: Findings, mqtt: MqttConfig) -> Check:
    if found.open_to_all:
        why = "Whoever reaches the broker can make the co-host speak, and listen to it."
        remedy = "Use topics/mosquitto/mosquitto.conf and its access list, with passwords. " + _SIX
        return Check("users", "warn", "the broker asks nobody for a name", why, remedy)
    if not found.guarded:
        why = "Every user may do everything, so also a lost laptop or a tablet on the wall."
        remedy = f"Use topics/mosquitto/acl (`pickled topics acl --node NAME`). {_SIX}"
        return Check("users", "warn", "there is no access list in force", why, remedy)
    return Check("users", "ok", f"an access list is in force; we are {mqtt.username}")


def _check_rights(found: Findings, mqtt: MqttConfig, root: Root) -> Iterator[Check]:
    if found.forbidden:
        what = f"{mqtt.username or 'our user'} may not do all that the daemon does"
        why = f"It is not allowed {', '.join(found.forbidden)}."
        remedy = f"Give that user the rights that `{access_command(root)}` prints"
        if found.role and found.role != "pickled":
            remedy = f"Let `mqtt.username` be {user_name('pickled', root)}, the daemon's own"
        yield Check("rights", "fail", what, why, f"{remedy}.")


def _check_retained(views: Views) -> Iterator[Check]:
    if not views.kept:
        why = "Every state is retained: who comes later sees nothing of it, and finds no node."
        remedy = "Set `retain_available true` in mosquitto.conf, or use another broker."
        yield Check("retained", "fail", "the broker keeps no retained messages", why, remedy)
    elif not views.through_wildcard:
        why = (
            "What is retained comes to whoever names the topic, not through + and #. Nodes are "
            "found all the same; Home Assistant, and each view that comes later, sees nothing "
            "until the next change."
        )
        remedy = "Use Mosquitto 2; RabbitMQ is known for this."
        yield Check("retained", "warn", "wildcards get no retained messages", why, remedy)
    elif views.shown < views.there:
        what = f"a view at QoS 1 gets {views.shown} of {views.there} retained values"
        why = "Of the others it never hears: the broker queues no more for a client."
        remedy = "Set `max_queued_messages 5000` in mosquitto.conf, and restart it."
        yield Check("retained", "warn", what, why, remedy)
    else:
        yield Check("retained", "ok", f"all {views.there} values reach a view")


def _check_certificate(mqtt: MqttConfig) -> Iterator[Check]:
    days = days_left(mqtt)
    if days is None:
        return
    if days >= _SOON_DAYS:
        yield Check("certificate", "ok", f"the broker's is valid for {days:.0f} more days")
        return
    what = f"the broker's is valid for {days:.0f} more days"
    why = "After that neither the daemon nor a node gets in."
    remedy = "Have a new one made: `sudo pickled install mosquitto --tls NAME --renew` makes ours."
    yield Check("certificate", "warn", what, why, remedy)
