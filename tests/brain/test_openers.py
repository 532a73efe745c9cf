"""Openers: which one an answer may have, how often, and where it ends in a growing text."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pytest

from pickled.brain.openers import (
    BETWEEN,
    CHANCE,
    LAST,
    MOST_OFFERED,
    Beginning,
    Use,
    bare,
    fits,
    fresh,
    occasion,
    offered,
    unclean,
)
from pickled.brain.persona import parse_persona
from pickled.brain.safety import GateRules
from pickled.messages.decision import Request
from pickled.messages.opener import Opener
from tests.brain.stage import chat

FILES = sorted((Path(__file__).parents[2] / "personas").glob("*.yaml"))
SAD = Opener(text="Oh no,", emotions=("sad",))


def some(count: int) -> tuple[Opener, ...]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return tuple(Opener(text=f"{letters[n % 26]}{letters[n // 26]},") for n in range(count))


def request(text: str = "john, where are you?", origin: str = "chat") -> Request:
    return Request.model_validate(
        {"turn": "a" * 12, "origin": origin, "reason": "mention", "arrived": 0, "decided": 0,
         "messages": [chat(text)]}
    )  # fmt: skip


def placed(openers: Sequence[str], text: str, emotion: str = "happy") -> int | None:
    """Where the opener ends in a text that grows by a character; None: before the end it was not
    known."""
    beginning = Beginning([Opener(text=each) for each in openers])
    for end in range(1, len(text) + 1):
        if (place := beginning.place(text[:end], emotion, whole=False)) is not None:  # type: ignore[arg-type]
            return place
    return None


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_persona_that_ships_has_openers_of_its_own(file: Path) -> None:
    """Twenty and more, clean, and some for each emotion that it shows but those that need none."""
    persona = parse_persona(file.read_text(encoding="utf-8"), source=file.name)
    assert len(persona.openers) >= 20
    assert unclean(persona.openers, gate=GateRules()) == []
    for emotion in persona.emotions:
        assert sum(fits(each, emotion) for each in persona.openers) >= 3, emotion
    if persona.name == "Maple":
        assert not any("!" in each.text for each in persona.openers)


def test_personas_that_ship_share_few_openers() -> None:
    """Each has a voice of its own."""
    texts = [
        {each.text for each in parse_persona(file.read_text(), source=file.name).openers}
        for file in FILES
    ]
    for place, one in enumerate(texts):
        for other in texts[place + 1 :]:
            assert len(one & other) <= len(one) // 2


def test_opener_without_emotions_fits_no_sad_and_no_angry_answer() -> None:
    """What is meant for one says so, and is then for nothing else."""
    plain = Opener(text="Oh,")
    assert fits(plain, "happy")
    assert not fits(plain, "sad")
    assert not fits(plain, "angry")
    assert fits(SAD, "sad")
    assert not fits(SAD, "happy")


@pytest.mark.parametrize(
    ("text", "origin", "expected"),
    [
        ("john, where are you?", "chat", "any"),
        ("bye john, good night everybody", "chat", "none"),
        ("ich muss los, tschüss!", "chat", "none"),
        ("I've got to go", "chat", "none"),
        ("my grandma passed away today", "chat", "grave"),
        ("I'm so depressed right now john", "chat", "grave"),
        ("my dog died, good night", "chat", "grave"),
        ("what do you think?", "speech", "any"),
        ("raid: 40 viewers", "stream", "any"),
        ("link_lost", "moment", "none"),
        ("read this", "say", "none"),
        ("did you buy a goodbye card", "ask", "none"),
        ("the ripe bananas", "chat", "any"),
    ],
)
def test_occasion_is_told_by_what_is_answered(text: str, origin: str, expected: str) -> None:
    """Nothing light stands before a farewell or a condolence, whatever the model feels."""
    assert occasion(request(text, origin)) == expected


def test_grave_occasion_leaves_what_is_for_sad_answers() -> None:
    """Also where the model believes that it is a happy one."""
    openers = (*some(5), SAD)
    assert fresh(openers, (), answer=9, on="grave") == (SAD,)
    assert fresh(openers, (), answer=9, on="none") == ()
    assert fresh(openers, (), answer=9, on="any") == openers


@pytest.mark.parametrize("count", [1, 2, 5, 11, 20, 30])
def test_opener_never_comes_twice_in_ten_answers_and_in_at_most_a_third(count: int) -> None:
    """Whatever the dice, with a model that always takes one, for short lists and long ones."""
    openers, dice = some(count), random.Random(count)
    used: deque[Use] = deque(maxlen=50)
    for answer in range(1, 400):
        known = fresh(openers, used, answer=answer, on="any")
        last = [text for text, at in used if answer - at <= LAST]
        assert not {each.text for each in known} & set(last)
        if count > LAST:
            assert not {each.text for each in known} & {text for text, _ in [*used][-LAST:]}
        if chosen := offered(known, dice=dice.random()):
            assert len(chosen) <= MOST_OFFERED
            assert set(chosen) <= set(known)
            used.append((dice.choice(chosen).text, answer))
        assert len(used) <= answer / (BETWEEN + 1) or len(used) == used.maxlen
    distances = {two[1] - one[1] for one, two in zip([*used], [*used][1:], strict=False)}
    assert min(distances) > BETWEEN
    assert len(distances) > 1, "always the same distance would be a rhythm"
    assert len({text for text, _ in used}) >= min(count, 2 * LAST) // 2


def test_offer_is_a_pure_decision() -> None:
    """The same dice, the same offer; from a certain dice on there is none."""
    openers = some(20)
    assert offered(openers, dice=0.3) == offered(openers, dice=0.3) != offered(openers, dice=0.1)
    assert offered(openers, dice=CHANCE) == ()
    assert offered((), dice=0.0) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oh, that is nice.", "Oh,"),
        ("  Oh, that", "  Oh,"),
        ("Oh, wow, that is nice.", "Oh, wow,"),
        ("Oh, well, that", "Oh,"),
        ("Ohh, that", ""),
        ("oh, that", ""),
        ("Right. And so on", "Right."),
        ("Right... and so on", ""),
        ("へえ、いいね", "へえ、"),
        ("Nothing of it", ""),
        ("Boom!", None),
    ],
)
def test_opener_is_found_in_a_text_as_it_grows(text: str, expected: str | None) -> None:
    """The longest one; half a one is waited for, and nothing that only looks like one is taken."""
    known = ["Oh,", "Oh, wow,", "Right.", "へえ、", "Boom!"]
    assert placed(known, text) == (None if expected is None else len(expected))


def test_opener_is_told_with_its_comma_and_once() -> None:
    """No token is waited for behind it; a full stop may still become an ellipsis."""
    beginning = Beginning([Opener(text="Oh,"), Opener(text="Boom!")])
    assert beginning.place("O", "happy", whole=False) is None
    assert beginning.place("Oh,", "happy", whole=False) == 3
    assert beginning.place("Oh, that", "happy", whole=False) == 0
    assert Beginning([Opener(text="Boom!")]).place("Boom!", "happy", whole=True) == 5
    assert Beginning([Opener(text="Boom!")]).place("Boo", "happy", whole=True) == 0


def test_opener_that_does_not_fit_the_emotion_is_not_taken() -> None:
    """It is spoken as any other word then."""
    assert placed(["Oh,"], "Oh, I am so sorry.", "sad") == 0


def test_answer_is_compared_without_its_opener() -> None:
    """An answer that comes again is one, whatever it begins with."""
    openers = [Opener(text="Oh,"), Opener(text="Oh, wow,")]
    assert bare("Oh, wow, look.", openers) == "look."
    assert bare("Look.", openers) == "Look."


def test_unclean_opener_is_named() -> None:
    """The gate's verdict on each."""
    openers = [Opener(text="Oh,"), Opener(text="Kill yourself,"), Opener(text="Aaaaaah,")]
    assert unclean(openers, gate=GateRules()) == ["Kill yourself,", "Aaaaaah,"]
