"""What was read of a text is not read again, and no more is kept than there is room for."""

from __future__ import annotations

from pickled.language.reading import (
    LONGEST_KNOWN,
    MOST_KNOWN,
    MOST_VERDICTS,
    Reading,
    Readings,
    read,
)
from pickled.messages.chat import Retraction


class Looks:
    """Counts how often a text is looked at."""

    def __init__(self) -> None:
        self.at: list[str] = []

    def form(self, text: str) -> str | None:
        """A form that is nothing: that is kept, too."""
        self.at.append(text)
        return None

    def verdict(self, reading: Reading, least: int = 0, *, most: int = 9) -> bool:
        """By two limits."""
        self.at.append(f"{least}-{most}")
        return least <= len(reading.text) <= most


def test_form_is_made_once() -> None:
    """And each maker makes its own."""
    looks, reading = Looks(), Reading("Hello")
    assert [reading.form(looks.form), reading.form(looks.form)] == [None, None]
    assert (reading.form(str.lower), reading.form(str.upper)) == ("hello", "HELLO")
    assert looks.at == ["Hello"]


def test_verdict_is_asked_for_once_by_the_same_rules() -> None:
    """Other rules, another verdict."""
    looks, reading = Looks(), Reading("Hello")
    for _ in range(2):
        assert reading.verdict(looks.verdict)
        assert reading.verdict(looks.verdict, 5, most=5)
        assert not reading.verdict(looks.verdict, 6)
    assert looks.at == ["0-9", "5-5", "6-9"]


def test_verdicts_are_bounded() -> None:
    """However often the rules change for one text."""
    looks, reading = Looks(), Reading("Hello")
    for number in range(3 * MOST_VERDICTS):
        reading.verdict(looks.verdict, number)
    assert len(reading._verdicts) <= MOST_VERDICTS


def test_read_takes_a_reading_for_what_it_is() -> None:
    """So that whoever has none may give a text."""
    reading = Reading("Hello")
    assert read(reading) is reading
    assert read("Hello").text == "Hello"


def test_readings_keep_verdicts_and_the_forms_of_the_newest() -> None:
    """A known line costs nothing; what it was read in does not fill the memory."""
    looks, readings = Looks(), Readings()
    first = readings.of("one")
    first.verdict(looks.verdict)
    first.form(looks.form)
    assert readings.of("one") is first
    assert first._forms
    readings.of("two")
    assert not first._forms
    assert readings.of("one").verdict(looks.verdict)
    assert looks.at == ["0-9", "one"]


def test_readings_are_bounded() -> None:
    """A flood of new texts, or of long ones, fills no memory."""
    readings = Readings()
    for number in range(MOST_KNOWN * 2 + 1):
        readings.of(str(number))
    assert len(readings._known) <= MOST_KNOWN
    readings.clear()
    assert readings.of("x" * (LONGEST_KNOWN + 1)).text[-1] == "x"
    assert readings._known == {}


def test_readings_know_nothing_that_was_taken_back() -> None:
    """Whose texts they are is not known: all go, also the newest."""
    readings = Readings()
    readings.of("one").form(str.lower)
    assert readings.retract(Retraction.of_message("m1")) == 0
    assert readings._known == {}
    assert readings._newest.text == ""
