"""REST, with a real daemon behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

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
