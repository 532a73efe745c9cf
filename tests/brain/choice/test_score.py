"""What a message is worth, part by part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.choice.score import Scored, Weights, role_of, score, support_of
from pickled.brain.persona import parse_persona
from pickled.errors import ConfigError
from tests.brain.stage import chat

SHARE = st.floats(-1, 1)


@given(
    addressed=st.booleans(),
    question=st.booleans(),
    novelty=SHARE,
    viewers=st.integers(0, 10**9),
    fairness=SHARE,
    staleness=SHARE,
    spam=st.floats(0, 1),
    weights=st.builds(
        Weights, **dict.fromkeys(Weights.model_fields, st.floats(-10, 10, allow_nan=False))
    ),
    bits=st.integers(0, 10**9),
)
def test_score_is_the_sum_of_its_parts(weights: Weights, bits: int, **features: float) -> None:
    """Whatever the weights, each part has its weight's name, and the score is their sum."""
    scored = score(chat("hi", bits=bits), **features, weights=weights)  # type: ignore[arg-type]
    assert set(scored.parts) == set(Weights.model_fields)
    assert scored.score == round(sum(scored.parts.values()), 3)
    assert all(value == round(value, 3) for value in scored.parts.values())
    assert "-0.0" not in {str(value) for value in (*scored.parts.values(), scored.score)}


def _plain(**features: float) -> Scored:
    return score(chat("hi"), weights=Weights(), **features)  # type: ignore[arg-type]


def test_score_orders_as_a_host_would() -> None:
    """A mention is above a common question, that above a lone one, and that above small talk."""
    mention = _plain(addressed=True)
    common = _plain(question=True, viewers=212)
    asked_by_two = _plain(question=True, viewers=2)
    lone, talk = _plain(question=True), _plain()
    mod = score(chat("hi", badges=("moderator",)), question=True, weights=Weights())
    scores = [each.score for each in (common, mention, mod, asked_by_two, lone, talk)]
    assert mention.score > talk.score + 2
    assert common.score > mod.score > asked_by_two.score > lone.score > talk.score
    assert len(set(scores)) == len(scores)


def test_score_goes_down_for_age_spam_and_who_had_an_answer() -> None:
    """Older, spammy, lately answered: each takes something off."""
    for worse in ({"staleness": -0.5}, {"spam": 0.3}, {"fairness": -0.5}, {"novelty": 0.2}):
        assert _plain(**worse).score < _plain().score


def test_weight_of_zero_leaves_a_part_out() -> None:
    """What the persona does not care for counts nothing."""
    weights = Weights(question=0, support=0)
    scored = score(chat("hi"), question=True, viewers=500, weights=weights)
    assert scored.parts["question"] == scored.parts["support"] == 0


def test_support_grows_with_each_doubling() -> None:
    """Alone is no support; it grows ever more slowly, and ends at 1."""
    steps = [support_of(viewers) for viewers in (0, 1, 2, 4, 16, 256, 100_000)]
    assert steps == [0, 0, 0.125, 0.25, 0.5, 1, 1]


def test_role_by_badges_and_bits() -> None:
    """The broadcaster counts most, unknown badges nothing, and bits as much as they are worth."""
    badges = [("broadcaster", "vip"), ("moderator",), ("vip",), ("subscriber",), ("glhf",), ()]
    roles = [role_of(chat("hi", badges=each)) for each in badges]
    assert roles == [1.0, 0.6, 0.5, 0.3, 0.0, 0.0]
    cheers = [role_of(chat("hi", bits=bits)) for bits in (0, 1, 100, 1_000, 10**9)]
    assert cheers == sorted(set(cheers))
    assert cheers[-1] == 1.0


def test_weights_are_part_of_a_persona() -> None:
    """A persona sets what it cares for, keeps the rest, and a mistake is explained."""
    text = "name: A\npersonality: p\nweights:\n  question: 4\n  spam: 0\n"
    persona = parse_persona(text, source="x.yaml")
    assert persona.weights == Weights(question=4, spam=0)
    with pytest.raises(ConfigError, match=r"x\.yaml:4: weights\.fairnes is unknown.*fairness\?"):
        parse_persona(text.replace("question: 4", "fairnes: 4"), source="x.yaml")
    with pytest.raises(ConfigError, match=r"x\.yaml:4: weights\.question: .*less than or equal"):
        parse_persona(text.replace("question: 4", "question: 11"), source="x.yaml")
