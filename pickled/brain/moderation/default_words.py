"""The bundled word list: slurs and slogans that get a channel banned, none of them in clear.

To read or change it: `base64.b64decode` and `zlib.decompress` give the YAML of a word list; the
other way round packs it. It is short on purpose: words with an honest use (a surname, a plant, a
colour in another language) are left to the user's own list.
"""

from __future__ import annotations

import base64
import zlib

_PACKED = """
eNplVDFu3TAM3XMKIWPQE/QqxR/4bX5J37JkSDJcZ2qbFhky9wCdunT4KIogKIL0Cv5nyJpDVKIs2U4Gg+89UxRFUdwrUzXv
2YdLLTlHe3X5jhGEAlxBoqDrjNCW3wo9rXag61WwgeCCsn9wj+gAnJu0MMDZuNkaX0CWsuLTv0Y2mC25uE5W2RahKYCkSkjd
FLBIY0TcmCZb+jWg30PVUIp7BJ0OkxA5eDOgEgg1uVjgBVfQomLHUGEcX3OXa8V0qdBRctgbQ2s7YyvBWqPntWs+HwwhSH0I
lipdg20kLigdzBidLQkNHA7SLqiIKQVulJKD4SkHaGS26agWtB4LmvdwAltQuIJJRsmZQKmISFxItExIr9KeCbEBHLOSC7rY
0HfMC2RHHFKGUikG4ctCjeAF86YI0bIhumnjmcVOQYWsT3cYtkDWhYuym2D74NNs47e9U7LdahzG7Z5gYX+V01xnJUx4T9A7
T6c5QOrOqAoDH1Op9awmRLdz7GvUDnrqLNNzbfpUz0Io+mj6TuoFpTL3NVSwIBJbsLJKNz9DLH3OK2E0L4wVGoIyJ8JuNaOj
B24dqkPqi7faW2Fc6rao07/pYfozPZ0/bdn5bsunp+n3K+V0/ny1kk5r6T5Kc4z7tCKtP38LTrfTA+Hb801Y9Hc6bRj9e765
e/7y6/nmMZKXH6eXr48vP79f7i5acDQSLXqwNT1qQm6BSDIfu84UML9KcD6PoDAndxehPcwQw9GMYVLHvi4zJ3Ih3ZanLl37
y63Sjhsa72CZZ6st4sxjccaEXHQZghulBamR5TGxsDI9WAV+jZcfteEFh7bR9TJVWHhD+Iq6PKjjAXXIAa+L4tDL+SkYh4zG
+u7iP/pPRMM=
"""


def default_words() -> str:
    """The text of the bundled list, in the form of a user's file."""
    return zlib.decompress(base64.b64decode(_PACKED)).decode("utf-8")
