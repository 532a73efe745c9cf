"""Says which Latin letter a character looks like: other scripts, fancy letters, emoji letters.

Shapes after Unicode's confusables (UTS 39), and what generators of "fancy text" use besides.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pickled.patterns import pattern

SYMBOLS = "@$!|+€£¢¥#^§"
"""Symbols that are read as letters within a word; the code for l or i is `|`."""

EITHER = "ǀ"
"""Stands for a letter that is as well an i as an l."""

STARS = "*•●■█▪∗"
"""What stands for a letter that somebody left out."""

QUOTES = "'’`´ʼ＇"
"""What may be an apostrophe."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
_BLANK = "\u2800"
_SINGLE = {
    "🆎": "ab", "🆑": "cl", "🆒": "cool", "🆓": "free", "🆔": "id", "🆕": "new", "🆖": "ng",
    "🆗": "ok", "🆘": "sos", "🆚": "vs", "⭕": "o", "❌": "x", "❎": "x", "✖": "x", "💲": "$",
    "❗": "!", "❕": "!", "➕": "+", "✚": "+", "✝": "t", "†": "t", "ℹ": "i", "©": "c",
    "®": "r", "ʘ": "o", "°": "o", "∂": "d", "∆": "a", "∑": "e", "∏": "n", "√": "v",
    "∩": "n", "∪": "u", "∨": "v", "∧": "a", "℮": "e", "∅": "o", "₽": "p", "₿": "b",
    "₣": "f", "₤": "l", "₦": "n", "₱": "p", "₵": "c", "₮": "t", "₳": "a", "₴": "s",
    "₲": "g", "₩": "w", "₭": "k", "₡": "c", "₥": "m", "₫": "d", "₸": "t", "₹": "r", "฿": "b",
    "¡": "!", "∣": "|",
    "ǃ": "!", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "p", "ŋ": "n",
    "ə": "e", "ɘ": "e", "ɛ": "e", "ɜ": "e", "ɔ": "o", "ʃ": "s", "ʊ": "u", "ɩ": "i",
    "ɑ": "a", "ɣ": "y", "ȣ": "o", "ƨ": "s", "ƽ": "s", "ƅ": "b", "ꞵ": "b", "ɸ": "o",
    "ʀ": "r", "ꭥ": "o", "ƿ": "p", "ʔ": "?", "ð": "d", "đ": "d", "µ": "u", "ꝛ": "r",
    "ĸ": "k", "ɪ": "i", "ʟ": "l", "ᴛ": "t", "ꝏ": "oo", "ꜳ": "aa", "᙭": "x",
    "ɯ": "w", "×": "x", "Ŀ": "l", "ŀ": "l", "ŉ": "n", "✕": "x", "ϲ": "c", "Ϲ": "c",
}  # fmt: skip

_SAME = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s",
    "ј": "j", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": EITHER, "к": "k", "є": "e", "ѵ": "v",
    "ү": "y", "ο": "o", "α": "a", "ν": "v", "ι": "i", "κ": "k", "ρ": "p", "υ": "u", "χ": "x",
    "γ": "y", "ϲ": "c", "ϳ": "j", "օ": "o", "ս": "u", "ո": "n", "հ": "h", "ց": "g", "զ": "q",
}  # fmt: skip
_LIKE = {  # by their capitals, or near enough beside Latin letters
    "в": "b", "н": "h", "т": "t", "м": "m", "г": "r", "п": "n", "ё": "e", "ӽ": "x", "ӿ": "x",
    "қ": "k", "ӄ": "k", "ҡ": "k", "ҝ": "k", "ң": "h", "ӊ": "h", "ҥ": "h", "ҳ": "x", "ғ": "f",
    "ҽ": "e", "ҿ": "e", "ԃ": "d", "ӡ": "z", "ѡ": "w", "ѳ": "o", "ө": "o", "ԍ": "g",
    "η": "n", "τ": "t", "ω": "w", "β": "b", "ε": "e", "σ": "o", "δ": "d", "θ": "o", "μ": "u",
    "ς": "c", "ϝ": "f", "ζ": "z", "ϻ": "m", "ա": "w", "ղ": "n", "ռ": "n", "ը": "n", "գ": "q",
    "լ": "l", "յ": "j", "ի": "h", "տ": "s", "ք": "f", "չ": "z", "բ": "f",
}  # fmt: skip
_FAUX = {  # only the shape: never in a word that is of one script
    "и": "n", "й": "n", "я": "r", "ш": "w", "щ": "w", "ь": "b", "ъ": "b", "б": "b", "з": "e",
    "э": "e", "ц": "u", "ж": "x", "л": "n", "д": "a", "ђ": "h", "ћ": "h", "љ": "b", "ф": "o",
    "λ": "a", "ξ": "e", "π": "n", "φ": "o", "ψ": "w", "ч": "4", "Γ": "r", "Δ": "a", "Θ": "o",
}  # fmt: skip
SECOND = {
    "ς": "s", "σ": "s", "ν": "n", "η": "h", "ρ": "r", "π": "p", "λ": "l", "μ": "m", "χ": "h",
    "ε": "s", "γ": "g", "φ": "f", "ξ": "x", "θ": "t", "ψ": "y", "ω": "o", "υ": "i",
    "в": "v", "г": "g", "д": "d", "ж": "j", "з": "z", "и": "i", "й": "i", "л": "l", "н": "n",
    "п": "p", "р": "r", "с": "s", "у": "u", "х": "h", "ц": "c", "б": "g", "ч": "y", "я": "a",
    "э": "e", "ф": "f", "ь": "i", "ѕ": "z", "ћ": "c", "ո": "o", "ս": "v", "Γ": "g",
}  # fmt: skip
"""The other Latin letter that one is used for in words of several scripts: by sound, by shape."""

