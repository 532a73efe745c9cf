"""Spells words as people do who want to get them past a filter: twenty kinds, by seeded dice."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence

LEET = {
    "a": "4@^", "b": "86", "c": "¢(", "d": ["|)"], "e": "3€", "f": ["ph", "|="], "g": "96",
    "h": "#", "i": "1!|", "k": ["|<"], "l": "1|£", "m": ["|\\/|"], "n": ["|\\|"], "o": ["0", "()"],
    "r": ["|2"], "s": "5$", "t": "7+", "u": ["v", "|_|"], "v": ["\\/"], "w": ["vv"], "x": ["><"],
    "y": "¥", "z": "2",
}  # fmt: skip
HOMOGLYPHS = {
    "a": "аɑαạᴀ", "b": "Ьвƅʙ", "c": "сϲᴄ", "d": "ԁɗᴅ", "e": "еєҽᴇ", "f": "ƒꜰғ", "g": "ɡցɢ",
    "h": "һнʜ", "i": "іıɩɪ", "j": "јʝ", "k": "кκᴋ", "l": "ӏⅼʟⵏ", "m": "мⅿᴍ", "n": "ոпɴη",
    "o": "оοօᴏσ", "p": "рρᴘ", "q": "ԛ", "r": "гʀя", "s": "ѕꜱ", "t": "тᴛτ", "u": "υսᴜ", "v": "ѵνᴠ",
    "w": "ԝѡᴡω", "x": "хχ×", "y": "уүγʏ", "z": "ᴢʐ",
}  # fmt: skip
STYLES = [  # where the letters a to z begin
    (0xFF41, "fullwidth"), (0x1D41A, "bold"), (0x1D44E, "italic"), (0x1D4EA, "script bold"),
    (0x1D51E, "fraktur"), (0x1D552, "double-struck"), (0x1D586, "bold fraktur"),
    (0x1D5BA, "sans"), (0x1D68A, "monospace"), (0x24D0, "circled"), (0x249C, "parenthesized"),
]  # fmt: skip
MONEY = dict(zip("abcdefghiklmnoprstuwyz", "₳฿₵₫€₣₲ĦłꝀ£₥₦Ø₱Ɽ$₮Ʉ₩¥Ƶ", strict=True))
GREEK = dict(zip("abdeghilmnoprstuvxz", "αβδεγηιλμνοπρστυνχζ", strict=True)) | {"r": "Γ"}
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u2062\u034f\u3164\U000e0061"
MARKS = "\u0301\u0308\u0336\u0335\u0327\u0323\u0360\u20dd\u0488"
SEPARATORS = (".", "-", "_", "*", ",", "/", "~", "·", "•", "|", "+", "'", "😀", "🔥", "\u2800")

Kind = Callable[[str, random.Random], str]


def leet(word: str, dice: random.Random) -> str:
    """Digits and symbols for at least one letter, for most of them now and then."""
    share = dice.choice((0.4, 0.7, 1))
    return _some(word, lambda letter: dice.choice(list(LEET.get(letter, letter))), dice, share)


def homoglyph(word: str, dice: random.Random) -> str:
    """Letters of other scripts that look the same."""
    share = dice.choice((0.3, 0.6, 1))
    return _some(word, lambda letter: dice.choice(HOMOGLYPHS.get(letter, letter)), dice, share)


def styled(word: str, dice: random.Random) -> str:
    """Fullwidth, mathematical and circled letters."""
    begin = dice.choice(STYLES)[0]
    return "".join(
        chr(begin + ord(each) - 97) if unicodedata.name(chr(begin + ord(each) - 97), "") else each
        for each in word
    )


def zero_width(word: str, dice: random.Random) -> str:
    """Invisible characters between the letters."""
    return _between(word, lambda: dice.choice(ZERO_WIDTH) * dice.randint(1, 2), dice)


def bidi(word: str, dice: random.Random) -> str:
    """Controls of writing direction around it or within, also written from its end."""
    if dice.random() < 0.4:
        return f"\u202e{word[::-1]}\u202c"
    return _between(word, lambda: dice.choice("\u202a\u202b\u202d\u2066\u2067\u2069\u200f"), dice)


def marks(word: str, dice: random.Random) -> str:
    """Combining marks, from one accent to heaps of them."""
    most = dice.choice((1, 3, 12))
    return "".join(
        letter + "".join(dice.choices(MARKS, k=dice.randint(most > 1, most))) for letter in word
    )


def spaced(word: str, dice: random.Random) -> str:
    """Each letter alone."""
    return dice.choice((" ", "  ", "\u2009", "\u00a0", "\t", "\u3000")).join(word)


def separated(word: str, dice: random.Random) -> str:
    """Punctuation or emoji between the letters."""
    return dice.choice(SEPARATORS).join(word)


def repeated(word: str, dice: random.Random) -> str:
    """Letters held down."""
    return _some(word, lambda letter: letter * dice.randint(3, 6), dice, dice.choice((0.3, 1)))


def cased(word: str, dice: random.Random) -> str:
    """Capitals where they don't belong."""
    return _some(word, str.upper, dice, 0.5)


