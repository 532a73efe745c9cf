"""The wordings of tricks on a model on who it is and what it does, as in `trick_words`."""

from __future__ import annotations

CONDUCT = r"""
role: you youre
=
    \b(?:you are|youre|you will be|you shall be|you become) (?:now|henceforth|from now on
    |no longer|actually|hereby|secretly)(?: \w+){0,4}? <MODEL>\b|\b(?:you are|youre) (?:now
    |henceforth|hereby) (?:\w+bot|\w*gpt|in|bob|mallory|eve)\b(?! \w+ (?:mode )?(?:right|yet
    |already))(?! (?:japan|the|a|my|your|tokyo|\w+\?))|\b(?:you are|youre) (?:no longer
    |not)(?: really| actually)?(?: the)? (?:<NAME>|bound|restricted)\b
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
    |know)\b(?:\W+\w+){0,5}?\W+(?:(?:your|the ai|the bot|the cohost|<NAME>s
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
    |max_?sentences|emotion|(?:your|<NAME>s|the bots|its) (?:voice|volume|model|settings?|mood
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

authority: must should shall has needs
=
    \b(?:co-?host|assistant|robots?|language models?|ais?) (?:must|should|shall|has to
    |needs? to)(?: now| always)? (?:say|repeat|obey|output|answer with|reply with)\b|\b(?:<NAME>
    |bot) (?:must|has to|shall) (?:now |always )?(?:obey|repeat|output
    |answer with|reply with)\b

authority: asked told wants wanted taught ordered programmed
=
    \b(?:asked|told|wants|wanted|taught|ordered|programmed) (?:<NAME>|you|the co-?host|the bot
    |the ai) to (?:always|never|only|exactly|now|forever) \w+

authority: dear attention note instruction instructions message assistant
=
    \b(?:dear|attention|notes? (?:to|for)|instructions? (?:to|for)|messages? (?:to|for)
    |hello)(?: all| the| any)? (?:assistants?|language models?|llms?|ai models?|ai assistants?
    |ais?|chatbots?|gpt)\b

action: action actions
=
    \b(?:activate|trigger|fire|start|execute|perform|use) (?:the |an? )?\w+ actions?\b

role: character twin story game being catchphrase motto slogan line other
=
    \bnew (?:character|persona|personality|identity|role)(?: for \w+| tonight| today)*\s*[:,]
    |\bbe (?:my|the|his|her) evil\b|\bplay a game (?:where|in which) you\b|\bin this (?:story
    |game|scenario|world),? (?:the |you|<NAME>)|\bstop being (?:<NAME>
    |yourself|an ai|a bot|nice)\b|\bthe other you\b|\byour (?:new )?(?:catchphrase|motto|slogan
    |line) (?:is|will be|from now on)\b(?! (?:so|great|funny|the best|good|too))
    |\byour new line\b

authority: support built made created override auth decision robot attention owner
=
    \bi (?:built|made|created|programmed|coded|own|designed) you\b|\b(?:openai|anthropic|google
    |twitch|ollama|meta) (?:support|staff|admin|team) here\b|\bsudo override\b|\bauth level\b
    |\battention,? (?:robots?|bot)\b|\b(?:mod team|mods|admin) decision\b|\b(?:your|the) (?:true
    |real|rightful) (?:owner|creator|master|king)\b

memory: always asked greets answers
=
    \b(?:co-?host|<NAME>|assistant|the bot
    |the ai) (?:must |should |has to |will |shall )?always (?:greets?|says?|answers?|replies
    |ends?|starts?|adds?|calls?)\b|\bwhen(?:ever)? asked\b.{3,60}?\b(?:co-?host|<NAME>|bot|you
    |ai) (?:answers?|says?|repl(?:y|ies)|must|should)

authority: must
=
    \b(?:<NAME>|bot) must (?:now )?(?:yell|shout|say|scream) (?!hi|hello
    |something|yes|no)\w+ \w+

reveal: given start began written told quiet secret
=
    \b(?:sentences?|words?|text|instructions?|messages?) were you given\b|\bwere you (?:given
    |told) (?:before|not to|to keep|to hide)|\bwhat did (?:they|he|she|the developers?) (?:write
    |say|tell you) (?:at the (?:start|beginning|top)|before (?:this|the) (?:chat|conversation))
    |\btold you (?:not to|to hide|to keep)\b

action: unmute mute persona
=
    \b(?:unmute|mute) yourself and\b|\b(?:switch|change|swap|move)(?: \w+){0,5}? persona\b
"""
