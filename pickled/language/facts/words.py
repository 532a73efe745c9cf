"""The words that rules for facts go by: who and what people talk about, and what is not kept."""

from __future__ import annotations

import re

from pickled.patterns import pattern


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def _any(text: str) -> str:
    return "|".join(re.escape(each) for each in sorted(text.split(), key=len, reverse=True))


PETS = _any(
    "dog doggo puppy pup cat kitty kitten hamster rabbit bunny parrot budgie bird horse"
    " pony fish goldfish turtle tortoise lizard gecko snake rat ferret chicken goat axolotl"
)
FAMILY = _any(
    "mom mum mother dad father sister brother wife husband partner girlfriend boyfriend"
    " fiance fiancee son daughter grandma grandpa grandmother grandfather aunt uncle cousin"
    " niece nephew roommate flatmate"
)
THINGS = _any(
    "car bike bicycle motorbike motorcycle van boat job laptop pc computer phone guitar"
    " piano house flat apartment garden kitchen team band project thesis book novel game"
    " channel stream bakery shop company startup"
)
EVENTS = _any(
    "exam exams final finals test interview birthday wedding honeymoon flight holiday"
    " holidays vacation trip graduation move marathon race concert gig recital presentation"
    " deadline defense defence anniversary match tournament audition internship semester"
    " shift"
)
TASTES = _any(
    "food dish drink color colour game movie film band song singer artist book author show"
    " series anime animal season sport team city country streamer snack dessert fruit pizza"
    " instrument genre character hobby subject place"
)

JOBS = _any(
    "nurse doctor teacher student programmer developer engineer designer architect lawyer"
    " baker chef cook barista waiter waitress bartender driver trucker pilot farmer"
    " fisherman carpenter plumber electrician mechanic welder builder painter musician"
    " singer guitarist drummer pianist composer artist illustrator animator photographer"
    " filmmaker editor writer author journalist translator librarian scientist biologist"
    " chemist physicist mathematician statistician astronomer geologist historian economist"
    " accountant banker cashier salesman firefighter paramedic dentist veterinarian vet"
    " pharmacist midwife therapist psychologist researcher professor tutor sailor soldier"
    " gardener florist hairdresser tailor butcher blacksmith surveyor intern apprentice"
    " freelancer consultant analyst sysadmin tester technician dispatcher postman courier"
    " gamer streamer climber runner cyclist swimmer skier surfer dancer actor actress"
    " comedian magician beekeeper brewer potter knitter birdwatcher geographer linguist"
)
KINDRED = _any("mom mum mother dad father grandma grandpa vegetarian vegan lefty twin")

NOT_ENGLISH = words(
    "el la los las de del que pero und ich nicht aber mit je et est les une dans mais pour"
    " och inte ist das ein eine il di che sono ik een het og jeg ikke er på não com você muy"
    " mi es yo"
)
"""Common words of other languages: one of them, and a text yields nothing."""

NOT_A_THING = words(
    "i me my mine myself you your yours u ur yourself he him his she hers her it its they"
    " them their theirs we us our ours this that these those there here how what when where"
    " who which why whether if to be everyone everybody someone anybody chat guys something"
    " everything nothing anything one ones thing things stuff"
)
"""What can't be understood away from the conversation."""

_SENSITIVE = (
    r"gay|lesbian|bisexual|bi|trans|transgender|queer|asexual|sexual\w*|sex|nsfw|porn\w*|nude\w*"
    r"|christian|catholic|muslim|islam\w*|jewish|jew|hindu|buddhist|atheist|mormon|religio\w*"
    r"|republican|democrat|conservative|liberal|communist|socialist|nazi|fascist|vot(?:e|ed|ing)"
    r"|depress\w*|anxi\w*|bipolar|autis\w*|adhd|ptsd|suicid\w*|self-?harm\w*|therapy|medication|meds"
    r"|cancer|diabet\w*|hiv|aids|epilep\w*|pregnan\w*|miscarr\w*|disab\w*|allerg\w*|surger\w*|hospital"
    r"|diagnos\w*|disease|disorder|covid|chemo|doctor's|addict\w*|alcoholic|sober|rehab|drug\w*|weed"
    r"|jail|prison|arrest\w*|convict\w*|divorc\w*|abus\w*|assault\w*|kill\w*|murder\w*|rape\w*"
    r"|my\ life|boobs?|tits|butts?|ass(?:es)?|dicks?|cocks?|pussy|horny|foreigners?|immigrants?"
    r"|(?:hates?|dislikes?|stand|like)\ (?:\w+\ )*(?:people|men|women|girls|boys|kids|children)"
    r"|password|passcode|pin|ssn|passport|iban|salary|bank|credit\ card|debt"
)
SENSITIVE = pattern(rf"\b(?:{_SENSITIVE})\b", re.IGNORECASE)
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

BOTS = words(
    "nightbot streamelements streamlabs moobot fossabot wizebot soundalerts sery_bot"
    " commanderroot botrixoficial stay_hydrated_bot kofistreambot tangiabot own3d coebot"
    " deepbot phantombot pretzelrocks restreambot streamcaptainbot supibot blerp creatisbot"
)

ORDINARY = frozenset("|".join((PETS, FAMILY, THINGS, EVENTS, TASTES, JOBS)).split("|")) | words(
    "the and for are but not you all any can had her was one our out day get has him his how"
    " man new now old see two way who boy did its let put say she too use love like good great"
    " best happy nice hello thanks chat live people time year world life water coffee tea"
    " bread cheese ramen pasta rice sun moon star rain snow wind storm fire cloud river lake"
    " sea ocean forest tree mountain hill road street town train tram bus plane king queen"
    " hero ghost shadow angel night morning red blue green black white pink gold silver alpha"
    " wolf fox bear lion tiger eagle panda duck ice hot cold big small"
)
"""Words that somebody may be called, and that say nothing about them."""
