"""A prompt leaves room for its answer, in whatever script chat writes."""

from __future__ import annotations

import json

import pytest

from pickled.brain.context import Situation
from pickled.brain.persona import Persona
from pickled.brain.prompt import build
from pickled.brain.remembered import Remembered
from pickled.language.tokens import tokens
from pickled.messages.decision import Request
from pickled.messages.memory import Line
from pickled.messages.prompt import Prompt
from pickled.messages.state import ContextValue
from tests.brain.stage import chat

PERSONA = Persona(name="John", personality="You are John, who walks through towns. " * 5)
LETTERS = {
    "English": "where are we going now ", "German": "wohin gehen wir jetzt, schön ",
    "Russian": "куда мы сейчас идём ", "Greek": "πού πάμε τώρα ", "Arabic": "إلى أين نذهب الآن ",
    "Hindi": "अब हम कहाँ जा रहे हैं ", "Thai": "ตอนนี้เรากำลังไปไหน", "Japanese": "今どこに向かっているの",
    "Korean": "지금 어디로 가고 있어요 ", "Chinese": "我们现在要去哪里", "Emoji": "😂🔥🥹 ",
}  # fmt: skip


def asked(text: str, *, room: int, many: int = 1) -> Prompt:
    messages = tuple(chat(f"{n} {text}"[:480], id=f"m{n}") for n in range(many))
    return build(
        Request(turn="aaaaaaaaaaaa", reason="mention", messages=messages, arrived=0, decided=0),
        persona=PERSONA,
        recent=[Line(speaker="viewer", user=f"v{n}", text=text[:480]) for n in range(10)],
        remembered=[Remembered(text[:200])] * 5,
        situation=Situation(house=(("place", ContextValue(value=text[:190])),)),
        room=room,
    )


@pytest.mark.parametrize("script", LETTERS)
@pytest.mark.parametrize("room", [900, 1900, 4096 - 150])
@pytest.mark.parametrize("many", [1, 12])
def test_prompt_leaves_room_for_its_answer(script: str, room: int, many: int) -> None:
    """Ten long lines, memories, the house: never more than there is room for, and the question."""
    prompt = asked(LETTERS[script] * 40, room=room, many=many)
    written = "".join(each.content for each in prompt.messages)
    assert tokens(written) <= room
    assert len(written.encode()) / 3 <= room
    block = prompt.messages[1].content
    lines = json.loads(block[block.index("[\n") : block.rindex("]") + 1])
    assert lines[-1]["answer"] is True
    assert lines[-1]["text"].startswith(str(many - 1))


def test_prompt_with_no_room_at_all_still_asks() -> None:
    """Where the persona alone is longer than the model's room, what asks stays."""
    block = asked("where are we?", room=100).messages[1].content
    assert '"text": "0 where are we?", "answer": true' in block
