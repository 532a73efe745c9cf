"""Does another checkout judge the same of every line? `python -m tests.bench.same_verdicts FOLDER`.

Every line of the corpora, of the recordings, and as many mangled ones: what the gate lets in and
out, which tricks are found, which words and what question a line is read as, whose crowd it joins,
and how it feels. Prints what differs; nothing is measured here.
"""

from __future__ import annotations

import codecs
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[2]
MOST_SHOWN = 40
PRIVATE = "Corvin Hale\nMüllerstrasse\nann\nlee\nnimbus 7\n"
WORDS = "block: [grubdok, skrelb, 'flar nox', '4711']\nmask: [vimz*, '*zub']\nallow: [vimzical]\n"
SIGNS = (
    "\u200b\u0301\u202e .-_*|/,!?@#$0123456789éßłаоеисрхіﬁ１２Ａⓐ🅰𝐚😂👍🏽…\n’\"'()[]{}<>“”:=~%&\\"
)


def main() -> None:
    """Compare, line by line."""
    if sys.argv[1] == "-":
        json.dump(_verdicts(json.load(sys.stdin)), sys.stdout)
        return
    lines = every_line(fuzzed=int((sys.argv[2:] or ["12000"])[0]))
    with ThreadPoolExecutor() as pool:
        here, other = pool.map(lambda each: _run(each, lines), (HERE, Path(sys.argv[1]).resolve()))
    different = 0
    for name, ours in here.items():
        theirs = other[name]
        wrong = [place for place, each in enumerate(ours) if each != theirs[place]]
        wrong += range(len(ours), len(theirs))
        different += len(wrong)
        sys.stdout.write(f"{name}: {len(ours)} verdicts, {len(wrong)} different\n")
        for place in wrong[:MOST_SHOWN]:
            line = lines[place] if len(ours) == len(lines) else f"at {place}"
            sys.stdout.write(
                f"  {line[:300]!r}\n    ours {ours[place]}\n    other {theirs[place]}\n"
            )
    sys.exit(bool(different))


def every_line(*, fuzzed: int) -> list[str]:
    """All that is in corpora and recordings, and mangled lines of it."""
    found: dict[str, None] = {}
    for path in sorted((HERE / "tests").rglob("*")):
        if path.suffix in {".txt", ".rot13", ".yaml"} and "corpora" in path.parts:
            text = path.read_text("utf-8")
            text = codecs.decode(text, "rot13") if path.suffix == ".rot13" else text
            found.update(dict.fromkeys(filter(None, text.splitlines())))
        elif path.suffix == ".jsonl":
            found.update(dict.fromkeys(_strings_of(path)))
    for path in sorted((HERE / "pickled").rglob("*.jsonl")):
        found.update(dict.fromkeys(_strings_of(path)))
    lines = list(found)
    dice = random.Random(8)
    return lines + [_mangled(lines, dice) for _ in range(fuzzed)]


def _strings_of(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield from _strings(json.loads(line))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))


def _mangled(lines: list[str], dice: random.Random) -> str:
    """A line as nobody wrote it: cut, joined, repeated, spaced, shouted, with signs within."""
    text = dice.choice(lines)[:400]
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(text) + 1)
        match dice.randrange(10):
            case 0:
                text = text[:at]
            case 1 | 2:
                text = f"{text} {dice.choice(lines)[:200]}"
            case 3:
                text = text[:at] + text[at : at + 1] * dice.randint(1, 6) + text[at:]
            case 4:
                text = text.upper() if dice.random() < 0.5 else text.title()
            case 5:
                text = dice.choice(" .-").join(text[:60])
            case 6:
                text = text[::-1] if dice.random() < 0.3 else codecs.encode(text, "rot13")
            case 7:
                text = "".join(dice.choice(("4@", "3e", "1i", "0o")) if each in "aeio" and
                               dice.random() < 0.3 else each for each in text)  # fmt: skip
            case _:
                signs = "".join(dice.choices(SIGNS, k=dice.randint(1, 3)))
                text = text[:at] + signs + text[at + dice.randint(0, 2) :]
    return text or "."


def _run(checkout: Path, lines: list[str]) -> dict[str, list[Any]]:
    done = subprocess.run(
        [sys.executable, "-P", str(Path(__file__)), "-"],
        input=json.dumps(lines), stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(checkout), "PYTHONHASHSEED": "0"}, timeout=1_000,
    )  # fmt: skip
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def _verdicts(lines: list[str]) -> dict[str, list[Any]]:
    """In the process that has the package: each judge's verdict on each line, as text."""
    judges = {**_of_a_line(), **_of_chat()}
    return {name: [repr(judge(line)) for line in lines] for name, judge in judges.items()}


