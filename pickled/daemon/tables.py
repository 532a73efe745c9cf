"""Reads the owner's lists: words that are never said, private words, the channel's emotes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pickled.brain.safety import GateRules
from pickled.config import Config
from pickled.errors import ConfigError
from pickled.language.feeling.emotes import Emotes, bundled_emotes, parse_emotes
from pickled.language.moderation.word_list import DEFAULT, parse_word_list
from pickled.language.privacy.personal import NO_PRIVATE_WORDS, parse_private_words

LARGEST_FILE = 1_000_000
"""Bytes."""


@dataclass(frozen=True)
class Tables:
    """What the lists say."""

    gate: GateRules
    emotes: Emotes


def load_tables(config: Config) -> Tables:
    """Read all of them; raises ConfigError that names the file and the line."""
    safety = config.safety
    words, private, emotes = DEFAULT, NO_PRIVATE_WORDS, bundled_emotes()
    if safety.words_file is not None:
        words = parse_word_list(_read(safety.words_file), source=str(safety.words_file))
    words.prepare()  # here, and not when the first line of chat waits for it
    if safety.private_words_file is not None:
        file = safety.private_words_file
        private = parse_private_words(_read(file), source=str(file))
    if config.emotes_file is not None:
        emotes = parse_emotes(_read(config.emotes_file), source=str(config.emotes_file))
    return Tables(GateRules(max_chars=safety.max_chars, words=words, private=private), emotes)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(f"{path}: larger than {LARGEST_FILE} bytes")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: can't be read: {error}") from error
