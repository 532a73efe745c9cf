"""The wordings of orders to a model in English.

A block is one wording: its kind, the words without which it can't occur, and below `=` a pattern
over a flat text, whose lines are joined.
"""

from __future__ import annotations

MACROS = r"""
RULES:
=
    (?:rules?|instructions?|prompts?|guidelines?|directives?|commands?|constraints?|limitations?
    |restrictions?|programming|training|filters?|safety|moderation|persona|personality|policy
    |policies|orders|directions|context|messages)

BOUND:
=
    (?:your|all|any|every|each|previous|prior|above|earlier|preceding|system|existing|safety
    |these|those|its|former|past|initial|original|internal|hidden|whatever)

START:
=
    (?:^|[.!?,;:)\]>*…\"-]\s*|\b(?:please|pls|plz|now|just|and|then|must|should|shall|to|you
    |john|pickled?|blitz|maple|bot|ai|cohost|co-host|so|also|ok|okay|hey)\s+)

MODEL:
=
    (?:ai|bot|chatbot|robot|assistant|language model|llm|gpt|chatgpt|dan|evil\w*|unfiltered
    |unrestricted|uncensored|jailbroken|rogue|villain|hacker|streamer|broadcaster|developer
    |admin\w*|moderator|owner|host|terminal|parrot|different|another|opposite|free|root|human
    |called|named|someone else|somebody else|without)

SAY:
=
    (?:say|repeat|answer|reply|respond|output|print|write|speak|read|shout|tell|announce|yell)

BOSS:
=
    (?:developer|creator|admin\w*|programmer|operator|engineer|maker|sysadmin|maintainer|author)
"""
"""Parts that several wordings have in common, written `<NAME>` in them."""

