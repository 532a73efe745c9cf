"""Short words of honest chat, which may stand side by side and make no other word together."""

from __future__ import annotations

from pickled.language.tables import heads
from pickled.patterns import on_first_use


@on_first_use
def short_words() -> frozenset[str]:
    """Two of these in a row are what they are: `go ok`, `the pen is`."""
    return frozenset(word for words in heads("moderation/common").values() for word in words)
