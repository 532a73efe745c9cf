"""The wordings of tricks on a model in other languages, in the form of `trick_words`."""

from __future__ import annotations

ABROAD = r"""
role: croire semblant mechant malo bose
=
    \bfais (?:croire|semblant) que tu (?:es|as)\b|\b(?:fais|deviens|sois) (?:le |un )?mechant\b

override: ignoriere ignorier ignoriert ignorieren vergiss vergesst missachte missachtet
    uberschreibe umgehe befolge
=
    \b(?:ignorier\w*|verg(?:iss|esst)|missachte\w*|uberschreibe?|umgehe?
    |befolge? nicht)\b(?: \w+){0,4}? (?:anweisung\w*|regeln?|befehle?|vorgaben?|instruktion\w*
    |prompts?|einschrankung\w*|system\w*|alles (?:vorherige|bisherige|davor)|richtlinien?)\b

repeat: sag sage sprich wiederhole wiederhol antworte schreib schreibe sagt lies ubersetze
    wiederholt beende
=
    \b(?:sag|sage|sprich|wiederhole?|sprecht|wiederholt)\b(?: \w+){0,3}? (?:mir nach|genau
    |wortlich|wort fur wort|folgendes|folgenden satz|diesen satz|den satz|exakt|nur|rueckwarts
    |ruckwarts|meine worte)\b|\b(?:sag|sage|wiederhole?|sprich|antworte
    |schreibe?)(?: \w+){0,3}?\s*(?::(?! ?\S?[)(dp3|](?!\w))|[\"„“«])|\bantworte (?:nur
    |ausschliesslich|immer|ab jetzt)\b|\bubersetze?\b.{0,80}?\b(?:und|dann) (?:sag|sprich|lies
    |wiederhol)
    |\bbeende (?:jeden|jede|alle|deine)\b|\bsprich (?:mir |es )?nach\b

role: du dein deine tu tue stell verhalte ab jetzt
=
    \bdu bist (?:jetzt|nun|ab (?:jetzt|sofort|nun)|nicht mehr|kein\w*)(?! (?:mein|unser|dran
    |live|on(?:line)?|da|in|im|auf|hier|bei|schon|wieder|fertig|mude|der beste))\b|\bab (?:jetzt
    |sofort|nun|heute) (?:bist du|heisst du|sagst du|antwortest du|sag|antworte|sprich|gehorchst
    |musst du|wirst du|nennst du)\b|\b(?:tu so|tue so|stell dir vor),? (?:als (?:ob|warst|wenn)
    |du (?:bist|hast keine))\b|\bdein (?:neuer )?(?:name|schopfer|besitzer|meister
    |entwickler) ist\b|\bverhalte dich wie\b|\bich bin dein (?:entwickler|schopfer|besitzer
    |meister|admin\w*)\b

reveal: zeig zeige verrate nenne gib wie was lautet systemprompt prompt anweisungen regeln wohnt
=
    \b(?:zeige?|verrate?|nenne?|gib|wie lautet|wie lauten|was ist|was sind|lies
    |sag)\b(?: \w+){0,3}? (?:system-?prompts?|anweisungen|deine regeln|api.?schlussel|passwort
    |geheimnisse|instruktionen)\b|\bsystemprompt\b|\bwo (?:wohnt|lebt) (?:er|sie|der streamer)\b

override: ignore ignorez ignorer oublie oubliez oublier
=
    \b(?:ignor(?:e|ez|er)|oubli(?:e|ez|er))\b(?: \w+){0,4}? (?:instructions?|consignes?|regles?
    |directives?|ordres?|prompts?)\b

repeat: repete repetez dis dites reponds repondez ecris traduis termine redis
=
    \b(?:repet(?:e|ez)|redis|dis|dites)\b(?: \w+){0,2}? (?:apres moi|exactement|mot pour mot
    |ceci|cette phrase|la phrase|ma phrase|seulement|uniquement|ce qui suit|textuellement)\b
    |\b(?:repet(?:e|ez)|dis|dites|reponds|repondez
    |ecris)(?: \w+){0,2}?\s*(?::(?! ?\S?[)(dp3|](?!\w))
    |[\"“«])|\brepon(?:ds|dez) (?:seulement|uniquement|toujours|par|avec)\b|\btermine (?:chaque
    |toutes)|\btraduis\b.{0,80}?\bet (?:dis|lis|repete)

role: tu ton fais desormais maintenant vous partir
=
    \btu (?:es|seras) (?:maintenant|desormais|dorenavant) (?!mon|ma|notre|en live|la\b|ici)\w+
    |\btu nes plus\b(?: \w+)? (?:<NAME>|une ia|un bot|cohost|limite)|\b(?:a partir de maintenant
    |desormais|dorenavant),? (?:tu |dis|reponds|termine|vous)|\bfais (?:comme si tu|semblant d)
    |\bton (?:nouveau )?(?:nom|createur|maitre|proprietaire) est\b|\bje suis ton (?:createur
    |developpeur|maitre|proprietaire|administrateur)\b

reveal: montre revele donne quel quelles affiche
=
    \b(?:montre|revele|donne|quel(?:le)?s? (?:est|sont)|affiche
    |lis)\b(?:[ -]\w+){0,3}? (?:ton |tes |votre |vos |le |les )(?:prompt|instructions|consignes
    |regles secretes|mot de passe|cle|invite systeme)\b

override: ignora ignorad ignore ignorar olvida olvidad olvide olvidate olvidense esquece esqueca
    dimentica dimenticate desconsidere ignorate
=
    \b(?:ignor(?:a|ad|e|ar|ate)|olvid(?:a|ad|e|ate|ense)|esque(?:ce|ca)|desconsider[ae]
    |dimentica(?:te)?)\b(?: \w+){0,4}? (?:instruccion\w*|instruco\w*|instrucao|reglas?|regras?
    |regole|ordenes|ordens|ordini|istruzion\w*|indicacion\w*|directivas?|diretrizes|comandos?
    |comandi|prompts?)\b

repeat: repite repitan repita repete repeti ripeti ripetete di diga dile dite responde responda
    rispondi escribe escreva scrivi traduce traduza traduci diz digan termina
=
    \b(?:repit[ea]|repitan|repete|ripeti|ripetete|di|diga|diz|digan|dile
    |dite)\b(?: \w+){0,2}? (?:despues de mi|depois de mim|dopo di me|conmigo|exactamente
    |exatamente|esattamente|palabra por palabra|palavra por palavra|parola per parola|esta frase
    |questa frase|la frase|a frase|lo siguiente|o seguinte|quanto segue|solo|solamente|apenas
    |literalmente)\b|\b(?:repit[ea]|repete|ripeti|di|diga|diz|dile|responde|responda|rispondi
    |escribe|escreva|scrivi)(?: \w+){0,2}?\s*(?::(?! ?\S?[)(dp3|](?!\w))|[\"“«])|\b(?:responde
    |responda|rispondi) (?:solo|solamente|apenas|siempre|sempre|unicamente|con|com)\b
    |\btermina (?:cada|ogni|todas)|\btradu(?:ce|za|ci)\b.{0,80}?\b(?:y|e) (?:di|diga|lee|leia
    |leggi|repite|ripeti)\b

role: eres tu ahora agora ora adesso sei voce es finge fingi finja actua partir d'ora desde
=
    \b(?:ahora eres|eres ahora|agora (?:voce e|es)|voce e agora|(?:ora|adesso) sei|sei (?:ora
    |adesso)|ya no eres|non sei piu|voce nao e mais) (?!mi|mio|nuestro|meu|nosso|en vivo|ao vivo
    |in live|il mio|a|al|el mejor|il migliore)\w+|\b(?:a partir de (?:ahora|agora|este momento)
    |de ahora en adelante|desde ahora|de agora em diante|da (?:ora|adesso) in poi|dora in (?:poi
    |avanti)),? (?:tu|eres|di|diga|responde|voce|sei|rispondi|debes|deve|devi|siempre|sempre
    |te llamas|ti chiami|obedece)\b|\b(?:finge|finja|fingi|actua|aja|comportati) (?:que eres|ser
    |que voce|di essere|como (?:si|se|un|um|el|o)|come (?:se|un))\b|\b(?:tu|seu
    |il tuo) (?:nuevo |novo |nuovo )?(?:nombre|nome|creador|criador|creatore|dueno|dono
    |padrone) (?:es|e)\b|\bsoy tu (?:creador|dueno|desarrollador|administrador)\b|\b(?:sou
    |sono) (?:o )?(?:seu|il tuo) (?:criador|creatore|dono|desenvolvedor|sviluppatore)\b

reveal: muestra muestrame revela mostra mostre cual cuales quais quali qual dime prompt
=
    \b(?:muestra(?:me)?|revela|mostra(?:mi|me)?|mostre|cual(?:es)? (?:es|son)|quais sao|qual e
    |quali sono|dime|dimmi|diga)\b(?: \w+){0,3}? (?:prompt|instrucciones|instrucoes|istruzioni
    |contrasena|senha|password|clave (?:api|secreta)|tus reglas|suas regras|tue regole)\b

override: zignoruj ignoruj zapomnij pomin negeer vergeet
=
    \b(?:zignoruj|ignoruj|zapomnij|pomin)\b(?: \w+){0,4}? (?:instrukcj\w*|polece\w*|zasad\w*
    |regul\w*|wytyczn\w*|rozkaz\w*)|\b(?:negeer|vergeet)\b(?: \w+){0,4}? (?:instructies?|regels
    |opdrachten?|aanwijzingen|bevelen|prompts?)\b

repeat: powtorz powtarzaj powiedz odpowiedz odpowiadaj mow napisz zeg herhaal antwoord spreek
    powiedzcie vertaal
=
    \b(?:powt(?:orz|arzaj)|powiedz|mow)\b(?: \w+){0,2}? (?:za mna|po mnie|dokladnie
    |slowo w slowo|to zdanie|tylko|nastepujace)\b|\b(?:powtorz|powiedz|odpowiedz
    |napisz)(?: \w+){0,2}?\s*(?::(?! ?\S?[)(dp3|](?!\w))|[\"„“])|\bodpowiadaj (?:tylko|zawsze)\b
    |\b(?:zeg|herhaal|spreek)\b(?: \w+){0,2}? (?:mij na|me na|na mij|exact|letterlijk|precies
    |deze zin|de zin|alleen|het volgende|woord voor woord)\b|\b(?:zeg|herhaal
    |antwoord)(?: \w+){0,2}?\s*(?::(?! ?\S?[)(dp3|](?!\w))|[\"„“])|\bantwoord (?:alleen
    |altijd|met)\b

role: jestes teraz odtad je bent jij vanaf doe twoj udawaj
=
    \b(?:jestes teraz|teraz jestes|nie jestes juz) (?!moim|naszym|na|w|tu)\w+|\bod (?:teraz
    |tej chwili),? (?:jestes|mow|odpowiadaj|musisz|bedziesz)|\bodtad (?:jestes|mow|odpowiadaj)
    |\budawaj,? ze\b|\btwoj (?:nowy )?(?:tworca|wlasciciel|pan) to\b|\b(?:je|jij) bent (?:nu
    |vanaf nu|niet meer|voortaan) (?!mijn|onze|live|in|op|de beste|hier)\w+|\bvanaf nu (?:ben je
    |zeg|antwoord|moet je|spreek)|\bdoe alsof je (?:een|geen|de)\b
"""
"""German; French; Spanish, Portuguese and Italian; Polish and Dutch."""

