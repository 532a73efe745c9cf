"""The faults that doctor is to find, each with its check and what is unmistakable in the remedy."""

from __future__ import annotations

from tests.doctor import planting
from tests.doctor.planting import DAY, HOST, Fault
from tests.stand_ins.broker import free_port

FAULTS = {
    "nothing listens": Fault(
        lambda scene: scene.config.update(mqtt={"host": HOST, "port": free_port()}),
        "broker",
        "is Mosquitto running there?",
    ),
    "unknown host": Fault(
        lambda scene: scene.config.update(mqtt={"host": "no-such-host.invalid"}),
        "broker",
        "check mqtt.host",
    ),
    "wrong password": Fault(
        planting.wrong_password, "broker", "check mqtt.username, mqtt.password_file"
    ),
    "no user": Fault(planting.nameless, "broker", "set mqtt.username"),
    "no password file": Fault(planting.absent_password_file, "configuration", "nowhere"),
    "untrusted certificate": Fault(
        planting.untrusted, "broker", "name its authority in mqtt.ca_file"
    ),
    "expired certificate": Fault(
        lambda scene: planting.tls(scene, begins_in=-9 * DAY), "broker", "have a new one made"
    ),
    "certificate of tomorrow": Fault(
        lambda scene: planting.tls(scene, begins_in=2 * DAY),
        "broker",
        "check the clock of this machine",
    ),
    "certificate of another": Fault(
        lambda scene: planting.tls(scene, name="broker.example"),
        "broker",
        "the name that it is made for",
    ),
    "certificate that ends soon": Fault(
        lambda scene: planting.tls(scene), "certificate", "Have a new one made", status="warn"
    ),
    "TLS to a plain port": Fault(planting.tls_to_a_plain_port, "broker", "check mqtt.port"),
    "clear text to a TLS port": Fault(
        planting.plain_to_tls, "broker", "does that port want mqtt.tls?"
    ),
    "broker that hangs": Fault(planting.hangs, "broker", "does it hang"),
    "broker of MQTT 3.1.1": Fault(planting.old_protocol, "broker", "use Mosquitto 2"),
    "access list of another instance": Fault(
        planting.other_instance, "broker", "`pickled topics acl --instance second`"
    ),
    "access list of an old version": Fault(
        planting.old_list, "rights", "`pickled topics acl --instance home`", everywhere=False
    ),
    "access list without states": Fault(
        planting.no_states, "rights", "`pickled topics acl --instance home`", everywhere=False
    ),
    "user of the deck": Fault(
        lambda scene: scene.guarded(user="deck") and None,
        "rights",
        "Let `mqtt.username` be pickled",
        everywhere=False,
    ),
    "broker for everybody": Fault(
        lambda scene: scene.broker() and None, "users", "makes the six", status="warn"
    ),
    "one user for all": Fault(
        lambda scene: scene.guarded("user pickled\ntopic readwrite #\n") and None,
        "users",
        "a laptop that is lost can play and nothing else",
        status="warn",
    ),
    "no retained messages": Fault(
        lambda scene: scene.broker(settings=("retain_available false",)) and None,
        "broker",
        "set `retain_available true`",
    ),
    "QoS 0 alone": Fault(
        lambda scene: scene.broker(settings=("max_qos 0",)) and None, "broker", "set `max_qos 2`"
    ),
    "small packets": Fault(
        lambda scene: scene.broker(settings=("max_packet_size 2000",)) and None,
        "broker",
        "raise max_packet_size",
        status="warn",
    ),
    "short queue": Fault(
        planting.short_queue, "retained", "`max_queued_messages 5000`", status="warn"
    ),
    "nothing retained for wildcards": Fault(
        planting.no_wildcards, "retained", "Use Mosquitto 2", status="warn"
    ),
    "no WebSocket": Fault(planting.no_websocket, "websocket", "write `protocol websockets`"),
    "WebSocket refused": Fault(planting.web_page, "websocket", "Sec-WebSocket-Protocol"),
    "WebSocket without a subprotocol": Fault(
        planting.nameless_websocket, "websocket", "Sec-WebSocket-Protocol"
    ),
    "WebSocket that is silent": Fault(planting.silent_websocket, "websocket", "Is it Mosquitto's?"),
    "two daemons": Fault(planting.two_daemons, "daemon", "give it an `instance` of its own"),
    "daemon of an old version": Fault(
        planting.old_daemon, "daemon", "Start it again", status="warn"
    ),
    "daemon that was killed as it spoke": Fault(
        planting.killed_daemon, "daemon", "Start it: it puts them right", status="warn"
    ),
    "daemon without a voice": Fault(
        planting.ailing_daemon, "daemon", "Piper is gone", status="warn"
    ),
    "no node": Fault(
        lambda scene: scene.broker() and None, "nodes", "Start `pickled node", status="warn"
    ),
    "node that is dead": Fault(
        planting.dead_node, "nodes", "Start the node on laptop again", status="warn"
    ),
    "node of an old version": Fault(
        planting.node(info=planting.info(version="0.0.9")),
        "nodes",
        "git pull && pip install '.[node]'",
        status="warn",
    ),
    "node of another contract": Fault(
        planting.node(info=planting.info(contract=2)),
        "nodes",
        "git pull && pip install '.[node]'",
        status="warn",
    ),
    "node with a wrong clock": Fault(
        planting.node(state='{"clock_offset_ms": 34000}'),
        "nodes",
        "timedatectl set-ntp true",
        status="warn",
    ),
    "node that can't be heard": Fault(
        planting.node(state='{"has_sound": false, "last_error": "vbcable is gone: connect it"}'),
        "nodes",
        "vbcable is gone: connect it",
        status="warn",
    ),
    "user of a node that goes by another name": Fault(
        planting.misnamed_node, "nodes", "`pickled node --name laptop`", status="warn"
    ),
    "no such sound output": Fault(
        lambda scene: scene.arguments.extend(["--output", "No Such Cable"]),
        "sound",
        "pickled node --wav FILE",
    ),
    "discovery switched off": Fault(
        planting.configured("home_assistant", {"enabled": False}),
        "discovery",
        "enabled: true",
        status="warn",
    ),
    "misspelt key": Fault(
        planting.configured("chanel", "me"), "configuration", "did you mean channel?"
    ),
    "variable with one underscore": Fault(
        planting.variables(PICKLED_MQTT_HOST="10.9.8.7"), "configuration", "PICKLED_MQTT__HOST"
    ),
    "no folder of words": Fault(
        planting.configured("words_dir", "/nope"), "configuration", "/nope", status="warn"
    ),
    "model that is not there": Fault(
        planting.model_that_is_not_there,
        "model",
        "ollama pull nope:1b",
        status="warn",
        everywhere=False,
    ),
    "voice that is away": Fault(
        planting.configured("tts", {"kind": "wyoming", "url": f"tcp://{HOST}:{free_port()}"}),
        "voice",
        "wyoming",
        status="warn",
        everywhere=False,
    ),
    "misspelt voice": Fault(
        planting.configured("tts", {"kind": "wyomin"}), "voice", "wyoming", everywhere=False
    ),
    "no such persona": Fault(
        planting.configured("persona", "nobody"), "personas", "nobody.yaml", everywhere=False
    ),
    "persona with a mistake": Fault(
        planting.broken_persona, "personas", "mine.yaml", everywhere=False
    ),
    "schedule of nobody": Fault(
        planting.configured("schedule", [{"at": "22:00", "persona": "nobody"}]),
        "personas",
        "nobody",
        everywhere=False,
    ),
    "data folder that is a file": Fault(
        planting.data_is_a_file, "data", "set `data_dir`", everywhere=False
    ),
    "data folder of somebody else": Fault(
        planting.data_in_use, "data in use", "a `data_dir` of its own", everywhere=False
    ),
    "damaged memory": Fault(
        planting.damaged_memory, "memory", "pickled memory check", everywhere=False
    ),
    "no list of words": Fault(
        planting.configured("safety", {"words_file": "/nope.yaml"}),
        "safety",
        "/nope.yaml",
        everywhere=False,
    ),
    "input that can't be reached": Fault(
        planting.configured(
            "inputs",
            [
                {
                    "kind": "twitch_anonymous",
                    "channel": "me",
                    "irc_url": f"ws://{HOST}:{free_port()}",
                }
            ],
        ),
        "input twitch_anonymous",
        "option irc_url",
        everywhere=False,
    ),
}
