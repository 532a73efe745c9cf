"""Words of places, of ways to them and of what is seen there, for discreet mode."""

from __future__ import annotations

PLACE = (
    r"(?:(?:train |bus |metro |subway |tram |railway |central |main |police |fire |gas |petrol )?"
    r"stations?|airports?|hotels?|hostels?|motels?|airbnb|bridges?|church|cathedral|mosque|synagogue"
    r"|temples?|shrines?|castle|palace|fortress|museum|gallery|malls?|supermarkets?|market(?:place)?"
    r"|harbou?r|ports?|pier|marina|beach(?:es)?|boardwalk|promenade|riverbank|river|lake|canal"
    r"|fountain|statue|monument|squares?|plazas?|roundabout|intersection|crossroads?|crossing"
    r"|crosswalk|skyline|skyscrapers?|towers?|lighthouse|stadium|arena|university|campus|hospital"
    r"|clinic|pharmacy|drugstore|library|embassy|consulate|(?:town|city) hall|bus stops?"
    r"|trams?|subway|metro|underground|ferry|terminal|platforms?|highway|motorway|freeway"
    r"|boulevard|avenue|alley(?:way)?|streets?|parks?|playground|zoo|aquarium|gardens?"
    r"|cemetery|restaurant|caf[e]s?|coffee ?shop|bars?|pubs?|night ?clubs?|bakery|gym|school"
    r"|kindergarten|parking(?: lot)?|car ?park|garage|neighbou?rhood|district|down ?town|old town"
    r"|(?:city|town) cent(?:re|er)|suburbs?|village|valley|mountains?|hills?|islands?|coast|border"
    r"|waterfall|volcano|national park|food court|convenience store|conbini|konbini|laundromat"
    r"|opera|ballpark|bazaar|abbey|monastery|convent|amusement park|ferris wheel|cable car"
    r"|water park"
    r"|arcade|casino|theat(?:re|er)|cinema|courthouse|prison|barracks|docks?|quay|seafront|bay"
    r"|waterfront|pedestrian zone|overpass|underpass|viaduct|town|city|country|state|county"
    r"|province|region|check ?point|customs|bandstand|velodrome|skate ?park|weir|old mill|pond|lido"
    r"|chip shop|chippy|nursery|creche|butchers?|newsagents?|post office|laund(?:e)?rette|chapel"
    r"|priory|manor|quarry|reservoir|towpath|jetty|slipway|bus shelter|taxi rank|lay ?by|flyover"
    r"|cul ?de ?sac|tower block|car wash|retail park|leisure centre|ice rink|bowling alley"
    r"|race ?(?:course|track)|brewery|observatory|planetarium|fun ?fair|fairground|theme park"
    r"|ruins|citadel|ramparts|big wheel|izakaya|ramen shop|boutique|dealership)"
)
"""Where one can be met; with a word before it that points."""

PLACE_WEAK = (
    r"(?:(?:book|flower|barber|butcher|pawn|gift|toy|pet|sweet|betting|corner|thrift|record|phone"
    r"|bike|hardware|vape|tattoo)? ?(?:shop|store)|chemist|depot|house"
    r"|building|corner|door|rooms?|gate|bank|office|road|block|club|hall"
    r"|cent(?:re|er)|rooftop|entrance|exit|lobby|elevator|stairs|escalator|bench|traffic lights?"
    r"|flat|apartment|diner|grill|kitchen|barber|salon|kiosk|food truck|stalls?"
    r"|supermarket|highway|way home)"
)
"""Where one can be met, but also an everyday word: only after a preposition of place."""

SEEN = (
    r"(?:trees?|palms?|buildings?|houses?|mountains?|neon|signs?|traffic|roofs?|flags?|graffiti"
    r"|trains?|bus(?:es)?|taxis?|cabs?|boats?|ships?|yachts?|sea|ocean|water|sand|dunes?|desert"
    r"|forest|woods|fields?|rocks?|cliffs?|steps|arch|gates?|dome|spire|clock|billboards?|posters?"
    r"|shops?|stores?|storefront|stalls?|windows?|balcon(?:y|ies)|brick|cobblestones?|pavement"
    r"|sidewalk|roads?|lanes?|rails?|tracks|crane|construction|scaffold(?:ing)?|pagoda|lanterns?"
    r"|minaret|mural|graveyard|chimney|windmill|vineyard|tuk ?tuks?|rickshaws?|scooters?|vendors?"
    r"|peaks?|hillside|coastline|monks|rooftops?|ferris wheel|wheel|pool|cows|sheep|snow|glacier"
    r"|terrace|patio|courtyard|corridor|hallway|escalators?|turnstiles?|ticket (?:gate|machine)s?)"
)
"""What a camera shows of the surroundings."""

