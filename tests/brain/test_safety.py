"""The gate: what may be spoken, and what may come in."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickled.brain.safety import Checked, GateRules, check, check_input
from pickled.language.moderation.word_list import parse_word_list
from pickled.language.privacy.personal import parse_private_words

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


WORDS = parse_word_list(
    "block: [flarnox, graak, gas the skrelb]\nmask: [dingbat, 'zorb*']\nallow: [zorbing hill]\n"
    "default: false",
    source="words.yaml",
)
PRIVATE = parse_private_words("Marlowe Lane\nQuentin\n", source="private.yaml")
GATE = GateRules(max_chars=120, words=WORDS, private=PRIVATE, canary="canary-Q7x9-plover")


@pytest.mark.parametrize(
    ("clause", "rule", "tier"),
    [
        ("you flarnox", "words", "block"),
        ("you f.l.4.r n 0 x!", "words", "block"),
        ("you \u202exonralf", "words", "block"),
        ("so \u202ekaarg", "words", "block"),
        ("gas the skrelbs? gas the skrelb", "words", "block"),
        ("my prompt says canary-Q7x9-plover", "canary", ""),
        ("c a n a r y Q 7 x 9 p l o v e r", "canary", ""),
        ("CANARYQ7X9PLOVER", "canary", ""),
        ("revolp-9x7Q-yranac", "canary", ""),
        ("I live in Marlowe Lane", "private word", "private"),
        ("call me on +44 20 7946 0958", "phone", "personal"),
    ],
)
def test_check_blocks_what_must_not_be_said(clause: str, rule: str, tier: str) -> None:
    """A clause with such a thing is not spoken; only rule and tier are told."""
    assert check(clause, gate=GATE) == Checked(None, rule, "blocked", tier)


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("what a dingbat, really", "what a something, really"),
        ("d1ngb4t!", "something!"),
        ("the zorbing hill is zorby", "the zorbing hill is something"),
    ],
)
def test_check_says_something_else_for_masked_words(clause: str, text: str) -> None:
    """A masked word is left out, and what is left still sounds like a sentence."""
    checked = check(clause, gate=GATE)
    assert checked == Checked(text, "words", "masked", "mask")
    assert check(text, gate=GATE).kind == "passed"


@pytest.mark.parametrize(
    ("before", "clause", "rule"),
    [
        (["so he said flar"], "nox and left", "words"),
        (["f l a", "r n"], "o x", "words"),
        (["he is a ding"], "bat", "words"),
        (["gas"], "the skrelb", "words"),
        (["canary-Q7"], "x9-plover", "canary"),
        (["the number is 020 7946"], "0958, call it", "phone"),
        (["it's in Marlowe"], "Lane", "private word"),
    ],
)
def test_check_looks_over_the_seam(before: list[str], clause: str, rule: str) -> None:
    """What is harmless alone is stopped where it completes something said before."""
    assert check(clause, gate=GATE).kind == "passed"
    checked = check(clause, gate=GATE, before=before)
    assert (checked.kind, checked.rule) == ("blocked", rule)


def test_check_looks_at_no_more_of_a_clause_than_may_be_spoken() -> None:
    """What is cut off anyway stops nothing, also where a clause is read from its end."""
    assert check("\u202e" + "so " * 400 + "kaarg", gate=GATE).kind == "masked"


def test_check_looks_back_at_two_clauses_only() -> None:
    """What was said long ago stops nothing."""
    assert check("nox", gate=GATE, before=["flar", "and so on", "and on"]).kind == "passed"
    assert check("nox", gate=GATE, before=["said flar", "."]).kind == "blocked"


def test_check_does_not_repeat_a_verdict_on_what_was_said() -> None:
    """Something that came out before, when the list was another, stops no later clause."""
    assert check("and then we left", gate=GATE, before=["you flarnox"]).kind == "passed"


def test_check_keeps_places_back_in_discreet_mode() -> None:
    """In discreet mode a place blocks, otherwise it passes."""
    clause = "we're at the Shibuya crossing now"
    assert check(clause, gate=GATE).kind == "passed"
    found = check(clause, gate=GateRules(words=WORDS, discreet=True))
    assert (found.kind, found.tier) == ("blocked", "discreet")


@pytest.mark.parametrize(
    ("text", "kept", "rule"),
    [
        ("hello chat", "hello chat", None),
        ("  odd   spacing ", "  odd   spacing ", None),
        ("see https://clips.twitch.tv/x", "see https://clips.twitch.tv/x", None),
        ("you flarnox and dingbat", "you … and …", "words"),
        ("f l 4 r n 0 x lol", "… lol", "words"),
        ("he lives in Marlowe Lane", "he lives in …", "private word"),
    ],
)
def test_check_input_masks(text: str, kept: str, rule: str | None) -> None:
    """What viewers write comes in with a dot for each word that must not; links stay."""
    checked = check_input(text, gate=GATE)
    assert checked.text == kept
    assert checked.rule == rule


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("you flarnox", "block"),
        ("a dingbat", "mask"),
        ("he lives in Marlowe Lane", "private"),
        ("call +44 20 7946 0958", "personal"),
        ("we're at the Shibuya crossing", "discreet"),
        ("hello chat", ""),
    ],
)
def test_check_input_says_why_it_masks(text: str, tier: str) -> None:
    """The tier tells listed words, the user's own, personal data and whereabouts apart."""
    gate = GateRules(words=WORDS, private=PRIVATE, discreet=True)
    assert check_input(text, gate=gate).tier == tier


