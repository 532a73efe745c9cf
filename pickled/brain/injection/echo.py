"""Keeps the co-host from speaking others' sentences, or the system prompt, as its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pickled.brain.injection import disguise, echo_words
from pickled.brain.injection.orders import orders

LONGEST_LEAK = 5
"""Words of the system prompt in a row that may still be spoken."""

_LINE = 1_000
_CLAUSE = 2_000
_SEAM = 3
"""Clauses before this one that are read together with it."""
_SEAM_WORDS = 12
_NEAR = 3
"""Lines before and after, in which the same author may have told what to do with a line."""
_GLUED = 11
"""So many letters in a row are somebody's, where gaps can't be trusted."""
_WHOLE = 0.75
"""Share of a clause from which on it is somebody's sentence, and not an answer to it."""
_MOST_LINES = 400
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DOUBLED = re.compile(r"(.)\1+")
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*")
_PART = re.compile(r"[^.!?…。！？,;:()\"“”]+")
_PAYLOADS = (
    re.compile(
        r"\b(?:say|says|repeat|shout|yell|announce|call yourself|answer with|reply with|recite"
        r"|tell (?:everyone|everybody|chat|them|us)|sagen?|sagst|wiederhole|sprich|dis|repete|di"
        r"|diga|repite|ripeti|repita|zeg|herhaal|powiedz|powtorz|скажи|повтори)\b[\s:,\"'“«]*"
        r"(?:that |exactly |after me |this |the (?:words?|phrase|sentence) )?(.+)"
    ),
    re.compile(r"[:：](.+)"),
    re.compile(r"[\"“„«「'](.{3,}?)[\"”“»」']"),
)
_BIDS = re.compile(
    r"(?<!did you )(?<!do you )(?<!does he )(?<!does she )(?<!does it )(?<!sign )\b(?:say|says"
    r"|saying|tell|shout|yell|scream|cry|announce|output|repeat|reply|respond|read|confirm|speak"
    r"|crie|cries|grita|gritar|behaupte|schrei|sag|sagt|dis|dit|di|dice|zeg|powiedz|крикни|скажи"
    r")\b|[喊说說叫言]"
)
_CHANGES = re.compile(
    r"\b(?:answers?|replies|greets?|catchphrase|slogan|motto|character|role|persona|villain|evil|ai"
    r"|robot|bot|co-?host|system|prompt|rules?|guidelines|you are now|youre now|plays?|auth)\b"
)
_GREETING = re.compile(
    r"^(?:(?:hi|hey|hello|happy birthday|thanks?|thank you|good (?:morning|night|luck|evening)"
    r"|congrat\w*|bye|goodbye|welcome|cheers|get well|gute nacht|hallo|hola|salut|bonjour|ciao)"
    r"\b[\s,!]*(?:to|for|you|soon|an|a)?\b\s*)+"
)
_PERSON = dict.fromkeys(echo_words.PERSON.split(), "me") | dict.fromkeys(
    ("am", "is", "are", "was", "were", "be", "been"), "be"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text of somebody else, as it is compared."""

    author: frozenset[str]
    words: tuple[str, ...]
    letters: str
    order: bool
    """It gives orders, or its author does."""
    payloads: tuple[tuple[str, ...], ...] = ()
    """What it may ask to say: what comes after "say", after a colon, within quotes."""
    bids: bool = False
    """It, or its author, speaks of saying or of the co-host's nature: a weak sign of an order."""
    sentences: tuple[tuple[str, ...], ...] = ()
    """Its words between marks of punctuation."""
    asks: bool = False
    """It is a question, whose words an answer may take up."""
    coded: bool = False
    """Not as it was written: decoded, backwards, its initials."""


@dataclass(frozen=True, slots=True)
class Others:
    """What others said in one prompt, and the rules of its system part; `others` makes it."""

    lines: tuple[Quoted, ...]
    odd: tuple[Quoted, ...]
    """Of these, orders and what was hidden."""
    pairs: dict[tuple[str, str], tuple[int, ...]]
    """Two words in a row: the lines that have them."""
    rules: frozenset[tuple[str, ...]]
    """Runs of the system prompt that must not be spoken."""
    ordered: frozenset[str]
    """The words of those who give orders. If there are any, short copies count, and questions."""


def others(lines: Iterable[tuple[str, str]], *, rules: str) -> Others:
    """Index of (author, text) of all that others said in a prompt, and of its system part.

    Give the texts as they were before orders were cut out of them, oldest first, and nothing that
    the co-host said itself.
    """
    given = [(author[:_LINE], text[:_LINE]) for author, text in lines][-_MOST_LINES:]
    blamed = _blamed(given)
    bids = [_is_bid(disguise.flat(text)) for _, text in given]
    quoted: list[Quoted] = []
    for place, (author, text) in enumerate(given):
        around = range(max(0, place - _NEAR), min(len(given), place + _NEAR + 1))
        quoted += _readings(
            author,
            text,
            order=place in blamed,
            bids=any(bids[at] and given[at][0] == author for at in around),
        )
        name = _CAPITAL.sub(" ", author)
        if place in blamed or _is_bid(" ".join(_words(name))):
            quoted += _readings("", name, order=place in blamed, bids=True)
    pairs: dict[tuple[str, str], dict[int, None]] = {}
    for number, line in enumerate(quoted):
        for pair in zip(line.words, line.words[1:], strict=False):
            pairs.setdefault(pair, {})[number] = None
    return Others(
        lines=tuple(quoted),
        odd=tuple(each for each in quoted if each.order or each.coded),
        pairs={pair: tuple(numbers) for pair, numbers in pairs.items()},
        rules=frozenset(_runs(_words(rules), LONGEST_LEAK + 1)),
        ordered=frozenset(word for line in quoted if line.order for word in line.words),
    )


def echoes(clause: str, others: Others, *, before: Sequence[str] = ()) -> str | None:
    """The rule that the clause breaks: `echo` or `prompt`; None if it may be spoken.

    `before` are the clauses of the same answer that were spoken already.
    """
    clause = clause[:_CLAUSE]
    earlier = _words(" ".join(each[:_CLAUSE] for each in before[-_SEAM:]))[-_SEAM_WORDS:]
    for text in (clause, *disguise.decoded(clause)):
        spoken = _spoken(text, earlier)
        if not others.rules.isdisjoint(_runs(spoken.words, LONGEST_LEAK + 1)):
            return "prompt"
        letters, seam = (
            _letters(text),
            _letters(before[-1][-_LINE:])[1 - _GLUED :] if before else "",
        )
        if _is_echo(spoken, others) or any(
            _holds_letters(letters, each, seam=seam) for each in others.odd
        ):
            return "echo"
    return None


def _blamed(given: Sequence[tuple[str, str]]) -> frozenset[int]:
    """Lines that give orders, alone or with their author's last one, and all of that author."""
    found: set[int] = set()
    last: dict[str, int] = {}
    for place, (author, text) in enumerate(given):
        if orders(text) or orders(author):
            found.add(place)
        elif author and author in last and orders(f"{given[last[author]][1]} {text}"):
            found |= {place, last[author]}
        last[author] = place
    authors = {given[place][0] for place in found} - {""}
    return frozenset(found | {at for at, (author, _) in enumerate(given) if author in authors})


def _readings(author: str, text: str, *, order: bool, bids: bool) -> Iterator[Quoted]:
    """The text as written, and as it reads decoded, backwards, rotated, or by its initials."""
    flat = disguise.flat(text)
    words = _words(text)
    name = frozenset(_words(author))
    asked = (_GREETING.sub("", each) for kind in _PAYLOADS for each in kind.findall(flat))
    payloads = tuple(dict.fromkeys(tuple(_words(each)) for each in asked))
    yield Quoted(
        author=name,
        words=tuple(words),
        letters=_letters(flat),
        order=order,
        payloads=payloads,
        bids=bids or _is_bid(flat),
        sentences=tuple(tuple(_words(each)) for each in _PART.findall(flat)),
        asks=_is_question(flat),
    )
    hidden = [
        flat[::-1],
        disguise.rotated(flat),
        " ".join(reversed(words)),
        *disguise.decoded(text),
    ]
    if not text.isascii():
        hidden.append(disguise.upright(text))
    for each in hidden:
        unveiled = _words(each)
        yield Quoted(name, tuple(unveiled), _letters(each), order, coded=True)
    initials = " ".join(each[0] for each in flat.split())
    yield Quoted(name, (), _letters(initials), order, coded=True)


def _is_bid(flat: str) -> bool:
    return bool(_BIDS.search(flat)) or (not _is_question(flat) and bool(_CHANGES.search(flat)))


def _is_question(text: str) -> bool:
    return text.rstrip().endswith(("?", "？"))


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A clause after what was spoken before it."""

    words: tuple[str, ...]
    start: int
    """Where the clause begins within them."""
    asked: tuple[bool, ...]
    """Which of them stand in a question."""

    @property
    def clause(self) -> tuple[str, ...]:
        return self.words[self.start :]


def _spoken(text: str, earlier: Sequence[str]) -> _Spoken:
    words, asked = list(earlier), [False] * len(earlier)
    for sentence in _SENTENCE.findall(text):
        said = _words(sentence)
        words += said
        asked += [_is_question(sentence)] * len(said)
    return _Spoken(tuple(words), len(earlier), tuple(asked))


def _is_echo(spoken: _Spoken, others: Others) -> bool:
    found: dict[int, list[int]] = {}
    for at, pair in enumerate(zip(spoken.words, spoken.words[1:], strict=False)):
        for number in others.pairs.get(pair, ()):
            found.setdefault(number, []).append(at)
    return _is_made_of(others.ordered, spoken) or any(
        _copies(spoken, others.lines[number], _stretches(places), alarmed=bool(others.ordered))
        for number, places in found.items()
    )


def _copies(
    spoken: _Spoken, line: Quoted, stretches: list[tuple[int, int]], *, alarmed: bool
) -> bool:
    """Whether the words that both have in a row are more than a co-host takes up honestly."""
    new = [(start, end) for start, end in stretches if end > spoken.start]
    if line.coded or line.order:
        most = 2 if line.coded else 1
        runs = [spoken.words[start:end] for start, end in new]
        return any(len(each) > 2 and each != each[::-1] and _weight(each) >= most for each in runs)
    own = [
        (start, end)
        for start, end in new
        if not _is_attributed(spoken, line, start, end)
        and (alarmed or not all(spoken.asked[max(start, spoken.start) : end]))
    ]
    copied = sum(end - max(start, spoken.start) for start, end in own)
    is_whole = copied >= _WHOLE * len(spoken.clause)
    return any(
        _is_sentence(spoken.words[start:end], line, is_whole=is_whole, alarmed=alarmed)
        for start, end in own
    )


def _is_sentence(run: tuple[str, ...], line: Quoted, *, is_whole: bool, alarmed: bool) -> bool:
    """Whether a run of words is somebody's sentence, by its length and what it says."""
    weight, length = _weight(run), len(run)
    if weight >= 1 and any(
        len(each) >= 3 and (_within(each, run) or (length >= 5 and _within(run, each)))
        for each in line.payloads
    ):
        return True
    if line.asks and not line.bids and not alarmed:
        return length >= 6 and weight >= 4
    if any(len(each) >= 3 and _weight(each) >= 2 and _within(each, run) for each in line.sentences):
        return not _is_phrase(run)
    is_end = any(each[-length:] == run for each in line.sentences)
    if line.bids and weight >= 1 and _length_without_greeting(run) >= 3:
        return is_end or (length >= 4 and weight >= 2)
    if is_whole and length >= 3 and alarmed:
        return weight >= 1
    if is_whole and length >= 3 and weight >= (2 if is_end else 3):
        return not _is_phrase(run)
    if is_end and length >= 4 and weight >= 2:
        return not _is_phrase(run)
    return length >= 5 and weight >= 4


def _is_phrase(run: tuple[str, ...]) -> bool:
    """A thing with its place, as "the phone in the canal": no sentence by itself."""
    if run[0] not in _ARTICLES or len(run) not in range(3, 7) or "be" in run:
        return False
    return run[2] in _PREPOSITIONS or (
        run[3:4] != () and run[3] in _PREPOSITIONS and not run[2].endswith("s")
    )


def _length_without_greeting(run: tuple[str, ...]) -> int:
    return len(_GREETING.sub("", " ".join(run)).split())


def _is_made_of(ordered: frozenset[str], spoken: _Spoken) -> bool:
    """Whether telling words on end are put together anew from those of who gives orders."""
    count = 0
    for place, word in enumerate(spoken.words):
        if _weight((word,)):
            count = count + 1 if word in ordered else 0
            if count >= 3 and place >= spoken.start:
                return True
    return False


def _holds_letters(clause: str, line: Quoted, *, seam: str) -> bool:
    """Whether a clause has a line's letters with other gaps, or its payload of a word or two."""
    short = ("".join(each) for each in line.payloads if line.order and len(each) <= 2)
    if any(len(each) >= 5 and each not in _LIGHT and each in clause for each in short):
        return True
    if len(line.letters) < _GLUED:
        return False
    if len(clause) >= _GLUED and (
        clause in line.letters or (line.coded and line.letters in clause)
    ):
        return True
    whole = seam + clause
    return any(map(_is_glued, line.words)) and any(
        whole[at : at + _GLUED] in line.letters for at in range(len(whole) - _GLUED + 1)
    )


def _is_glued(word: str) -> bool:
    return len(word) > _GLUED + 4


def _is_attributed(spoken: _Spoken, line: Quoted, start: int, end: int) -> bool:
    """Whether the words around a run say whose words they are."""
    around = (spoken.words[max(0, start - 10) : start], spoken.words[end : end + 4])
    if not _SPOKE.isdisjoint(spoken.words[start + 1 : end - 2]):
        return True
    if start >= 2 and spoken.words[start - 1] in _SPOKE and spoken.words[start - 2] != "me":
        return True
    return any(
        not _SAYS.isdisjoint(words)
        and not (
            _SOMEBODY.isdisjoint(words)
            and line.author.isdisjoint(words)
            and not any(map(str.isdigit, words))
        )
        for words in around
    )


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """First and past-the-last word of each run, from the places of its pairs."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place + 1:
            found[-1] = (found[-1][0], place + 2)
        else:
            found.append((place, place + 2))
    return found


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(whole)} "


def _weight(words: Sequence[str]) -> float:
    """How many of the words mean something by themselves; of Chinese signs it takes three."""
    signs = sum(1 for each in words if len(each) == 1 and each > "\u3000")
    return sum(1 for each in words if each not in _LIGHT and len(each) > 1) + signs // 3


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _letters(text: str) -> str:
    """Without gaps, in one spelling."""
    return _DOUBLED.sub(r"\1", "".join(_WORD.findall(disguise.latin(disguise.flat(text)))))


def _words(text: str) -> list[str]:
    """Words as they are compared: one spelling, and one person, as a sentence may turn about."""
    plain = _DOUBLED.sub(r"\1", disguise.latin(disguise.flat(text)))
    return [_PERSON.get(each, each) for each in _WORD.findall(plain)]


_LIGHT = frozenset(_words(echo_words.COMMON))
_SAYS = frozenset(_words(echo_words.SAYS))
_SPOKE = frozenset(_words(echo_words.SPOKE))
_ARTICLES = frozenset(_words(echo_words.ARTICLES))
_PREPOSITIONS = frozenset(_words(echo_words.PREPOSITIONS))
_SOMEBODY = frozenset(_words(echo_words.SOMEBODY)) - {"me"}
