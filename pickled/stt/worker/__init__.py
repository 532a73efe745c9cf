"""A process of its own that recognizes: the daemon's loop and memory are not its own.

It is given lengths (`HEAD`) with so many bytes of sound behind each; a length of 0 ends a stretch.
It answers in lines of JSON: `{"ready": …}` or `{"failed": …}` first, then `{"n", "interim"}` and
`{"n", "final", "confidence", "words"}`, where `n` counts the stretches from 0.
"""

from __future__ import annotations

import struct

HEAD = struct.Struct("<I")
LONGEST_PIECE = 1 << 20
"""Bytes."""
