"""The tables of words and expressions: ours are in order, and an owner's file extends them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pickled
from pickled.errors import ConfigError
from pickled.language.table_forms import FORMS
from pickled.language.tables import (
    LONGEST_ENTRY,
    MOST_ENTRIES,
    heads,
    merged,
    parse_own,
    parse_shipped,
    read_own,
)
from pickled.text_files import LARGEST

FOLDER = Path(pickled.__file__).parent / "language"
FILES = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")
)

IN_ORDER = {
    ("privacy/gazetteer", "chains"),
    ("privacy/gazetteer", "other scripts"),
    ("meaning/chat_words", "emotes"),
    ("moderation/default", "block"),
    ("moderation/default", "mask"),
    ("moderation/default", "allow"),
}
"""Where one that stands first counts, or its neighbours say the same."""


def test_every_table_has_a_form() -> None:
    """And no form is left over."""
    assert sorted(FORMS) == FILES


@pytest.mark.parametrize("table", FILES)
def test_table_of_ours_is_in_order(table: str) -> None:
    """Each line is what its table holds; none stands there twice; words are sorted."""
    text = (FOLDER / f"{table}.txt").read_text(encoding="utf-8")
    form, found = FORMS[table], parse_shipped(text, source=table)
    assert text.startswith("# "), "a table opens with what it is for"
    assert text.endswith("\n")
    for head, entries in found.items():
        wrong = {each: why for each in entries if (why := form.why_not(head, each))}
        assert not wrong, head
        assert entries, head
        is_words = form.under.get(head, form.entry).__name__ in ("_word", "_words", "_name")
        if is_words and (table, head) not in IN_ORDER:
            assert list(entries) == sorted(entries), head
    if form.head is not None:
        everything = [each for head, entries in found.items() for each in entries]
        assert len(everything) == len(set(everything)), "an entry is under one head only"


def test_line_that_stands_there_twice_is_named() -> None:
    """By its number, comments and empty lines counted."""
    with pytest.raises(ConfigError, match=r"^words.txt:5: 'b' stands there already$"):
        parse_shipped("# words\n[one]\nb\n\nb\n[two]\nb\n", source="words.txt")


def test_file_of_an_owner_adds_and_takes_out() -> None:
    """In any table, under the heads that it has; line ends of Windows and a BOM are no matter."""
    own = parse_own(
        "\ufeff# mine\r\n[towns]\r\nEntenhausen\r\n- Paris\r\n", "privacy/gazetteer", source="x"
    )
    table = merged(heads("privacy/gazetteer"), own, once=False)
    assert "Entenhausen" in table["towns"]
    assert "Paris" not in table["towns"]
    assert len(table["towns"]) == len(heads("privacy/gazetteer")["towns"])
    assert table["sights"] == heads("privacy/gazetteer")["sights"]


def test_word_that_an_owner_feels_otherwise_about_moves() -> None:
    """It is under one head only; a new head is a valence."""
    own = parse_own("[-0.7]\ninsane\n[0.9]\npickletastic\n", "feeling/words", source="x")
    table = merged(heads("feeling/words"), own, once=True)
    assert [head for head, words in table.items() if "insane" in words] == ["-0.7"]
    assert table["0.9"] == ("pickletastic",)


@pytest.mark.parametrize(
    ("table", "text", "why"),
    [
        ("bots", "two words\n", "x:1: 'two words': a line is one word in small letters"),
        ("bots", "ok\nLoud\n", "x:2: 'Loud': a line is one word in small letters"),
        ("bots", "[friends]\nme\n", "x:2: 'me': it has to stand under no head"),
        ("privacy/gazetteer", "Oz\n", "x:1: 'Oz': it has to stand under a head: [countries]"),
        ("privacy/gazetteer", "[towns]\n- Oz\n", "x:2: 'Oz': it does not stand there"),
        ("bots", "-nightbot\n", "x:1: '-nightbot': write `- nightbot` to take it out"),
        ("privacy/lodging", "in (a|the\n", "x:1: 'in (a|the': this is no regular expression"),
        ("privacy/lodging", "(?i)hut\n", "this is no regular expression"),
        ("privacy/lodging", "(?P<name>hut)\n", "without groups that have a name or a number"),
        ("privacy/lodging", "a?\n", "x:1: 'a?': it fits every text"),
        ("privacy/place_words", "[place]\n.*\n", "x:2: '.*': it fits every text"),
        ("meaning/chat_words", "[short for]\nafaik\n", "a line is `what is said: what is meant`"),
        ("feeling/words", "[2]\nwow\n", "x:2: 'wow': [2]: a head is a number from -1 to 1"),
        ("feeling/words", "[nan]\nwow\n", "a head is a number from -1 to 1"),
        ("moderation/default", "x\n", "is not extended here: use `safety.words_file`"),
        ("feeling/emotes", "[happy | 1 | 1]\nx\n", "use `emotes_file`"),
        ("bots", "x" * (LONGEST_ENTRY + 1), "x:1: a table has at most"),
        ("bots", "x\n" * (MOST_ENTRIES + 1), f"x:{MOST_ENTRIES + 1}: a table has at most"),
    ],
)  # fmt: skip
def test_line_that_cannot_be_used_is_named(table: str, text: str, why: str) -> None:
    """With its file and its number, and what would be right."""
    with pytest.raises(ConfigError) as refused:
        parse_own(text, table, source="x")
    assert why in str(refused.value)


def test_folder_of_an_owner_is_read_by_the_names_of_ours(tmp_path: Path) -> None:
    """Each file is named as it is in the package; one that extends nothing is named."""
    assert read_own(tmp_path / "none") == {}
    (tmp_path / "feeling").mkdir()
    (tmp_path / "feeling" / "words.txt").write_text("[0.9]\npickletastic\n")
    (tmp_path / "bots.txt").write_text("mybot2000\n")
    (tmp_path / "notes.md").write_text("not a table")
    own = read_own(tmp_path)
    assert sorted(own) == ["bots", "feeling/words"]
    (tmp_path / "feeling" / "wrods.txt").write_text("x\n")
    with pytest.raises(ConfigError, match=r"wrods.txt: there is no table of that name, but bots,"):
        read_own(tmp_path)
    with pytest.raises(ConfigError, match=r"bots.txt is a file: `words_dir` is a folder"):
        read_own(tmp_path / "bots.txt")


def test_table_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """As any file of an owner's."""
    (tmp_path / "bots.txt").write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(ConfigError, match="larger than"):
        read_own(tmp_path)


