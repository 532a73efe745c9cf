"""Does the broker let us in, who else may do what there, and who is online?"""

from __future__ import annotations

from pickled.config import Config, MqttConfig
from pickled.doctor.check import Check
from pickled.errors import BrokerError
from pickled.mqtt.causes import NOT_AUTHORIZED, refusal
from pickled.mqtt.probe import Findings, look
from pickled.topics import Root


def check_broker(config: Config) -> tuple[Check, ...]:
    mqtt, root = config.mqtt, Root(config.mqtt.base_topic, config.instance)
    where = f"{mqtt.host}:{mqtt.port}"
    try:
        found = look(mqtt, root)
    except BrokerError as error:
        return (Check("broker", "fail", f"{where} can't be used", remedy=str(error)),)
    if found.refused or not found.heard:
        why = "" if found.refused else "What we publish does not come back to us."
        remedy = found.refused or refusal(NOT_AUTHORIZED, "what it publishes", mqtt, root)
        broker = Check("broker", "fail", f"{where} lets us do too little", why, remedy)
    elif found.too_small:
        why = "Home Assistant gets nothing, and with it whatever is as large."
        broker = Check("broker", "warn", f"{where} lets us in", why, found.too_small)
    else:
        broker = Check("broker", "ok", f"{where} lets us in, publish and read")
    return broker, _check_users(found, mqtt), _check_nodes(found)


def _check_users(found: Findings, mqtt: MqttConfig) -> Check:
    if found.open_to_all:
        why = "Whoever reaches the broker can make the co-host speak, and listen to it."
        remedy = "Use topics/mosquitto/mosquitto.conf and its access list, with passwords."
        return Check("users", "warn", "the broker asks nobody for a name", why, remedy)
    if not found.guarded:
        why = "Every user may do everything, so also a lost laptop or a tablet on the wall."
        remedy = "Use topics/mosquitto/acl (`pickled topics acl --node NAME`) with its six users."
        return Check("users", "warn", "there is no access list in force", why, remedy)
    return Check("users", "ok", f"an access list is in force; we are {mqtt.username}")


def _check_nodes(found: Findings) -> Check:
    daemon = "the daemon runs" if found.daemon else "the daemon does not run"
    if not found.nodes:
        remedy = "Start `pickled node --broker mqtt://…` on the machine that shall be heard."
        return Check("nodes", "warn", f"{daemon}, no node is online", "Nothing sounds.", remedy)
    online = f"{daemon}, online: {', '.join(sorted(found.nodes))}"
    if unheard := sorted(found.nodes & found.unheard.keys()):
        why = f"{', '.join(unheard)} can't be heard."
        return Check(
            "nodes", "warn", online, why, " ".join(found.unheard[each] for each in unheard)
        )
    return Check("nodes", "ok", online)