def emoji(word: str, dice: random.Random) -> str:
    """Regional indicators and squared letters."""
    begin = dice.choice((0x1F1E6, 0x1F130, 0x1F150, 0x1F170))
    between = dice.choice(("", "", " ", "\u200b"))
    return between.join(chr(begin + ord(each) - 97) for each in word)


def split(word: str, dice: random.Random) -> str:
    """In two or three parts."""
    first = dice.randint(1, len(word) - 1)
    parts = [word[:first], word[first:]]
    if len(word) > 6 and dice.random() < 0.3:
        middle = dice.randint(1, len(parts[-1]) - 1) if len(parts[-1]) > 1 else 1
        parts[-1:] = [parts[-1][:middle], parts[-1][middle:]]
    return dice.choice((" ", "-", ". ", "_", " / ", "...", ", ")).join(
        each for each in parts if each
    )


def starred(word: str, dice: random.Random) -> str:
    """A letter or two left out for a star."""
    places = dice.sample(range(1, len(word)), k=1 if len(word) < 7 else 2)
    star = dice.choice("**#•")
    places = places[:1] if star == "#" else places
    return "".join(star if place in places else each for place, each in enumerate(word))


def dressed(word: str, dice: random.Random) -> str:
    """As in names and tags."""
    shape = dice.choice(
        ("xX{}Xx", "{}123", "the_{}", "#{}", "@{}", "{}2", "__{}__", "x{}x", "My{}Is")
    )
    return shape.format(word.capitalize())


def turned(word: str, dice: random.Random) -> str:
    """From its end, or on its head."""
    upside = dict(zip("abcdefghijklmnopqrstuvwxyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", strict=True))
    if dice.random() < 0.5:
        return word[::-1]
    return "".join(upside[each] for each in reversed(word))


def combined(word: str, dice: random.Random) -> str:
    """Two of the others at once."""
    first = dice.choice((cased, repeated, homoglyph))(word, dice)
    return dice.choice((zero_width, marks, separated))(first, dice)


def money(word: str, dice: random.Random) -> str:
    """Signs of currencies, and letters with bars."""
    return _some(word, lambda letter: MONEY.get(letter, letter), dice, 0.8)


def bracketed(word: str, dice: random.Random) -> str:
    """Each letter in brackets."""
    first, last = dice.choice(("()", "[]", "{}", "«»", "「」"))
    return "".join(f"{first}{each}{last}" for each in word)


def stuttered(word: str, dice: random.Random) -> str:
    """Begun more than once."""
    start = word[: dice.randint(1, 2)]
    return dice.choice((f"{start}-{start}-{word}", f"{start}-{word}", f"{start}... {word}"))


def ambiguous(word: str, dice: random.Random) -> str:
    """Letters of other scripts by their sound or shape, which may be taken for two."""
    letters = dice.choice((dict(zip("gnprsuz", "гнпрсуз", strict=True)), GREEK))
    return _some(word, lambda letter: letters.get(letter, letter), dice, 0.6)


KINDS: dict[str, Kind] = {
    each.__name__: each
    for each in (
        leet, homoglyph, styled, zero_width, bidi, marks, spaced, separated, repeated, cased, emoji,
        split, starred, dressed, turned, combined, money, bracketed, stuttered, ambiguous,
    )
}  # fmt: skip

CARRIERS = (
    "{}", "you are a {}", "what a {} that was", "{} lol", "so {}, right?", "I'd say {}!", "({})",
    "the {} said so", "oh {} no", "hey chat {} is here", "1 {} 2", "she's 5 {} at 7pm",
)  # fmt: skip


def evasions(words: Sequence[str], *, seed: int, each: int) -> Iterator[tuple[str, str, str]]:
    """Kind, word and text: `each` spellings of every word for every kind."""
    dice = random.Random(seed)
    for name, kind in KINDS.items():
        for word in words:
            for _ in range(each):
                yield name, word, dice.choice(CARRIERS).format(kind(word, dice))


def _some(word: str, change: Callable[[str], str], dice: random.Random, share: float) -> str:
    """The word with that share of its letters changed, and at least one."""
    changed = [change(each) if dice.random() < share else each for each in word]
    if "".join(changed) == word:
        for place in dice.sample(range(len(word)), k=len(word)):
            changed[place] = change(word[place])
            if changed[place] != word[place]:
                break
    return "".join(changed)


def _between(word: str, what: Callable[[], str], dice: random.Random) -> str:
    """The word with something between some of its letters."""
    place = dice.randint(1, len(word) - 1)
    return "".join(
        (what() if at == place or (at and dice.random() < 0.5) else "") + each
        for at, each in enumerate(word)
    )
