"""The words of chat: what they are short for, which mean the same, which say little, what is asked.

Each table is plain text, so that a line can be added by whoever misses one; they are parsed once,
on first use, by `pickled.language.meaning.line`.
"""

SHORT_FOR = """
r:are u:you ya:you yu:you ur:your yr:your urs:yours yall:you ye:you n:and da:the d:the
wya:where you;wyd:what you doing;wru:where you;hbu:how you;hru:how you;wdym:what you mean
wat:what wut:what wht:what wot:what wt:what whr:where wer:where
wheres:where is;whereat:where whereabouts:where whose:who dis:this dat:that dem:them dey:they
whos:who is;whats:what is;wats:what is;wuts:what is;hows:how is;whens:when is;whys:why is
whatre:what are
wherere:where are;whod:who did;whered:where did;howd:how did;whatd:what did;whyd:why did
whatcha:what you;watcha:what you;whatchu:what you;wherever:where;whatever:what
im:i am;ive:i have;youre:you are;youve:you have;youll:you will;youd:you would
hes:he is;shes:she is;its:it is;thats:that is;theres:there is;heres:here is;theyre:they are
weve:we have;theyve:they have;dont:do not;doesnt:does not;didnt:did not;isnt:is not
arent:are not;wasnt:was not;werent:were not;cant:can not;cannot:can not;couldnt:could not
wont:will not;wouldnt:would not;shouldnt:should not;havent:have not;hasnt:has not;aint:is not
lets:let us;gonna:going to;gunna:going to;gon:going to;wanna:want to;gotta:got to;tryna:trying to
gimme:give me;lemme:let me;dunno:do not know;idk:i do not know;kinda:kind of;sorta:sort of
hw:how hv:have hav:have abt:about bc:because cuz:because cos:because coz:because b4:before
pls:please plz:please pleas:please plss:please thx:thanks ty:thanks tysm:thanks thanx:thanks
rn:now atm:now tn:tonight tmr:tomorrow tmrw:tomorrow tmw:tomorrow tomoz:tomorrow 2moro:tomorrow
2day:today tdy:today 2nite:tonight yday:yesterday ppl:people sm1:someone smth:something
sth:something any1:anyone every1:everyone no1:nobody gf:girlfriend bf:boyfriend bday:birthday
fav:favorite fave:favorite favourite:favorite colour:color pic:picture pics:picture vid:video
vids:video info:information temp:temperature temps:temperature loc:location min:minute mins:minute
hr:hour hrs:hour yr:year yrs:year yo:hey sup:hey km:kilometer kms:kilometer
mic:microphone mics:microphone cam:camera cams:camera vol:volume
lvl:level msg:message msgs:message dm:message subs:sub resto:restaurant
doggo:dog doggos:dog doggy:dog pup:puppy kitty:cat kitties:cat
ofc:of course;nvm:never mind;ikr:i know;irl:real life;afk:away;brb:away;ngl:lol;tbh:lol;fr:lol
wen:when whn:when y:why two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10
kg:kilo kgs:kilo kilos:kilo lbs:pound
donde:where adonde:where dónde:where onde:where dove:where où:where wo:where где:where
quien:who quién:who quem:who кто:who cuando:when cuándo:when wann:when когда:when
warum:why wieso:why pourquoi:why почему:why wie:how cómo:how как:how
bist:are seid:are estas:are estás:are estamos:are eres:are ist:is está:is esta:is estais:are
du:you ihr:you tu:you ты:you вы:you él:he alt:old hora:time heure:time uhr:time
heisst:name heißt:name spielt:play kalt:cold frio:cold frío:cold froid:cold regnet:rain llueve:rain
"""
"""`short:long` between spaces; `short:several words` between semicolons or line ends."""

