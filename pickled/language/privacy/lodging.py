"""Finds where a person sleeps and lives: lodging, the way home, questions after either."""

from __future__ import annotations

from collections.abc import Iterator

from pickled.language.privacy.spots import Spot, listed_choices

WHO = r"(?:he|she|they|we|i|you|u|bro|dude|guy|(?:the )?streamer|[a-z]+(?=(?:'s| is) ))"
IS = r"(?:'s|'re|'m|s| is| are| am| was|'ll be| will be| were|re|m)?"
_NOW = r"(?: (?:still|currently|now|actually|probably|really|always|just|only|all|tonight)){0,2}"
_BED = (
    r"(?:hotels?|hostel|motel|airbnb|air bnb|bnb|b&b|guest ?house|ryokan|resort|lodge|apartment"
    r"|flat|pension|albergo|auberge|gite|condo|villa|cabin|campsite|ferienwohnung|unterkunft|airb&b"
    r"|residence|dorm)"
)
_NO_BED = (
    r"(?! ?(?:home|work|school|the (?:top|bottom|front|back|end|table|desk|wheel)|night|noon"
    r"|(?:my|his|her|their|your) (?:desk|keyboard|pc|table|wheel)|least"
    r"|all|once|peace|rest|arm|number one|first|full|max|level|this (?:level|pace|point|rank|game)"
    r"|one|zero|around|\d+ |\d+(?:%|hp|k)))"
)
_NO_HOME = (
    r"(?!(?:the (?:edge|road|move|stream|internet)|coffee|pizza|stream|caffeine|energy|a budget"
    r"|camera|air|tv|twitch|youtube|kick|a planet|earth|home|night|least|hope|only|forever|in"
    r"|my (?:own|nerves)|noodles|ramen|a prayer|borrowed|bread|rice|love|and|through|as|for|to|but"
    r"|instant|nothing|mars|her own|his own|their own|our own|no sleep|vibes|snacks|fast food"
    r"|from|with|without|because|while|once|again|now|today|so|too|well|or)\b)"
)
_OWN = r"(?:my|his|her|their|our|your|the streamers?|(?:the )?streamer'?s|[a-z]+'s)"
_LODGING = listed_choices(
    "privacy/lodging",
    parts=lambda: {
        "BED": _BED,
        "NOBED": _NO_BED,
        "NOHOME": _NO_HOME,
        "OWN": _OWN,
        "WHOISNOW": WHO + IS + _NOW,
        "WHONOW": WHO + _NOW,
        "NOW": _NOW,
        "WHO": WHO,
    },
)


def spots(text: str) -> Iterator[Spot]:
    """All that is found in a calm plain form; linear in its length."""
    return (Spot(*match.span(), "lodging") for match in _LODGING.finditer(text))
