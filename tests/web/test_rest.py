"""REST, with a real daemon behind it."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.sync.client import connect

from pickled.mqtt.acl import access_list
from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker
from tests.stand_ins.certificates import certificate
from tests.web.pages import WebHouse, web_house

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    """The pages and a daemon."""
    with web_house(tmp_path_factory.mktemp("rest")) as house:
        house.talk.subscribe("pickled/home/health/state")
        house.daemon()
        while b'"broker"' not in house.hear("health/state"):
            pass
        yield house


def put(house: WebHouse, path: str, body: object) -> tuple[int, dict[str, object]]:
    """Change something: status and answer."""
    status, text, _ = house.request(path, method="PUT", body=body)
    return status, json.loads(text)


def get(house: WebHouse, path: str) -> dict[str, object]:
    """What is there."""
    return dict(json.loads(house.request(path)[1]))


def test_settings_are_those_in_force(staffed: WebHouse) -> None:
    """A change goes out as commands, and is in force when it is answered."""
    status, told = put(staffed, "/api/settings", {"volume": 40, "paused": True, "persona": "maple"})
    assert status == 200
    assert (told["volume"], told["paused"], told["persona"]) == (40, True, "maple")
    assert get(staffed, "/api/settings") == told
    staffed.talk.subscribe("pickled/home/volume/state")
    assert staffed.hear("volume/state") == b"40"
    put(staffed, "/api/settings", {"volume": 100, "paused": False, "persona": "default"})


def test_voice_and_persona_have_addresses_of_their_own(staffed: WebHouse) -> None:
    """As in the prototype; what there is none of is refused with 404 and the reason."""
    voices = get(staffed, "/api/settings")["voices"]
    assert isinstance(voices, list)
    assert put(staffed, "/api/settings/voice", {"voice": voices[-1]}) == (
        200,
        {"voice": voices[-1]},
    )
    assert get(staffed, "/api/settings/voice") == {"voice": voices[-1]}
    status, told = put(staffed, "/api/settings/voice", {"voice": "nobody"})
    assert (status, told["code"]) == (404, "unknown_voice")
    status, told = put(staffed, "/api/settings/persona", {"persona": "nobody"})
    assert (status, told["code"]) == (404, "unknown_persona")


@pytest.mark.parametrize(
    "body",
    [
        {"volume": 101}, {"volume": "loud"}, {"cooldown": -1}, {"muted": "perhaps"},
        {"nothing": 1}, {"persona": ""}, {"persona": "x" * 65}, [], "x", None,
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_changes_nothing(staffed: WebHouse, body: object) -> None:
    """With 422, and what is wrong with it."""
    before = get(staffed, "/api/settings")
    assert staffed.request("/api/settings", method="PUT", body=body or [])[0] == 422
    assert get(staffed, "/api/settings") == before


@pytest.mark.parametrize("method", ["DELETE", "POST", "TRACE", "QUERY"])
def test_other_methods_are_refused(staffed: WebHouse, method: str) -> None:
    """With 405 and those that there are, not by a page of the framework's."""
    status, _, headers = staffed.request("/api/settings/voice", method=method)
    assert (status, headers["allow"]) == (405, "GET, PUT")


def test_health_says_what_is_wrong(staffed: WebHouse) -> None:
    """Each part with its detail; without an audio-node it has captions only, and says so."""
    told = get(staffed, "/health")
    assert (told["status"], told["service_level"]) == ("degraded", "captions")
    parts = told["parts"]
    assert isinstance(parts, dict)
    assert parts["node"]["status"] == "down"
    assert parts["broker"] == {"status": "up", "detail": ""}


def test_figures_are_those_of_prometheus(staffed: WebHouse) -> None:
    """What was decided and answered is counted, also how the parts are."""
    staffed.talk.subscribe("pickled/home/event/response")
    staffed.talk.publish("pickled/home/cmd/say", b"One, two.")
    while b'"finished"' not in staffed.hear("event/response"):
        pass
    text = staffed.request("/metrics")[1]
    assert "pickled_up 1.0" in text
    assert 'pickled_answers_total{outcome="finished"} 1.0' in text
    assert 'pickled_part_up{part="broker"} 1.0' in text


