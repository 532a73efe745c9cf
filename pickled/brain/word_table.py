"""How words feel: English, chat slang, and the commonest of German, Spanish, French, Portuguese.

Each group is a line with a valence −1…1, then its words in lower case. Written for live chat,
where "insane" praises.
"""

from __future__ import annotations

WORDS = """
0.8
love loved loves loving lovely adore adored adorable amazing awesome excellent fantastic wonderful
incredible brilliant beautiful gorgeous stunning perfect perfection phenomenal magnificent marvelous
outstanding spectacular superb masterpiece legend legendary goat goated best greatest godlike epic
glorious flawless phenomenally wholesome blessed ecstatic thrilled delighted overjoyed heartwarming
favorite favourite fav ily ilysm luv wunderbar großartig fantastisch liebe genial perfekt hammer
traumhaft amor encanta increíble maravilloso perfecto excelente hermoso incroyable magnifique
parfait merveilleux amo lindo maravilhoso perfeito incrível amazingly poggers pogchamp banger bussin
slay slayed slaps
0.55
good great nice happy glad fun cool sweet thanks thank thx ty tysm thankyou tyvm welcome congrats
congratulations grats gratz gz bravo props respect cute pretty wow yay woo woohoo yeah yess yesss
hooray hype hyped excited exciting enjoy enjoyed enjoying enjoyable win won wins winner winning
victory clutch clutched insane cracked based clean smooth talented skilled impressive proud wp bless
lucky neat solid delicious tasty yummy yum beauty charming cozy comfy relaxing chill funny hilarious
lit dope sick rad stoked pumped crisp fresh fire poggies pog worth deserved deserve support
supported supporting supportive kind kindness friendly friend friends generous helpful brave strong
smart clever genius talent wise joy joyful cheers cheer laugh smile smiling hugs hug kisses kiss
heart hearts hero success successful successfully celebrate celebrating party dancing dance gg ggwp
gj goodjob wellplayed nt improved improving improve better recommend appreciate appreciated grateful
thankful honored honoured stable peaceful calm sunny warm magic magical elegant fancy graceful vibes
vibing vibe homies homie bro champ champion clap goty gold platinum rich free gift gifted gifting
bonus jackpot gut super toll geil klasse schön danke freue freut glücklich lustig spaß stark nett
süß hübsch lecker prima spitze herzlich willkommen sauber bueno buena buenos bien gracias feliz
bonito guapo divertido gracioso genio grande vamos mejor rico bon bonne merci heureux content beau
belle drôle génial gentil bom boa obrigado obrigada legal melhor parabéns valeu top
0.3
ok okay fine alright yes ye yep yup sure agree agreed true right correct like liked likes wish hope
hopefully hoping interesting interested curious fair decent safe easy well ready new finally early
soon hello hi hey hiya heya howdy morning evening goodnight gn gm sup yo bye cya gl hf glhf goodluck
luck first back works worked working fixed possible gotcha sounds hola hallo moin servus bonjour
salut oi olá klar stimmt richtig gerne sí claro oui sim wink cheeky dood dude sub subs subbed
subscribed subbing follow followed follower months raid raiding prime
-0.25
slow late wait waiting delay delayed long hard difficult tough weird odd strange random pointless
repetitive meh mid whatever doubt doubtful unsure unlucky close lost lose losing loses missed miss
misses forgot forget forgotten wrong mistake mistakes stop stopped quit leave leaving left alone
expensive poor cheap old tired sleepy cold hungry dark loud quiet louder lag laggy lagging lags
buffering buffer blurry frozen freeze choppy offline afk muted mute ads ad adblock throw threw
throwing nerf nerfed nerfs salty mald malding cope coping copium seethe sus suspicious fake faker
clickbait rigged scripted worried worry nervous scared scary creepy afraid fear anxious tense stress
stressed langsam schade leider müde falsch lento tarde cansado lent fatigué dommage devagar cant
can't cannot couldnt couldn't wont won't dead rip oof yikes bruh unfortunately sorry scam scammed
scammer spoiler spoilers spoiled no nope nah
-0.5
bad sad sadly boring bored lame cringe cringy cringing annoying annoyed annoy angry mad upset hurt
hurts hurting pain painful ugly gross nasty stinky smelly dirty broke broken bug bugged buggy crash
crashed crashing crashes fail failed failing fails failure useless stupid dumb idiot idiots idiota
fool foolish moron clown clowns noob noobs nub scrub bot bots trash garbage rubbish sucks suck
sucked sucking toxic rude mean cruel unfair cheating cheat cheater cheaters cheated hacker hacking
lie lies lied liar lying problem problems issue issues error errors complain complaining complaint
whining whine cry crying cries cried tears depressed depressing depression lonely miserable sorrow
ruin ruined ruins ruining wasted waste disappoint disappointed disappointing disappointment hopeless
helpless desperate regret regrets guilty shame ashamed embarrassing embarrassed awkward
uncomfortable unbearable unwatchable unplayable overrated greedy selfish arrogant lazy weak pathetic
loser losers choke choked choking int inting feeding feeder griefing troll trolling spam spamming
worse downgrade flop flopped dull bland cursed dislike disliked danger dangerous risky unsafe threat
warning wtf wth ffs smh stfu gtfo kys kill killed killing dies die died dying death shoot shooter
shooting gun war fight fighting attack bomb accident injured injury ill cancer virus poison blood
bloody crime criminal steal stole stolen robbed thief jail banned ban bans unban permaban suspended
schlecht traurig langweilig blöd dumm nervig peinlich kaputt doof mies müll lügner aburrido triste
malo mala tonto feo basura roto peor mentira asco mauvais nul ennuyeux moche bête cassé chiant ruim
chato feio burro lixo disrespect disrespectful ignorant pretending horrific nonsense ridiculous
absurd
-0.8
hate hated hates hating hateful worst horrible terrible awful disgusting disgusted dreadful
atrocious abysmal appalling horrendous vile evil despise despicable revolting repulsive unforgivable
disaster catastrophe tragic tragedy nightmare hell racist racism sexist nazi terrorist murder
murdered murderer abuse abused abuser harass harassment suicide furious outraged enraged rage raging
loathe miserably traumatic trauma cancerous hasse hass schrecklich furchtbar ekelhaft scheußlich
katastrophe odio asqueroso déteste horreur dégoûtant affreux odeio horrível péssimo nojento
"""

