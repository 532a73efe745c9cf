"""What a server takes is learnt from its refusals, step by step, and for a while."""

from __future__ import annotations

from pickled.services.dialect import Choices, Dialect, Dialects

CHOICES: Choices = {
    "form": ({"form": "schema"}, {"form": "object"}, {}),
    "limit": ({"limit": 9}, {"longest": 9}),
    "warmth": ({},),
}


def test_dialect_begins_with_the_best() -> None:
    """Nothing is left out before it was refused."""
    assert Dialect().parameters(CHOICES) == {"form": "schema", "limit": 9}


def test_dialect_goes_down_where_the_refusal_points() -> None:
    """A name in the refusal is the one that is changed; without a name the first choice is."""
    simpler = Dialect().simpler(CHOICES, "Unsupported parameter: 'limit'")
    assert simpler is not None
    assert simpler.parameters(CHOICES) == {"form": "schema", "longest": 9}
    simpler = simpler.simpler(CHOICES, "Internal Server Error")
    assert simpler is not None
    assert simpler.parameters(CHOICES) == {"form": "object", "longest": 9}


def test_dialect_ends() -> None:
    """However a server refuses, it is not asked for ever."""
    dialect: Dialect | None = Dialect()
    steps = 0
    while dialect is not None:
        dialect = dialect.simpler(CHOICES, "form, limit and warmth are wrong")
        steps += 1
    assert steps == 4


def test_dialect_knows_what_no_parameter_can_mend() -> None:
    """A prompt that is too long, or an empty account, is told at once."""
    for refusal in ("maximum context length is 4096", "Your credit balance is too low"):
        assert Dialect().simpler(CHOICES, refusal) is None


def test_dialects_keep_what_was_learnt_for_a_while() -> None:
    """Per model; after ten minutes the best is tried again, also if it is in use all the time."""
    dialects, learnt = Dialects(), Dialect({"form": 1})
    assert dialects.of("small", 0) == Dialect()
    dialects.keep("small", learnt, 0)
    dialects.keep("small", learnt, 500)
    assert dialects.of("small", 599) == learnt
    assert dialects.of("large", 599) == Dialect()
    assert dialects.of("small", 601) == Dialect()


def test_dialects_learn_the_same_again() -> None:
    """What is refused again after ten minutes holds for as long again."""
    dialects, learnt = Dialects(), Dialect({"form": 1})
    dialects.keep("small", learnt, 0)
    dialects.keep("small", learnt, 700)
    assert dialects.of("small", 1200) == learnt