def test_interface_explains_itself_without_a_network(staffed: WebHouse) -> None:
    """Its page has every route of its description, and loads nothing from elsewhere."""
    description, page = get(staffed, "/openapi.json"), staffed.request("/api")[1]
    paths = description["paths"]
    assert isinstance(paths, dict)
    assert set(paths) == {
        "/health", "/api/settings", "/api/settings/voice", "/api/settings/persona",
    }  # fmt: skip
    assert all(path in page for path in paths)
    assert "http://" not in page
    assert "https://" not in page


def test_nobody_there_is_told_in_time(house: WebHouse) -> None:
    """Without a daemon a change is answered with 503 and what to do, and never acts late."""
    status, told = put(house, "/api/settings", {"volume": 10})
    assert (status, told["code"]) == (503, "unavailable")
    assert "pickled run" in str(told["detail"])
    assert house.request("/health")[0] == 503


def test_pages_are_served_encrypted_with_a_certificate(tmp_path: Path) -> None:
    """With `certificate` and `certificate_key` it is https, and its cookie goes no other way."""
    shown = certificate(tmp_path)
    web = {"certificate": str(shown.file), "certificate_key": str(shown.key)}
    with web_house(tmp_path, web={**web, "token": "a-token-of-the-owner"}) as house:
        context = ssl.create_default_context(cafile=str(shown.file))
        connection = http.client.HTTPSConnection("127.0.0.1", house.port, context=context)
        connection.request("POST", "/sign-in", "token=a-token-of-the-owner")
        answer = connection.getresponse()
        assert answer.status == 303
        assert "; Secure" in str(answer.getheader("set-cookie"))
        connection.close()


def test_rights_of_the_printed_list_are_enough(tmp_path: Path) -> None:
    """As the user `web` it hears and commands all that it shows, and is refused nothing."""
    users = {"pickled": "a", "web": "b", "node-overlay": "c"}
    needs_mosquitto()
    acl = access_list(Root(), nodes=["overlay"])
    with Broker(users=users, acl=acl) as broker, ExitStack() as stack:
        house = WebHouse(tmp_path, broker, stack=stack)
        mqtt = {"username": "pickled", "password": "a"}
        names = {"username": "web", "mouth_username": "node-overlay"}
        words = {"password": "b", "mouth_password": "c"}
        house.start(mqtt=mqtt, web={**names, **words}, login=("pickled", "a"))
        house.daemon()
        assert put(house, "/api/settings", {"volume": 30})[0] == 200
        with connect(f"ws://127.0.0.1:{house.port}/ws/mouth") as page:
            house.talk.subscribe("pickled/home/node/overlay/state")
            assert json.loads(page.recv(timeout=10)) == {"type": "ready"}
            page.send(json.dumps({"type": "sound", "running": True}))
            while b'"has_sound":true' not in house.hear("node/overlay/state"):
                pass
        told = get(house, "/health")
        assert (told["daemon"], told["detail"]) == (True, "")
        assert "forbids" not in house.web.log


def test_pages_end_in_order_with_sockets_open(tmp_path: Path) -> None:
    """Asked to stop, they hang up on who looks, let the overlay's node say good-bye, and end."""
    with web_house(tmp_path) as house:
        url = f"ws://127.0.0.1:{house.port}"
        with connect(f"{url}/ws/avatar") as face, connect(f"{url}/ws/mouth") as mouth:
            assert json.loads(face.recv(timeout=10))["type"] == "hello"
            assert json.loads(mouth.recv(timeout=10)) == {"type": "ready"}
            house.talk.subscribe("pickled/home/node/overlay/availability")
            assert house.hear("node/overlay/availability") == b"online"
            house.web.terminate()
            assert house.hear("node/overlay/availability") == b"offline"
            assert house.web.wait() == 0