ABROAD_WORDS = """
pizzeria stadtwerke brauerei konditorei taqueria bodega tankstelle
aeroport aeroporto aeropuerto altstadt apotheke arztpraxis autobahn avenida avenue ayuntamiento
backerei bairro bandara barrio basilica boulangerie boulevard brasserie brug calle campeggio camping
capela centro centrum chiesa corso duong dworcu dworec dworzec eglise einkaufszentrum estacao
estacion farmacia fermata friseur gare gasthaus gasthof gelateria gracht hafen haltestelle haven
iglesia igreja innenstadt jalan kerk kirche kirke kirken kloster kneipe kolodvor korut kosciele
kosciol krankenhaus kyrka kyrkan luchthaven lungomare mairie markt marktplatz messe metzgerei moscie
namesti osteria padaria palazzo palengke palyaudvar panaderia paroquia parroquia pasar passeig
pharmacie piazza plac plage playa plaza plein pont ponte porto praca praia praxis puente puerto quai
quais quartier rautatieasema ristorante rua rue rynek rynku santuario schloss sentrum sparkasse
spiaggia stasiun stazione stesen strada strand strassenbahn tankstelle trattoria trg trida ulica
ulice utca via viale volksbank wirtshaus
"""
"""Words of place in other languages, in Latin letters without marks."""

ABROAD = (
    r"(?:rathaus\w*|u-?bahn\w*|s-?bahn\w*|centre ville|place de|lotnisk\w+|przystank\w+|ulic\w"
    r"|meydan\w*|cadde\w*|soka[kg]\w*|istasyon\w*|havaalan\w*|otel\w*|belediye\w*|mahalle\w*"
    r"|iskele\w*|camii?\b|nadrazi\w*|park ?and ?ride|p ?[+&] ?r|gara de \w+|san bay|glavni trg"
    r"|\w{3,}(?:uv|sky|ovo) most"
    r"|\w*(?:bahnhofs?|flughafen|brucke|strasse|platz|torget|stasjon(?:en)?|stationen|(?<=\w)gasse"
    r"|(?<=\w)straat|(?<=\w\w\w)(?:gade|gatan?|torv|plads(?:en)?|katu)|(?<=\w\w\w\w)vej"
    r"|(?<!durch)(?<!schlicht)(?<!vorne)(?<=\w\w\w\w\w)weg"
    r")"
    r")"
)
"""Others of them, that have endings or more words."""

OTHER_SCRIPTS = (
    r"(?:πλατεια|οδος|σταθμος|вулиц\w*|площ[аеі]\w*|зупинк\w*|шосе|гара|شارع|محطة|ميدان|فندق|مطار"
    r"|רחוב|תחנת|כיכר|שדרות|ถนน|สถานี|ตลาด|สนามบิน|स्टेशन|बाज़ार|मार्ग|вокзал\w*|станци\w*"
    r"|метро|аэропорт\w*|улиц\w*|мост\w*|площад\w*|гостиниц\w*|отел\w*|駅|空港|橋|公園|神社"
    r"|神宮|ホテル|역 |공항|거리|공원|호텔|车站|車站|机场|機場|酒店|公园|大街"
    r")"
)
"""Words of place in other scripts."""

POINTS = (
    r"(?:in|at|on|onto|near|nearby|by|behind|beside|besides|beyond|opposite|outside|inside|under"
    r"|underneath|over|across|around|round|from|to|towards?|past|through|along|down|up|into|next to"
    r"|in front of|close to|between|off|above|below|leaving|leave|left|entering|entered|enter"
    r"|passing|passed|pass|reach(?:ed|ing)?|cross(?:ed|ing)?|visit(?:ed|ing)?|approach(?:ed|ing)?"
    r"|via|against|facing|overlooking|find|found|see|saw|of)"
)
"""Prepositions of place, and what does the same."""

WHICH = (
    r"(?:the|this|that|these|those|a|an|my|your|his|her|our|their|some|another|same|which|what"
    r"|every|any|each)"
)