PHRASES = """
were are:where are; were is:where is; were you at:where; how fast:speed; top speed:speed
max speed:speed; out of focus:blurry; not in focus:blurry; lens dirty:blurry; lens is dirty:blurry
clean the lens:blurry; clean your lens:blurry; wipe the lens:blurry; how heavy:heavy; how deep:deep
do not forget to:please; do not forget:please; remember to:please; make sure to:please;
how long have:uptime; how long has:uptime; how long you been:uptime; how long been:uptime;
how long is the stream:uptime; how many hours have:uptime; how many hours has:uptime;
how many hours in:uptime; how long you live:uptime; how long he been:uptime;
you are right:agree; you were right:agree; that is right:agree; he is right:agree; right on:agree;
is not right:disagree; he left:gone; she left:gone; they left:gone; nothing left:gone
left my:forgot
left his:forgot; left her:forgot; left the:forgot; left already:gone; have left:remain
is left:remain
hydrate:drink water; hydrated:drink water; hydration:drink water; hydrating:drink water
have some water:drink water; water break:drink water; sip of water:drink water
turn around:turn around camera; turn it around:turn around camera; other side:around
by yourself:alone; on your own:alone; by himself:alone; so far:already; a lot:much; lots of:much
in the back:behind; in the background:behind; next to you:behind
going to:will; been live:stream; be live:stream; still live:stream; live for:stream;
are you live:you stream; is he live:you stream; what day:when; what date:when; what month:when
what year:when;
shout out:shoutout; shout me out:shoutout; shout us out:shoutout; shout outs:shoutout;
how old:age; how many years:age; cuantos anos:age; cuántos años:age; quel age:age; quel âge:age
how long:howlong; how many hours:howlong; how much longer:howlong; how much time:howlong
until when:when end; till when:when end; how much money:howmuch; how much:howmuch; how many:howmany
how far:howfar; how big:howbig; how tall:howtall; how high:howtall; how expensive:howmuch
how come:why; what for:why; what reason:why; what way:where; which way:where
what time:clock; what hour:clock; que hora:clock; quelle heure:clock; wie spat:clock; wie spät:clock
what kind of:what; what type of:what; what sort of:what; what brand:what; what model:what
what is up with:whathappened; what is wrong with:whathappened; what happen to:whathappened
what happened to:whathappened; what happened with:whathappened; what happened:whathappened
what is going on:whathappened; what is happening:whathappened; what did you do to:whathappened
what did he do to:whathappened; what did she do to:whathappened; what is wrong:whathappened
keeps freezing:freeze; keep freezing:freeze; stream freezing:stream freeze;
in the world:okay; on earth:okay; the hell:okay; the heck:okay; the f:okay;
look like:looklike; looks like:looklike; at the moment:now; right now:now; right here:here
right there:there; over there:there; out there:there; all right:okay; turn off:turnoff
turn on:turnon; switch off:turnoff; switch on:turnon; shut off:turnoff; thank you:thanks
of course:okay; never mind:okay; no way:wow; no cap:wow; no problem:okay; why not:whynot
slow down:slower; speed up:faster; hurry up:faster; turn up:louder; turn down:quieter
phone number:phonenumber; best friend:friend; good night:goodnight; good morning:goodmorning
good luck:goodluck; not working:broken; does not work:broken; do not work:broken
will not work:broken; stopped working:broken; can not hear:nohear; do not hear:nohear
not hear:nohear; can not see:nosee; do not see:nosee; not see:nosee; do not know:notknow
go live:golive; going live:golive; de donde:where from; where from:where from
selfie stick:selfiestick; ice cream:icecream; fast food:fastfood; new york:newyork; of age:age
years old:age; year old:age; what age:age; how is:how; meet up:meet; meet ups:meet
meet and greet:meet; first time:firsttime; last time:lasttime; next time:nexttime
"""
"""Several words that mean one thing, longest first; the words are those after `SHORT_FOR`."""

NOTHING = """
not a an the this that these those it its is are am was were be been being do does did done doing
have
has having had you your yours yourself he his him himself she her hers we us our they them their
i me my mine myself one ones there here now currently already still just really very so too such
even ever
then than well also actually literally basically again please hey hi hello yo ok okay oh ah uh um
bro bruh dude man mate sir buddy homie fam king guy guys chat streamer everyone everybody
all yall boss cuz to of in on at for with by as into onto and or but if because about all only today
 can could will would should shall may might must let got gotta gonna to some any thing
things something anything stuff bit little lol lmao lmfao rofl haha hehe xd omg wtf wow damn dang
yeah yep think guess know maybe probably thanks anyone anybody
someone somebody person people else quick quickly exactly specifically originally
 btw ah eh huh hmm hm lets keeps keep keeping kind sort type
el la los las un una de del que es en der die das den ein eine ist und ich le les est je
"""
"""Words that make no difference to what is meant."""

LITTLE = """
0.4: stream
0.2: what use model kind brand
0.3: want need like stuff go take get make turn give put look see show tell say try come side buy
find hold set
0.3: local be keep start next vote run current way bring guy back new
0.5: how from climb fly ride break hit touch open pick throw push pull carry wear bring leave
0.5: stay wait stop walk run jump swim drive sit stand follow join visit check read write send
0.5: change fix clean eat drink sleep play sing dance talk speak feel start miss meet help
0.3: behind background front away over near whole entire real enough many more money total ever
since
0.3: order day out hear around far other another each both only nearby along bring move
0.5: up down forward back inside outside
0.5: big small little good bad new old cute lazy crazy nice funny random lucky heavy whathappened
0.7: where when who why howmany howmuch howlong
"""
"""Words that say less than others: their weight; any other word weighs 1."""