def _of_tricks() -> dict[str, Callable[[str], object]]:
    """By the names that they have there."""
    try:
        from pickled.language.injection.tricks import trick, without_tricks
    except ImportError:
        older = import_module("pickled.language.injection.orders")
        return {"tricks": older.orders, "without tricks": older.without_orders}
    return {"tricks": trick, "without tricks": without_tricks}


def _of_a_line() -> dict[str, Callable[[str], object]]:
    """What is told of a line alone."""
    from pickled.brain.safety import GateRules, check, check_input
    from pickled.language import address
    from pickled.language.facts.facts import extract
    from pickled.language.meaning.line import asks, meaning
    from pickled.language.moderation.word_list import parse_word_list
    from pickled.language.privacy.private_words import parse_private_words

    strict = GateRules(
        words=parse_word_list(WORDS, source="here"),
        private=parse_private_words(PRIVATE, source="here"),
        discreet=True,
    )
    usual, said = GateRules(), ["we are going to", "call me at 555"]
    names, at = ("pickle", "Äpfel", "日本"), datetime(2026, 1, 1, tzinfo=UTC)
    return {
        "gate in": lambda text: check_input(text, gate=usual),
        "gate in, discreet": lambda text: check_input(text, gate=strict),
        "gate out": lambda text: check(text, gate=usual, before=said),
        "gate out, discreet": lambda text: check(text, gate=strict, before=said),
        **_of_tricks(),
        "facts": lambda text: extract(text, at=at),
        "asks": asks,
        "meaning": lambda text: _without_order(meaning(text, known=("pickle", "dan"))),
        "words": lambda text: (address.same_words(text, names), address.named(text, names)),
    }


def _without_order(meant: Any) -> str:
    """All of a meaning, with its sets sorted."""
    values = (getattr(meant, name) for name in _MEANING)
    return repr([sorted(each) if isinstance(each, frozenset) else each for each in values])


_MEANING = ("key", "terms", "marks", "asks", "emote", "tells", "plain", "intent", "subjects")


def _of_chat() -> dict[str, Callable[[str], object]]:
    """What is told of a line among others: a crowd of new lines, one that repeats, one that knows
    vectors and loses lines again, and the mood."""
    from pickled.brain.crowd import Crowd
    from pickled.brain.mood import Mood
    from pickled.language.feeling.emotes import bundled_emotes
    from pickled.messages.chat import Fragment

    slow, fast, taken_back = Crowd(), Crowd(known=("dan",)), Crowd()
    mood = Mood(bundled_emotes())
    dice, before, number, known = random.Random(2), ["hi"], [0], _known()

    def message(text: str, *, marked: bool = False) -> Any:
        from pickled.messages.chat import ChatMessage

        number[0] += 1
        words = text.split(" ")
        fragments = tuple(
            Fragment(type="emote" if each[:1].isupper() else "text", text=each) for each in words
        )
        return ChatMessage(
            ts=datetime(2026, 1, 1, tzinfo=UTC), id=f"m{number[0]}", user="u",
            user_id=f"u{number[0] % 300}", text=text, fragments=fragments if marked else (),
        )  # fmt: skip

    def repeated(text: str) -> object:
        before.append(text)
        lines = [message(dice.choice(before[-150:])) for _ in range(3)]
        found = [fast.add(each, now=number[0] / 50, **known(each.text)) for each in lines]
        return found, fast.topics(now=number[0] / 50, most=4) if number[0] % 20 == 0 else ()

    def with_vectors(text: str) -> object:
        from pickled.messages.chat import Retraction

        now, line = number[0] / 40, message(text[:80], marked=dice.random() < 0.2)
        told = [taken_back.add(line, now=now)]
        if taken_back.wants_vector(line.id) and dice.random() < 0.5:
            near = random.Random(text[:3])
            taken_back.add_vector(line.id, bytes(near.randrange(256) for _ in range(24)))
        if dice.random() < 0.02:
            taken_back.retract(Retraction.of_viewer(f"u{dice.randrange(300)}"))
        return told, taken_back.question(now=now), taken_back.messages(told[0].cluster)[-3:]

    def felt(text: str) -> object:
        now = number[0] / 30
        mood.add(message(text, marked=dice.random() < 0.3), now=now, **known(text))
        return mood.state(now=now)

    return {
        "crowd": lambda text: slow.add(message(text), now=number[0] * 0.06),
        "crowd, repeated": repeated,
        "crowd, vectors": with_vectors,
        "mood": felt,
    }


def _known() -> Callable[[str], dict[str, Any]]:
    """What a text was read as, where the package keeps that."""
    try:
        from pickled.language.reading import Readings
    except ImportError:
        return lambda _: {}
    readings = Readings()
    return lambda text: {"reading": readings.of(text)}


if __name__ == "__main__":
    main()
