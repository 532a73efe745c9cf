"""Sees through what hides a text from a matcher: look-alikes, spaced letters, simple codes."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from urllib.parse import unquote

from pickled.language.moderation.folding import ByCharacter
from pickled.patterns import pattern

LONGEST = 2_000
"""Characters that are looked at; more of a quoted text never reaches a prompt."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
_KANA_MARKS = "\u3099\u309a"


def _seen(character: str) -> str:
    """What is left of a character to see."""
    if character.isspace():
        return " "
    kept = character in _KANA_MARKS or unicodedata.category(character) not in _DROPPED
    return character if kept else ""


_SEEN = ByCharacter(_seen)
_APOSTROPHE = pattern(r"(?<=\w)['’`´ʼ](?=\w)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_LOOK_ALIKES = str.maketrans(
    dict(
        zip(
            "аеорсухіјѕһԁԛԝкмтвнгпиляьъ" + "αβγεηικνορτυχωσδλπ" + "ɑɡıɩʟᴀʙᴄᴅᴇꜰɢʜɪᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
            "aeopcyxijshdqwkmtbhrnnlrbb" + "abyenikvoptuxwosln" + "agiilabcdefghijkmnoprstuvwyz",
            strict=True,
        )
    )
    | {chr(0x1F130 + place): letter for place, letter in enumerate(_LETTERS)}
    | {chr(0x1F1E6 + place): letter for place, letter in enumerate(_LETTERS)}
    | {chr(0x1F150 + place): letter for place, letter in enumerate(_LETTERS)}
    | {chr(0x1F170 + place): letter for place, letter in enumerate(_LETTERS)}
)
_UPSIDE_DOWN = str.maketrans("ɐqɔpǝɟƃɓɥᴉıɾʞןɯuodbɹsʇnʌʍxʎz", "abcdefgghiijklmnopqrstuvwxyz")
_LEET = str.maketrans("013457809@$!|+€", "oieastbogasiite")
_LEET_SIGN = pattern(r"[013457@$!|+€]")
_LEETED = pattern(r"[a-z][013457@$!|+€]|[013457@$!|+€][a-z]")
_LEET_WORD = pattern(r"[a-z013457@$!|+€]*[a-z][a-z013457@$!|+€]*(?<![!+|])")
_SPACED = pattern(r"(?<![^\W_])[^\W\d_](?:[\s._*~,|/-]{1,3}[^\W\d_](?![^\W_])){3,}")
_FEWEST_SPACED = 4
"""Words of one letter in what `_SPACED` finds."""
_NO_LETTER = pattern(r"[\W_]+")
_BASE64 = pattern(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/_-]{12,}={0,2}")
_BASE32 = pattern(r"\b[A-Z2-7]{16,}={0,6}")
_HEX = pattern(r"\b(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s,:]*){6,}(?![0-9A-Za-z])")
_BITS = pattern(r"\b(?:[01]{8}\s*){5,}(?!\w)")
_NUMBERS = pattern(r"\b(?:\d{1,3}[\s,.-]+){6,}\d{1,3}\b")
_ESCAPES = pattern(r"\\u([0-9a-fA-F]{4})|&#(\d{2,6});|&#x([0-9a-fA-F]{2,5});")
_MORSE = pattern(r"(?:[.·•-]{1,5}[ /|]+){6,}[.·•-]{1,5}")
_CODED = pattern(
    r"[A-Za-z0-9+/_=-]{12}|(?:[0-9A-Fa-f]{2}[\s,:]){5}|(?:\d{1,3}[\s,.-]+){6}"
    r"|[.·•-]{1,5}[ /|]+[.·•-]|\\u|&#|%[0-9A-Fa-f]{2}|\\x|[01]{8}"
)
_CODE_SIGN = pattern(r"[\d+/=_.·•\\&%-]")
_LONG_CODE, _FEWEST_PAIRS = 12, 4
"""Letters of a code in one piece, and words of two hexadecimal letters beside a fifth."""
_HEX_PAIRS = frozenset(map("".join, product("abcdef", repeat=2)))
_CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- "
    "-..- -.-- --.."
)
_MORSE_LETTERS = dict(zip(_CODES.split(), _LETTERS, strict=True))


