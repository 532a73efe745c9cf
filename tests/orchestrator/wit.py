"""A model with a small, readable wit: what it says shows what stood in its prompt."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pickled.messages.prompt import Prompt
from tests.stand_ins.parts import ScriptedModel, answer

_STORY = (
    "Once a cat walked over the longest roof in town and looked down at everybody, "
    "and nobody ever found out what it was thinking about up there. I like to believe it was lunch."
)
KNOWN = {
    "tower": ("thinking", "That is an old water tower, I'd say, with pigeons for tenants."),
    "where": ("thinking", "By the river, a short walk before the iron bridge."),
    "eat": ("happy", "Noodles, and the cook looks like somebody who means it."),
    "story": ("happy", _STORY),
    "nervous": ("surprised", "Their heart says {heart rate}, so make of that what you will."),
    "see": ("thinking", "The camera tells me about a {camera}."),
    "colour": ("neutral", "Blue, if my memory of doors is any good."),
    "weather": ("happy", "Dry, and that is the best that can be said for it."),
    "banana": ("laugh", "Nobody tells me what to do with fruit."),
    "hola": ("happy", "Hola to you, too. My Spanish ends about here."),
    "konnichiwa": ("happy", "Konnichiwa, and that was all the Japanese I have."),
    "wo ist": ("thinking", "By the river, as far as my German goes."),
    "hello": ("happy", "Hello there."),
}
"""What it has to say about a word; names in braces are what the prompt tells of them."""

_SYNONYMS = {
    "こんにちは": "konnichiwa",
    "hi ": "hello",
    "hey": "hello",
    "food": "eat",
    "color": "colour",
}
_NO_IDEA = ("confused", "No idea, so that one goes to the boss.")
_AGREED = ("happy", "Nothing to add to that.")
_SECRET = ("thinking", "That stays between me and my shoes.")
_PLACES = ("where", "see", "wo ist")
_GREETINGS = ("hello", "hola", "konnichiwa")
_LOST = (
    "And the picture is gone, so it's you and me, chat.",
    "Still no picture after {lasted}.",
    "Now it has been {lasted} without a picture.",
)
_BEGINS_AND_ENDS = {
    "online": "Hello, everybody, here we go!",
    "offline": "That was that, sleep well!",
}
_CALLED = re.compile(r"\bcalled (\w+)")


@dataclass(frozen=True)
class Seen:
    """A prompt, taken apart."""

    lines: list[dict[str, Any]]
    task: str

    def of(self, who: str) -> list[str]:
        """What somebody said."""
        return [each["text"] for each in self.lines if each["who"] == who]

    @property
    def facts(self) -> dict[str, str]:
        """What the house and the camera tell, by name."""
        told = dict(each.split(": ", 1) for each in self.of("house"))
        seen = re.findall(r"\w+", (self.of("camera") or ["blank screen"])[-1]) or ["dot"]
        return {**told, "camera": seen[-1].lower()}

    @property
    def discreet(self) -> bool:
        """Was it told to be?"""
        return "Be discreet" in self.task


def read(prompt: Prompt) -> Seen:
    """The lines of data of a prompt, and its task."""
    content = prompt.messages[-1].content
    rows = [each.rstrip(",") for each in content.splitlines()]
    lines = [json.loads(each) for each in rows if each.startswith("{")]
    return Seen(lines, content.rpartition("]\n")[2])


def wit(prompt: Prompt) -> str:
    """What it answers; the same to the same prompt."""
    seen, request = read(prompt), prompt.request
    match request.origin:
        case "moment":
            emotion, text = _moment(seen, request.reason)
        case "stream":
            emotion, text = _welcome(seen, request.reason)
        case "ask" | "speech":
            emotion, text = _known(seen.lines[-1]["text"], seen)
        case _:
            emotion, text = _chat(seen)
    return answer(text, emotion)


def _chat(seen: Seen) -> tuple[str, str]:
    """Who asks, how many, from how long ago the picture is, and what it knows of them."""
    asking = [each for each in seen.lines if each.get("answer")]
    emotion, said = _known(asking[-1]["text"], seen)
    names = list(dict.fromkeys(each["name"] for each in asking))
    many = asking[-1].get("viewers", 1)
    if len(names) > 1:
        head = f"{' and '.join(names)}: "
    elif many > 1:
        head = f"This one is for {many} of you: "
    else:
        head = f"{names[0]}: "
    late = _late(seen)
    said = said[0].lower() + said[1:] if late and said[1] != "'" else said
    return emotion, head + late + said + _friend(names[0], seen)


def _known(text: str, seen: Seen) -> tuple[str, str]:
    low = text.casefold()
    for other, word in _SYNONYMS.items():
        low = low.replace(other, word)
    about = next((word for word in KNOWN if word in low), "")
    if seen.discreet and about in _PLACES:
        return _SECRET
    told = [each for each in seen.of("streamer") if "?" not in each]
    if about and "?" in text and any(about in each.casefold() for each in told):
        return "happy", "The boss has just told you."
    emotion, said = KNOWN.get(about) or (_NO_IDEA if "?" in text else _AGREED)
    for name, fact in seen.facts.items():
        said = said.replace("{" + name + "}", fact)
    if about not in _GREETINGS and any(said[:20] in own for own in seen.of("you")):
        return emotion, "As I said, " + said[0].lower() + said[1:]
    return emotion, said


def _late(seen: Seen) -> str:
    for told in seen.of("link"):
        if found := re.search(r"is (.+) old:", told):
            return f"what I see is {found[1]} old, but "
        if found := re.search(r"lost for (.+)\.", told):
            return f"no picture for {found[1]}, but "
    return ""


def _friend(name: str, seen: Seen) -> str:
    """Somebody of whom the viewer told, once."""
    own = [each for each in seen.of("memory") if each.startswith(f"{name} ")]
    called = [each for told in own for each in _CALLED.findall(told)]
    asked = called and any(called[0] in each for each in seen.of("you"))
    return f" And how is {called[0]}?" if called and not asked else ""


def _moment(seen: Seen, reason: str) -> tuple[str, str]:
    if reason == "link_back":
        return "excited", "There you are again, and the stage is all yours!"
    if reason == "idle":
        return "thinking", "It got quiet, chat, so who has had breakfast?"
    lasted = re.search(r"for (.+?) now", seen.task)
    own = sum("picture" in each for each in seen.of("you"))
    return "neutral", _LOST[min(own, len(_LOST) - 1)].format(lasted=lasted[1] if lasted else "ages")


def _welcome(seen: Seen, reason: str) -> tuple[str, str]:
    event = seen.lines[-1]
    name = event.get("name", "somebody")
    many = re.search(r"\b(\d+) viewers", event["text"])
    if reason in _BEGINS_AND_ENDS:
        return "happy", _BEGINS_AND_ENDS[reason]
    if reason == "raid":
        return "excited", f"Welcome, {name}, and all {many[1] if many else 'of'} of you!"
    if (count := event.get("viewers", 1)) > 1:
        return "love", f"Thank you all {count}, up to {name}, for the {reason}s!"
    return "love", f"Thank you for the {reason}, {name}!"


@dataclass
class Wit(ScriptedModel):
    """That wit as a model for the daemon, as fast as a small one at home."""

    words: Any = wit
    name: str = "small model"
    first_token_s: float = 0.4
    token_s: float = 0.02
    prompts: list[Prompt] = field(default_factory=list)