SAME = """
what: which; where: whereabout
location: place town city village country region area spot province state district
camera: webcam lens; sound: audio; microphone: mike; film: record shoot
lag: laggy lagging lags stutter choppy; freeze: frozen froze stuck
buffer: buffering loading load; broken: broke bust busted bugged bug dead died dies gone off missing
mute: muted unmute; eat: ate eaten eating eatin devour; food: dish meal snack plate cuisine
song: track tune music; play: playing plays played; name: called title named; friend: buddy
train: trains subway metro; bus: buses; taxi: cab uber; bike: bicycle; car: auto
hotel: hostel airbnb motel; airport: plane flight; end: ends ending finish finished over stop
stream: streams streaming streamed live livestream broadcast livestreaming
cold: chilly freezing freezin
rain: rainy raining rained pouring; sun: sunny sunshine; wind: windy; snow: snowy snowing
hot: warm boiling; hurt: injure injured injury pain hurting; happen: happened happens happend
dog: dogs puppy; cat: cats kitten; kid: kids child children; woman: lady girl women chick
man: men; job: work working occupation; money: cash
howmuch: cost price costs costing expensive paid pay
heavy: weigh weight kilo pound; vegan: vegetarian veggie; safe: safety dangerous sketchy danger
girlfriend: gf wife partner; boyfriend: husband
drink: drinking drank drinks; bathroom: toilet restroom washroom; beautiful: pretty gorgeous
go: going went headed heading goes head; buy: bought get got purchase purchased buying
big: large huge giant massive; blurry: blur unfocused foggy; swim: swimming swam
loud: louder loudly noisy noise; meet: met meetup meetups meeting
turn: flip rotate spin; quiet: quieter silent
phone: iphone smartphone cellphone; charger: powerbank; internet: wifi connection signal
walk: walking walked walks; sleep: sleeping slept; hair: haircut; shirt: tshirt; jacket: coat
language: languages; speak: talk spoken speaking talking speaks; scared: afraid scary
tired: exhausted sleepy; trip: journey vacation holiday; building: buildings
nationality: nationalities
say: said says saying tell told tells; see: saw seen watching watch look looking looks
hello: hi; thanks: thank; sub: subscribe subscriber subscription; giveaway: raffle
laugh: laughing; love: loving loved; awesome: amazing great cool nice incredible
picture: photo selfie image; video: vid clip; backpack: bag rucksack; shoe: shoes sneakers boots
"""
"""`head: words with the same meaning` in this setting
endings like -s and -ing go by themselves."""

OPPOSED = """
left right straight up down forward back backward north south east west inside outside
yes no hot cold day night open closed win lose black white red blue green yellow
monday tuesday wednesday thursday friday saturday sunday rain sun snow first last
"""
"""Words that are never exchanged for each other, however near a model finds them."""

