"""The process in which a model embeds, so that neither its loading nor its work holds us up.

It is asked by a JSON line, `{"id": 7, "texts": [...]}`, and answers by one frame: a head, then
`count` vectors of little-endian float32. Its first frame says that it is ready, or why it isn't.
"""

from __future__ import annotations

import struct
from typing import Final

HEAD: Final = struct.Struct("<4sIII")
"""What it is (one of the three below), the id asked for, count, and bytes that follow."""

READY: Final = b"RDY1"
"""The model is loaded; `count` is the number of its dimensions."""

VECTORS: Final = b"VEC1"

FAILED: Final = b"ERR1"
"""The bytes that follow are the reason as text."""
