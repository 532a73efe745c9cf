"""Reads the owner's lists: words never said, private words, emotes, and what extends our tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pickled.brain.safety import GateRules
from pickled.config import Config
from pickled.errors import ConfigError
from pickled.language.feeling.emotes import Emotes, bundled_emotes, parse_emotes
from pickled.language.moderation.word_list import DEFAULT, parse_word_list
from pickled.language.privacy.personal import NO_PRIVATE_WORDS, parse_private_words
from pickled.language.tables import extend, read_own
from pickled.patterns import warm
from pickled.text_files import read_text


@dataclass(frozen=True)
class Tables:
    """What the lists say."""

    gate: GateRules
    emotes: Emotes
    extended: tuple[str, ...]
    """Tables of ours that a file in `words_dir` adds to."""


def load_tables(config: Config) -> Tables:
    """Read all of them; raises ConfigError that names the file and the line."""
    extended = extend_tables(config)
    safety = config.safety
    words, private, emotes = DEFAULT, NO_PRIVATE_WORDS, bundled_emotes()
    if safety.words_file is not None:
        words = parse_word_list(read_text(safety.words_file), source=str(safety.words_file))
    if safety.private_words_file is not None:
        file = safety.private_words_file
        private = parse_private_words(read_text(file), source=str(file))
    if config.emotes_file is not None:
        emotes = parse_emotes(read_text(config.emotes_file), source=str(config.emotes_file))
    gate = GateRules(max_chars=safety.max_chars, words=words, private=private)
    return Tables(gate, emotes, extended)


def extend_tables(config: Config) -> tuple[str, ...]:
    """Put the files in `words_dir` in force, for this process; raises ConfigError. Their names."""
    own = read_own(config.words_dir)
    extend(own)
    if own:
        try:
            warm()  # one that fits by itself may not fit among the others
        except re.error as error:
            told = f"{config.words_dir}: an expression can't be used beside ours: {error}"
            raise ConfigError(told) from error
    return tuple(own)
