"""What other programs and other habits call our keys."""

from __future__ import annotations

_BELOW_MQTT = "belongs below mqtt: write `mqtt: {%s: …}`"
_PERSONA = "belongs into the persona's file: write it into personas/<name>.yaml"
_OURS = "is set by pickled itself: leave it out"
_KEY = "belongs to the part that needs it: write `llm: {kind: …, api_key_file: …}`"

TAKEN: dict[str, dict[str, tuple[str, ...]]] = {
    "": {
        "broker": ("mqtt", "host"),
        "mqtt_broker": ("mqtt", "host"),
        "mqtt_host": ("mqtt", "host"),
        "mqtt_server": ("mqtt", "host"),
        "mqtt_url": ("mqtt", "host"),
        "broker_url": ("mqtt", "host"),
        "mqtt_port": ("mqtt", "port"),
        "mqtt_user": ("mqtt", "username"),
        "mqtt_username": ("mqtt", "username"),
        "mqtt_password": ("mqtt", "password"),
        "base_topic": ("mqtt", "base_topic"),
        "topic_prefix": ("mqtt", "base_topic"),
        "discovery_prefix": ("mqtt", "discovery_prefix"),
        "discovery_topic": ("mqtt", "discovery_prefix"),
        "homeassistant": ("home_assistant",),
        "hass": ("home_assistant",),
        "twitch_channel": ("channel",),
        "channel_name": ("channel",),
        "streamer": ("channel",),
        "instance_name": ("instance",),
        "persona_name": ("persona",),
        "character": ("persona",),
        "data_folder": ("data_dir",),
        "data_path": ("data_dir",),
        "personas_folder": ("personas_dir",),
        "words_folder": ("words_dir",),
        "input": ("inputs",),
        "output": ("outputs",),
    },
    "mqtt": {
        "broker": ("mqtt", "host"),
        "server": ("mqtt", "host"),
        "url": ("mqtt", "host"),
        "uri": ("mqtt", "host"),
        "address": ("mqtt", "host"),
        "hostname": ("mqtt", "host"),
        "ip": ("mqtt", "host"),
        "user": ("mqtt", "username"),
        "login": ("mqtt", "username"),
        "user_name": ("mqtt", "username"),
        "pass": ("mqtt", "password"),
        "passwd": ("mqtt", "password"),
        "pwd": ("mqtt", "password"),
        "topic_prefix": ("mqtt", "base_topic"),
        "topic": ("mqtt", "base_topic"),
        "root_topic": ("mqtt", "base_topic"),
        "discovery_topic": ("mqtt", "discovery_prefix"),
        "ssl": ("mqtt", "tls"),
        "use_tls": ("mqtt", "tls"),
        "use_ssl": ("mqtt", "tls"),
        "ca": ("mqtt", "ca_file"),
        "ca_cert": ("mqtt", "ca_file"),
        "ca_certs": ("mqtt", "ca_file"),
        "cafile": ("mqtt", "ca_file"),
        "tls_ca_certs": ("mqtt", "ca_file"),
        "certificate": ("mqtt", "ca_file"),
    },
    "home_assistant": {
        "enable": ("home_assistant", "enabled"),
        "discovery": ("home_assistant", "enabled"),
        "discovery_topic": ("mqtt", "discovery_prefix"),
        "discovery_prefix": ("mqtt", "discovery_prefix"),
    },
    "memory": {"embeddings": ("memory", "embedder"), "retention": ("memory", "retention_days")},
    "chat_commands": {"enable": ("chat_commands", "enabled")},
}
"""Section, then the other name: the place of ours. Nothing else can be meant by these."""

REFUSED: dict[str, dict[str, str]] = {
    "": {
        "host": _BELOW_MQTT % "host",
        "server": _BELOW_MQTT % "host",
        "url": _BELOW_MQTT % "host",
        "port": _BELOW_MQTT % "port",
        "user": _BELOW_MQTT % "username",
        "username": _BELOW_MQTT % "username",
        "password": _BELOW_MQTT % "password_file",
        "pass": _BELOW_MQTT % "password_file",
        "passwd": _BELOW_MQTT % "password_file",
        "tls": _BELOW_MQTT % "tls",
        "api_key": _KEY,
        "apikey": _KEY,
        "token": _KEY,
        "model": "belongs to the part: write `llm: {kind: ollama, model: …}`",
        "name": "can mean two things: write `instance:`, or `persona:` for who speaks",
        "voice": _PERSONA,
        "language": _PERSONA,
        "personality": _PERSONA,
        "prompt": _PERSONA,
        "system_prompt": _PERSONA,
        "cooldown": _PERSONA,
        "triggers": _PERSONA,
        "log_level": "is not known: write `pickled run --verbose`",
        "debug": "is not known: write `pickled run --verbose`",
        "twitch": "is not known: write `channel: yourname`",
        "channels": "is not known: write `channel: yourname`, one alone",
    },
    "mqtt": {
        "client_id": _OURS,
        "keepalive": _OURS,
        "qos": _OURS,
        "retain": _OURS,
        "version": _OURS,
        "protocol": "is not known: write `host: mqtts://…` for TLS",
        "enabled": "is not known: pickled can't do without its broker; leave it out",
        "reject_unauthorized": "is not known: name the broker's authority in `ca_file`",
        "tls_insecure": "is not known: name the broker's authority in `ca_file`",
        "prefix": "can mean two things: write `base_topic:` or `discovery_prefix:`",
    },
}
"""Section, then the other name: what to write. Their value can't be taken as it is."""

OF_PARTS: dict[str, dict[str, str]] = {
    "ollama": {
        "url": "host",
        "base_url": "host",
        "server": "host",
        "endpoint": "host",
        "model_name": "model",
    },
    "openai": {
        "url": "base_url",
        "host": "base_url",
        "api_base": "base_url",
        "endpoint": "base_url",
        "apikey": "api_key",
        "key": "api_key",
        "model_name": "model",
    },
    "anthropic": {"apikey": "api_key", "key": "api_key", "model_name": "model"},
    "wyoming": {"uri": "url"},
    "twitch": {"login": "channel", "name": "channel"},
    "twitch_anonymous": {"login": "channel", "name": "channel"},
    "replay": {"path": "file", "filename": "file"},
}
"""The kind of a part, then the other name: the option of ours."""

KIND = ("type", "provider", "platform", "engine")
"""What is taken for `kind` where a part has none."""
