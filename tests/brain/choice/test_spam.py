"""Bots, commands, and what looks like spam."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickled.brain.choice.spam import SPAM, is_bot, is_command, spam
from pickled.language.bots import known_bots
from pickled.messages.chat import Fragment
from tests.brain.stage import chat

EMOTES = tuple(Fragment(type="emote", text="KEKW") for _ in range(8))


@pytest.mark.parametrize(
    "text",
    [
        "get viewers at https://example.com/x",
        "www.example.org best prices",
        "cheap followers on example.shop",
        "THIS IS THE BEST STREAM ON THE WHOLE INTERNET AND YOU ALL KNOW THAT IT IS SO",
        "buy now buy now buy now buy now buy now",
        "▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬",
        "░░█░░ ▀▀▄▄ ░░█░░ ▀▀▄▄ ░░█░░ ▀▀▄▄ ░░█░░",
        "z" + "\u0336\u0337\u0338\u0334" * 30 + "algo",
    ],
)
def test_spam_by_its_looks(text: str) -> None:
    """Links, walls of capitals, of one word or of signs are passed over."""
    assert spam(chat(text)) >= SPAM


@pytest.mark.parametrize(
    "text",
    [
        "WHERE ARE WE??",
        "LETS GOOOOO",
        "is that the 3.5 km route or the 4.2 one?",
        "that was so so so good",
        "ここはどこですか？すごくきれいですね、また行きたいです",
        "안녕하세요 여기 어디예요 정말 예쁘네요 다시 가고 싶어요",
        "i think the best noodles are in the small street behind the station, trust me",
        "no no no no, left!",
        "e.g. the U.S. embassy... or not",
    ],
)
def test_spam_is_not_what_people_write(text: str) -> None:
    """Shouting, scripts without capitals, numbers and abbreviations are fine."""
    assert spam(chat(text)) < SPAM


def test_spam_of_emotes() -> None:
    """A wall of emotes is spam; a few beside words are not."""
    assert spam(chat("KEKW " * 8, fragments=EMOTES)) >= SPAM
    words = Fragment(type="text", text="that was really the funniest thing so far")
    assert spam(chat("x", fragments=(words, *EMOTES[:5]))) < SPAM
    assert spam(chat("x", fragments=(words, *EMOTES[:1]))) == 0


def test_spam_by_repetition() -> None:
    """Asking once more is fine, from the third time on it is spam."""
    asked = chat("where are we?")
    assert spam(asked, said_before=1) < SPAM <= spam(asked, said_before=2)
    assert spam(asked, said_before=50) == 1.0


def test_moderators_do_not_spam() -> None:
    """A moderator's link or banner is not spam."""
    for badge in ("broadcaster", "moderator"):
        assert spam(chat("https://example.com", badges=(badge,)), said_before=3) == 0


def test_bots_by_name_and_badge() -> None:
    """The bots that many channels have are known in any case, others by their badge."""
    assert is_bot(chat("hi", user="Nightbot"))
    assert is_bot(chat("hi", user="StreamElements"))
    assert is_bot(chat("hi", user="own_thing", badges=("bot-badge",)))
    assert not is_bot(chat("hi", user="nightbot_fan"))
    assert all(each == each.casefold() for each in known_bots())


def test_commands_are_for_bots() -> None:
    """An exclamation mark before a word is a command; a shout is not."""
    assert is_command("!so ana")
    assert is_command("  !lurk")
    assert not any(map(is_command, ("! wow", "!!!", "hey !so", "wow!", "")))


@given(text=st.text(st.characters(exclude_categories=[]), max_size=200))
@example("\ud800" * 100_000)
@example("a\u0301" * 50_000)
@example("! " * 50_000)
@example("a." * 50_000)
def test_spam_takes_any_text(text: str) -> None:
    """No text breaks it, however long or broken; the answer is a share."""
    assert 0 <= spam(chat("x").model_copy(update={"text": text})) <= 1
    assert is_command(text) in (True, False)
