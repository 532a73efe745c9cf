"""Writes to a memory until it is killed, and notes what was acknowledged: run by test_crash."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from pickled.memory.database import open_database
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Entry
from tests.memory.fake_embedder import FakeEmbedder

START = datetime(2026, 5, 1, tzinfo=UTC)


async def main(path: Path, notes: Path, round_number: int) -> None:
    """For ever."""
    dice = random.Random(round_number)
    file = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    async with open_database(path) as database:
        memory = LongTerm(database, FakeEmbedder(), lambda: START)
        filling = asyncio.create_task(memory.run(), name="filling")
        os.write(file, b"ready -\n")
        for number in range(1_000_000):
            batch = [
                _entry(f"{round_number}-{number}-{each}") for each in range(dice.randint(1, 8))
            ]
            await memory.remember(batch)
            os.write(file, "".join(f"kept {each.id}\n" for each in batch).encode())
            if number % 5 == 4:
                gone = dice.choice(batch).id
                os.write(file, f"forgetting {gone}\n".encode())
                await memory.forget(entry=gone)
                os.write(file, f"forgotten {gone}\n".encode())
        await filling


def _entry(name: str) -> Entry:
    return Entry(
        id=name, at=START, author="ana", text=f"my dog {name} is ill", origins=(f"message {name}",)
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
