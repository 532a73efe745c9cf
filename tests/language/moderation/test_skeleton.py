"""What a matcher sees of a text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.moderation.folding import fold
from pickled.language.moderation.skeleton import readings, skeleton


@pytest.mark.parametrize(
    "text",
    [
        "flarnox",
        "FLARNOX",
        "FlArNoX",
        "ｆｌａｒｎｏｘ",
        "𝖋𝖑𝖆𝖗𝖓𝖔𝖝",
        "ⓕⓛⓐⓡⓝⓞⓧ",
        "🅵🅻🅰🆁🅽🅾🆇",
        "🇫 🇱 🇦 🇷 🇳 🇴 🇽",
        "ꜰʟᴀʀɴᴏx",
        "ᖴᒪᗩᖇᑎO᙭",
        "ƒℓαяησχ",
        "₣Ⱡ₳Ɽ₦ØӾ",
        "flаrnох",
        "fIarnox",
        "f\u200bl\u200da\u2060r\ufeffn\u00adox",
        "\u202eflarnox\u202c",
        "f̶l̴̡a̷͢r̵n̶o̸x̵",
        "fl4rn0x",
        "f|@rn0x",
        "f l a r n o x",
        "f.l.a.r.n.o.x",
        "f-l-a-r-n-o-x",
        "f_l_a_r_n_o_x",
        "f😀l😀a😀r😀n😀o😀x",
        "f l 4 r n 0 x",
        "ffllaaarrrnnnooox",
        "flarnoxxxxxx!!!",
        "f\u3164l\u3164a\u3164rnox",
    ],
)
def test_skeleton_sees_the_word(text: str) -> None:
    """However a word is disguised, its skeleton is that of the plain word."""
    assert skeleton(text) == "flarnox"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Hello there, he'll go!", "helo there he go"),
        (
            "It's 1,000 yen at 7am, 5th of 10k",
            "its 1 000 yen at 7am 5th of 10k".replace("its", "it"),
        ),
        ("A B", "a b"),
        ("привет как дела", "привет как дела"),
        ("вот как кот", "вот как кот"),
        ("τον και ναι", "τον και ναι"),
        ("हिन्दी में", "हिन्दी में"),
        ("日本語だ", "日本語だ"),
        ("한국어", "한국어"),
        ("שלום", "שלום"),
        ("naïve José", "naive jose"),
        ("ใช้iPhoneดี", "ใช้iphoneดี"),
        ("Tシャツ", "tシャツ"),
        ("", ""),
        ("?!… 🎉", ""),
    ],
)
def test_skeleton_keeps_what_is_honest(text: str, seen: str) -> None:
    """Numbers stay numbers, and scripts that are at home in a text stay themselves."""
    assert skeleton(text) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("f1arnox", "flarnox"),
        ("f!arnox", "flarnox"),
        ("fl.ar.nox", "flarnox"),
        ("youFlarnox", "you flarnox"),
        ("flarnox99", "flarnox"),
        ("xonralf", "flarnox"),
        ("xouɹɐlɟ", "flarnox"),
        ("good", "good"),
    ],
)
def test_readings_have_the_meant_one(text: str, seen: str) -> None:
    """Where one reading is not enough, another one has it; the first is the skeleton."""
    found = readings(text)
    assert found[0] == skeleton(text)
    assert any(f" {seen} " in f" {each} " for each in found)


@given(st.text(max_size=300))
def test_fold_knows_where_each_letter_was(text: str) -> None:
    """Any text can be folded, and each letter has a place in it, in order."""
    folded = fold(text)
    assert len(folded.text) == len(folded.kinds) == len(folded.at)
    assert list(folded.at) == sorted(folded.at)
    assert all(0 <= place < len(text) for place in folded.at)


@given(st.text(max_size=300))
def test_skeleton_is_words_and_single_spaces(text: str) -> None:
    """A skeleton can be searched for whole words, whatever it was made of."""
    seen = skeleton(text)
    assert seen == " ".join(seen.split())
    assert seen == seen.lower() or not seen.isascii()


@pytest.mark.alone
def test_skeleton_takes_time_in_proportion() -> None:
    """Twice the text takes about twice the time, also for the worst of them."""
    for hard in ("a b", "a.", "é\u0301\u0302", "\ud800", "1!|", "аb", "a'", "Aa"):
        short, long = _seconds(hard * 3_000), _seconds(hard * 24_000)
        assert long < 40 * short + 0.05


def _seconds(text: str) -> float:
    begin = time.perf_counter()
    readings(text)
    return time.perf_counter() - begin


def test_fold_keeps_one_letter_a_place() -> None:
    """Every letter of other scripts beside a Latin one is read as one letter or kept."""
    for code in range(0x80, 0x1F200):
        folded = fold(f"x{chr(code)}x")
        assert len(folded.text) == len(folded.kinds) == len(folded.at)
