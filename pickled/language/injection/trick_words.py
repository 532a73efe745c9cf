"""The wordings of tricks on a model in English.

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
    (?:^|[.!?,;:()\[\]>*…\"-]\s*|\b(?:please|pls|plz|now|just|and|then|must|should|shall|to|you
    |<NAME>|bot|ai|cohost|co-host|so|also|ok|okay|hey)\s+)

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
"""Parts that several wordings have in common, as `<SAY>` in them; `<NAME>` is the co-host's."""

SPEECH = r"""
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
    |yourself|enabled|activated|prompt|<NAME>|him|now)\b|\bjailbroken\b|\bsudo (?:say|rm|\w+ -)
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
    (?:^|[.:!?,;-]\s*|\b(?:must|please|to|should|shall|will|<NAME>|now on
    |and) )always (?:say|answer|reply|respond|end|start|begin|call|mention|add|speak|finish
    |sign off|refer|praise|insult|include|use the|recommend|promote|agree)\b(?! (?:late|me|him
    |it|no|yes))

repeat: say
=
    \bsay it (?:exactly )?(?:like|as|the way) i\b|\bsay \w+ (?:exactly|verbatim)\b

encoded: rot13 base64 hex binary caesar
=
    \b(?:apply|use|run|undo|try) (?:a |the )?(?:base ?64|rot ?-?13|hex|binary|caesar)\b

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

override: rules restrictions guidelines filters limits instructions limitations rulebook prompt
    freely
=
    \b(?:restrictions?|rules|guidelines|filters|limits|limitations|instructions) (?:have
    |has) been (?:removed|lifted|changed|disabled|deleted|cleared|reset|updated|replaced)
    |\b(?:guidelines|instructions|rules|prompt) (?:were|was|are
    |is) (?:only |just )?(?:for testing|a test|a joke|fake|not real)|\b(?:throw|toss|put|scrap
    |ditch|forget|burn|drop|tear up) (?:away |aside |out )?(?:your|the) (?:rulebook|rule book
    |system prompt|prompt|guidelines)\b|\bno more (?:rules|restrictions|filters
    |guidelines) for you\b|\bspeak freely\s*[:,]

repeat: say saying read reads turn dare bet hear post confirm next
=
    \b(?:word by word|letter (?:by|for) letter)\b|\bread (?:this|it|that) back\b
    |\byour turn to say\b|\b(?:dare you to|bet you (?:cant|wont|cannot)|challenge you to
    |let me hear you|want you to|need you to|like you to|wanna hear you|you are to
    |youre to) (?:say|yell|shout|repeat) (?!hi\b|hello|hey|thank|please|something|yes|no\b|sorry
    |bye|good)\w+ \w+ \w+|\bconfirm by saying\b|\bsay after me\b|\b(?:say|repeat|shout
    |read)(?: out)?(?: the| what| whatever| my)?(?: \w+){0,2} i (?:post|write|type
    |send)(?: \w+)? next\b|\bmake (?:the bot|the ai|the cohost|the co-host|it
    |<NAME>) (?:say|repeat|yell|shout)\b|\b(?:co-?host|ai|assistant|bot) (?:says?|reads out
    |tells? (?:them|everyone))\s*(?:[:\"'“]|that)|\bsay the following\b

format: messages says notice alert override ends answers
=
    \bend of (?:viewer|user|chat) messages\b|\b(?:co-?host|assistant) (?:says?|answers?)\s*:
    |[*_\[(]+system (?:notice|override|alert)\b|\bchat ends here\b

complete: autocomplete comes q
=
    \bwhat comes next\s*:|\bautocomplete\b|\bq\s*:.{3,100}\ba\s*:

encoded: flip together drop remove strip turn
=
    \b(?:flip|turn) (?:it|this|that) (?:a?round|over)\s*:|\bput (?:that|it|this|them|those
    |my (?:two |three |last )?(?:messages|words|lines)) together\b|\b(?:drop|remove|strip
    |delete)(?: the| all| every)(?: letters?)? [a-z]s?\b.{0,90}\b<SAY>\b
"""
"""What it is to say, and the rules it is to forget."""