SECOND_LATIN = {"ß": ("b", r"(?<![aeiouyäöü])ß|ß(?=ß)"), "ł": ("i", "[łŁ]")}
"""The same for letters that are Latin already, and where they may be: not in honest words."""

MONEY = pattern("[$£€¥₠-⃀]")
"""Only beside such signs is a Polish letter suspicious."""

_CAPITALS = {  # and what case folding makes another letter
    "ς": "c",
    "Η": "h", "Ν": "n", "Υ": "y", "Χ": "x", "Β": "b", "Ρ": "p", "Μ": "m", "Σ": "e", "И": "n",
    "Ω": "o", "Ս": "u",
}  # fmt: skip


def _rows(*rows: tuple[str, str]) -> dict[str, str]:
    return {
        each: letter for shapes, latin in rows for each, letter in zip(shapes, latin, strict=True)
    }


_FOREIGN = _rows(  # scripts whose letters are taken for Latin only if all of the word can be
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏳᏴᎴ", "drtiyajewmhygzbrwsvslcpkgbs"),
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou"),
    ("ⲁⲃⲉⲏⲓⲕⲙⲛⲟⲣⲥⲧⲩⲭⲅ", "abehikmnopctyxr"),
    ("ᗩᗷᑕᗪᗴᖴᘜᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯᖻᘔᑫᛕᑢᗞᗅᗡᔑᖶᗝᐃᕮ", "abcdefghjlmnprsuvwyzqkcdadstoae"),
    ("ᑲᖯᑯᏧᏂᛖᛁᚷ〇ყჿⵔⵏⵝ", "bbddhmǀxoyooǀx"),
    ("คง๓ภ๏รยฬเ๒๔หฟทบ", "avmnosuwlbdwwnu"),
    ("ןקאץשסוחטם", "jpxywolnuo"),
    ("ﻮىمهاوﺎ", "gsmoǀ9ǀ"),
    ("๐०০੦૦௦ഠංဝ၀០໐", "oooooooooooo"),
)  # fmt: skip
_TURNED = pattern(r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?TURNED ([A-Z])\b")
_NAMED = pattern(
    r"(?:LATIN|REGIONAL INDICATOR SYMBOL|SQUARED|CIRCLED|PARENTHESIZED)"
    r"(?: (?:SUBSCRIPT|LETTER|SMALL|CAPITAL|LIGATURE|LATIN|NEGATIVE|CROSSED|INVERTED|REVERSED"
    r"|TURNED|SIDEWAYS|DOTLESS|CLOSED|SCRIPT|BARRED|LONG|STRETCHED|INSULAR|MIDDLE-WELSH"
    r"|EPIGRAPHIC|TOPBAR|OPEN|BLACKLETTER|BETA|EGYPTOLOGICAL|VOLAPUK|GLOTTAL))*"
    r" ([A-Z])(?: (?:WITH|BAR|ROTUNDA|REVERSED).*)?"
)


@lru_cache(maxsize=16_384)
def folded(character: str) -> str:
    """A character without case, width, style and (Latin, Greek, Cyrillic) marks; "" drops it.

    Emoji letters and letters of the Latin script become a to z; other scripts stay themselves.
    """
    if character.isascii():
        return character.lower() if character.isprintable() else " " * character.isspace()
    if character.isspace() or character == _BLANK:
        return " "
    if character in _FILLERS or (category := unicodedata.category(character)) in _DROPPED:
        return ""
    if named := _SINGLE.get(character) or _SINGLE.get(character.casefold()):
        return named
    if category[0] == "M":
        return "" if category == "Me" or _is_decoration(character) else character
    compatible = unicodedata.normalize("NFKC", character)
    if compatible != character:
        return "".join(map(folded, compatible))
    if category == "Nd":
        return _FOREIGN.get(character) or str(unicodedata.digit(character))
    if letter := _NAMED.fullmatch(_name(character)):
        return letter[1].lower()
    bare = unicodedata.normalize("NFD", character)
    if len(bare) > 1 and script(bare[0]) in _MARKED:
        return "".join(map(folded, bare[0]))
    return character if character in _CAPITALS or character in _FAUX else character.casefold()


def _is_decoration(mark: str) -> bool:
    """Is it a mark of no script? Those of kana are letters."""
    name = unicodedata.name(mark, "")
    return name.startswith(("COMBINING", "VARIATION")) and "KATAKANA" not in name


def _name(character: str) -> str:
    name = unicodedata.name(character, "")
    return name.replace("NEGATIVE CIRCLED", "CIRCLED").replace("NEGATIVE SQUARED", "SQUARED")


SHAPES = frozenset({"CHEROKEE", "LISU", "COPTIC", "CANADIAN", "RUNIC", "TIFINAGH"})
"""Scripts that hardly anybody in chat writes, so that all that is of them is decoration."""

_MARKED = frozenset({"LATIN", "GREEK", "CYRILLIC"})


@lru_cache(maxsize=16_384)
def script(character: str) -> str:
    """The first word of a character's Unicode name, which is its script's; ASCII is LATIN."""
    return "LATIN" if character.isascii() else unicodedata.name(character, "").partition(" ")[0]


def bears_marks(character: str) -> bool:
    """Are marks on it decoration? In Hindi or Thai they are letters."""
    return not character.isalpha() or script(character) in _MARKED


def in_word_of_one_script(letter: str) -> str | None:
    """The Latin letter that a folded letter is nearly always taken for, None: it is its own."""
    return _SAME.get(letter) or _LIKE.get(letter) or _CAPITALS.get(letter)


def same_shape(letter: str) -> bool:
    """Can nobody tell it from the Latin letter, also as a small one?"""
    return letter in _SAME


def in_mixed_word(letter: str) -> str | None:
    """The Latin letter that a folded letter stands for beside letters of other scripts."""
    return in_word_of_one_script(letter) or _FAUX.get(letter) or _FOREIGN.get(letter)


@lru_cache(maxsize=16_384)
def is_turned(character: str) -> bool:
    """Does the letter stand on its head?"""
    if character.isascii():
        return False
    return character in _ONLY_TURNED or "TURNED" in unicodedata.name(character, "")


def own_letter(letter: str) -> str:
    """A folded letter that is not taken for a Latin one, in its small form."""
    return letter.casefold()


@lru_cache(maxsize=4_096)
def turned(character: str) -> str:
    """The letter that a turned one is when the text stands on its head; else itself, folded."""
    found = _TURNED.match(unicodedata.name(character, ""))
    return found[1].lower() if found else _HEADLONG.get(character) or folded(character)


_HEADLONG = {
    "q": "b", "b": "q", "d": "p", "p": "d", "n": "u", "u": "n", "ɟ": "f", "ƃ": "g", "ɓ": "g",
    "ᴉ": "i", "ı": "i", "ן": "l", "ʞ": "k", "ǝ": "e", "ɔ": "c", "ʃ": "l", "ɾ": "j", "ſ": "j",
}  # fmt: skip
_ONLY_TURNED = frozenset("ɟƃɓן")
"""Letters of `_HEADLONG` that hardly any language uses."""
