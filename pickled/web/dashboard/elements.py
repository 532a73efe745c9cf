"""The dashboard's two lists: they keep what they show in the browser, and are told what changes."""

from __future__ import annotations

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement


class ChatList(Element, component="chat.js"):
    """Lines of chat; tells `answer` and `retract` with a line's id, `forget` with id and user."""

    def __init__(self, *, can_answer: bool) -> None:
        super().__init__()
        self._props["can-answer"] = can_answer


class AnswerList(Element, component="answers.js"):
    """The last answers with their traces."""


class Heading(TextElement):
    """A heading, as `h1` or `h2`."""

    def __init__(self, tag: str, text: str) -> None:
        super().__init__(tag=tag, text=text)
