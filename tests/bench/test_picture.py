"""The picture of what was measured."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from tests.bench import figures, picture
from tests.bench.figures import Figure, Result
from tests.bench.made_up import RESULT


def texts(results: list[Result]) -> list[str]:
    """What stands in the picture, in its order."""
    root = ElementTree.fromstring(picture.picture(results))
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_picture_shows_what_was_measured() -> None:
    """It is the one that `results.json` gives."""
    assert picture.picture(figures.load()) == picture.PICTURE.read_text(encoding="utf-8")


def test_picture_tells_what_was_missed() -> None:
    """A budget has its figure beside its bar, and what was not measured has none."""
    shown = texts([RESULT])
    assert "50.0 ms (≤ 40) missed" in shown
    assert "6.2 × (≥ 5)" in shown
    assert "absent" not in shown
    assert "How much of each budget is used: 1 of 2 are missed" in shown


def test_picture_has_every_arm_of_the_first_sound() -> None:
    """Ours and each other one, whatever it is called."""
    arms = tuple(
        Figure(what=f"{name}{picture.FIRST_SOUND}", value=value, unit="ms")
        for name, value in (("", 900.0), ("framework 2: ", 700.0))
    )
    shown = texts([replace(RESULT, name="first_sound", figures=arms)])
    assert shown[1:5] == ["pickled", "900 ms", "framework 2", "700 ms"]


def test_picture_cuts_a_name_that_is_too_long() -> None:
    """It would run out of the picture on the left; what XML has a meaning for is escaped."""
    long = Figure(what="<" + "x" * 200, value=1, unit="ms", at_most=2)
    (cut,) = [each for each in texts([replace(RESULT, figures=(long,))]) if "xx" in each]
    assert len(cut) == picture.LONGEST
