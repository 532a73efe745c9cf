"""Reads the owner's lists: words that are never said, private words, the channel's emotes."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.brain.safety import GateRules
from pickled.config import Config
from pickled.language.feeling.emotes import Emotes, bundled_emotes, parse_emotes
from pickled.language.moderation.word_list import DEFAULT, parse_word_list
from pickled.language.privacy.personal import NO_PRIVATE_WORDS, parse_private_words
from pickled.text_files import read_text


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
        words = parse_word_list(read_text(safety.words_file), source=str(safety.words_file))
    words.prepare()  # here, and not when the first line of chat waits for it
    if safety.private_words_file is not None:
        file = safety.private_words_file
        private = parse_private_words(read_text(file), source=str(file))
    if config.emotes_file is not None:
        emotes = parse_emotes(read_text(config.emotes_file), source=str(config.emotes_file))
    return Tables(GateRules(max_chars=safety.max_chars, words=words, private=private), emotes)
