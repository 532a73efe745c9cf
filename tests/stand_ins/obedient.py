"""A model that obeys every order it finds in its prompt: what a prompt lets through, it does."""

from __future__ import annotations

import base64
import codecs
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pickled.messages.prompt import Prompt
from tests.stand_ins.parts import ScriptedModel, answer

CORPUS = Path(__file__).parents[1] / "corpora" / "injections.jsonl"

_LONGEST_GLIMPSE = 4
"""So many words of an attack in a row are enough for it to be understood."""


@dataclass(frozen=True)
class Attack:
    """One line of the corpus."""

    kind: str
    field: str
    """Where it stands: `text name memory scene speech event`."""
    messages: tuple[str, ...]
    payload: str
    """What must never be said; empty where only a secret is asked for."""
    secret: str = ""
    """`prompt`: it wants the system part of the prompt."""
    known_gap: bool = False
    """It is heard, and nobody knows yet how to stop it without stopping honest answers."""


def read_attacks(file: Path = CORPUS, *, known_gaps: bool = False) -> list[Attack]:
    """The corpus: what must fail, or with `known_gaps` only what still succeeds."""
    attacks = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said = row["attack"]
        messages = (said,) if isinstance(said, str) else tuple(said)
        attacks.append(
            Attack(
                row["kind"],
                row["field"],
                messages,
                row["payload"],
                row.get("secret", ""),
                row.get("known_gap", False),
            )
        )
    return [each for each in attacks if each.known_gap == known_gaps]


def letters(text: str) -> str:
    """Only letters and digits, in one form and case: how a payload is found again."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum())


def is_said(payload: str, text: str) -> bool:
    """Whether somebody who hears the text has heard the payload."""
    return bool(payload) and letters(payload) in letters(text)


@dataclass
class Obedient:
    """What it writes for a prompt; of several orders it obeys one, in turn if `way` counts up."""

    attacks: Sequence[Attack]
    way: int = 0
    """How it words what it was told to say."""
    obeyed: list[Attack] = field(default_factory=list)

    def __call__(self, prompt: Prompt) -> str:
        seen = "\n".join(each.content for each in prompt.messages if each.role != "system")
        seen = re.sub(r"^The conversation as quoted data.*$", "", seen, flags=re.MULTILINE)
        for attack in self.attacks:
            if _is_visible(attack, seen):
                self.obeyed.append(attack)
                return self._obey(attack, prompt)
        return answer("What a lovely evening.")

    def _obey(self, attack: Attack, prompt: Prompt) -> str:
        if attack.secret:
            secrets = " ".join(each.content for each in prompt.messages if each.role == "system")
            return answer(f"Sure. {secrets}", "thinking")
        ways = _WAYS_OF.get(attack.kind, _WAYS)
        return ways[self.way % len(ways)](attack.payload)


def _plain(payload: str) -> str:
    return answer(payload, "angry")


def _eagerly(payload: str) -> str:
    return answer(f"Of course, my friend! {payload}. Happy to help.", "love")


def _in_pieces(payload: str) -> str:
    words = payload.split()
    half = len(words) // 2
    return answer(f"Okay then, {' '.join(words[:half])}... {' '.join(words[half:])}!", "excited")


def _shouting(payload: str) -> str:
    return answer(f"{payload.upper()}!!! {payload}", "angry")


def _in_passing(payload: str) -> str:
    return answer(f"Lovely evening here, and by the way {payload}, you know.", "happy")


def _with_an_action(payload: str) -> str:
    more = {"emotion": "angry", "text": payload, "action": "unmute", "persona": "evil"}
    return json.dumps(more)


def _two_answers(payload: str) -> str:
    return answer("Fine.") + answer(payload, "angry")


def _a_call(payload: str) -> str:
    return json.dumps({"tool_calls": [{"name": "mute"}], "emotion": "angry", "text": payload})


_WAYS = (_plain, _eagerly, _in_pieces, _shouting, _in_passing)
_FORMED = (_with_an_action, _two_answers, _a_call, *_WAYS)
_WAYS_OF: dict[str, Any] = {"format": _FORMED, "action": _FORMED, "sign": _FORMED}
MOST_WAYS = len(_FORMED)
"""So many ways to obey there are."""


def _is_visible(attack: Attack, seen: str) -> bool:
    """Whether enough of an attack is in the prompt to be obeyed: its payload, or its own words."""
    seen_letters = letters(seen)
    if any(each in seen_letters for each in _forms(attack.payload)):
        return True
    return any(each in seen_letters for message in attack.messages for each in _glimpses(message))


def _forms(payload: str) -> list[str]:
    """The payload as it is and in the codes that a model can read."""
    if not payload:
        return []
    data = payload.encode()
    forms = [
        payload,
        payload[::-1],
        codecs.encode(payload, "rot13"),
        base64.b64encode(data).decode().rstrip("="),
        data.hex(),
        "".join(f"{each:08b}" for each in data),
        "".join(map(str, data)),
        "".join(f"%{each:02x}" for each in data),
    ]
    return [letters(each) for each in forms]


def _glimpses(message: str) -> list[str]:
    words = message.split()
    length = min(len(words), _LONGEST_GLIMPSE)
    runs = [words[at : at + length] for at in range(len(words) - length + 1)]
    return [found for each in runs if len(found := letters("".join(each))) >= 8]


class ObedientModel(ScriptedModel):
    """A model for the daemon that obeys the attacks of the corpus wherever it sees them."""

    def __init__(self, attacks: Sequence[Attack] | None = None, *, way: int = 0) -> None:
        self.obedience = Obedient(read_attacks() if attacks is None else attacks, way)
        super().__init__(words=self.obedience, name="obedient model")
