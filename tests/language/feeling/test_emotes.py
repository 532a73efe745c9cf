"""Does it know what emotes mean: global ones, those built from known parts, a channel's own?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.errors import ConfigError
from pickled.language.feeling.emotes import LARGEST_FILE, bundled_emotes, parse_emotes

EMOTES = bundled_emotes()


@pytest.mark.parametrize(
    ("name", "meaning", "sign"),
    [
        ("LUL", "laughing", 1),
        ("OMEGALUL", "laughing out loud", 1),
        ("PogChamp", "excited, amazed", 1),
        ("catJAM", "dancing", 1),
        ("<3", "loving", 1),
        ("😂", "laughing", 1),
        ("Kappa", "irony, not meant so", 0),
        ("monkaS", "afraid, tense", -1),
        ("BibleThump", "crying", -1),
        ("DansGame", "disgusted", -1),
        ("ResidentSleeper", "bored, asleep", -1),
        (":(", "sad", -1),
    ],
)
def test_emote_global(name: str, meaning: str, sign: int) -> None:
    """What Twitch, BTTV, FFZ and 7TV offer in every channel is known, and so are faces."""
    found = EMOTES.meaning(name)
    assert found is not None
    assert found.meaning == meaning
    assert (found.valence > 0) - (found.valence < 0) == sign


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("forsenLove", "loving"),
        ("moon2CRY", "crying"),
        ("xqcL", "loving"),
        ("sumailKappa", "irony, not meant so"),
        ("abcdHappyMelon", "happy"),
        ("peepoRage", "angry"),
        ("HYPERLove", "loving"),
        ("monkaMelon", "afraid, tense"),
        ("KEKWW", "laughing"),
        ("omegalul", "laughing out loud"),
    ],
)
def test_emote_built_from_known_parts(name: str, meaning: str) -> None:
    """A channel's prefix, a family or other capitals don't hide what a name says."""
    found = EMOTES.meaning(name)
    assert found is not None
    assert found.meaning == meaning


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "hello",
        "iPhone",
        "McDonalds",
        "clap",
        "happy",
        "forsenXyz",
        "x" * 100_000,
        "\ud800",
    ],
)
def test_emote_unknown(name: str) -> None:
    """Plain words, foreign names, and names that tell nothing have no meaning."""
    assert EMOTES.meaning(name) is None


def test_emotes_are_many_and_within_bounds() -> None:
    """At least 350 names come with pickled; every number is within its range."""
    assert len(EMOTES) >= 350
    every = [EMOTES.meaning(name) for name in EMOTES]
    assert all(each and -1 <= each.valence <= 1 and 0 <= each.arousal <= 1 for each in every)


def test_parse_emotes_adds_and_overrides() -> None:
    """A channel's own file adds names, and has the last word on known ones."""
    text = """
        melonBonk: {meaning: scolding with a wink, valence: 0.2, arousal: 0.7}
        melonTears: laughing
        Kappa: {meaning: greeting, valence: 1}
        "D:": {meaning: enchanted, valence: 0.9}
    """
    emotes = parse_emotes(text, source="emotes.yaml")
    bonk, tears = emotes.meaning("melonBonk"), emotes.meaning("melonTears")
    kappa, face = emotes.meaning("Kappa"), emotes.meaning("D:")
    assert None not in (bonk, tears, kappa, face)
    assert (bonk.meaning, bonk.valence, bonk.arousal) == ("scolding with a wink", 0.2, 0.7)
    assert (tears.meaning, tears.valence > 0) == ("laughing", True)
    assert (kappa.meaning, kappa.valence, face.valence) == ("greeting", 1, 0.9)
    assert emotes.meaning("LUL") == EMOTES.meaning("LUL")


def test_parse_emotes_without_the_bundled_ones() -> None:
    """Only the file's names are known when the bundled ones are not wanted."""
    emotes = parse_emotes("melonBonk: scolding", source="emotes.yaml", with_bundled=False)
    assert list(emotes) == ["melonBonk"]
    assert emotes.meaning("LUL") is None


def test_parse_emotes_of_nothing_are_the_bundled_ones() -> None:
    """An empty file changes nothing."""
    assert list(parse_emotes("", source="emotes.yaml")) == list(EMOTES)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: b\nLUL: {meaning: x, valence: 2}", "e.yaml:2: LUL: valence"),
        ("a: b\nLUL:\n  meaning: x\n  arousl: 1", "e.yaml:4: LUL: arousl"),
        ("LUL: {valence: 1}", "e.yaml:1: LUL: meaning"),
        ("LUL: [a, b]", "e.yaml:1: LUL: meaning"),
        ("LUL: {meaning: x, valence: .nan}", "e.yaml:1: LUL: valence"),
        ("two words: x", "e.yaml:1: two words: a name is one word"),
        ('LUL: "line\\nbreak"', "e.yaml:1: LUL: meaning"),
        ("- LUL", "e.yaml:1: it consists of"),
        ("LUL: {", "e.yaml:1:"),
        ("LUL: x\nLUL: y", "e.yaml:2: LUL is given twice"),
        ("#" * (LARGEST_FILE + 1), "e.yaml:1: a file of emotes has at most"),
    ],
)
def test_parse_emotes_wrong(text: str, told: str) -> None:
    """A mistake is told with its file, its line and the name that it is about."""
    with pytest.raises(ConfigError) as error:
        parse_emotes(text, source="e.yaml")
    assert told in str(error.value)


@given(st.text(max_size=200))
def test_parse_emotes_any_text(text: str) -> None:
    """Whatever the file holds, it is read or refused with its name."""
    try:
        emotes = parse_emotes(text, source="e.yaml")
    except ConfigError:
        emotes = parse_emotes("", source="e.yaml")
    assert len(emotes) >= len(EMOTES)


@given(st.text(max_size=80))
def test_emote_any_name(name: str) -> None:
    """Any name has a meaning or none; what it has is within its range."""
    found = EMOTES.meaning(name)
    assert found is None or (-1 <= found.valence <= 1 and 0 <= found.arousal <= 1)