INTENTS = """
?where are you: where | location | what location | what location is it | which location
 | location name | name location | where exactly | where street | where road | where building
 | where is everybody | tell us where you are
 | where you at | what part of the location | in which location | location now | what street
 | what street is this | show the map | where live now | where are you streaming from
?how old are you: age | what age | how old | old | age now | when were you born
?where are you from: where from | what location from | nationality | what nationality
 | where were you born | where born | where originally
?what camera is that: camera | what camera | camera setup | what film with | what film | what gear
 | what setup | camera model | film with what | what are you recording with | camera name
?what time is it there: clock | time | what time | local time | what is local time | time there
 | what clock local | your time | what timezone | timezone | time zone
?how is the weather: weather | how weather | what weather | what is the weather like
 | how is the weather | what temperature | temperature | how many degrees | degrees
?is it cold: cold | how cold | not cold | is it cold outside | freezing | cold outside
?is it hot: hot | how hot | is it hot outside | not hot | humid | how humid
?what are you eating: what eat | what food | eat what | what you having for food | what order
 | what food name | what did you order | what meal | what is for dinner | what is for lunch
 | what taste | how is the food | how does it taste | food good | how food
?what are you drinking: what drink | drink what | what beer
?who is that: who | who next to | who friend | who person | who is with | who name | who woman
 | who is she | who are those | who kid | whos your friend | with who
?what is your name: what name | name | who are you called | what should we call you
?what song is this: song | what song | song name | what song name | what play? | what playing
 | song id | song id what | song link | playlist | what playlist | song playing | what song playing
?what happened: whathappened | what was that | what just happened | what did i miss | what miss
?what are you doing: what doing | doing what | what you up to | what are you up to | what plan
 | what plan today | plan | what is the plan | what is the plan for today | what next
?where are you going: where go | where next | where go next | go where | what destination
 | destination | where headed
?when does the stream end: when end stream | when end | stream end when
 | howlong you going to stream
 | howlong stream for | howlong stream | howlong more stream | when offline | when stop stream
 | what time end stream | clock end stream | howlong left
?when is the next stream: when next stream | next stream | schedule | stream schedule
 | what schedule | when stream | when golive | when golive next
?how tall are you: howtall | height | what height
?how are you: how are you | how you | how you doing | how are you doing | how are you feeling
 | how feel
?what do you do for work: what job | job | what do you do for a living | what job do you have
?what microphone is that: microphone | what microphone | microphone model
?what phone is that: phone | what phone | phone model | which phone
?what internet do you use: what internet | how internet | internet provider | what sim | sim card
 | which sim card
?how many people are watching: howmany viewer | viewer count | howmany watch
?is this live: is this live | is it live | rerun | is this a rerun | is this recorded
 | live or recorded
?what did he say: what say | what did he say | what did she say | what say translate | translate
?where do you sleep: where sleep | where stay | where hotel | what hotel | which hotel
 | where are you staying | hotel name
?how long have you been live: uptime | uptime stream | uptime live | uptime today
 | howmany hour stream
?are you live tomorrow: stream tomorrow | tomorrow stream plan | golive tomorrow | on tomorrow
?are you single: single | girlfriend | boyfriend | relationship | date | dating | married
 | have a girlfriend | have a girlfriend or boyfriend | in a relationship | marry
?how much was it: howmuch | howmuch cost | cost | what cost | price | howmuch money | how cost
 | howmuch pay | howmuch total | what did you pay
?is it safe there: safe | safe place | safe location | how safe | safe walk | safe night
?what is that: what | what thing | what is that thing | what is that behind you
?are you alone: alone | are you alone
?are you tired: tired
?are you drunk: drunk | are you drunk | how drunk
?how far do you walk: howmany step | howmany kilometer | howfar walk | howfar | howfar left
?how long are you staying: howlong stay | howlong there | howlong trip
?is it your first time there: firsttime | firsttime there | is it your first time
?can we meet you: meet | meet plan | when meet | where meet | meet fan | any meet
?what is the goal: goal | what goal | sub goal | donation goal
?what are you waiting for: wait | what wait | why wait
!drink some water: drink water | water
!turn the camera around: turn camera | turn around camera | turn around | around camera
 | show behind | camera behind
!the wind is loud: wind loud | wind | only wind | hear wind | loud wind | wind noise ears
!no sound: no sound | nohear | nohear you | nohear anything | sound broken | microphone broken
 | microphone mute | mute | you are muted | why no sound | where sound | fix sound | sound
 | microphone off | no microphone | sound cut | lost sound | sound issue | sound problem
 | unmute microphone | unmute | fix microphone | nohear sound | anyone else no sound
!the stream is lagging: lag | stream lag | freeze | stream freeze | buffer | stream buffer | so lag
 | why lag | why freeze | why buffer | video freeze | picture freeze | lag spike | is it lag for me
 | stream broken | connection bad | stream quality bad | fps | low fps | video lag | camera freeze
 | screen freeze | lag again | dropping frames | frame drops | bitrate
!the picture is blurry: blurry | camera blurry | picture blurry | so blurry | focus camera
 | stream blurry | screen blurry | camera focus
!black screen: black screen | nosee | nosee anything | no video | no picture | screen black
 | screen is black | why black screen | i only see black | video broken | camera broken
!too quiet: too quiet | so quiet | nohear well | louder | louder please | speak louder | volume up
 | turn volume up | sound low | volume low | sound too quiet | hear barely | barely hear you
!too loud: too loud | loud | quieter | volume down | my ears | rip ears | ears | sound too loud
!read chat: read chat | look at chat | check chat | read the messages | answer chat
!the battery is low: battery low | charge phone | charge battery | battery dying
"""
"""What chats on the road ask (`?`) and say (`!`) most: `label: wording | wording | …`."""

EMOTES = """
KEKW LUL LULW OMEGALUL KEK Kappa PogChamp Pog POG POGGERS PogU Poggies Sadge Copium COPIUM HOPIUM
monkaS monkaW Pepega PepeLaugh PepeHands FeelsBadMan FeelsGoodMan FeelsStrongMan ResidentSleeper
Jebaited NotLikeThis BibleThump WutFace DansGame Kreygasm TriHard HeyGuys VoHiYo SeemsGood 4Head
BabyRage SwiftRage FailFish Keepo cmonBruh CoolStoryBob HYPERS EZ Clap catJAM PauseChamp Weirdge
Madge Bedge Okayge Aware Clueless Surely ICANT Pepelaugh xdd GIGACHAD YEP NOPERS NODDERS o7 peepo
Susge Prayge Gladge Stare WICKED 5Head 3Head widepeepoHappy Kappa123 LULE peepoHappy
"""

BRANDS = (
    "iPhone iPad iOS GoPro YouTube TikTok PayPal WhatsApp McDonalds McDonald eBay LinkedIn DoorDash"
)
"""Written like emotes, and none."""
