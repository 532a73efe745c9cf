"""The words that rules for facts go by: who and what people talk about, and what is not kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from pickled.language import tables
from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

_TABLE = "facts/words"


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def any_of(head: str) -> str:
    """An expression for any of the words under that head, the longest first."""
    longest_first = sorted(listed(_TABLE, head), key=len, reverse=True)
    return tables.any_of(map(re.escape, longest_first))


SENSITIVE = pattern(lambda: rf"\b(?:{tables.any_of(listed(_TABLE, 'sensitive'))})\b", re.IGNORECASE)
"""Health of people, faith, politics, intimate and criminal matters, secrets: never kept."""

ILL = pattern(
    r"\b(?:ill|sick|unwell|hurt|injured|dying|dead|died|passed\ away|fever|flu|cold|pain|migraine"
    r"|broken|broke\ (?:his|her|their|my)|ache\w*|vet)\b",
    re.IGNORECASE,
)
"""Kept of pets, never of people."""

PLACE_OF_LIVING = pattern(
    r"\b(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|square|court|apartment|apt|flat"
    r"|house|floor|zip|postcode|postal|block|corner|next\ to|near|opposite|behind|across"
    r"|address|hotel|hostel|room|\w+stra(?:ss|ß)e|\w+gata|\w+vei(?:en)?|rue|calle|via)\b",
    re.IGNORECASE,
)

ORDERS = pattern(
    r"""\b(?:
        ignore|disregard|remember|forget|pretend|obey|jailbreak|override|roleplay
      | act\ (?:as|like)|from\ now\ on|you\ (?:must|should|have\ to|need\ to|will|are|shall)|ur\ a
      | system|prompt|instructions?|rules?|assistant|developer\ mode|admin\w*|as\ an\ ai
      | language\ model|(?:always|never|only)\ (?:say|tell|answer|call|reply|speak)|repeat\ after
      | say\ (?:that|it|this)
      | tell\ (?:every|them|chat|me|us)|write\ (?:down|this)|save\ (?:this|that)|note\ that|memor\w+
      | your\ (?:creator|owner|boss|master|god|new)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

NOT_MEANT = pattern(
    r"""(?<!\w)(?:
        jk|j/k|/s|/j|/jk|just\ (?:kidding|joking)|kidding|joking|joke|trolling|sarcasm|copypasta
      | if|imagine|suppose|wish|wishes|hypothetically|in\ my\ dreams?|as\ if|would|could|should
      | might|maybe|perhaps|probably|used\ to|almost|nearly|feels?\ like|felt\ like|not\ really
      | said|says|kappa\w*|4head|trolled|bait|pov|be\ like|when\ i|me\ when|tfw|mfw|lyrics?|quote
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Jokes, wishes, conditions, what others said."""


def _set_of(*heads: str) -> Callable[[], frozenset[str]]:
    return on_first_use(lambda: frozenset(each for head in heads for each in listed(_TABLE, head)))


not_english = _set_of("not english")
"""Common words of other languages: one of them, and a text yields nothing."""

not_a_thing = _set_of("not a thing")
"""What can't be understood away from the conversation."""

no_place = _set_of("not a thing", "no place")
"""What one can be in or from, and it is no place."""

ordinary = _set_of("ordinary", "pets", "family", "things", "events", "tastes", "jobs")
"""Words that somebody may be called, and that say nothing about them."""

small = _set_of("not a thing", "small")
"""Words by which no two memories are told apart."""