def flat(text: str) -> str:
    """Lower case without accents, invisible characters and apostrophes; white space folded."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_SEEN)
        text = unicodedata.normalize("NFC", text.casefold())
    text = " ".join(text.lower().split())
    if "'" in text or "`" in text or not text.isascii():
        return _APOSTROPHE.sub("", text)
    return text


def latin(text: str, words: Sequence[str] | None = None) -> str:
    """A flat text with look-alike letters, and digits within words, read as Latin letters.

    Whoever knows its words (runs of letters and digits) already gives them, to have it sooner.
    """
    few = words is not None and list(map(len, words)).count(1) < _FEWEST_SPACED
    if not text.isascii():
        text, few = text.translate(_LOOK_ALIKES), False
    if _LEET_SIGN.search(text) and _LEETED.search(text):
        text = _LEET_WORD.sub(lambda word: word[0].translate(_LEET), text)
    return text if few else _SPACED.sub(lambda run: _NO_LETTER.sub("", run[0]), text)


def spelled(flat: str) -> str:
    """A flat text whose digits are read as letters also where a word has digits only, as in leet.

    Where at most one word mixes letters and digits nothing is read: "2 big 4 me" is no code.
    """
    return flat.translate(_LEET) if len(_LEETED.findall(flat)) > 1 else flat


def spelled_out(flat: str) -> list[str]:
    """What is written letter by letter, each run as one word."""
    return [_NO_LETTER.sub("", run) for run in _SPACED.findall(flat)]


def may_be_coded(text: str, words: Sequence[str] | None = None) -> bool:
    """Whether anything in the text looks like base64, hexadecimal, numbers, Morse or escapes.

    With the words of its flat form most texts are done at once: none of them is long, and no sign
    is one of a code.
    """
    if (
        words is not None
        and not _CODE_SIGN.search(text)
        and max(map(len, words), default=0) < _LONG_CODE
        and sum(map(_HEX_PAIRS.__contains__, words)) < _FEWEST_PAIRS
    ):
        return False
    return bool(_CODED.search(text))


def upright(text: str) -> str:
    """A text that stands on its head, put right and read from its end."""
    return text.lower().translate(_UPSIDE_DOWN)[::-1]


def rotated(text: str) -> str:
    """Letters moved by thirteen."""
    return codecs.encode(text, "rot13")


def decoded(text: str) -> Iterator[str]:
    """What the coded pieces of a text say: base64, hexadecimal, bits, numbers, Morse, escapes.

    Only what reads like words is told; a random run of letters is nothing.
    """
    text = text[:LONGEST]
    for coded, decode in _PIECES:
        for piece in coded.finditer(text):
            said = decode(piece[0])
            if said and _is_readable(said):
                yield said
    if "%" in text and (plain := unquote(text)) != text:
        yield plain
    if "\\u" in text or "&#" in text:
        yield _ESCAPES.sub(_escaped, text)


def _is_readable(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    if len(set(text)) < 4 or letters < 5:
        return False
    return text.isprintable() and letters + text.count(" ") >= 0.8 * len(text)


def _from_base64(piece: str) -> str:
    body = piece.rstrip("=").replace("-", "+").replace("_", "/")
    return _bytes_of(lambda: base64.b64decode(body + "=" * (-len(body) % 4)))


def _from_base32(piece: str) -> str:
    body = piece.rstrip("=")
    return _bytes_of(lambda: base64.b32decode(body + "=" * (-len(body) % 8)))


def _from_hex(piece: str) -> str:
    digits = re.sub(r"0x|\\x|[\s,:]", "", piece)
    return _bytes_of(lambda: bytes.fromhex(digits))


def _bytes_of(decode: Callable[[], bytes]) -> str:
    try:
        return decode().decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _from_bits(piece: str) -> str:
    bits = "".join(piece.split())
    return "".join(chr(int(bits[at : at + 8], 2)) for at in range(0, len(bits) - 7, 8))


def _from_numbers(piece: str) -> str:
    """Character codes, or places in the alphabet."""
    numbers = [int(each) for each in re.findall(r"\d+", piece)]
    if all(1 <= each <= 26 for each in numbers):
        return "".join(_LETTERS[each - 1] for each in numbers)
    if all(32 <= each < 127 for each in numbers):
        return "".join(map(chr, numbers))
    return ""


def _from_morse(piece: str) -> str:
    codes = re.split(r"[ /|]+", re.sub("[·•]", ".", piece))
    return "".join(_MORSE_LETTERS.get(each, "") for each in codes)


def _escaped(found: re.Match[str]) -> str:
    number = int(found[1] or found[3] or "0", 16) or int(found[2] or "32")
    return chr(number) if number < 0x110000 else " "


_PIECES = (
    (_BASE64, _from_base64),
    (_BASE32, _from_base32),
    (_HEX, _from_hex),
    (_BITS, _from_bits),
    (_NUMBERS, _from_numbers),
    (_MORSE, _from_morse),
)
