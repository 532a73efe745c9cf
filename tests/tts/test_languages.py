"""Which voice fits a language, and a text by its letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.tts.languages import fitting, reading, script
from pickled.tts.local import LANGUAGES, VOICES

ALL = tuple(VOICES)
ESPEAK = tuple(name for name in VOICES if name.startswith("espeak-"))


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", None),
        ("en-US", None),
        ("en-GB", "espeak-en-gb"),
        ("en-AU", None),
        ("de", "espeak-de"),
        ("de-AT", "espeak-de"),
        ("DE_ch", "espeak-de"),
        ("pt", "espeak-pt"),
        ("pt-BR", "espeak-pt-br"),
        ("fr", "espeak-fr-fr"),
        ("es-MX", "espeak-es"),
        ("no", "espeak-nb"),
        ("zh-Hant-TW", "espeak-cmn"),
        ("xx", None),
    ],
)
def test_voice_fits_the_language(language: str, voice: str | None) -> None:
    """The region's own voice, else any of the language; English stays with the first."""
    assert fitting(language, ALL, LANGUAGES) == voice


@pytest.mark.parametrize(
    ("first", "language", "voice"),
    [
        ("espeak-es-419", "es", None),
        ("espeak-en-gb", "en", None),
        ("espeak-fr-fr", "de", "espeak-de"),
        ("espeak-pt", "pt-BR", "espeak-pt-br"),
        ("espeak-de", "en", "flite-slt"),
    ],
)
def test_configured_voice_stays_in_its_language(
    first: str, language: str, voice: str | None
) -> None:
    """A persona of another language, or of another region, gets another one."""
    voices = (first, *(name for name in ALL if name != first))
    assert fitting(language, voices, LANGUAGES) == voice


def test_voice_of_unknown_language_is_left_alone() -> None:
    """Nothing is known of the voices: the first one speaks, as ever."""
    assert fitting("de", ("alto", "bass"), {}) is None


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("", "LATIN"),
        ("Grüß Gott, naïve Łódź 7 🎉", "LATIN"),
        ("Ｈｅｌｌｏ", "LATIN"),
        ("Добрый день, chat", "CYRILLIC"),
        ("你好", "CJK"),
        ("今日はいい天気", "KANA"),
        ("Look: 東京 is a city", "LATIN"),
        ("مرحبا", "ARABIC"),
    ],
)
def test_script_is_that_of_most_letters(text: str, letters: str) -> None:
    """A foreign name does not change who reads the sentence."""
    assert script(text) == letters


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Hello", "flite-slt"),
        ("Ça va à l'été?", "flite-slt"),
        ("Привет", "espeak-ru"),
        ("Привіт, як їхати?", "espeak-uk"),
        ("你好世界", "espeak-cmn"),
        ("こんにちは", "espeak-ja"),
        ("안녕", "espeak-ko"),
        ("مرحبا", "espeak-ar"),
        ("پنج چیز", "espeak-fa"),
        ("שלום", "espeak-he"),
        ("Καλημέρα", "espeak-el"),
        ("नमस्ते", "espeak-hi"),
        ("สวัสดี", "espeak-th"),
        ("ᏣᎳᎩ", None),
    ],
)
def test_text_is_read_by_who_knows_its_letters(text: str, voice: str | None) -> None:
    """One that is asked for keeps what it can read."""
    assert reading(text, "flite-slt", ALL, LANGUAGES) == voice


def test_voice_that_knows_the_letters_keeps_the_text() -> None:
    """A Bulgarian voice reads Cyrillic, and Latin letters anyway."""
    for text in ("Здравей", "Hello there"):
        assert reading(text, "espeak-bg", ALL, LANGUAGES) == "espeak-bg"


def test_without_an_engine_that_knows_them_nobody_reads_it() -> None:
    """flite alone."""
    voices = tuple(name for name in ALL if name.startswith("flite-"))
    assert reading("你好", "flite-slt", voices, LANGUAGES) is None


@given(text=st.text(max_size=40), language=st.text(max_size=10))
def test_any_text_and_language_gets_an_answer(text: str, language: str) -> None:
    """Whatever chat or a persona has."""
    assert reading(text, "flite-slt", ALL, LANGUAGES) in (None, *ALL)
    assert fitting(language, ALL, LANGUAGES) in (None, *ALL)
