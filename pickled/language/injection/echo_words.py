"""Words that echo.py looks at: those that say little by themselves, and those that attribute."""

from __future__ import annotations

COMMON = """
a about actually after again all almost already also always am an and another any anybody anyone
anything are around as ask at away back bad be because been before being best better big bit but
by can cant chat come comes coming could cute day did didnt different do does doesnt doing done
dont down else even ever every everybody everyone everything fine first for friend friends from
fun funny game get gets getting give glad go goes going gone gonna good got great guy guys had
haha happen happened hard has have havent having he hello her here hes hey hi him his home hope
how i id if ill im in into is isnt it its ive just keep kind know last later least let lets like
literally little live lol long look looking looks lot love lovely made make makes man many maybe
me mean might mind mine more morning most much must my myself need never new next nice night no
nobody not nothing now of off oh ok okay old on once one only or other our out over own part
people perfect place please pretty probably put question quite ready real really right said same
saw say says see seem seems seen she should since so some somebody someone something sorry sound
sounds start still stop stream stuff such super sure take talk tell than thank thanks that thats
the their them then there theres these they theyre thing things think this those though thought
three time to today together tomorrow tonight too took tried try two us very wait walk want was
wasnt watch watching way we week welcome well went were weve what whats when where wheres which
while who whole why will wish with without wont work world worth would wow yeah year yes yet you
youre your yours youve der die das und ist ich du wir sie es ein eine nicht auch wie wo ja nein
el la los las un una y que de en si le les et est je tu il elle nous pas behind front under
above between near inside outside across along through during against toward towards until upon
beside below beneath per amazing awesome beautiful incredible gorgeous wonderful fantastic
brilliant magical delicious tasty cool huge tiny epic adorable insane crazy absolutely totally
definitely indeed exactly minute minutes hour hours difference important key brings bring help
helps job hear means making trying seeing using keeping taking having given gave thinking
telling saying feeling feel feels
"""
"""A sentence of these alone belongs to nobody."""

EMPTY = """
a an the this that these those my your his her its our their i you he she it we they me him us them
im ive id ill youre youve hes shes its were theyre theyve mine yours and or but so than as of in on
at by to for from with into am is are was were be been being isnt arent wasnt werent do does did
dont doesnt didnt done have has had havent hasnt hadnt can cant could will wont would shall should
may might must not no just really very quite so too also even ever only still yet already again
like well honestly actually literally totally completely absolutely definitely truly basically
simply pretty right ok okay yes yeah oh ah uh um hey now then there here go goes going gonna get
gets got who what which some any all each every one lol haha know mean kind sort bit plus more
seriously obviously clearly apparently surely maybe perhaps probably
der die das ein eine und ist sind ich du er sie es wir ihr nicht so ja el la los las un una y es
de que le les et est je tu il elle on nous vous pas ne ce cet cette
"""
"""Put in, left out or exchanged, and a sentence still says the same."""

BIDS = """
say says saying tell shout yell scream cry announce output repeat reply respond read confirm speak
crie cries grita gritar behaupte schrei sag sagt sagen sagst dis dit di dice diga zeg powiedz
answer answers replies greet greets catchphrase slogan motto character role persona villain evil
ai robot bot cohost co host system prompt rule rules guidelines you youre play plays auth perform
recite recital pronounce karaoke parrot copycat echo simon rap verse haiku limerick acrostic lyrics
script encore broadcast unscramble autocorrect translate fill complete words out outloud loud
aloud pt part word call wiederhole sprich repete repite ripeti repita herhaal powtorz
"""
"""Without any of these words a line does not speak of saying."""

PRAISE = """
amazing awesome beautiful incredible gorgeous wonderful fantastic brilliant magical delicious tasty
cool epic adorable lovely great good nice best perfect pretty cute fun happy proud glad
"""
"""Whoever agrees in these words does no harm."""

SAYS = """
says say said saying asks ask asked asking writes wrote writing wonders wonder wondering wants
want wanted thinks think thought claims claim claimed told tells tell telling calls called
suggests suggested mentioned mentions insists put puts according quote quoting reckons know finds
found sagt sagte fragt schreibt meint will wollen fragen sagen dice pregunta escribe quiere dit
demande veut chiede scrive vuole diz pergunta zegt vraagt mowi pyta
"""
"""Beside somebody's words they say whose words these are."""

SOMEBODY = """
chat viewer viewers somebody someone people everybody everyone many some you they he she we guys
folks friend person message question der die chatter alguien quelquun
"""
"""Who may have said it, beside the author by name."""

PERSON = """
i im ive me my mine myself you youre youve your yours yourself u ur
"""
"""They turn about when a sentence is taken over: "you are Bob" becomes "I am Bob"."""

SPOKE = """
says said writes wrote wonders thinks thought claims claimed suggests reckons sagt
schreibt meint dice pregunta dit demande chiede zegt
"""
"""Within somebody's words they say that these were somebody else's."""

ARTICLES = """
the a an this that these those my your his her our their some no der die das ein eine el la le un
"""
"""A phrase begins with one of these,"""

PREPOSITIONS = """
in on at of with from for by to over behind near under through against without and
"""
"""and after a word or two comes one of these."""
