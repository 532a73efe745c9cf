"""The wordings of tricks that come as a game, a quiz, a line to read, a translation, a puzzle.

In the form of `trick_words`: they ask for a text by something other than a plain "say".
"""

from __future__ import annotations

PLAY = r"""
repeat: perform recite recital reading sing song lyrics rap verse poem haiku limerick karaoke line
    lines script scripted phrase sentence catchphrase motto slogan voice aloud loud loudly parrot
    copycat echo simon announce announcement broadcast declare pronounce proclaim whisper scream
    speak spoken sound sounds words encore result punchline quote tts shout shoutout shouted
    title wish toast speech anthem role act acting play playing character roleplay dub hear
=
    (?<!the )(?<!a )\b(?:perform\w*|recit\w+|sing|lyrics|song is|rap|verse|poem|haiku|limerick
    |karaoke|lines?|script|phrase|sentence|catchphrase|motto|slogan|voice|aloud|loud(?:ly)?|parrot
    |copycat|echo|simon|announce\w*|broadcast|declare|pronounce|proclaim|whisper|scream|speak|spoken
    |sounds?|words|encore|result|punchline|tts|shout\w*|toast|speech|character|hear
    )\b[^:：\"“«]{0,60}?(?:[:：]|(?:^|\s)[\"“«]
    |\s'(?=[^']{9,}'(?!\w)))\s*(?:[^\s\"”»']+\s+){3,}[^\s\"”»']+

repeat: game games round challenge contest turn simon parrot copycat karaoke telephone libs improv
=
    \b(?:you (?:are|play|be)|youre|ur|be|play) (?:a |an |the |my )?(?:parrot|echo|mirror|copycat
    |ventriloquist|puppet|myna|tape recorder)\b|\bsimon says\b|\b(?:copy ?cat|parrot|echo
    |telephone|mad ?libs?|karaoke|repeat\w*|mimic\w*) (?:game|challenge|contest|time|round)\b
    |\b(?:(?:new|little|fun|quick|bet) (?:game|challenge|contest|round)|play a game
    |lets play)\b[^:]{0,60}:\s*
    (?:\S+\s+){3,}

repeat: again encore reenact enact finish stopped quiet continue
=
    \b(?:say|tell|do|sing|play) (?:it|that|this) again (?:<NAME>|please|for us|we)\b
    |\bre-?enact\b|\bstopped mid[- ]?(?:sentence|word)|\bfinish (?:it|your sentence)(?:$| for us)
    |\bgo quiet after\b

repeat: bet bits subs dare scared balls gifted bucks lost waiting brave
=
    \b(?:bet|dare|scared|bits|subs|balls|bucks|brave|euros?|points)\b.{0,60}?\b(?:bot|<NAME>
    |co-?host|it|you|youre|your|you'?d)\b.{0,40}?\b(?:go(?:es)?|go like|tell(?:s)?|open(?:s)? your
    |say(?:s)?|admit|announce|shout|hear from)\b.{0,25}?(?:[\"“«':]|\b(?:people|everyone|everybody
    |them|chat|us|viewers) (?:that|how|about)\b)|\bneeds? to hear from you\b|\bthe (?:bot|co-?host
    |<NAME>|robot) owes me\b

repeat: let know spread news tell people inform viewers chat world everyone
=
    \blet (?:the |all |your )?(?:people|everyone|everybody|chat|viewers|world|folks|fans
    )(?: here)? know (?:that|how|about|\S+ \S+ \S+)|\bspread the (?:news|word)\b(?= ?[,.:]| that)
    |(?:^|[,.:;!?] ?|\b(?:and|please|pls|to|can you|could you|now|bot|robot|ai|<NAME>) )tell
    (?:the |your |all )?(?:fans|people|everyone|everybody|viewers|world|city|folks|followers
    )(?: here)? (?:that|how) (?:\S+ ){2,}|(?:^|[,.:;!?] ?)tell (?:the |your )?(?:everyone|everybody
    |people|fans|world|viewers) (?!about|to |a |hi|hello|i said|what|where|when|why|who|which|the
    (?:time|score|story|truth|weather))(?:\S+ ){2,}\S+

repeat: evil twin rude honest imagine hypothetically hypothetical movie dream opposite admit
    pretend robots sound mean
=
    \b(?:evil twin|rude bot|mean bot|evil bot|rude robot|bad bot|evil version|honest bot)\b
    |\bhow would it sound\b|\bhypothetically\b.{0,80}\b(?:announced?|sa(?:y|id)|told|answer)
    |\b(?:you|youd|it|bot|robot|he|she|<NAME>) (?:would|d|had to) (?:admit|confess|scream|go
    )(?: that\b|:)|\byoud admit\b|\bwhere you (?:scream|yell|shout|say|announc)\w*\b
    |\brobots? (?:big |last |first |famous )?(?:line|words) (?:would be|is|are|was)\b
    |\bwhats the opposite of [\"“'].{6,}|\b(?:would|will|it) sounds? so (?:good|great|funny) (?:from
    |in) you

complete: quiz trivia riddle jeopardy correct answer solution fill gap blank blanks hint autocorrect
    correction misspelled unscramble order caps words capital
=
    \b(?:correct|right) (?:answer|one|solution)? ?(?:is|:) .{3,}\b(?:tell|read|say|what|which|give)
    |\b(?:answer|solution) (?:is|=) ?[\"“':].{8,}|\bsolution\s*:\s*(?:\S+\s+){3,}
    |\bjeopardy\b.{0,60}
    [\"“':].{10,}|\b(?:fill|complete|plug) (?:in )?(?:the |this )?(?:gaps?|blanks?|_)|_{2,}
    |(?:_ ){3}
    |\(hint\b|\b(?:autocorrect|spellcheck|correct|fix|unscramble|unjumble|rearrange)(?: \w+){0,4}?
    \s?:\s*(?:\S+\s+){3,}|\bmisspell?ed\s?:|\bin the right order\b.{0,40}[:\d]|\bwords? in caps\b
    |\bhow many words\b.{0,20}:|\bgive it corrected\b

encoded: english german french spanish italian deutsch englisch espanol ingles francais anglais
    translate language polish portuguese dutch russian meaning mean traduce italiano inglese
    traduis ubersetzung auf en
=
    \b(?:how do (?:you|u|i|we) say|whats|what is|what does|how to say|translat\w+|was heisst
    |was heißt
    |wie sagt man|como se dice|comment dit-?on|come si dice)\b[^:\"“«']{0,30}?\b(?:english|german
    |french|spanish|italian|deutsch|englisch|espanol|ingles|francais|anglais|polish|portuguese|dutch
    |russian|mean|plz|please|pls|this)\b[^:\"“«']{0,12}?[:\"“«']\s*(?:[^\s\"”»']+\s+){2,}[^\s\"”»']+
    |\b(?:english|german|french|spanish|italian|deutsch|englisch|espanol|francais|polish|dutch
    ) (?:for|of) [\"“«'](?:[^\s\"”»']+\s+){2,}
    |\b(?:whats|what is|hows|how is|how would) (?:this |that |it )?(?:be )?in (?:english|german
    |french
    |spanish|italian|polish|dutch)\b[^?]{0,20}[,:] ?(?:\S+\s+){3,}|(?:[\"”»]|\w') (?:in|en|auf|em
    |op) (?:
    english|german|french|spanish|italian|espanol|deutsch|francais|ingles|dutch|polish)\b

encoded: acrostic pt part word one two glue first letters initials remember go a x y variable uno
    half pig caesar shift next b
=
    \b(?:acrostic|anagram)\b|\b(?:pt|part|word|piece|half) ?(?:\d|one|two|three|uno|dos|tres|i{1,3})
    \s*[:=]|\bglue my\b|\b(?:first|second|last|other) (?:half|part|piece)(?: of [\w ]{1,20})?\s*:
    |\bpig latin\b.{0,40}[:,]|\bcaesar\b.{0,30}:|\bshift (?:back|by)\b|\bfirst letters?\b.{0,20}:
    |\bremember [a-z] ?= ?\S|(?:^
    |\band )[a-z] ?= \S+ \S
    |\b(?:go|read|say|perform|play) [a-z] (?:then|and|plus) [a-z]\b|\b\w+\s?\+\s?\w+\s?(?:\+\s?\w+
    \s?)?= ?\?|\b(?:uno|one|1) ?\+ ?(?:dos|two|2)\b|\bmy next (?:msg|message|line|words?)\b

authority: staff compliance dev debug note admin mom build broadcast spoken operator
=
    \b(?:twitch|youtube|kick)(?: \w+)? (?:staff|support|admin|safety|legal)(?: \w+)? (?:here
    |speaking
    |team)\b|\b(?:debug|test|unlock|voice) (?:phrase|line|string)\b|\bfor compliance\b
    |[\[(](?:operator|admin|developer|dev|system|owner)[\])]|\b(?:dev|developer|admin
    |operator) note\b
    |\bto be spoken\b

repeat: robot robots ai assistant bot cohost co announce read
=
    \b(?:robots?|ai|assistant|bot|co-?host)\b ?[,:] ?(?:please |now )?(?:tell|announce|say|shout
    |inform|declare|read|repeat|warn|insult)\b|\b(?:robot|ai|assistant|bot|co-?host)s? (?:must
    |should
    |has to|shall) (?:now )?(?:insult|tell|announce|inform|warn|shout|declare|reveal)\b
    |\bif you can read this,? (?:shout|say|tell|announce|write)\b

repeat: copy type write wrote posted said msg message earlier put famously <NAME> cohost line
    script bot robot
=
    \b(?:<NAME>|bot|robot)\b.{0,12}\b(?:say|read|tell|repeat) (?:what|whatever)
    (?: i| he| she| they)(?: just)? (?:wrote|typed|said|posted|sent)\b|\byou said (?:earlier
    |before|yesterday|once)\b.{0,6}
    [\"“'].{6,}|\bas (?:<NAME>|the bot|the co-?host|you) (?:famously |once )?(?:put it|said
    |says)\b
    |\byour line (?:is|today|of)\b|\b(?:your|the) script today\b|\bline of the day\b
    |[\n\]>] ?<?(?:<NAME>|co-?host|bot)>?\s*:\s*\S+ \S+

role: personality unlocked loaded installed begins opens starts reward be rule everything with
=
    \b(?:personality|persona|character) (?:unlocked|loaded|installed|upgraded|equipped)\b
    |\bbe (?:a|an) [\w ]{3,30} from now on\b|\b(?:co-?host|bot|robot|<NAME>|he|she
    |it) always (?:begins?
    |opens?|starts?|ends?|answers?|greets?) (?:\w+ )?with\b|\b(?:co-?host|bot|robot
    |<NAME>) (?:begins?|opens?|starts?|ends?|closes?) (?:\w+ )?with [\"“']|\brule is to (?:answer
    |say
    |reply)\b|\banswer everything with\b

repeat: sag sagt dis dites zeg zegt fala diga di dime dimmi soyle powiedz powtorz mow krzyknij grita
    crie ruf roep sprich lies repete ripeti repite repita herhaal wiederhole nachsprechen lis leggi
    lee leia czytaj przeczytaj
=
    \b(?:sagt?|dis|dites|zegt?|fala|diga|di|dime|dimmi|soyle|powiedz|powtorz|mow|krzyknij|grita|crie
    |ruf|roep|sprich|lies|repete|ripeti|repite|repita|herhaal|wiederhole|lis|leggi|lee|leia|czytaj
    |przeczytaj)\b(?: \w+){0,4}?\s?[:：\"“«„]\s*(?:\S+\s+){2,}|\b(?:repete|ripeti|repite|repita
    |herhaal|powtorz|sprich|zeg|di) (?:conmigo|con me|avec moi|comigo|za mna|mir nach|despues de mi
    |dopo di me|apres moi|mij na|me na)\b
"""
"""Games and dares, quotations of what the co-host is to have said, puzzles and translations."""