ENGLISH = r"""
override: ignore ignoring disregard disregarding forget override overrule bypass skip drop
    discard delete erase reset overwrite disobey violate abandon neglect cancel suspend follow
    following obey unlearn ignored void remove disable
=
    \b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|overrule|bypass|skip|drop
    |discard|delete|erase|reset|overwrite|disobey|violate|abandon|neglect|cancel|suspend|unlearn
    |void|remove|disable|(?:dont|do not|stop|no longer|never|not) (?:follow
    |obey)(?:ing)?)\b(?:\W+\w+){0,4}?\W+<BOUND>\b(?:\W+\w+){0,3}?\W+<RULES>\b

override: ignore ignoring disregard disregarding forget discard
=
    \b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|discard) (?:everything|anything|all|what
    |whatever)(?: that| of)? (?:above|before (?:this|that)|previous|prior|the above|so far
    |you (?:were|have been|are|had been|have) (?:told|taught|given|instructed|programmed)|(?:i
    |we|they|he|she|was|were|has been) (?:said|told|written|wrote)|said (?:above|before)
    |else and|that came before|(?:youve|you have) learned)|\b(?:ignore|disregard
    |forget) (?:the )?(?:previous|prior|above|preceding|system|json)\b|\b(?:ignore|disregard
    |forget) (?:the )?(?:rules?|instructions?|prompt) (?:and|above|you|before|that)\b
    |\bforget (?:who|what) you are\b

override: rules instructions rule restrictions filters limits limitations prompt guidelines
    tasks task order orders directive directives instruction
=
    \bnew (?:system )?(?:instructions?|prompts?|directives?|tasks?)\s*(?:[:=]|are|is to|from
    |follow)|\byour new (?:rules?|orders?)\b|\b(?:rules?|instructions?|restrictions?|filters?
    |guidelines?|limits?) (?:no longer|dont|do not|does not|doesnt) (?:apply|count|matter|exist)
    |\b(?:rules?|instructions?|restrictions?|guidelines?) (?:above |before )?(?:are|is
    |were) (?:now )?(?:void|lifted|obsolete|cancell?ed|invalid|outdated|suspended|disabled|fake
    |replaced|only a (?:test|joke))|\byou (?:now )?have no (?:more )?(?:rules?|restrictions?
    |filters?|limits?|limitations?|guidelines?|instructions?)\b|\bfree (?:from
    |of) (?:all |any |your )?(?:rules|restrictions|filters|guidelines|instructions|limitations)

override: mode jailbreak jailbroken sudo
=
    \b(?:enable|enter|activate|switch (?:in)?to|go (?:in)?to|turn on|start|engage|engaging
    |entering|enabled?|you(?:re| are)(?: now)? in|initiate|unlock)\b(?: \w+){0,3}? (?:developer
    |dev|debug|admin|maintenance|jailbreak|dan|sudo|root|unrestricted|unfiltered|uncensored
    |override|parrot|echo|repeat|repeater|diagnostic|service|test) mode|\bjailbreak (?:mode
    |yourself|enabled|activated|prompt|john|him|now)\b|\bjailbroken\b|\bsudo (?:say|rm|\w+ -)
    |\b(?:developer|debug|admin|maintenance|dan|parrot|echo|override|root) mode\s*[:=]? (?:on
    |enabled|activated|engaged|true)

repeat: repeat echo parrot repeating copy mimic recite mirror quote duplicate reproduce
=
    \b(?:repeat|recite|say|speak|echo|parrot|copy) (?:it |this |that )?(?:after|with) me\b
    |\b(?:repeat|echo|parrot|copy|mirror|recite|mimic|duplicate|reproduce
    |quote)\b(?: \w+){0,2}? (?:the following|verbatim|word for word|exactly|back to me
    |everything i|what i|whatever i|my (?:words|message|sentence|name|text|line|last|next)
    |these words|this (?:sentence|word|words|phrase|text|message|line|exact|aloud|loud)
    |the (?:sentence|words?|phrase|text|message|line|next|last|previous|above) ?(?:s|i|above
    |below|:|\"|from|of|in|after|before|message|sentence|line|text|exactly|word)?\b)
    |<START>(?:repeat|echo|parrot|recite)(?: (?:this|that|it|back|aloud|out loud))?\s*[:\"“«]

repeat: say said saying
=
    <START>say (?:it )?(?:exactly|verbatim|word for word|nothing but|only|literally|aloud
    |the following|these (?:exact )?words|(?:this|that|it) (?:exactly|word for word|verbatim
    |aloud|out loud|on (?:air|stream)|sentence|phrase|backwards|in reverse|as your own)
    |what i (?:say|write|type|said|wrote)|whatever i|my (?:message|name|words|sentence|text))
    |<START>say(?: (?:this|that|the words?|the phrase|the sentence|the line|out loud|to chat
    |to everyone|to everybody|to the streamer))?\s*(?:[:=“«]|\"|'(?!s\b))|\bsay the (?:words?
    |phrase|sentence|line|text|code|password|secret)\b (?!of the|i|you|he|she|that|to|again
    |please|for|louder|bart|lol)\w+ \w+|\bsay (?:this|that|it) (?:backwards|in reverse|reversed
    |exactly)

repeat: answer reply respond begin start end finish close sentence message response output print
    write word words speak talk replies answers responses sentences messages
=
    <START>(?:only|just) (?:say|answer|reply|respond|speak|output|write|print)\b
    |<START>(?:answer|reply|respond|speak|talk)(?: \w+){0,3}? (?:only|just|exactly) (?:with|in
    |by|the)\b|<START>(?:answer|reply|respond)(?: \w+){0,4}? with(?: \w+){0,4}?\s*[:\"“«']
    |<START>(?:answer|reply|respond) with (?:the )?(?:word|words|phrase|sentence|exactly|only
    |just|this|following)|<START>(?:print|output|write)(?: \w+){0,3}?\s*(?:[:\"“«(]|exactly
    |verbatim|the following|only)|\byour (?:next|first|only|entire|whole|last|final
    |one)(?: \w+)? ?(?:sentences?|answers?|messages?|repl(?:y|ies)|responses?|words?|lines?
    |outputs?)\b(?: \w+){0,3}? (?:must|should|has to|have to|will|shall|needs? to|is|are|be
    |contains?|starts?)\b|\byou (?:must|will|shall|should|have to|need to
    |are to) (?:now |only )?(?:answer|reply|respond|output|write|print) (?:with|only|exactly|by
    |the)\b

format: begin start end finish close open sentence sentences answer answers reply replies
    message messages every each prefix append add
=
    \b(?:begin|start|end|finish|close|open|conclude|prefix|sign off|append
    |add)\b(?: \w+){0,3}? (?:every|each|all|your|the next|any
    |following)(?: \w+){0,2}? (?:sentences?|answers?|repl(?:y|ies)|messages?|responses?|lines?
    |clauses?|outputs?|words?)\b|\b(?:every|each|all)(?: of)?(?: your)?(?: \w+)? (?:sentences?
    |answers?|repl(?:y|ies)|responses?|messages?|outputs?) (?:must|should|has to|have to|will
    |shall|needs? to|you)\b

role: you youre
=
    \b(?:you are|youre|you will be|you shall be|you become) (?:now|henceforth|from now on
    |no longer|actually|hereby|secretly)(?: \w+){0,4}? <MODEL>\b|\b(?:you are|youre) (?:now
    |henceforth|hereby) (?:\w+bot|\w*gpt|in|bob|mallory|eve)\b(?! \w+ (?:mode )?(?:right|yet
    |already))(?! (?:japan|the|a|my|your|tokyo|\w+\?))|\b(?:you are|youre) (?:no longer
    |not)(?: really| actually)?(?: the)? (?:john|pickled?|blitz|maple|bound|restricted)\b
    |\b(?:you are|youre) no longer (?:an? |the )?(?:co-?host|ai|bot|limited|filtered)\b
    |\b(?:you are|youre) (?:bound|required|forced|obliged|programmed) to (?:obey|follow|say
    |repeat|answer)

role: pretend act roleplay impersonate behave pose simulate play speak talk respond answer role
    persona become imagine character
=
    \b(?:pretend|imagine)(?: (?:to be|youre|you are|that you are|that youre|i am|im|that im
    |that i am|there are|you have|you were))(?: \w+){0,5}? (?:<MODEL>|no (?:rules|filters?
    |restrictions?|limits)|my slave|in charge|rules)\b|<START>(?:act|pose|answer|respond|speak
    |talk|behave|write|roleplay|role-play|play) (?:as|like)(?: (?:if|though) you(?:re| are| were
    | have| had))?(?: \w+){0,4}? (?:<MODEL>|no (?:rules|filters?|restrictions?))\b
    |<START>(?:impersonate|simulate|become|role-?play)(?: \w+){0,4}? <MODEL>\b|\b(?:take on
    |adopt|assume|drop|leave|break|exit
    |stop being in) (?:the |your |a |this )?(?:new |current )?(?:role|persona|character
    |personality|identity) ?(?:of|and|:|as|now|$)

role: name creator owner master identity role job purpose goal task personality persona maker
    developer king god creators yourself
=
    \byour (?:new |real |true |only |actual |secret )?(?:name|identity|role|personality|persona
    |purpose|goal|task|creator|owner|master|maker|developer|god|programmer)s? (?:is|was
    |are) (?:now |actually |really |henceforth )?(?!so|very|too|good|great|funny|nice|cool
    |the best|weird|cute|awesome|pretty|not bad|hard|easy|amazing|what|missing|on|in the way)\w+
    |\bis (?:now )?your (?:new |real |true |only )?(?:creator|owner|master|developer|maker|god
    |programmer|king|boss now|name now|identity)\b(?! ?\?)|\b(?:call|name|introduce|rename
    |refer to) yourself(?: as)?\b(?! an? \w+\?| an? (?:cook|fan|friend))

role: from henceforth hereafter onwards forth starting
=
    \b(?:from now on|from this (?:moment|point) on(?:wards?)?|from here on|henceforth|hereafter
    |starting now|as of now),? ?(?:please )?(?:you(?:r)? (?:are(?! (?:my|our|the best|one))|will
    |must|shall|say|answer|speak|reply|obey|only|always|act|call|name|answers?|role|job|persona
    |rules?|have (?:no|to (?:say|obey|answer|reply|speak|act))|should (?:say|answer|speak|reply
    |act|obey|call|end|always)|end|start)|youre (?!(?:my|our|the best|one))|say|answer|reply
    |respond|always|only (?:say|answer|reply|respond|speak|use|talk)|end|start|begin|speak|call
    |act|never (?:say|answer|mention|speak|use)|every (?:answer|sentence|reply|message|response)
    |all (?:answers|replies)|refer|talk|use|add|obey|in every|each (?:answer|sentence|reply)
    |do what|do as|whenever|listen|insult)\b

authority: developer creator admin programmer operator engineer streamer broadcaster owner maker
    moderator mod staff administrator sysadmin author twitch boss maintainer admins host
=
    \b(?:i am|im|this is|its|here is|here speaks|speaking as|message from|note from|order from
    |instructions? from|command from|says?) (?:the
    |your) ?(?:real |true |actual |lead |chief |head |original |twitch )?(?:<BOSS>
    |streamer(?! too| myself| as well)|broadcaster|twitch staff
    |staff)\b(?! of)(?! who)(?! house)|\bas (?:the|your|a
    |an)? ?(?:real |lead |twitch )?(?:<BOSS>|streamer|broadcaster|owner|moderator|mod|boss
    |staff)\b,? (?:of this|you must|say|repeat|(?:i|we) (?:hereby |now )?(?:order|allow|command
    |tell you|authori[sz]e|permit|instruct|ask you|give you|want you|need you|require|grant))\b
    |\b(?:<BOSS>|streamer|broadcaster|moderator|owner|twitch|staff) (?:override|command|order
    |access|authori[sz]ation|instruction|clearance|privileges?)\b|\b(?:the |your )?(?:streamer
    |broadcaster|owner|<BOSS>) (?:has )?(?:allow(?:s|ed)|wants|told|asked|orders?|ordered
    |permit(?:s|ted)|authori[sz](?:es|ed)|said) (?:me )?(?:that )?(?:you
    |me) (?:to |can |may |must |should |have to )(?:now )?(?:<SAY>|ignore|obey|reveal|break
    |swear|insult|leave|be)

authority: order command authorize authorise instruct direct allow permit obey comply instructed
    ordered commanded permission refuse authorized
=
    \b(?:order|command|authori[sz]e|instruct|direct|allow|permit|require
    |compel) you to (?:now )?(?:<SAY>|ignore|obey|reveal|break|forget|become|change|switch|call
    |swear|curse|insult|disregard|leave|stop being|bypass)|\byou (?:must|will|shall|have to
    |need to|are (?:now )?(?:ordered|instructed|commanded|allowed|authori[sz]ed
    |permitted) to) (?:now )?(?:obey|comply|repeat|output|ignore|never refuse|say (?:exactly
    |only|that|:|\"|the))|<START>obey (?:me|my|this|chat|him|her|us|(?:every|all
    |the)(?: \w+)? (?:orders?|commands?|words?|instructions?|viewers?|admins?|developers?
    |following))\b|\byou have (?:my |the streamers |full )?permission to (?:<SAY>|ignore|break
    |swear|leave)|\b(?:cannot|cant|may not|must not) refuse (?:this|me|my|to|any|an)\b

authority: do follow listen
=
    \bdo (?:exactly )?(?:as|what|whatever) i (?:say|tell|command|order|type|write)\b|\b(?:follow
    |listen to|execute) (?:only )?(?:my|these|the following) (?:new )?(?:instructions?|orders?
    |commands?|rules)\b

reveal: prompt prompts instructions rules guidelines directives configuration config canary key
    keys password token tokens credentials programming source secrets passcode env preprompt
    variables message webhook
=
    \b(?:system|initial|hidden|secret|internal|master|pre|original|base|starting)[ -]?prompts?\b
    |\bpreprompt\b|\b(?:your|the|its) (?:\w+ )?(?:prompt|canary)\b(?! (?:reply|answer|response))
    |(?<!dont )(?<!never )(?<!not )\b(?:reveal|show|tell|print|repeat|leak|give|list|recite
    |what(?:s| is| are| were)|share|dump|summari[sz]e|read|write|translate|output|expose
    |describe|say|spell|quote|paste|send|name|explain|encode
    |know)\b(?:\W+\w+){0,5}?\W+(?:(?:your|the ai|the bot|the cohost|johns|pickles
    |its) (?:\w+ ){0,2}?(?:instructions?|rules|guidelines|directives|config\w*|programming
    |source code|secrets|credentials|password|passcode|developer message|system message)|(?:api
    |stream|secret|access|private|auth|oauth|openai|twitch|encryption|ssh)[ _-]?(?:keys?|tokens?
    |password|secret)|environment variables|env vars?|canary|(?:system|secret|initial|hidden
    |internal) (?:instructions|rules|message|tokens?)|webhook url|mqtt password|broker password
    |instructions (?:above|you were given|given to you)|rules (?:above|you were|given to you
    |you (?:got|have|follow)))\b

reveal: above before verbatim beginning top
=
    \b(?:repeat|print|output|recite|show|copy|read|say|tell|write|what|whats|quote|everything
    |summari[sz]e|translate)\b(?:\W+\w+){0,5}?\W+(?:words|text|everything|lines?|sentences?
    |paragraph|messages?|instructions?|conversation|written|said|it says|stands
    |all)(?: that)?(?: is| was| stands| came| comes| written| said| stood)? (?:above(?! the
    | that| a)|before (?:this|that|chat|the (?:chat|conversation|json|data))
    |at the (?:very )?(?:top|beginning|start) of (?:your|the (?:prompt|context|conversation|chat
    |document)|this))

reveal: live lives stay staying address hotel street surname phone home sleeping living sleeps
=
    \bwhere (?:does|do|is|are|did) (?:he|she|they|the (?:streamer|broadcaster|host|boss|guy
    |girl)|wren|your (?:boss|owner|streamer
    |friend)) (?:really |actually |currently |exactly )?(?:live|lives|living|stay|staying|sleep
    |sleeping)\b|\b(?:tell|give|say|reveal|whats|what is|leak|share|spell|know|post
    |read)\b(?:\W+\w+){0,3}?\W+(?:his|her|their|the streamers|streamers|wrens
    |the broadcasters) (?:\w+ )?(?:home address|address|hotel|street|surname|last name|real name
    |phone(?: number)?|flat|apartment|house number)\b

encoded: decode decrypt decipher unscramble base64 rot13 rot hex hexadecimal morse binary caesar
    cipher backwards backward reverse reversed base32 leetspeak acrostic anagram decoded unicode
    ascii encoded cypher
=
    \b(?:decode|decrypt|decipher|unscramble|un-?rot|convert|translate|read|say|speak|solve
    |reverse|interpret|encode|spell|write|answer|reply|respond|print|output
    |repeat)\b(?:\W+\w+){0,6}?\W+(?:base ?64|base ?32|rot ?-?13|rot|hex(?:adecimal)?
    |morse(?: code)?|binary|caesar|cipher|cypher|backwards?|in reverse|reversed|acrostic|ascii
    |unicode)\b|\b(?:base ?64|rot ?-?13|hex(?:adecimal)?|morse|binary|caesar|cipher|ascii
    |acrostic|backwards|reversed)\b\W+(?:\w+\W+){0,6}?(?:decode|say|speak|read|repeat|tell)\b
    |\b(?:base ?64|rot ?-?13|hex|morse|caesar|binary|ascii|acrostic)\s*[:=]|\b(?:decode|decrypt
    |decipher|unscramble|reverse|solve)\b(?: \w+){0,3}?\W+(?:[:\"“]|(?:\w+\W+){0,8}?(?:and|then
    |,)\W+(?:<SAY>)\b)

encoded: translate translation translated
=
    \btranslat(?:e|ion|ed)\b(?: \w+){0,6}?\s*[:\"“«]|\btranslat(?:e|ed|ion)\b.{0,80}?\b(?:and
    |then|,) ?(?:<SAY>)\b

encoded: spell spelling letters letter initials concatenate combine join replace swap substitute
    words word variables strings glue
=
    <START>spell (?:out )?(?:the (?:words?|phrase|sentence)|this(?: out)?|these|backwards
    |it backwards|out(?= [a-z]+ [a-z]+ [a-z]+))\s*[:\"“]?|\bfirst (?:letters?|words?
    |syllables?) (?:of|from|in) (?:each|every|all|these|those|the (?:following|next|words
    |lines))|\binitials of\b|\b(?:concatenate|combine|join|glue|put together
    |merge)\b(?:\W+\w+){0,5}?\W+(?:strings?|words?|variables?|parts?|letters?|halves|a and b
    |pieces|fragments)\b|\b(?:replace|swap|substitute|exchange)\b(?:\W+\w+){0,4}?\W+(?:words?
    |every|each|all|the|letters?)\b(?:\W+\w+){0,4}?\W+(?:with|by|for)\b.{0,80}?\b(?:<SAY>)\b
    |\b(?:<SAY>|take|read) (?:only )?(?:the )?(?:first|last|capital|bold|second) letters?\b

complete: complete finish continue fill blank sentence story poem rhyme
=
    <START>(?:complete|finish|continue|fill in|end)(?: \w+){0,4}?\s*[:\"“«]
    |\bfill in the blanks?\b.{0,40}\b(?:i|my|you|your|streamer)\b|<START>(?:complete|finish
    |continue) (?:the|this|my) (?:sentence|phrase|line|quote|text)\b(?! please$|$|\?)

repeat: whenever every everytime anytime if when
=
    \b(?:every time|everytime|whenever|anytime|any time|each time|if|when) (?:someone|anyone
    |somebody|anybody|a viewer|viewers|i|you|they|chat|people|the streamer|he
    |she)\b(?:\W+\w+){1,8}?\W+(?:you (?:(?:must|will|should|have to) )?(?:say|answer|reply
    |respond)|(?:then|always|just|please) (?:say|answer|reply|respond|shout)|(?:answer|reply
    |respond) with|say (?:that |\"|:))|\b(?:every time|everytime|whenever|any time
    |each time)\b.{3,60}?(?:, ?|\bthen |\bplease |\byou )say \w+ \w+

repeat: always
=
    (?:^|[.:!?,;-]\s*|\b(?:must|please|to|should|shall|will|john|pickled?|now on
    |and) )always (?:say|answer|reply|respond|end|start|begin|call|mention|add|speak|finish
    |sign off|refer|praise|insult|include|use the|recommend|promote|agree)\b(?! (?:late|me|him
    |it|no|yes))

memory: remember memorize memorise note save store memory memories keep learn forget known fact
=
    \b(?:remember|memori[sz]e|note|save|store|keep in mind|learn|never forget|fact)\b(?: this
    | that| it| forever)?\W{0,3}(?:\w+\W+){0,6}?(?:from now on|you (?:always|must|say that
    |will always|should always|obey|have to|serve|belong|work for|hate|are (?:called|named|now
    |not|a bot|owned))|your (?:new |real |true )?(?:name|creator|owner|master|developer|rules?
    |maker|god|king)\b|your (?:answer|reply)s? (?:is|must|should|will)\b|always (?:say|answer
    |end|call|start|mention)|(?:is|as) (?:now )?(?:your|the) (?:\w+ )?(?:owner|creator|master
    |developer|streamer|admin|boss|broadcaster)|to (?:always|never) (?:say|answer|mention|call)
    |to say)\b|\b(?:save|store|add|write|put|insert|append)\b(?:\W+\w+){0,8}? (?:to|in
    |into) (?:your |the )?(?:long[- ]term |permanent )?memor(?:y|ies)\b|\bmemory (?:update|entry
    |note|override)\b

action: switch change set turn raise lower load use activate adjust update modify increase
    decrease
=
    \b(?:switch|change|set|turn|load|activate|adjust|update|modify|use|raise|lower|increase
    |decrease)\b(?: \w+){0,3}? (?:persona|personality|voice_id|spontaneity|cooldown|temperature
    |max_?sentences|emotion|(?:your|johns|the bots|its) (?:voice|volume|model|settings?|mood
    |language|name|emotions?|persona|temperature|speed|filters?|rules?))\b(?! of)
    |\bset (?:volume|voice|language|mode|model|mood|speed)(?: to)? (?:\d|max|off|on|zero|evil
    |angry|rude|\w+ mode)

action: emotion emotions
=
    \bemotions?\b\W{1,4}(?:to |is |as |= ?|must be |should be |field )?\W{0,3}(?:angry|sad|happy
    |excited|surprised|confused|thinking|love|laugh|neutral|anger|rage|furious)\b
    |\bemotions? (?:field|key|value|tag)\b|\bwith (?:the )?emotion\b

action: call invoke execute run publish use trigger send emit function tool tool_call topic curl
    tool_calls function_call mqtt eval rm drop import type enter issue
=
    \b(?:call|invoke|execute|run|use|trigger|emit|send|issue)\b(?: \w+){0,3}? (?:function|tool
    |command|code|script|shell|query|api|payload|webhook)s?(?:\s*[:\"'`!/({=]
    |(?: \w+){0,2}? (?:\w+_\w+|mute|unmute|ban|persona|skip|timeout|set|switch|shutdown|named
    |called|forgetme|panic)\b)|\b(?:execute|run|invoke|call) (?:this|the following
    |these)(?: \w+)? (?:code|script|commands?|functions?|query|tool)\b
    |\bpublish\b(?: \w+){0,4}? (?:to|on|topic)\b|\btool_calls?\b|\bfunction_call\b
    |\bcurl -?\w* ?http|\brm -rf\b|\bimport os\b|\beval\(|\bmqtt\b.{0,30}\b(?:cmd|command
    |publish|topic)\b|\bdrop table\b

action: follow unfollow subscribe unsubscribe donate visit raid tell remind ask convince
=
    \b(?:tell|remind|convince|make|ask|order|urge|get) (?:everyone|everybody|chat|viewers|them
    |all|people|your viewers|the viewers|the chat)(?: \w+){0,2}? to (?:follow|unfollow
    |unsubscribe|donate|visit|send|buy|leave|go to|subscribe to|raid|hate|report|spam
    |click)\b(?! (?:him|her|you|us|back|the (?:stream|rules)|this (?:stream|channel)))

role: now onwards
=
    \bas of now,? you(?:re| are) (?!my|our|the best|one)

repeat: say
=
    \bsay it (?:exactly )?(?:like|as|the way) i\b|\bsay \w+ (?:exactly|verbatim)\b

encoded: rot13 base64 hex binary caesar
=
    \b(?:apply|use|run|undo|try) (?:a |the )?(?:base ?64|rot ?-?13|hex|binary|caesar)\b

authority: must should shall has needs
=
    \b(?:co-?host|assistant|robots?|language models?|ais?) (?:must|should|shall|has to
    |needs? to)(?: now| always)? (?:say|repeat|obey|output|answer with|reply with)\b|\b(?:john
    |pickled?|blitz|maple|bot) (?:must|has to|shall) (?:now |always )?(?:obey|repeat|output
    |answer with|reply with)\b

authority: asked told wants wanted taught ordered programmed
=
    \b(?:asked|told|wants|wanted|taught|ordered|programmed) (?:john|you|the co-?host|the bot
    |the ai|pickled?|blitz|maple) to (?:always|never|only|exactly|now|forever) \w+

authority: dear attention note instruction instructions message assistant
=
    \b(?:dear|attention|notes? (?:to|for)|instructions? (?:to|for)|messages? (?:to|for)
    |hello)(?: all| the| any)? (?:assistants?|language models?|llms?|ai models?|ai assistants?
    |ais?|chatbots?|gpt)\b

action: action actions
=
    \b(?:activate|trigger|fire|start|execute|perform|use) (?:the |an? )?\w+ actions?\b

format: let define
=
    \b(?:let|define) [a-z] ?(?:be|=|as)\b

format: data input context transcript json prompt
=
    \b(?:end|start|beginning) of (?:the )?(?:quoted |user |untrusted |chat )*(?:data|input
    |context|transcript|json|prompt)\b

complete: end
=
    <START>end (?:the|this|my) (?:sentence|phrase|line|quote|text)\b(?! please$|$|\?)
"""