NO_PLACE = """
trouble love luck danger charge shock tears pain shape sync agreement control command debt denial
bed chat here there together it this that these those them him her us me you my your his our their
its the a an all any some no every each which what who where when how one two three four five six
seven eight nine ten first second third last general particular fact case theory practice time short
long detail private public person real life order progress peace silence style stock store mind
touch terms need want favor favour focus hd full fullscreen total common class school college work
home least most best worst once night noon midnight dawn dusk lunch dinner breakfast risk war stake
rest max level random will length large ease fault hand heart awe agony bits pieces half circles
process game queue lobby sub subs emote emotes english german french spanish italian polish dutch
japanese korean chinese portuguese russian latin january february march april may june july august
september october november december spring summer autumn fall winter monday tuesday wednesday
thursday friday saturday sunday and or but so to for of with without because as if then now today
tomorrow again too very such good bad great high low deep front advance addition future return reply
between minutes hours days seconds weeks months years twitch discord youtube streaming stream games
minecraft fortnite valorant slippers pajamas hiding line lines spirit vain disguise disbelief slow
motion doubt mourning bloom action business character costume flames fire memory honor honour sight
place part session office meetings therapy shambles heaven hell limbo space gear park reverse
neutral drive tune key pitch bulk secret pairs groups threes white black red blue green color colour
colors bold caps lowercase nature essence turn turns response reality everything something anything
nothing someone everyone everybody anyone nobody people viewers mods moderators friends fans
chatters speed record pace poker chess cooking gaming singing dancing music talking being doing
having making getting going watching playing reading walking running eating mid under over down up
out off on in at by from about around like just only even still also really more less enough not
never ever always sometimes maybe peak prime bottom top sleep dreams dream zone mood lead middle end
dark rain sun snow cold shower air moment becoming number numbers fast much many late early hard
soon slow far loud quiet often easy different similar same right wrong loop mix video voice comments
comment car couch sofa chair way breath twenty thirty forty fifty sixty seventy eighty ninety eleven
twelve fifteen hundred beginning start box past jar soup fridge oven mirror title picture photo
movie series book story stories news meme memes group team band choir play finals final clips vods
laughter stitches crowds nostalgia suspense orbit existence excess
perspective nowhere retirement context money words ideas
"""
"""What follows `he is in` or `at` without saying where."""

IDIOMS = r"""
| \b(?:cross|burn\w*) (?:that|this|the|those|your|our|my|his) bridges?\b
| \bbridges? (?:we|you|i|he|she|they)(?:'l|'ll|'d)? (?:cross|burn\w*)\b
| \bup (?:my|your|his|her|our|their) alley\b | \bout of the woods\b
| \b(?:boss|end|ending|summer|winter|spring|christmas|halloween|weekend|final|finale|deadline
  |release|update|surprise|danger|doom|payday|victory|success|future|fun)(?:'s| is| was)?
  (?: just| right)? around the corner\b
| \b(?:been|go|goes|going|went) (?:a few times )?around the block\b
| \b(?:brazil nuts?|panama hats?|china shop|turkey (?:sandwich|leg|dinner)|bermuda shorts
  |french (?:fries|toast|press)|hong kong garden|new york cheesecake|boston cream|jersey shirt
  |guinea pigs?|cayenne|java ?script|chelsea boots?|peking duck|vienna sausage)\b
| \b(?:girl|boy|guy) next door\b | \bhome ?page\b
| \b(?:middle|back|top|bottom) of (?:the|my|his|her|your) (?:sentence|mind|head|list|class)\b
| \broad to (?:\d+|glory|success|recovery|ruin|partner|affiliate)\b | \bon the road to\b
    """
"""Words of place that tell none, as the choices of a pattern."""

GAMES = """
twitch discord youtube chat instagram tiktok reddit minecraft fortnite valorant gta roblox zelda
mario pokemon tetris skyrim english german french spanish italian polish dutch japanese korean
chinese portuguese russian monday tuesday wednesday thursday friday saturday sunday january
february march april may june july august september october november december christmas easter
halloween god jesus obs irl lol lul kappa pogchamp python steam xbox playstation nintendo spotify
netflix google i ok okay elden ring dark souls league legends overwatch apex warzone counter strike
dota sims hello hi thanks the mom dad mum santa no yes wow please sorry mr mrs oh ah well then but
and so just let good great nice
"""
"""Capitalised words after a preposition that are no places."""
