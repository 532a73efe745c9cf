"""Tells whether words ask something, also where nobody types a question mark."""

from __future__ import annotations

import re

from pickled.language.address import is_question
from pickled.patterns import pattern

_LEADS = pattern(
    r"""(?:(?:hey|hi|hello|yo|so|but|and|ok|okay|wait|chat|lol|please|also|wtf|omg|now|um|uh|hmm|like
        |well|oh|ah|honestly|seriously|serious|wow|guys|sorry|question)\s
    |(?:dude|man|bro|bruh|mate|guy|streamer)\s(?!is|was|has|can|does|did|will|could|would))+""",
    re.VERBOSE,
)
_WHO = (
    r"(?:i|you|he|she|it|we|they|this|that|these|those|there|your|his|her|any\w*|some\w*|everyone)"
)
_ASKED = pattern(
    rf"""(?:(?:until|till|since|in|at|from|by|for|with|to)\ )?
        (?:where|who|whose|why|what|which|how|when)\b
    | (?:is|are|am|was|were|can|could|will|would|should|has|may)\ (?:not\ )?(?:{_WHO}|the|my|our)\b
    | (?:do|does|did|have|had)\ (?:not\ )?{_WHO}\b
    | (?:does|did|has)\ (?!not\b)\w+\ \w+
    | (?:is|are|was|can|will|would)\ (?!not\b)\w+\ (?!not\b)\w+
    | any\ (?:idea|plans?|chance|news)\b | any(?:one|body)\ know
    | (?:you\ )?got\ (?:a|any)\b | you\ (?:ok|okay|good|alright|single|there|live)$""",
    re.VERBOSE,
)
_EXCLAIMED = pattern(
    r"""what\ (?:an?|the)\b (?!.*\b(?:is|are|was|does|did)\b)
    | how\ (?!old|long|much|many|far|tall|big|high|hot|cold|often|fast|deep|heavy|about|come|good
        |bad|expensive|is|are|am|was|were|do|does|did|can|could|will|would|has|have|to)\w+$
    | who\ (?:cares|asked|knew|knows|needs)\b | which\ is\b | why\ not$
    | when\ (?:you|he|she|i|they|we|it|the)\ (?!from|end|live|on|at|coming|going|back|leaving)\w+
    | (?:is|are|was|can|will|would)\ (?:so|such)\b""",
    re.VERBOSE,
)
_WITHIN = pattern(
    r"""\b(?:tell\ (?:me|us|chat)|wonder(?:ing)?|want\ to\ know|remind\ me|ask\ (?:him|her|them)
        |idea|say|any\w+\ know)\ (?:where|who|what|why|when|how|which|if|whether)\b
    | \b(?:does|do|did)\ any(?:one|body)\b | \bor\ (?:what|nah|no)$""",
    re.VERBOSE,
)
_ASKS_WITHIN = frozenset(
    "tell wonder wondering want remind ask idea say know does do did or".split()  # noqa: SIM905
)
"""One of these words is in all that `_WITHIN` finds."""
_ELSEWHERE = pattern(
    r"""^(?:wo|wer|wann|warum|wieso|weshalb|wohin|woher|wieviel|quien|cuando|donde|cuanto|cuantos
        |cual|qui|quand|pourquoi|combien|onde|quem|quando|quanto|qual|dove|chi|perche|кто|где|когда
        |почему|сколько|зачем|куда)\b
    | ^was\ (?:ist|isst|machst|hast|are|is)\ (?:du|das|ihr|you)\b
    | ^(?:que|qué|como|cómo)\ (?:is|are|es|haces|comes|name|time|clock)\b
    | どこ|何|なに|誰|だれ|いつ|なぜ|どう|哪|什么|什麼|谁|誰|吗|嗎|어디|뭐|누구|언제|왜""",
    re.VERBOSE,
)

_TOLD = pattern(
    r"""(?:i|you|he|she|it|we|they|this|that|these|those|there|the|my|his|her|our|their|some\w*|every\w*)
        \ \w+\ \w+""",
    re.VERBOSE,
)
_WISHED = pattern(
    r"""(?:i|we|chat)\ (?:vote|say|want|wish|would|need|pick|choose)\b
    | (?:i|we)\ (?:can\ not|only|do\ not|can\ only)\b
    | (?:you|he|we|she|they)\ (?:should|need|must|have\ to|got\ to|better|could|gotta)\b""",
    re.VERBOSE,
)


def asks_in(words: tuple[str, ...], text: str) -> bool:
    """Is it a question, by its words (contractions written out) or its mark?"""
    if is_question(text):
        return True
    line = " ".join(words)
    if lead := _LEADS.match(line):
        line = line[lead.end() :]
    if _ASKED.match(line):
        return not _EXCLAIMED.match(line)
    elsewhere = _ELSEWHERE.match if line.isascii() else _ELSEWHERE.search
    within = not _ASKS_WITHIN.isdisjoint(words) and _WITHIN.search(line)
    return bool(within or elsewhere(line))


def tells_in(line: str) -> bool:
    """Does a line of plain words that doesn't ask state something, and isn't a wish?"""
    if lead := _LEADS.match(line):
        line = line[lead.end() :]
    return bool(_TOLD.match(line)) and not _WISHED.match(line)
