"""What tells a place, rule by rule: questions, ways to tell one, signs, scenes, trains."""

from __future__ import annotations

PATTERNS = {
    "question": r"""
    | \bNOTWHERE(?:'s|s|'re|re| is| are| was| were| r| did| does| do| am| will| u
      |\syou| we| he| she)?
      (?: (?:exactly|on earth|the (?:hell|heck|fuck)|tf|in the world|abouts|are|is|r))?
      \s(?:he|she|they|we|you|u|this|that|it|i|bro|dude|ya|(?:the |our )?streamer|location|am|dis
      |im)\b
      (?! (?:sub|buy|get|find the link|click|donate|vote|sign up|stand on|start|learn|go wrong))
    | \bwhere (?:at|exactly|to|abouts|from|now|next|in|is [a-z]+ (?:now|right now|going|at))\b
    | \bwhereabouts\b | \bwya\b | \bwhere ?bouts\b
    | \b(?:what|which|wat|whats|what's)(?: is| are|'s)?(?: the| this| that| your| his| her)?
      (?: name of(?: the| this| that)?)?
      \s(?:city|country|town|street|road|place|area|state|district|neighbou?rhood|part of|restaurant
      |hotel|hostel|bar|beach|park|station|building|island|region|continent|time ?zone|village
      |mall|bridge|river|cafe|club|shop|store|stop|line|airport|gate|spot|location|address|province
      |landmark|temple|church|tower|museum|market|square|county|suburb|bus|train|flight)\b
    | \b(?:location|locations|locate|located|coordinates|coords|geoguess\w*|geo ?guess\w*|pinpoint
      |triangulate|snip(?:e|er|ers|ing)|dox+(?:ed|ing)?|swat(?:ted|ting)?|track(?:ing)? (?:him|her
      |them)|follow(?:ing)? (?:him|her|them)|find (?:him|her|them)|google maps|street ?view|gps
      |maps? link|live ?map|rtirl|whereabouts|meet ?ups?)\b
    | \b(?:anyone|anybody|who|someone|does) (?:know|knows|recogni[sz]e\w*) (?:where|this place
      |that place|the place|this spot)\b
    | \b(?:name of|whats|what's|what is)(?: that| this| the| his| her)? (?:place|restaurant|bar
      |hotel)
    | \bwo (?:ist|bist|seid|sind|wohn\w+|genau|steht|geht|fahrt|lauft)\b | \bin welche[rm] \w+
    | \bwelche (?:stadt|strasse|haltestelle)\b | \bwelches (?:land|hotel|restaurant)\b
    | \bd?onde (?:voce|tu|ele|ela|eles|esta\w*|estan|andas?|queda|fica|vive|es|e)\b
    | \ben que (?:ciudad|pais|calle)\b
    | \bou (?:est|es|etes|sont|sommes|tu|il|elle|vous|on|ca)\b | \b(?:c'est|t'es|il est
      |vous etes) ou\b
    | \b(?:dans )?quele? (?:ville|pays|rue|quartier|hotel)\b
    | \bdov'?e? (?:sei|siamo|e|si|sono|siete|vai|sta)\b | \bdov'e\b | \bin (?:che|quale) (?:citta
      |via|paese)
    | \bwaar (?:is|ben|zijn|zit|ga|gaat)\b | \bwelke (?:stad|straat)\b | \bin welk land\b
    | \bgdzie (?:jest\w*|on|oni|teraz|to)\b | \bw jakim (?:miescie|kraju)\b | \bna jakiej ulicy\b
    | \bem que (?:cidade|pais|rua)\b | \bnerede\w*\b | \bvar ar\b | \bhvor er\b
    """,
    "place": r"""
    | \bWHICH(?: [\w'\-]+){0,3}? PLACE\bNOTHING
    | \bPOINTS(?: [\w'\-]+){0,3}? PLACE\bNOTHING
    | \b(?:in|at|on|near|by|behind|beside|opposite|outside|inside|across|around|from|to
      |towards?|past|through|down|into|next to|in front of|close to|leaving|entering|passing|off
      |under|over|above|below|beneath|beyond|round) (?:(?:the|this|that|a|an|his|her|their|our|your
      |my|some) )?(?:[\w'\-]+ ){0,2}?WEAK\b(?! of)NOTHING
    | \b(?:\w+'s|\w+) (?:street|avenue|ave|boulevard|blvd|station|bridge|temple|shrine|cathedral
      |beach|airport|hotel|hostel|market|mall|plaza|castle|palace|cafe|bakery|restaurant|district
      |museum|stadium|harbour|harbor|quay|terminal|apartments|residences|mansions|villas|cottages)
      \bNOTHING
    | \b(?:saint|st|mount|mt|lake|river|fort|port|san|santa|sao|santo|sankt|los|las|el|cape
      |camp)[ \-](?!of\b)[a-z]{4,}
      \s?(?:church|street|hospital|school|park|square|bridge|station|road)?\b(?<!santa claus)
    | \bABROAD\b
    | \b(?:\d+|two|three|a few|couple(?: of)?|one|five|ten|twenty|half an?) (?:min|mins|minutes?
      |hours?
      |hrs?|blocks?|meters?|metres?|km|miles?|stops?|steps|houses|doors|streets)
      \s(?:away|from|north|south|east|west|down|up|walk|drive|further|to|before|after|outside)\b
    | \b(?:turn|go|take a|make a|keep|bear|first|next|second) (?:left|right)\b
    | \b(?:on|to) (?:the|your|his|her|my|our) (?:left|right)(?:[ \-]hand)?(?: side)?\b
    | \bstraight (?:ahead|on)\b | \ba?round the (?:corner|block)\b
    | \bnext door\b
    | \b(?:two|three|four|few|couple(?: of)?|\d+) (?:streets?|blocks?|houses?|doors?|stops?)
      \s(?:over|away|down|up|back|off)\b
    | \b(?:ground|top|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd
      |rd|th)) floor\b | \b(?:window|door|house|building)s? (?:from|on|to) the (?:left|right|end)\b
    | \b(?:at|to|from|near|by|behind) (?:his|her|their|my|our|your)(?: [\w']+)?
      \s(?:place|house|flat|apartment|crib|yard|garden|garage|porch|balcony|folks|parents?|mum|mom
      |mother|dad|father|gran\w*|aunt\w*|uncle|girlfriend|boyfriend|sister|brother)'?s?\b
      (?! (?:in the|on the) (?:list|rank|standings|queue|leaderboard))
    | \b(?:live|lives|lived|living|works?|working|stays?|staying|parks?|parked|sleeps?|hangs?)
      (?: [\w']+){0,2}? (?:here|there|nearby|close by|down the (?:road|street)|up the (?:road|street
      |hill))\b
    | \b(?:outside|at|to|from|near|opposite) (?:number|no\.?|nr\.?) ?(?:\d{1,4}|one|two|three|four
      |five|six|seven|eight|nine|ten|eleven|twelve)\b(?! (?:in the|on the|place|spot|rank))
    | \bat (?:mine|yours|(?:his|hers|ours|theirs)(?=$|[.,!?]| (?:in|now|tonight|later|tomorrow
      |after|until|til)\b))
    | \b(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth)(?: \w+)? from the (?:top|bottom
      |left|right|end)\b
    | \b(?:almost|nearly|he's|she's|he is|i'm|im|hes|we're|got|gets|coming|comes|goes|heads?|heading
      |walks?|leaves?) (?:back )?home\b(?! ?(?:run|screen|page|cooked|made))
    | \b(?:goes|leaves|comes|gets|starts|finishes|arrives|returns) (?:to|for|from|at|off)? ?(?:work
      |school|college|uni|the (?:gym|office))\b
    | \b(?:two|three|four|few|\d+) more (?:streets?|blocks?|stops?|stations?|corners?|doors)\b
    | \b(?:mile|km|kilometer|kilometre) ?(?:marker|post|stone)\b | \bmilestone marker\b
    | \b(?:hotel|hostel|motel)(?: [\w'\-]+){0,2}
      \s(?:reception|lobby|bar|entrance|rooftop|breakfast)\b
    | \b(?:one|two|three|\d) blocks\b
    | \b(?:head\w*|go\w*|walk\w*|driv\w*|mov\w*|due|facing|just|further|far) (?:north|south|east
      |west)
      (?:bound|wards?|ern)?\b
    | \b(?:north|south|east|west)(?:ern)? (?:of|side|end|part|bank|coast)\b
    | \b\w+bound\b(?<!spellbound)
    | \b(?:local time|time ?zone|utc|gmt|cet|pst|est|jst|kst)\b
    | \b(?:same|my|this|our) (?:city|town|country|street|neighbou?rhood|block|state|village|area)\b
    | \b(?:min|mins|minutes?|hours?) (?:by|on) (?:bike|foot|car|bus|train|tram|metro|taxi|scooter)\b
    | \b(?:a|one|half a|few) (?:block|street|stop|mile|kilometer)s? (?:away|from|down|up|over)\b
    | \b(?:\d+|two|three|four|five|few|couple of) ?(?:m|meters?|metres?|feet|tables?|seats?|rows?
      |cars?|floors?|steps)(?: away)? (?:from|behind|ahead|in front) (?:of )?(?:him|her|them|you
      |me|here|my)\b
    | \b(?:on|onto|corner of|down|off|between|near|along|at|past) \d{1,3}(?:st|nd|rd|th)\b
      (?! (?:place|try|attempt|time|prestige|rank|level|gen|round|minute|hour|day|of))
    | \bcorner of\b | \b(?:around|near|close to|over) there\b | \bnear here\b
    | \b(?:near|close to|next to|around|behind) me\b | \babout to board\b | \bnext stop\b
    | \b(?:up|down|on|off|past)(?: \w+)? (?:escalators?|stairs|elevator|lift|ramp)\b
    | \b(?:border|immigration|customs|check-?in|boarding|layover|departure|arrivals?)\b
    """,
    "whereabouts": r"""
    | \bPEOPLEBENOW (?:in|at|near|inside|outside|around|by|towards|past|through|across|off)
      (?: the)? (?!NOPLACE)(?!\d)\w{3,}
    | \bPEOPLEBENOW (?:in|at|near) (?!NOPLACE)\w{2}\b
    | \b(?:MOVE)(?: \w+)? (?:in|at|near|around|through|across|towards|past|along|into|behind
      |beside|outside|opposite|above|below|by the|by his|by her|by a)(?: the)?
      \s(?!NOPLACE)(?!\d)\w{3,}
    | \b(?:arriv|land|head|driv|fly|travel|mov|cycl|bik|walk|hik|sail|train|tick|trip|flight
      |on the way
      |on (?:his|her|my|our|their|your) way)(?:ing|ed|s|et)?(?: back)? to (?:the )?
      (?!NOPLACE)(?!\d)\w{3,}
    | \b(?:back|welcome)(?: back)? to (?!NOPLACE)(?!\d)\w{3,}
    | \b(?:live|streaming|greetings|coming|came|back|is|are|'s|'re|am|'m|flying|flew|away|far)
      \sfrom (?!NOPLACE)(?!\d)\w{3,}
    | \b(?:just |we |he |she |they |i |you )(?:left|reached|visited|entered|crossed|toured|passed
      |explored)
      \s(?!NOPLACE)(?!behind|alone|right)\w{4,}
    | \b(?:used to live|lives?|living|lived|grew up|was born|from|moved|based|hometown)
      \s(?:in|near|around|outside|to|is) (?!NOPLACE)\w{3,}
    | \b(?:come|came|comes|coming|walk\w*|step\w*|got|gets|getting) (?:out|off) of (?:the |a )?
      (?!NOPLACE)\w{3,}
    | \b(?:um die ecke|an der ecke|a la vuelta|en la esquina|na esquina|au coin|dietro l'angolo
      |za rogiem|om de hoek|detras de|delante de|al lado de|enfrente de|en face d[eu]|a cote d[eu]
      |derriere (?:la|le|l')|devant (?:la|le|l')|accanto a\w*|di fronte a\w*|davanti a\w*
      |vicino a\w*|tegenover|naprzeciwko|ao lado d[aeo]|em frente d?[aeo]|gegenuber)\b
    | \bwohn\w+(?: \w+){0,3} (?:in|bei|beim|an|neben|hinter|uber)\b
    | \b(?:er|sie|wir|ich|du|ihr|man) (?:ist|sind|bin|bist|seid|war|wohn\w+|steh\w+|sitz\w+|lauf\w+
      |fahr\w+|geht|gehen|kommt)(?: \w+)? (?:in|im|am|an|beim?|auf|an der|vor|hinter|neben|nach|zum
      |zur|durch|uber)\b
    | \b(?:il|elle|on|je|tu|nous|vous|ils) (?:est|suis|es|sommes|etes|sont|habite|marche|mange|dort
      |vient|arrive|attend|sort|passe|prend|descend)(?: \w+)? (?:a|au|aux|en|dans|pres|chez|sur
      |devant|vers|du|le (?:metro|bus|train|tram))\b
    | \b(?:esta|estan|estamos|estoy|estas|anda|vive|sto|sei|siamo|sono|si trova|esta|estao|trabaja
      |camina|sale|saliendo|llega|llegando|pasa|pasando|abita|cammina|esce|arriva|passa|mora|sai
      |saindo|chega|chegando)(?: \w+)? (?:en|no|na|em|a|al|in|nel\w*|dal\w*|cerca|vicino|perto|por
      |del|pelo|pela|do|da|hacia|verso)\b
    | \b(?:hij|zij|ze|we|ik|jij) (?:is|zijn|ben|bent|zit|lo+pt?|rijdt?|fietst?|sta+t?|wo+nt?|ga+t?
      |komt?)(?: \w+)? (?:in|op|bij|aan|naast|voor|over|naar|langs|door)\b
    | \b(?:jest|jestesmy|jestem|jestes|sa|mieszka\w*|pracuje|stoi|siedzi|jedzie|idzie)(?: \w+)?
      \s(?:w|we|na|przy|obok|kolo|pod|do|naprzeciw\w*)\b
    | \b(?:сеичас|сидит|стоит|гуляет|идет|едет|живет|он|она|мы|я) (?:сеичас )?(?:в|во|на|у|около
      |возле) \w+
    """,
    "chain": r"""
    | \b(?:POINTS|(?:a|an|the|that|this|my|his|same|local|nearest)) (?:(?:the|a|that|this|local
      |nearest
      |big|new|another|same) )?(?:CHAIN)\b
    """,
    "transport": r"""
    | \b(?:line|gate|platform|exit|terminal|flight|bus|tram|route|train|gleis|ausgang|linea|ligne
      |quai
      |sortie|linie|peron|salida|uscita|binario|anden|pier|dock|bay|ferry|carriage|wagon|coach|voie
      |spoor
      |lijn|tor|steig|junction|highway|hwy|interstate|autobahn|autoroute|bundesstrasse|floor|level
      |zone)
      \s?(?:number |no\.? |nr\.? |# ?)?LETTERED(?!\w)(?! of code)
    | \b(?:gate|exit|terminal|platform|ausgang) [b-h]\b
    | \bon the \d{1,3}[a-z]? (?:going|to|towards?|heading|from|bound)\b
    | \b(?:plates?|reg|registration)(?: number)? (?:begins?|starts?|ends?)\b
    | \b(?:line|exit|gate) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b
    | \b(?!(?:punch|first|second|third|last|next|finish|start|front|bottom|pick|love|this|that|same
      |every|fine|thin|dotted|bass|guitar|time|main|head|dead|story|under|over|your|their|only|great
      |good|best|deli|killer|starting|opening|closing|whole|entire|single|catch|tag|another)\b)
      \w{4,} line(?=,| to\b| towards\b| for\b| from\b| at\b)
    | \b(?:red|blue|green|yellow|orange|purple|pink|circle|central|northern|loop) line\b
    | \b(?:number |no\.? ?)?\d{1,3}[a-z]? (?:bus|tram|train|metro|ferry)\b
    | \b(?:on|the|via|take|off|down|near) (?:[ambenids]|i|rn|us|ca|sr|fm)[ \-]?\d{1,3}\b
    | \b(?:last|next|night|airport|express|bullet|local|his|her|their|our|my) (?:bus|train|tram
      |flight
      |ferry|metro|boat|plane|coach|stop|shuttle)\b
    | \b(?:bus|train|tram|metro|subway|taxi|uber|ferry|boat|plane|flight|shuttle|cable car
      |cab) (?:to|from
      |is|just|leaves|left|stops|stopped|arrives|goes|driver|ride|here|home|stop|line|station)\b
    | \b(?:on|in|off|into|onto|by|took|take|taking|catch|caught|missed|waiting for)(?: the| a| an
      | his| this)?
      (?: \w+)? (?:bus|train|tram|metro|subway|taxi|uber|ferry|boat|plane|shuttle|cable car|cab
      |tuk ?tuk)\b
    """,
    "sign": r"""
    | \b(?:plaque|billboard|signpost|road ?sign|street ?sign|banner|inscription)\b
    | \b(?:sign|board|billboard|banner|placard|storefront|poster|menu|display|ticket|receipt
      |schedule
      |timetable|label|graffiti|plaque|plate|bus|taxi|shirt|flag|door|window|wall|map|van|truck
      |train)s?
      (?: \w+){0,4} (?:says?|said|reads?|spells?|shows?|written|has|have|that says)\b
    | \bit says\b(?! (?:a lot|nothing|so much|something|hi|hello|no\b|yes))
    | \b(?:i|you|we|they|chat) (?:can |could )?(?:read|make out)\b.{0,12}(?:["“'„«]|on|above|sign)
    | \b(?:written|printed|painted|engraved) (?:on|above|over|in)\b(?! the stars)
    | \b(?:street|road|shop|neon|stop|warning|traffic|door|bus|station) signs?\b | \bsigns?\s?:
    | \b(?:sign|shop|place|restaurant|bar|hotel|store|cafe|bakery|street|town|city|club|pub)
      (?:'s| is| was)? (?:called|named)\b
    | \b(?:says|reads|spells|labell?ed|called|named|titled) ?:? ?["“„«][^"”“»]{2,60}["”“»]
    | \b\w[\w ]{2,30} it says\b | \bthe (?:letters|writing|characters|kanji|text)\b
    | \bsteht (?:auf|am|da|drauf)\b | \bauf dem schild\b | \bil est ecrit\b | \bpone en\b
    | \bc'e scritto\b
    """,
    "scene": r"""
    | \b(?:i(?: can)? see|i'm seeing|we see|you can see|there(?:'s|s| is| are)|looks like|shows
      |showing
      |seeing|standing|sitting|walking|passing|passed|past|what an?|behind|in front of|next to
      |beside
      |background|foreground|between|under|through|surrounded by|full of|view of|lots of|i notice
      |spotted|visible|camera|around|along)\b(?: [\w'\-,]+){0,6}? SEEN\b
    | \b(?:all |everywhere )?around (?:us|him|them)\b
    | \b(?:in|into) the (?:background|distance|foreground|frame|shot)\b
    | \b(?:the|this) (?:camera|footage|video|image|scene|view(?! ?count)|scenery|landscape
      |surroundings
      |architecture|skyline)\b
    | \b(?:a|an|the|that|this|those|two|three|some) (?:[\w'\-]+ ){1,4}(?:behind|in front of|next to
      |beside)
      \s(?:you|him|her|them|us|me|he)\b
    | \b(?:the|this|these|those|that) (?:trees|palm trees|buildings|houses|streets|alleys|shops
      |stores
      |mountains|architecture|scenery|rooftops|license plates|plates|road signs)\b
    | \bpalm trees?\b | \bneon signs?\b | \bcobblestone\b | \bgraffiti\b | \bstreet (?:lamp|light
      |sign)s?\b
    | \bis that (?:the|a|an)\b(?! (?:joke|thing|good|bad|problem|new|real|question|yes|no|threat
      |challenge
      |dare|bet|deal|lot|bit|same|best|worst|reference|promise))
    """,
}
"""Each rule's choices; names in capitals stand for what `place_rules` puts there."""
