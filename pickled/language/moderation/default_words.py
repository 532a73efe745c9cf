"""The bundled word list: slurs and slogans that get a channel banned, none of them in clear."""

from __future__ import annotations

import base64
import codecs

from pickled.language.tables import listed


def default_words(tier: str) -> list[str]:
    """Those of a tier, as they stand in an owner's list."""
    return [_clear(each) for each in listed("moderation/default", tier)]


def _clear(entry: str) -> str:
    if entry.startswith("="):
        return base64.b64decode(entry[1:]).decode("utf-8")
    return codecs.decode(entry, "rot13")