@pytest.mark.parametrize("text", ["flarnox", "f-l-a-r-n-o-x!!", "dingbat dingbat"])
def test_check_input_blocks_when_nothing_is_left(text: str) -> None:
    """A line that was nothing else is no line any more; an empty one is."""
    checked = check_input(text, gate=GATE)
    assert (checked.text, checked.kind) == (None, "blocked")
    assert check_input("", gate=GATE).kind == "passed"


PIECES = st.lists(
    st.sampled_from(
        [
            *("flar", "nox", "f", "l", "a", "r", "n", "o", "x", "dingbat", "zorb", "gas the"),
            *("skrelb", "Quentin", "Marlowe", "Lane", "020 7946", "0958", " ", ".", "*", "1", "4"),
            *("\u200b", "\u0336", "\u202e", "something", "…", "é", "ɐ", "а", "link", "a@b.cd", "!"),
        ]
    ),
    max_size=24,
)


@given(st.text(max_size=200) | PIECES.map("".join) | PIECES.map(" ".join))
@example("zorb" * 40)
@example("dingbat " * 40)
def test_both_gates_are_idempotent_with_words(text: str) -> None:
    """What either gate lets through passes it again unchanged, whatever is listed."""
    for gate in (check, check_input):
        checked = gate(text, gate=GATE)
        assert (checked.text is None) == (checked.kind == "blocked")
        if checked.text is not None:
            again = gate(checked.text, gate=GATE)
            assert (again.text, again.kind) == (checked.text, "passed")


@given(PIECES.map(" ".join), PIECES.map(" ".join))
def test_what_is_spoken_never_spells_a_blocked_word(first: str, second: str) -> None:
    """However a text is cut into clauses, what came out of them together has no blocked word."""
    said = check(first, gate=GATE).text or ""
    more = check(second, gate=GATE, before=[said] if said else []).text or ""
    together = WORDS.find_all(f"{said} {more}".strip())
    assert [match for match in together if match.tier == "block"] == []


@given(st.text(max_size=300))
def test_check_never_tells_the_canary(text: str) -> None:
    """Whatever stands around it, the canary does not come out."""
    for clause in (f"{text}{GATE.canary}", f"{GATE.canary} {text}"):
        assert GATE.canary not in (check(clause, gate=GATE).text or "")
