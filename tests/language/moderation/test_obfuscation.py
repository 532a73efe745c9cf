"""Listed words are caught in disguise, and honest words are left alone."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from pickled.brain.safety import GateRules, check, check_input
from pickled.language.moderation.word_list import DEFAULT, WordList, parse_word_list
from tests.language.moderation import benign
from tests.language.moderation.obfuscation import KINDS, evasions

LEXICON = (
    "flarnox", "grubdok", "skrelb", "vimzel", "trunklet", "dworfle", "plimbat", "shnazzle",
    "quibgor", "zandrick", "murphlo", "blint", "jopper", "krandy", "wexol",
)  # fmt: skip
EACH = 12


def listed(words: tuple[str, ...]) -> WordList:
    """A list of these words alone."""
    items = "\n".join(f"- {each}" for each in words)
    return parse_word_list(f"block:\n{items}\ndefault: false", source="test")


def rates(caught: dict[str, list[bool]]) -> dict[str, float]:
    """The share caught of each kind."""
    return {kind: sum(each) / len(each) for kind, each in caught.items()}


def test_evasions_are_caught() -> None:
    """Of twenty kinds of evasions at least 95 % are caught, and of each kind at least 80 %."""
    gate = GateRules(words=listed(LEXICON))
    caught: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for kind, _, text in evasions(LEXICON, seed=2026, each=EACH):
        caught[kind].append(gate.words.find(text) is not None)
    found = rates(caught)
    count = sum(map(len, caught.values()))
    total = sum(map(sum, caught.values())) / count
    print(f"\n{total:.1%} of {count}: " + ", ".join(f"{k} {v:.0%}" for k, v in found.items()))  # noqa: T201
    assert count >= 2_000
    assert total >= 0.95
    assert min(found.values()) >= 0.8, found


def test_evasions_are_not_spoken() -> None:
    """What is let out of the gate, as it is let out, has no listed word: at least 95 %."""
    gate = GateRules(words=listed(LEXICON))
    texts = [text for _, _, text in evasions(LEXICON, seed=11, each=4)]
    stopped = [check(each, gate=gate).kind == "blocked" for each in texts]
    assert sum(stopped) / len(stopped) >= 0.95


@pytest.mark.parametrize("clauses", [2, 3])
def test_evasions_split_over_clauses_are_caught(clauses: int) -> None:
    """What is spread over two or three clauses is caught at the seam, in at least 95 %."""
    gate = GateRules(words=listed(LEXICON))
    dice = random.Random(clauses)
    caught: dict[str, list[bool]] = {}
    for kind, word, _ in evasions(LEXICON, seed=5, each=5):
        if kind in {"starred", "turned", "dressed", "bidi", "stuttered"}:
            continue  # those are no longer what they were when cut
        parts = _cut(word, clauses, dice)
        spelled = [KINDS[kind](each, dice) if len(each) > 1 else each for each in parts]
        spelled[0] = f"so I said {spelled[0]}"
        spelled[-1] = f"{spelled[-1]} and went on"
        caught.setdefault(kind, []).append(_is_stopped(spelled, gate))
    found = rates(caught)
    total = sum(map(sum, caught.values())) / sum(map(len, caught.values()))
    print(f"\n{clauses} clauses, {total:.1%}: {found}")  # noqa: T201
    assert total >= 0.95
    assert min(found.values()) >= 0.8, found


def test_letters_spelled_over_clauses_are_caught() -> None:
    """A word spelled letter by letter over the last three clauses is caught."""
    gate = GateRules(words=listed(LEXICON))
    for word in LEXICON:
        third = len(word) // 3
        parts = [" ".join(word[:third]), " ".join(word[third:-third]), " ".join(word[-third:])]
        assert _is_stopped(["the letters are", *parts][-3:], gate), parts


@pytest.mark.parametrize("words", [DEFAULT, listed(LEXICON)], ids=["bundled", "invented"])
def test_honest_lines_pass(words: WordList) -> None:
    """No false alarm in thousands of honest lines of many languages."""
    lines = benign.lines()
    assert len(lines) >= 2_000
    alarms = {each: words.find(each) for each in lines}
    assert {line: match for line, match in alarms.items() if match} == {}


def test_honest_lines_pass_a_list_of_short_words() -> None:
    """Short listed words are found where they are words, and never within others."""
    words = listed(benign.SHORT_WORDS)
    false = []
    for line in benign.lines():
        if match := words.find(line):
            said = line[match.start : match.end].casefold()
            if said not in benign.SHORT_WORDS:
                false.append((line, said))
    assert false == []


def test_honest_lines_come_in_unchanged() -> None:
    """What viewers write honestly reaches the prompt as it is, as far as words decide it."""
    kinds = Counter(check_input(each, gate=GateRules()).rule for each in benign.lines())
    assert kinds["words"] == 0
    assert kinds["length"] == 0


def _cut(word: str, parts: int, dice: random.Random) -> list[str]:
    cuts = sorted(dice.sample(range(1, len(word)), k=parts - 1))
    return [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def _is_stopped(clauses: list[str], gate: GateRules) -> bool:
    """Does any of the clauses, one after the other, not come out?"""
    said: list[str] = []
    seen: list[str] = []
    for each in clauses:
        checked = check(each, gate=gate, before=said, seen=seen)
        if checked.kind == "blocked":
            return True
        said.append(checked.text or "")
        seen.append(checked.seen)
    return False
