"""What the page for other programs shows is taken as it stands, and its flow makes the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from pickled.messages.command import Command, Inhibit, TellEvent, parse
from pickled.messages.outside_chat import LONGEST_LINE, TellChat
from pickled.topics import Root
from tests.hass.tables import HASS, literals, page, payload, tables

EXAMPLES = [
    (literals(row["Topic"])[0], payload(row["Payload"]))
    for rows in tables(page("other-programs.md")).values()
    for row in rows
]
FLOW: list[dict[str, Any]] = json.loads((HASS / "node-red.json").read_text())
NODES = {each["id"]: each for each in FLOW}
KIND = {"cmd/chat": TellChat, "cmd/event": TellEvent, "cmd/inhibit": Inhibit}

_RUN = """
const [body, given] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const run = new Function("msg", "node", "context", "flow", "global", body);
console.log(JSON.stringify(run({payload: given}) || null));
"""

SSN_LINE = {
    "chatname": "Ana &amp; Bo",
    "chatmessage": 'Good <b>morning</b> <img src="x" alt="👋"> &lt;3',
    "type": "youtube",
    "id": 4012,
    "userid": "UC4711",
    "chatbadges": "",
    "hasDonation": "",
    "event": "",
}
BOT_LINE = {
    "eventId": "LCC.a1",
    "message": "Good morning",
    "publishedAt": "2026-05-01T12:00:00Z",
    "user": {
        "id": "UC4711",
        "name": "Ana",
        "isModerator": True,
        "isOwner": False,
        "isSponsor": True,
    },
}


def parsed(topic: str, text: str) -> Command:
    """The command as the daemon takes it; raises what is wrong with it."""
    found = Root().find(topic)
    assert found, topic
    kind: type[Command] = found[0].payload
    return parse(kind, text.encode())


def flowed(function: str, given: object) -> tuple[str, Command] | None:
    """What a function of the flow makes of that: the path, and the command."""
    if not (node := shutil.which("node")):
        pytest.skip("Node.js is not installed: `apt install nodejs`")
    told = json.dumps([NODES[function]["func"], json.dumps(given)])
    run = subprocess.run(
        [node, "-e", _RUN], input=told, capture_output=True, text=True, timeout=30, check=True
    )
    sent = json.loads(run.stdout)
    if sent is None:
        return None
    return sent["topic"].removeprefix("pickled/home/"), parsed(sent["topic"], sent["payload"])


def bot(source: str, kind: str, data: object) -> tuple[str, Command] | None:
    """The same of an event of Streamer.bot."""
    event = {"timeStamp": "2026-05-01", "event": {"source": source, "type": kind}, "data": data}
    return flowed("pickled-bot-to", event)


@pytest.mark.parametrize(("topic", "text"), EXAMPLES, ids=[text[:60] for _, text in EXAMPLES])
def test_example_is_taken_as_it_stands(topic: str, text: str) -> None:
    """Whoever copies a payload is not refused."""
    path = topic.removeprefix("pickled/home/")
    assert isinstance(parsed(topic, text), KIND[path])


def test_page_has_examples_of_all_three_commands() -> None:
    """This notices if the tables change their form."""
    assert {topic.removeprefix("pickled/home/") for topic, _ in EXAMPLES} == set(KIND)


def test_flow_passes_a_line_of_social_stream_ninja_on() -> None:
    """HTML and pictures become text; ids stay the platform's own."""
    sent = flowed("pickled-ssn-to", SSN_LINE)
    assert sent is not None
    path, line = sent
    assert path == "cmd/chat"
    assert isinstance(line, TellChat)
    assert (line.platform, line.id, line.user_id) == ("youtube", "4012", "UC4711")
    assert (line.user, line.text) == ("Ana & Bo", "Good morning 👋 <3")


@pytest.mark.parametrize(
    "change",
    [{"type": "twitch"}, {"chatname": ""}, {"event": "new_follower"}, {"chatmessage": "<br>"}],
    ids=str,
)
def test_flow_leaves_out_what_is_no_line(change: dict[str, str]) -> None:
    """What pickled reads by itself, and what nobody wrote, is not chat."""
    assert flowed("pickled-ssn-to", SSN_LINE | change) is None


@pytest.mark.parametrize(
    "change",
    [
        {"chatmessage": "x" * 5_000},
        {"chatname": "n" * 200},
        {"userid": "u" * 200},
        {"type": "YouTube Shorts and more"},
        {"userid": None, "id": None},
        {"meta": {"messageId": "LCC.abc"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_flow_makes_only_what_is_taken(change: dict[str, Any]) -> None:
    """Whatever a site sends, the command is not refused."""
    sent = flowed("pickled-ssn-to", SSN_LINE | change)
    assert sent is not None
    assert isinstance(sent[1], TellChat)
    assert len(sent[1].text) <= LONGEST_LINE


def test_flow_makes_a_tip_of_a_donation() -> None:
    """The amount is a number, whatever currency stands before it."""
    sent = flowed("pickled-ssn-to", SSN_LINE | {"hasDonation": "$5.50"})
    assert sent is not None
    path, tip = sent
    assert path == "cmd/event"
    assert isinstance(tip, TellEvent)
    assert (tip.event, tip.amount) == ("tip", 5.5)


def test_flow_passes_youtube_of_streamer_bot_on() -> None:
    """With its badges; whether they are believed is for the owner to say."""
    sent = bot("YouTube", "Message", BOT_LINE)
    assert sent is not None
    line = sent[1]
    assert isinstance(line, TellChat)
    assert (line.id, line.user, line.text) == ("LCC.a1", "Ana", "Good morning")
    assert line.badges == ("moderator", "subscriber")


@pytest.mark.parametrize(
    ("kind", "data", "event"),
    [
        ("Follow", {"user_name": "Bo"}, "follow"),
        (
            "RewardRedemption",
            {"user_name": "Bo", "user_input": "now", "reward": {"title": "Hydrate"}},
            "redemption",
        ),
        ("StreamOnline", {}, "online"),
        ("StreamOffline", None, "offline"),
    ],
)
def test_flow_passes_events_of_streamer_bot_on(kind: str, data: object, event: str) -> None:
    """What Twitch tells only those who are signed in reaches the co-host."""
    sent = bot("Twitch", kind, data)
    assert sent is not None
    assert isinstance(sent[1], TellEvent)
    assert sent[1].event == event
    assert NODES["pickled-bot-ask"]["payload"].count(f'"{kind}"') == 1


def test_flow_is_wired_and_retains_nothing() -> None:
    """Each wire leads to a node that is there, and what goes out is never retained."""
    wires = [to for each in FLOW for wire in each.get("wires", []) for to in wire]
    assert set(wires) <= NODES.keys()
    assert NODES["pickled-out"]["retain"] == "false"
    assert bot("OBS", "SceneChanged", {}) is None
