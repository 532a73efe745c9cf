"""What a node keeps on its disk: its mutes, its volume, and the last stream that it began."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from pickled.errors import ConfigError
from pickled.messages.base import Message

FLOOR_S = 60.0
"""A stream's number counts for so long: afterwards nothing of that time can still be under way."""


class KeptState(Message):
    """The file's content."""

    muted: bool
    muted_alone: bool = False
    mic_muted: bool
    mic_muted_alone: bool = False
    volume: float = Field(default=100.0, ge=0, le=100)
    floor: int = Field(default=0, ge=0)
    """The highest stream that was begun or cleared."""
    floor_at: float = 0.0
    """When that was, Unix time in s."""


@dataclass(frozen=True)
class KeptFile:
    """One file, replaced as a whole, so that a kill at any moment leaves the old or the new one."""

    path: Path

    def load(self) -> tuple[KeptState, str]:
        """What is kept, and what is wrong with it: an unreadable file means muted."""
        try:
            kept = KeptState.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return KeptState(muted=False, mic_muted=False), ""
        except (OSError, ValidationError):
            problem = f"{self.path} can't be read: muted until an OFF command"
            return KeptState(muted=True, mic_muted=True), problem
        if abs(time.time() - kept.floor_at) > FLOOR_S:
            kept = kept.model_copy(update={"floor": 0})
        return kept, ""

    def save(self, kept: KeptState) -> None:
        """Replace the file; raises ConfigError if the folder can't be written."""
        beside = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(kept.model_dump_json().encode())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            message = f"{self.path} can't be written: {error.strerror}; a mute would be forgotten"
            raise ConfigError(message) from error
