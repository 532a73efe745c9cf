"""May a text that could end here still become something that is judged otherwise?

A text that grows in pieces of words ends with `example.` before it is a link, with `5.` before it
is a price, and with the first half of a name before that is the private one.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from pickled.language.moderation.word_list import WordList
from pickled.language.privacy.private_words import PrivateWords, may_begin
from pickled.language.sentences import CLOSERS, ENDS, SPACELESS_ENDS
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

_SURE_ENDS = f",:{ENDS}{SPACELESS_ENDS}"
"""Behind these a word is over but for what is looked at here; behind a dash it goes on."""

_JOINERS = frozenset(".@/\\#&=~*:")
"""Within a word they make a link, an address, a name or a mark of it."""

_OPENERS = "\"'“‘«(¿¡"
_SITE = pattern(r"(?<![\w-])([^\W_][\w-]*+)\.(?=[^\W\d_])")
"""What stands before a stop with a letter right behind it."""


def may_go_on(
    text: str, *, words: WordList, private: PrivateWords, sites: AbstractSet[str] = frozenset()
) -> bool:
    """Could its last word go on, and what it says then be stopped, or be read as something else?

    `sites` are names that were seen as the beginning of a link, in small letters.
    """
    last = "".join(text.split()[-1:])
    bare = last.rstrip(CLOSERS + _SURE_ENDS)
    marks = last[len(bare) :].strip(CLOSERS)
    if not marks or not bare or not bare[-1].isalnum():
        return True
    if bare[-1].isdigit() or not _JOINERS.isdisjoint(bare):
        return True
    name = bare.lstrip(_OPENERS).casefold()
    if marks in (".", ":") and (name in sites or name in _known_sites()):
        return True
    return words.may_begin(text) or may_begin(text, private=private)


def sites_in(texts: Iterable[str]) -> frozenset[str]:
    """The words of these texts that may be a site's name, in small letters."""
    return frozenset(found[1].casefold() for text in texts for found in _SITE.finditer(text))


@on_first_use
def _known_sites() -> frozenset[str]:
    return frozenset(listed("sites"))
