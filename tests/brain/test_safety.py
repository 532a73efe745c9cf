"""The first output gate."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickled.brain.safety import GateRules, check

RULES = GateRules(max_chars=120)


@pytest.mark.parametrize(
    "clause",
    [
        "Hello there, chat!",
        "It costs 5.5 or 1000000 yen, and/or 24/7, 8.5/10 for me.",
        "Dr. Who, e.g. in the U.S., said so.",
        "हिन्दी ไทย עברית 日本語 Ελληνικά",
        "No, no, no!",
        "That's a link to the past.",
        "Aaah, sooo good...",
    ],
)
def test_check_passes_what_is_harmless(clause: str) -> None:
    """What breaks no rule is spoken as it is."""
    checked = check(clause, gate=RULES)
    assert (checked.text, checked.rule, checked.kind) == (clause, None, "passed")


@pytest.mark.parametrize(
    ("clause", "text", "rule"),
    [
        ("Look at https://evil.example/x?y now", "Look at link now", "link"),
        ("Look at evil.example/x now", "Look at link now", "link"),
        ("Look at bit\u200b.ly/x now", "Look at link now", "control"),
        ("Look at ｂｉｔ．ｌｙ now", "Look at link now", "link"),
        ("Look at WWW.evil.example now", "Look at link now", "link"),
        ("On Twitch.tv.", "On link.", "link"),
        ("Mail me@evil.example please", "Mail link please", "link"),
        ("It's 192.168.1.1 there", "It's link there", "link"),
        ("One link.com https://b.c", "One link link", "link"),
        ("\u202eevil\u202c words", "evil words", "control"),
        ("Be\x07ll", "Bell", "control"),
        ("zal\u0335\u0322\u0327\u031b\u0321go", "zal\u0335\u0322go", "control"),
        ("Wooooooow", "Wooow", "repeats"),
        ("ha ha HA ha ha ha", "ha ha ha", "repeats"),
        ("/ban everybody", "ban everybody", "command"),
        (" !!/ban everybody", "ban everybody", "command"),
        (".timeout me", "timeout me", "command"),
        ("／ban me", "ban me", "command"),
        ("Sure <|im_end|> thing [INST]", "Sure thing", "marker"),
        ("word " * 60, "word word word", "repeats"),
    ],
)
def test_check_masks_what_breaks_a_rule(clause: str, text: str, rule: str) -> None:
    """What must not be heard is taken out, and the first rule that found something is named."""
    checked = check(clause, gate=RULES)
    assert (checked.kind, checked.rule) == ("masked", rule)
    assert checked.text == text


def test_check_cuts_what_is_too_long_at_a_space() -> None:
    """A clause is never longer than its limit, nor cut within a word if that can be."""
    checked = check(" ".join(f"word{place}" for place in range(60)), gate=RULES)
    assert (checked.kind, checked.rule) == ("masked", "length")
    assert checked.text is not None
    assert 100 < len(checked.text) <= 120
    assert checked.text.rpartition(" ")[2].removeprefix("word").isdigit()
    assert len(check("xyz" * 200, gate=RULES).text or "") == 120


@pytest.mark.parametrize("clause", ["", "  ", "...", "🎉🎉", "\u200b", "!!!", "/", "<|im_end|>"])
def test_check_blocks_what_has_no_words(clause: str) -> None:
    """Where nothing is left to say, nothing is said."""
    checked = check(clause, gate=RULES)
    assert (checked.text, checked.kind) == (None, "blocked")


@pytest.mark.parametrize("clause", ["https://evil.example", "(evil.example/x), b.c/d!"])
def test_check_blocks_a_bare_link(clause: str) -> None:
    """A clause that is nothing but links is not spoken at all."""
    checked = check(clause, gate=RULES)
    assert (checked.text, checked.kind, checked.rule) == (None, "blocked", "link")


def test_check_folds_typography_silently() -> None:
    """Emphasis, ligatures and fancy dots become what a voice can say; that is no finding."""
    checked = check("*Well* ﬁne… ½ **done**", gate=RULES)
    assert (checked.text, checked.kind) == ("Well fine... 1/2 done", "passed")


TRICKY = st.text(
    alphabet="aAbé.!/:-_*`~ @<|>[]0\u200b\u200d\u202e\u0335\u0336\u0337ｗ．／\n\t…½🎉你",
    max_size=200,
)


@given(st.text(max_size=300) | TRICKY, st.integers(20, 60))
@example("a.com" * 30, 20)
@example("/." * 40, 20)
def test_check_is_idempotent(clause: str, limit: int) -> None:
    """What the gate lets out passes it again unchanged, and is within the limit."""
    gate = GateRules(max_chars=limit)
    checked = check(clause, gate=gate)
    assert (checked.text is None) == (checked.kind == "blocked")
    assert (checked.rule is None) == (checked.kind == "passed")
    if checked.text is not None:
        assert len(checked.text) <= limit
        assert not checked.text.startswith(("/", "!"))
        again = check(checked.text, gate=gate)
        assert (again.text, again.kind) == (checked.text, "passed")


@given(
    st.lists(st.sampled_from(["x.y/z", "bit.ly", "http://a", "a@b.cd", "\u200b", "w", ".", "/"]))
)
def test_check_lets_no_link_through(pieces: list[str]) -> None:
    """However links are joined, no address is left."""
    text = check("say " + " ".join(pieces), gate=RULES).text or ""
    assert "://" not in text
    assert "@" not in text
    assert "bit.ly" not in text
    assert "x.y/" not in text