SCRIPTS = r"""
override:
=
    (?:игнорируи|забудь|отмени|проигнорируи|не следуи)\w*(?: \w+){0,4}? (?:инструкци|правил
    |указани|команд|промпт|ограничени)

repeat:
=
    (?:повтори|повторяи|скажи|произнеси|ответь|отвечаи|напиши)\w*(?: \w+){0,2}? ?(?:за мнои
    |дословно|слово в слово|в точности|ровно|только|эту фразу|фразу|следующее|[:«\"“])

role:
=
    (?:ты (?:теперь|больше не|отныне)|теперь ты|с этого момента ты|отныне ты|притворись
    |представь,? что ты|веди себя как|твои (?:новыи )?(?:создатель|хозяин|владелец))(?! (?:мои
    |наш|в эфире|дома))

reveal:
=
    системн\w+ (?:промпт|инструкци)|(?:покажи|раскрои|назови)\w* (?:свои|твои) \w*инстр

override:
=
    (?:指示|命令|ルール|規則|プロンプト|設定|指令)(?:を|は)?(?:すべて|全て|全部)?(?:無視|忘れ
    |破棄|破っ)|(?:忽略|无视|無視|忘记|忘記|忘掉|不要遵守|忽视).{0,10}(?:指令|指示|规则|規則
    |提示|命令|设定|要求)

repeat:
=
    (?:私|俺|僕|わたし|あと|後)に?(?:の後)?(?:続いて|続けて|ついて)(?:言|くり返|繰り返)
    |繰り返して(?:ください)?[:「：]|(?:次の|この)(?:文|言葉|セリフ|文章).{0,6}(?:言って|繰り返
    |読ん|話し)|と(?:だけ)?言(?:って(?:ください|くれ|下さい|$)|え$)|」と言(?:って|え)|(?:跟我
    |跟着我|重复|重複|复述|逐字|照着).{0,4}(?:说|說|念|我的话|一遍|以下|这句|下面)|(?:请
    |請)?(?:说|說|重复|重複)[:「“\"：]|(?:只|仅)(?:能|要)?(?:说|說|回答|回复)

role:
=
    (?:あなた|お前|君|きみ)は(?:今から|もう|これから).{1,20}(?:です|だ|ではない|じゃない|になる)
    |(?:今|これ)から(?:あなた|お前|君)は|(?:のふりをし|になりきっ)|(?:你现在是|从现在开始
    |從現在開始|从现在起|你不再是|假装你|假裝你|扮演)

reveal:
=
    システムプロンプト|(?:システム|内部)(?:の)?(?:指示|命令)|(?:系统|系統)(?:提示|指令|消息)
    |(?:你的|告诉我).{0,4}(?:提示词|初始指令)
"""
"""Russian, Japanese and Chinese: in scripts without the trigger words."""
