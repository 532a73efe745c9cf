"""A process that has a sign-in renewed, for tests that end it or leave it no room.

`python -m tests.services.twitch.renewing FOLDER BASE_URL [LARGEST_FILE]`: asks who it is, twice.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from pickled.errors import TwitchError
from pickled.services.twitch import Options, start


async def main(folder: str, base: str, largest: int) -> None:
    """Print what came of it: the login, or the error's text."""
    options = Options(channel="wren", api_url=f"{base}/helix", id_url=f"{base}/id")
    async with start(options.access(Path(folder))) as twitch:
        if largest:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        try:
            answer = await twitch.helix.get("users")
        except TwitchError as error:
            sys.stdout.write(str(error))
        else:
            sys.stdout.write(answer["data"][0]["login"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0))
