"""The bundled word list: slurs and slogans that get a channel banned, none of them in clear.

To read or change it: `base64.b64decode` and `zlib.decompress` give the YAML of a word list; the
other way round packs it. It is short on purpose: words with an honest use (a surname, a plant, a
colour in another language) are left to the user's own list.
"""

from __future__ import annotations

import base64
import zlib

_PACKED = """
eNplVTtu3DAQ7X0KwqWRE+QqwRaz0izJFUUKJAVFrpI4gQvXOUCqNCkWQWAYgeFcQXsGtz5EqKFISnYhzHuPw99wZrRXpmresw+X
WnKO9uryHSMIGbiMREbXCaHNwwo9zXag69ViA8GCkn9wn9EBODdxYoCLcYs1PoMkJcXHsUY2mCy5uE5WyWahyYCkSkjdZFCkcUbc
mCZZGhrQ76Fq6Ih7BB0vExE5eDOgEgg1uVjgGVfQomLHEGEcX3OXYsV0jtBRctgbQ3M7YyvBWqOXuWu+XAwhSH1YLEa6BttILChe
zBidLAkNHA7SFpTFeARulJKD4fEM0Mhk41UtaD1mtOzhBLagcAWjjJIzgVIRkVjIbJmQXsU9I2IDOGYlF/SwIe+YF8iOOMQTSqUY
hC8JNYIXzJsszJYNs5s2nlnsFFTI+viGYQtkXXgou1lsH3ya7fpt75RstxqHcbsnWNhfpWOuTyVMqCfonafbHCBm56wKAx9jqPWi
RkSvc+xr1A56yizTc236GM9MaPXR9J3UBcUw9zVUUBCJLVhZxZdfIOY855UwmmfGMg2LMifCbjWjqwduHapDzIu32lthLHEr6vRv
epj+TE/nT1t2vtvy6Wn6/Uo5nT9fraTTWrqfpWWN+zgjzj9/C0630wPh2/NNmPR3Om0YjT3f3D1/+fV88ziTlx+nl6+PLz+/X+4u
WnDUEi16sDUVNSFXIJLMx64zGSxVCc6nFhT65O4ipIcZ5uXmEmQWOlm70vlC+oQWEEqZNJSaUbvzsYzdmmG7YqGbofIrISIm20Kk
8xsSUydSzF2PhT1DpW24kG7LY92s/eVWaccNnbOidNjVFnMXpiuH6OjcljdKC1IjS42rsNzPWAV+jctAbXjGIZF1XfocC1WNr6hL
v475gjqcAa+z4tDLpTiNQ0Y/mt3Ff39ndHE=
"""


def default_words() -> str:
    """The text of the bundled list, in the form of a user's file."""
    return zlib.decompress(base64.b64decode(_PACKED)).decode("utf-8")