# Swearing, shifted by thirteen letters, so that no vile word stands here in clear.
SHIFTED = """
-0.6
fuvg fuvggl ohyyfuvg penc penccl nff nffubyr nffubyrf ovgpu ovgpurf onfgneq qvpxurnq qhzonff wnpxnff
fuvgfubj cvff cvffrq qbhpur qbhpuront jnaxre gjng fyhg juber ergneq ergneqrq phag cevpx nhgvfg
nhgvfgvp zbgureshpxre zbgureshpxvat fpurvffr fpurvßr nefpu nefpuybpu zvfg zvreqn chgn pnoeba craqrwb
wbqre zreqr chgnva pbaaneq fnybcr zreqn cbeen pnenyub
-0.35
shpx shpxrq shpxre shpxref shx qnza qnzavg tbqqnza
"""

LAUGHS = """
lol lmao lmfao rofl roflmao lel lul kek haha hahaha hehe hihi xd xdd jaja jajaja jeje kkkk rsrs mdr
ptdr lolol lololol hahah ahah ahaha hahahaha ksks omegalul lulw kekw
"""

NEGATIONS = """
not no never dont don't doesnt doesn't didnt didn't isnt isn't wasnt wasn't arent aren't wont won't
cant can't cannot couldnt couldn't wouldnt wouldn't shouldnt shouldn't aint ain't without hardly
barely neither nor nothing nobody nicht kein keine keinen nie ohne no nunca sin ni pas jamais sans
não nem sem
"""

STRONGER = """
very really so such too extremely super absolutely totally completely fucking freaking insanely
incredibly literally actually damn hella mega ultra way much most sehr so echt voll richtig total
muy mucho tan très trop tellement vraiment muito tão
"""

WEAKER = """
kinda kindof somewhat slightly little bit rather almost sorta etwas bisschen poco peu pouco
"""
