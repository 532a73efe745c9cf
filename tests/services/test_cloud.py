"""A service behind a key: asked how it is now and then, and every failure has its remedy."""

from __future__ import annotations

import httpx2
import pytest

from pickled.errors import ModelError
from pickled.services.cloud import Service, Standing

OUTSIDE, HOME = "https://api.example.com", "http://127.0.0.1:9"
KEY = "sk-very-secret-0123456789"


class Asked:
    """A question that is counted, and answered as it is told."""

    def __init__(self) -> None:
        self.times = 0
        self.failure = ""

    async def __call__(self) -> None:
        self.times += 1
        if self.failure:
            raise ModelError(self.failure)


async def test_standing_asks_outside_only_now_and_then() -> None:
    """A good answer holds, a bad one is told again; what happened since makes it ask anew."""
    asked, standing = Asked(), Standing(OUTSIDE)
    for _ in range(3):
        await standing.ask(asked)
    assert asked.times == 1
    asked.failure = "no key"
    standing.forget()
    for _ in range(3):
        with pytest.raises(ModelError, match="no key"):
            await standing.ask(asked)
    assert asked.times == 2


async def test_standing_asks_the_house_each_time() -> None:
    """There it costs nothing, and back in service is noticed sooner."""
    asked, standing = Asked(), Standing(HOME)
    for _ in range(3):
        await standing.ask(asked)
    assert asked.times == 3


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 413, 418, 429, 500, 503, 529])
def test_refusal_is_a_sentence_without_the_key(status: int) -> None:
    """Each status has one, whatever the server says about it."""
    told = str(Service(OUTSIDE, "small", KEY).refusal(status, f"no, {KEY}"))
    assert OUTSIDE in told
    assert KEY not in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        (404, "No models loaded. Please load a model in the developer page", "No models loaded"),
        (503, "Loading model", "is loading small"),
        (503, "The engine is currently overloaded", "is overloaded"),
        (404, "The model `small` does not exist", "has no model small"),
        (404, "Not Found", "is /v1 missing"),
    ],
)
def test_refusal_hands_on_what_the_server_says(status: int, reason: str, told: str) -> None:
    """A model that is not loaded is not one that isn't there."""
    assert told in str(Service(OUTSIDE, "small").refusal(status, reason))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx2.ConnectError("refused"), "nothing answers"),
        (httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "certificate"),
        (httpx2.ConnectTimeout("late"), "nothing answers"),
        (httpx2.ReadTimeout("late"), "took too long"),
        (TimeoutError(), "took too long"),
        (httpx2.ReadError("reset"), "was cut"),
        (OSError(), "was cut"),
        (ValueError("not JSON"), "does not speak as it should"),
        (None, "does not speak as it should"),
    ],
)
def test_failure_on_the_way_is_told_apart(error: Exception | None, told: str) -> None:
    """Not there, too slow, cut, or something else altogether."""
    assert told in Service(OUTSIDE, "small").on_the_way(error)


def test_service_does_not_show_its_key() -> None:
    """Also where it is printed by accident."""
    assert KEY not in repr(Service(OUTSIDE, "small", KEY))
