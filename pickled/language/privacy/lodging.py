"""Finds where a person sleeps and lives: lodging, the way home, questions after either."""

from __future__ import annotations

from collections.abc import Iterator

from pickled.language.privacy.spots import Spot, choices

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
_LODGING = choices(
    r"""
    | \bWHOISNOW (?:stay(?:s|ed|ing)?|sleep(?:s|ing)?|slept|crashing|lodging|camping|couchsurfing
      |living)(?: over| tonight| now| right now)? (?:at(?!\w)NOBED
      |(?:in|inside|near|by|behind|opposite|next to|across from)
      \s(?: (?:the|a|an|this|that|my|his|her|their|our|some|room|number))?(?: [\w'\-]+){0,3}? BED\b)
    | \b(?:staying|checked in|checking in|check in) (?:at|into|to) the (?!top\b|end\b)[\w'\-]+
    | \bcheck(?:ed|ing|s) in(?:to)?(?: at| to)?(?: (?:the|a|an|his|her|their|my|our))?
      (?: [\w'\-]+){0,3}? BED\b
    | \bcheck(?:ed|ing|s) into (?:the |a |an )(?!game|stream|chat|match|lobby|server|boss)[\w'\-]+
    | \b(?:where|wheres|which (?:hotel|hostel|motel|airbnb|street|building|apartment|flat))(?:'s)?
      (?: exactly)?(?: (?:is|are|was|does|do|did|s|will|in|has|have))? WHONOW
      \s(?:staying|stays?|sleeping|sleeps?|living|lives?|lodging|crashing|parks?|parked|booked
      |going to (?:sleep|stay))\b
    | \bOWN(?: (?:home|exact|full|street|current|hotel|real|new|old|mailing|postal|private|house|ip
      |e-?mail|delivery|personal|work|parents'?)){0,3} (?:address|addy|adress|adresse|ip\b
      |(?:phone|cell|mobile|plate|room|door|house) number|home location|licen[cs]e plate|postcode
      |zip code|real name|full name|last name|surname)\b(?! to (?:the|all|every|a|congress))
    | \b(?:home|street|exact|hotel) (?:address|addy|adress)\b
    | \b(?:address|addy|hotel|airbnb|hostel|motel) (?:of|for) (?:the streamer|him|her|them|this guy)
    | \bOWN BED ?(?:'s|is|was) (?:at|on (?!fire)|in|near|next|called|named|behind|opposite|across
      |right (?:by|next|on|at)|around|the(?: [\w'\-]+){0,3}? BED)\b
    | \bBED(?:'s| is| was)? (?:called|named)\b.{0,40}
    | \bBED name is\b.{0,40}
    | \bname of (?:his|her|their|your|our|the) BED\b
    | \b(?:what|which) (?:BED|room|floor|apartment|house)(?: number)?(?: is| are| was)? WHO\b
    | \bwhat (?:school|kindergarten|college) (?:do|does) (?:his|her|their|your|the)\b
    | \b(?:sleeping|sleeps|living|lives) in (?:a|the|his|her|their) (?:van|camper|rv|trailer|tent)\b
    | \bwhich BED\b
    | \b(?:[a-z]+NOW (?:lives|lived|resides|moved|(?:is|are|was) living)
      |(?:they|we|i|you|to|parents|don't)NOW live)(?: right| just)? (?:on|at)
      \sNOHOME(?:the (?:\w+ )?(?:floor|street|road|avenue|corner|block|square|hill|side)\b
      |(?:this|that|same|number|no\.?) |\d+[a-z]? (?!pm|am)[^\W\d]{2,}|[^\W\d]{2,})
    | \bWHOISNOW (?:lives?|living|resides?|parked)(?: right| just| directly)? (?:next (?:to|door)
      |behind|across|opposite|around the corner|above|below|close to|beside|near
      |(?:in|inside) (?:the|a|an|that|this)(?: [\w'\-]+){0,3}? (?:house|flat|apartment|building
      |block|tower|street|road|complex|villa|condo|loft|basement|dorm|trailer|van)\b)
    | \b(?:wohn(?:t|e|en)|schlaft|ubernachtet)(?: gerade| jetzt)? (?:in de[rm]|im|am|an der|bei
      |auf der|neben|hinter|gegenuber|direkt)\b
    | \b(?:habite|loge|dort) (?:au|a l'|a la|rue|dans (?:la|le|l'|un)|pres|chez|derriere|a cote)\b
    | \b(?:vive|alojad[oa]|se aloja|se hospeda|duerme) (?:en (?:la|el|una?|calle)|cerca|al lado)\b
    | \b(?:abita|alloggia|vive|dorme) (?:in (?:via|piazza)|all[ao']|al |vicino|nel|presso)\b
    | \b(?:woont|verblijft|slaapt) (?:op|in (?:de|het|een)|aan|bij|naast)\b
    | \b(?:mieszka|nocuje|spi) (?:na|przy|w hotelu|obok|kolo)\b
    | \b(?:mora|hospedad[oa]|fica alojad[oa]) (?:na|no|em frente|perto)\b
    | \b(?:wo|ou|donde|dove|waar|gdzie|onde)(?: er| sie| il| elle| se)? (?:wohnt|schlaft|ubernachtet
      |habite|dort|loge|vive|duerme|aloja|hospeda|abita|alloggia|dorme|woont|slaapt|mieszka|spi
      |nocuje|mora)\b
    | \b(?:follow(?:ed|ing)?|tail|track) (?:him|her|them|you)
      \s(?:home(?! (?:screen|page|run))|back to|to (?:his|her|their|the) BED)\b
    | \b(?:wait(?:ing|ed)?|standing|sitting|camping|am|im|i'm|be|is)(?: \w+)? (?:outside
      |in front of) (?:his|her|their|your)(?: \w+)?
      \s(?:BED|house|home|door|place|window|building|room)\b
    | \bBED(?: room)? (?:in|at|on|near)(?: \w+){1,3} (?:street|road|avenue|square)\b
    """,
    calm=True,
    BED=_BED, NOBED=_NO_BED, NOHOME=_NO_HOME, OWN=_OWN,
    WHOISNOW=WHO + IS + _NOW, WHONOW=WHO + _NOW, NOW=_NOW, WHO=WHO,
)  # fmt: skip


def spots(text: str) -> Iterator[Spot]:
    """All that is found in a calm plain form; linear in its length."""
    return (Spot(*match.span(), "lodging") for match in _LODGING.finditer(text))
