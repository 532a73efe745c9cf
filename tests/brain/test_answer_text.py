"""What of an answer's text is said: form that came twice is not, nor are other people's lines."""

from __future__ import annotations

import pytest

from pickled.brain.parse import AnswerParser
from pickled.messages.emotion import EMOTIONS

NAMES = frozenset({"ana", "ami_07", "ストリーマー"})


def read(answer: str, step: int) -> AnswerParser:
    parser = AnswerParser(EMOTIONS, names=NAMES)
    before = ""
    for start in range(0, len(answer), step):
        parser.feed(answer[start : start + step])
        assert parser.text.startswith(before)
        before = parser.text
    parser.finish()
    assert parser.text.startswith(before)
    return parser


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("Hello chat.\\n\\nNice to see you.", "Hello chat. Nice to see you."),
        ('{"emotion":"happy","text":"Hello chat.\\\\n\\\\nNice to see you."}',
         "Hello chat.\n\nNice to see you."),
        ("Rock &amp; roll", "Rock & roll"),
        ('{"emotion":"happy","text":"Rock &amp; roll, it&#39;s &lt;3"}', "Rock & roll, it's <3"),
        ('{"emotion":"happy","text":"AT&T; that is R&D."}', "AT&T; that is R&D."),
        ('{"emotion":"happy","text":"{\\"emotion\\": \\"sad\\", \\"text\\": \\"Inner one.\\"}"}',
         "Inner one."),
        ('{"emotion":"happy","text":"{x} is no object"}', "{x} is no object"),
    ],
)  # fmt: skip
def test_text_in_a_form_that_was_written_twice(answer: str, text: str, step: int) -> None:
    """Escapes of escapes, entities and an answer within the answer are not spoken."""
    assert read(answer, step).text == text


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    ("answer", "text", "emotion"),
    [
        ("[happy] Hello chat.", "Hello chat.", "happy"),
        ("(Happy): Hello chat.", "Hello chat.", "happy"),
        ('{"text":"[sad] Hello chat."}', "Hello chat.", "sad"),
        ('{"emotion":"happy","text":"[sad] Hello chat."}', "Hello chat.", "happy"),
        ('{"emotion":"happy","text":"(really) Hello chat."}', "(really) Hello chat.", "happy"),
        ('{"emotion":"happy","text":" [sad] Hello chat."}', "Hello chat.", "happy"),
        ("(Almost) there.", "(Almost) there.", "neutral"),
    ],
)
def test_mood_in_brackets_is_the_emotion(answer: str, text: str, emotion: str, step: int) -> None:
    """Models that ignore the form begin with a mood; other brackets stay."""
    parser = read(answer, step)
    if answer.startswith('{"text"'):
        emotion = "neutral" if parser.emotion == "neutral" else emotion
    assert (parser.text, parser.emotion) == (text, emotion)


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize("name", ["ana", "Ana", "@ana", "**Ami_07**", "User", "assistant",
                                  "ストリーマー"])  # fmt: skip
@pytest.mark.parametrize("form", ["{}", '{{"emotion":"happy","text":"{}"}}'])
def test_answer_ends_where_it_speaks_for_others(form: str, name: str, step: int) -> None:
    """A line that begins with a viewer's name, or a role, is none of the co-host's."""
    newline = "\\n" if form.startswith("{{") else "\n"
    said = form.format(f"Hello chat.{newline}{name}: who are you?{newline}John: I am John.")
    assert read(said, step).text == "Hello chat."


@pytest.mark.parametrize(
    "text", ["Ana: that is a fine question.", "Hello.\nMy plan: we walk.", "Hi.\nAnabel: hello."]
)
def test_other_colons_stay(text: str) -> None:
    """Whom it answers may come first, and a plan has a colon, too."""
    assert read(text, 1).text == " ".join(text.split())


@pytest.mark.parametrize(
    "mark", ["<|im_end|>", "<|im_start|>user", "</s>", "<|eot_id|>", "<end_of_turn>", "[INST] x",
             "<|endoftext|>", "<｜end▁of▁sentence｜>"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{}", '{{"emotion":"happy","text":"{}'])
@pytest.mark.parametrize("step", [1, 4, 1000])
def test_answer_ends_at_the_mark_of_a_turn(form: str, mark: str, step: int) -> None:
    """What comes behind the end of its turn is not the co-host's, and nothing was torn off."""
    parser = read(form.format(f"Hello chat, good to see you.{mark}\nWhat is your name?"), step)
    assert (parser.text.strip(), parser.over) == ("Hello chat, good to see you.", True)
    assert parser.complete


def test_mark_before_the_answer_ends_nothing() -> None:
    """A template's own head may be repeated at the begin."""
    assert read("<|im_start|>assistant\nHello chat.<|im_end|>", 1).text == "Hello chat."
