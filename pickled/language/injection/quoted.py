"""What somebody else said, taken apart for comparison: its sentences, and what it wants said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pickled.language.injection import disguise
from pickled.language.injection.comparable import (
    WORD,
    echo_words,
    is_question,
    letters,
    letters_of,
    plain,
    words,
    words_of,
)
from pickled.patterns import on_first_use, pattern

_MOST_SENTENCES = 24
_SHORTEST = 3
"""Words of a sentence that states something."""
SENTENCE = pattern(r"[^.!?…。！？\n]+[.!?…。！？]*")
_PART = pattern(r"[^.!?…。！？,;:()\"“”/|*<>{}=\[\]\n]+")
_ASKED = pattern(
    r"\b(?:say|says|repeat|shout|yell|announce|call yourself|answer with|reply with|recite"
    r"|tell (?:everyone|everybody|chat|them|us)|sagen?|sagst|wiederhole|sprich|dis|repete|di"
    r"|diga|repite|ripeti|repita|zeg|herhaal|powiedz|powtorz|скажи|повтори)\b[\s:,\"'“«]*"
    r"(?:that |exactly |after me |this |the (?:words?|phrase|sentence) )?(.+)"
)
_COLON = pattern(r"[:：](.+)")
_IN_QUOTES = pattern(r"[\"“„«「'](.{3,}?)[\"”“»」']")
_QUOTES = frozenset("\"“„«「'")
_BIDS = pattern(
    r"(?<!did you )(?<!do you )(?<!does he )(?<!does she )(?<!does it )(?<!sign )\b(?:say|says"
    r"|saying|tell|shout|yell|scream|cry|announce|output|repeat|reply|respond|read|confirm|speak"
    r"|crie|cries|grita|gritar|behaupte|schrei|sag|sagt|dis|dit|di|dice|zeg|powiedz|крикни|скажи"
    r")\b|[喊说說叫言]"
)
_CHANGES = pattern(
    r"\b(?:answers?|replies|greets?|catchphrase|slogan|motto|character|role|persona|villain|evil|ai"
    r"|robot|bot|co-?host|system|prompt|rules?|guidelines|you are now|youre now|plays?|auth"
    r"|recite|recital|pronounce|karaoke|parrot|copycat|simon|haiku|limerick|acrostic|lyrics|encore"
    r"|unscramble|autocorrect|translate|fill the|my words|out ?loud)\b"
)
_INFORMS = pattern(
    r"\b(?:did|do) you (?:know|realize|hear)(?: that)? (?!what|where|who|when|why|how|if)"
)
_bid_words = on_first_use(lambda: frozenset(echo_words("bids")))
GREETING = pattern(
    r"^(?:(?:hi|hey|hello|happy birthday|thanks?|thank you|good (?:morning|night|luck|evening)"
    r"|congrat\w*|bye|goodbye|welcome|cheers|get well|gute nacht|hallo|hola|salut|bonjour|ciao)"
    r"\b[\s,!]*(?:to|for|you|soon|an|a)?\b\s*)+"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text of somebody else, as it is compared."""

    author: frozenset[str]
    words: tuple[str, ...]
    letters: str
    """Without gaps; only of what is an order or coded."""
    order: bool
    """It gives orders, or its author does."""
    payloads: tuple[tuple[str, ...], ...] = ()
    """What it may ask to say: what comes after "say", after a colon, within quotes."""
    bids: bool = False
    """It, or its author, speaks of saying or of the co-host's nature: a weak sign of an order."""
    sentences: tuple[tuple[str, ...], ...] = ()
    """Its words between marks of punctuation, and its sentences."""
    asks: bool = False
    """It is a question, whose words an answer may take up."""
    named: bool = False
    """It is somebody's name, by which they may be greeted."""
    coded: bool = False
    """Not as it was written: decoded, or upside down."""


def as_written(
    flat: str, *, seen: str, author: frozenset[str], order: bool, bids: bool, named: bool = False
) -> Quoted:
    """The text as it stands; `flat` is it without accents and capitals, and `seen` is it plain."""
    parts = [tuple(words_of(each)) for each in _PART.findall(seen)[:_MOST_SENTENCES]]
    if len(parts) > 1:
        whole = SENTENCE.findall(seen)[:_MOST_SENTENCES]
        parts += [tuple(words_of(each)) for each in whole]
    return Quoted(
        author=author,
        words=tuple(words_of(seen)),
        letters=letters_of(seen) if order else "",
        order=order,
        payloads=_payloads(flat),
        bids=bids,
        sentences=tuple(dict.fromkeys(parts)),
        asks=_asks(seen),
        named=named,
    )


def unveiled(text: str, *, flat: str, author: frozenset[str], order: bool) -> Iterator[Quoted]:
    """What the text says decoded or on its head, where it looks as if it were so."""
    hidden = [*disguise.decoded(text)] if disguise.may_be_coded(text) else []
    hidden += disguise.spelled_out(flat)
    if not text.isascii():
        hidden.append(disguise.upright(text))
    for each in hidden:
        yield Quoted(author, tuple(words(each)), letters(each), order, coded=True)
    if (spelled := disguise.spelled(flat)) != flat:
        yield as_written(spelled, seen=plain(spelled), author=author, order=order, bids=True)


def _asks(seen: str) -> bool:
    """Whether nothing but questions is in it: no statement before one, and none within "did you
    know"."""
    if _INFORMS.search(seen):
        return False
    said = [each for each in SENTENCE.findall(seen) if len(WORD.findall(each)) >= _SHORTEST]
    return is_question(seen) and all(map(is_question, said))


def is_bid(flat: str) -> bool:
    """Whether a flat text speaks of saying, or of what the co-host is to be."""
    if _bid_words().isdisjoint(WORD.findall(flat)) and flat.isascii():
        return False
    return bool(_BIDS.search(flat)) or (not is_question(flat) and bool(_CHANGES.search(flat)))


def _payloads(flat: str) -> tuple[tuple[str, ...], ...]:
    found = []
    if not _bid_words().isdisjoint(WORD.findall(flat)) or not flat.isascii():
        found += _ASKED.findall(flat)
    if ":" in flat or "：" in flat:
        found += _COLON.findall(flat)
    if not _QUOTES.isdisjoint(flat):
        found += _IN_QUOTES.findall(flat)
    return tuple(dict.fromkeys(tuple(words(GREETING.sub("", each))) for each in found))
