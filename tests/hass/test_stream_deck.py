"""Every key of the Stream Deck page does what its row says, for a bare MQTT 3.1.1 client."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.e2e.house import NODE, House, house
from tests.hass.deck import Deck, deck, press
from tests.hass.printed_broker import SECRETS, WATCHER, PrintedBroker
from tests.hass.tables import HASS, Row, literals, page, payload, tables

PAGE = page("stream-deck.md")
KEYS, SWITCHES, TITLES = (
    next(rows for heading, rows in tables(PAGE).items() if heading.startswith(number))
    for number in ("3.", "4.", "5.")
)
ICONS = sorted((HASS / "icons").glob("*.svg"))
LONG = "This goes on for a while, so that a key can be pressed before it has ended. " * 12


@pytest.fixture
def printed() -> Iterator[PrintedBroker]:
    """Mosquitto as it is printed."""
    needs_mosquitto()
    with PrintedBroker() as broker:
        yield broker


@asynccontextmanager
async def at_work(folder: Path, broker: PrintedBroker) -> AsyncIterator[House]:
    """A daemon and a node, each as the user that the access list has for it."""
    login = {"username": "pickled", "password": SECRETS["pickled"]}
    mqtt = {"host": broker.host, "port": broker.port, **login}
    sees = (WATCHER, SECRETS[WATCHER])
    words = {"embedder": None}
    async with house(folder, broker, login=sees, mqtt=mqtt, memory=words) as at_home:
        mouth = f"node-{NODE}"
        for name, value in (("USERNAME", mouth), ("PASSWORD", SECRETS[mouth])):
            at_home.environ[f"PICKLED_MQTT__{name}"] = value
        await at_home.node()
        at_home.environ.clear()
        await at_home.daemon()
        await at_home.until_state("service_level/state", "full")
        yield at_home


async def rest(at_home: House) -> None:
    """Nothing is set, held or said."""
    for path in ("muted/set", "mic_muted/set", "paused/set", "discreet/set", "approval/set"):
        await at_home.command(path, "OFF")
    await at_home.command("cmd/inhibit", "0")
    await at_home.command("link/set", "good")
    await at_home.until_state("speaking/state", "OFF")


async def speaking(at_home: House) -> None:
    """It talks, for long enough that a skip counts."""
    await at_home.command("cmd/say", LONG)
    await at_home.until_state("speaking/state", "ON")
    await asyncio.sleep(0.5)


async def holding(at_home: House) -> None:
    """An answer waits for a person, for long enough that it was read."""
    await at_home.command("approval/set", "ON")
    await at_home.command("cmd/ask", "What did chat think of that?")
    await at_home.until("held/state", lambda text: "turn" in text, after=at_home.now)
    await asyncio.sleep(0.7)


BEFORE: dict[str, Callable[[House], Awaitable[None]]] = {
    "cmd/skip": speaking,
    "cmd/approve": holding,
    "cmd/reject": holding,
}


def path_of(topic: str) -> str:
    """Below the instance; it is one of the contract."""
    found = Root().find(topic)
    assert found, topic
    return found[0].path


def fits(wanted: str) -> Callable[[str], bool]:
    """A word as it is, or what JSON holds."""
    return lambda text: text == wanted or (text[:1] in "{[" and wanted in text)


async def pressed(row: Row, at_home: House, broker: PrintedBroker, shown: Deck) -> None:
    """Press a key, and see what its row says."""
    (topic,), sent = literals(row["Topic"]), payload(row["Payload"])
    seen, *wanted = literals(row["Then you see"])
    assert path_of(seen)
    await rest(at_home)
    if prepare := BEFORE.get(path_of(topic)):
        await prepare(at_home)
    for value in wanted:
        shown.forget(seen)
        await asyncio.to_thread(press, broker, topic, sent)
        await asyncio.to_thread(shown.until, seen, fits(value))


@pytest.mark.e2e
@pytest.mark.timeout(150)
async def test_every_key_does_what_its_row_says(tmp_path: Path, printed: PrintedBroker) -> None:
    """Each is pressed over WebSocket at QoS 0, and the deck itself sees what is promised."""
    assert len(KEYS) > 25
    async with at_work(tmp_path, printed) as at_home:
        with deck(printed) as shown:
            for row in KEYS:
                shown.watch(literals(row["Then you see"])[0])
            for row in KEYS:
                await pressed(row, at_home, printed, shown)


@pytest.mark.e2e
@pytest.mark.timeout(90)
async def test_every_switch_shows_what_is_in_force(tmp_path: Path, printed: PrintedBroker) -> None:
    """Pressed on and off, and switched by somebody else: the topic says it as its payloads do."""
    assert len(SWITCHES) == 5
    async with at_work(tmp_path, printed) as at_home:
        with deck(printed) as shown:
            for row in SWITCHES:
                (topic,), (state,) = literals(row["Topic"]), literals(row["Subscribe: Topic"])
                shown.watch(state)
                await asyncio.to_thread(shown.until, state, fits("OFF"))
                for value in (payload(row["Payload on"]), payload(row["Payload off"])):
                    shown.forget(state)
                    shown.press(topic, value)
                    await asyncio.to_thread(shown.until, state, fits(value))
                shown.forget(state)
                await at_home.command(path_of(topic), "ON")
                await asyncio.to_thread(shown.until, state, fits("ON"))


@pytest.mark.e2e
@pytest.mark.timeout(90)
async def test_every_title_tells_something(tmp_path: Path, printed: PrintedBroker) -> None:
    """Whoever looks later is told at once: a plain word or number, of those that the row names."""
    assert len(TITLES) > 5
    async with at_work(tmp_path, printed) as at_home:
        await at_home.until("chat_rate/state")
        await at_home.until("mood_label/state")
        with deck(printed) as shown:
            for row in TITLES:
                (topic,), values = literals(row["Title: Topic"]), literals(row["It says"])
                shown.watch(topic)
                await asyncio.to_thread(shown.until, topic, bool)
                told = shown.shown(topic) or ""
                assert re.fullmatch(r"[A-Za-z0-9_. -]{1,32}", told), (topic, told)
                if len(values) > 1:
                    assert told in values, (topic, told)


def test_page_names_the_settings_of_the_plugins() -> None:
    """Each field that has to be filled in has its line."""
    for field in ("Broker", "Port", "Username", "Use SSL", "Client ID", "Topic", "Retain"):
        assert f"\n| {field}" in PAGE, field


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_icon_is_a_square_picture_of_its_own(path: Path) -> None:
    """A key is square; nothing is fetched from elsewhere, and some row uses it."""
    root = ElementTree.fromstring(path.read_text())
    assert root.get("viewBox") == "0 0 72 72"
    assert "href" not in path.read_text()
    assert f"(icons/{path.name})" in PAGE


def test_page_links_icons_that_are_there() -> None:
    """No key is left without its picture."""
    named = set(re.findall(r"\(icons/([a-z-]+\.svg)\)", PAGE))
    assert named == {path.name for path in ICONS}
    assert all("(icons/" in (row.get("Icon") or row["Icons"]) for row in (*KEYS, *SWITCHES))