_EXTENDED = """
import sys
from pathlib import Path
from pickled.language import tables
from pickled.language.bots import known_bots
from pickled.language.feeling.words import valence
from pickled.language.meaning.words import term_of
from pickled.language.privacy import places
from pickled.language.reading import Reading

def seen():
    return [
        "mybot2000" in known_bots(), valence("pickletastic"), term_of("tram"),
        bool(places.spots(Reading("look at the zorbodrome"))),
    ]

before = seen()
tables.extend(tables.read_own(Path(sys.argv[1])))
print(before, seen(), sep="\\n")
tables.extend({})
assert seen() == before
"""


def test_what_an_owner_adds_is_in_force(tmp_path: Path) -> None:
    """In sets, numbers, expressions and what was remembered, whenever it comes."""
    for name, text in {
        "bots": "mybot2000\n",
        "feeling/words": "[0.9]\npickletastic\n",
        "meaning/chat_words": "[same]\ntrain: tram\n",
        "privacy/place_words": "[place]\nzorbodrome\n",
    }.items():
        path = tmp_path / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    run = subprocess.run(
        [sys.executable, "-c", _EXTENDED, str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=50,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    before, after = run.stdout.splitlines()
    assert before == "[False, 0.0, 'tram', False]"
    assert after == "[True, 0.9, 'train', True]"


_EMPTIED = """
from datetime import UTC, datetime
from pickled import patterns
from pickled.language import tables
from pickled.language.facts.facts import extract
from pickled.language.feeling.emotes import bundled_emotes
from pickled.language.feeling.sentiment import feeling
from pickled.language.injection.tricks import trick
from pickled.language.meaning.line import meaning
from pickled.language.privacy.personal import NO_PRIVATE_WORDS, find
from pickled.language.table_forms import FORMS

tables.extend({
    name: tables.Own({}, tables.heads(name)) for name, form in FORMS.items() if not form.instead
})
assert patterns.warm() > 300
line = "my dog Rex is happy, i love tea and sit in a boat on 3 chairs"
assert find(line, private=NO_PRIVATE_WORDS, discreet=True) is None
assert find("москва и пушкин", private=NO_PRIVATE_WORDS, discreet=True) is None
assert trick(line) is None
assert feeling(line, emotes=bundled_emotes()).sentiment.score == 0
assert meaning(line).terms
print([each.kind for each in extract("i love tea", at=datetime.now(UTC))])
"""


def test_table_that_an_owner_emptied_finds_nothing() -> None:
    """Rather than everything, as an expression without choices would."""
    run = subprocess.run(
        [sys.executable, "-c", _EMPTIED], capture_output=True, text=True, check=False, timeout=50
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == "['taste']\n"
