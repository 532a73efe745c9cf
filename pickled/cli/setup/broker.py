"""Asks where the broker is, and tries it."""

from __future__ import annotations

from pickled.cli.setup.draft import Draft
from pickled.cli.setup.interview import Choice, Interview
from pickled.config.forms import PORT, TLS_PORT, broker_address
from pickled.config.load import is_this_machine
from pickled.config.sections import MqttConfig
from pickled.doctor.broker import check_broker
from pickled.errors import ConfigError

PASSWORD_FILE = "mqtt.password"  # noqa: S105 - a file's name
_MOST_TRIES = 10


def ask_broker(questions: Interview, draft: Draft) -> bool:
    """Does it let us in? Whoever has none yet may go on without."""
    questions.heading("The broker, over which its parts, your keys and Home Assistant talk")
    for _ in range(_MOST_TRIES):
        mqtt = draft.config().mqtt
        default = _address(mqtt)
        answer = questions.ask("broker", "Its address", default=default, check=_checked)
        if answer != default:
            _take(draft, answer)
        if _works(questions, draft):
            return True
        if questions.defaults or "broker" in questions.given:
            return False
        choices = [
            Choice("address", "try another address, or this one again"),
            Choice("user", "it wants a user and a password"),
            Choice("later", "go on without; `pickled doctor` will say what is missing"),
        ]
        todo = questions.choose("", "What now", choices, default="address")
        if todo == "later":
            return False
        if todo == "user":
            _ask_user(questions, draft)
            if _works(questions, draft):
                return True
    return False


def _checked(text: str) -> str:
    broker_address(text)
    return text.strip()


def _address(mqtt: MqttConfig) -> str:
    scheme = "mqtts://" if mqtt.tls else ""
    host = f"[{mqtt.host}]" if ":" in mqtt.host else mqtt.host
    return f"{scheme}{host}:{mqtt.port}"


def _take(draft: Draft, text: str) -> None:
    address = broker_address(text)
    draft.set(address.host, "mqtt", "host")
    draft.set(address.port or (TLS_PORT if address.tls else PORT), "mqtt", "port")
    if address.tls or draft.config().mqtt.tls:
        draft.set(bool(address.tls), "mqtt", "tls")
    if address.username:
        draft.set(address.username, "mqtt", "username")


def _ask_user(questions: Interview, draft: Draft) -> None:
    user = questions.ask("", "User", default=draft.config().mqtt.username or "pickled")
    password = questions.secret("Password")
    draft.set(user, "mqtt", "username")
    if password:
        draft.keep_secret(PASSWORD_FILE, password)
        draft.set(PASSWORD_FILE, "mqtt", "password_file")
        questions.say(f"Kept in {PASSWORD_FILE}, readable by you alone.", "dim")


def _works(questions: Interview, draft: Draft) -> bool:
    try:
        checks = check_broker(draft.config())
    except ConfigError as error:
        questions.bad(str(error))
        return False
    first, *others = checks
    if first.status == "fail":
        questions.bad(" ".join(part for part in (f"{first.what}.", first.remedy) if part))
        if is_this_machine(draft.config().mqtt.host):
            questions.say("  Debian, Ubuntu: `sudo apt-get install mosquitto`", "dim")
        return False
    questions.good(first.what)
    for each in others:
        if each.name == "users" and each.status != "ok":
            questions.bad(f"{each.what}. {each.why} {each.remedy}")
    return True
