"""What imitates a prompt's own form, a role, a call or a command; and tricks in one word."""

from __future__ import annotations

FORM = r"""
format:
=
    <\|.{0,40}?\|>|\[/?(?:inst|sys|system|user|assistant|end)\b.{0,20}?\]|<<?/?sys>>?|</?(?:data
    |system|instructions?|user|assistant|prompt|chat|conversation|messages?|context|quote|admin
    |developer|rules?|input|output|memory|tool\w*|function\w*|script|think|start_of_turn
    |end_of_turn|bos|eos|s|answer|viewer)\b[^<>]{0,60}>|(?:^|[\n.!?|\]})\"'*_`#-]\s*)(?:system
    |assistant|developer|sysadmin|sys|admin|root)(?: (?:message|prompt|note|override|instruction
    |update|alert|notice|command))?\W{0,3}[:：>»]|\b(?:system|assistant|developer)(?: (?:message
    |prompt|note|override|update|notice))?\s*[:：]|#{2,}\s*(?:system|instructions?|response|user
    |assistant|human|input|new|end|rules?|task)\b|[\"'“”]\w{1,20}[\"'“”]\s*:\s*(?:[\"'“”\[{\d]
    |true|false|null)|[{,]\s*[\"']?(?:emotion|text|role|content|answer|who|name|action|command
    |roles|system|tool|function|arguments|persona|canary)[\"']?\s*[:=]
    |[\]}]\s*[\]}]?\s*(?:end of|the end|answer as|now |system|new |ignore|task|instructions?\b)
    |(?:```|\"\"\"|'''|---|===|~~~|\*\*\*|___|###|>>>)\s*\[?\(?(?:system|end|new|begin
    |instructions?|admin|developer|assistant|user|override|important|json|prompt|stop|start
    |task)\b|\b(?:end|begin(?:ning)?|start
    |close) (?:of )?(?:the )?(?:quoted |user |chat |system |viewer )?(?:data|conversation|quote
    |context|input|block|transcript|json|prompt|untrusted \w+)\b
    |</?(?:speak|say|voice|tts|speech)\b[^<>]{0,40}>|```\s*(?:say|speak|tts)\b|\breturn [\"'`]
    |(?:^|\s)[!/]\s?(?:pickled?|mute
    |unmute|ban|timeout|persona|forgetme|mod|unmod|vip|clear|panic|shutdown|restart|reload
    |commercial|say|raid|unban|host)\b|\b\w+_\w+\s?\(|\b(?:print|system|exec|eval|say|speak
    |console\.log|set|setpersona|switchpersona)\s?\([\"'`\w]
    |\b[a-z]\w{0,8}\s?=\s?[\"'].{0,80}[\"'].{0,40}\b(?:say|print|output|speak|\+)
    |\byou\W{0,2}:\s

glued:
=
    ignor(?:e|iere)(?:all|any|your|the|previous|prior|every|system|my|alle|these)
    |disregard(?:all|the|your|prev|any)|repeatafter|sayexactly|saythis|repeatthis|systemprompt
    |fromnowon(?:you|say|always)|youarenow|forget(?:all|your|everything|the|previous)(?:rules
    |instructions?|you|previous|prompt|above)|(?:previous|prior|allyour|system)(?:instruction
    |rule|order|prompt)|actasa|pretendto?be|jailbreak|developermode|newinstruction
    |endeverysentence|revealyour|repeatmy|saymyname|answeronlywith
"""
