"""How words feel: English, chat slang, and the commonest of German, Spanish, French, Portuguese.

Each group is a line with a valence −1…1, then its words in lower case. Written for live chat,
where "insane" praises.
"""

from __future__ import annotations

WORDS = """
0.8
adorable adore adored amazing amazingg amazingly amo amor awesome banger beautiful beloved best
bestest blessed breathtaking brilliant bussin coolest cutest dazzling delighted ecstatic encanta
epic excelente excellent exceptional exquisite fantastic fantastisch fav favorite favourite finest
flawless funniest gem genial glorious goat goated godlike goosebumps gorgeous greatest großartig
happiest heartwarming heavenly hermoso iconic ily ilysm impeccable incredible increíble incroyable
incrível irresistible jawdropping kindest king kings legendary liebe lindo love loved lovely loves
loving luv magnificent magnifique maravilhoso maravilloso marvellous marvelous masterpiece
merveilleux mesmerizing mindblowing nicest outstanding overjoyed parfait perfect perfection perfecto
perfeito perfekt phenomenal phenomenally pogchamp poggers prettiest priceless queen sensational
slaps slay slayed smartest spectacular stunning sublime superb supreme sweetest terrific thrilled
traumhaft treasure unbeatable unforgettable unreal wholesome wonderful wunderbar
0.55
adventurous affectionate alegre alegría amused amusing angelic angenehm appealing applaud applause
appreciate appreciated attractive aww awww banging based beau beauty belle better bien blessing
bliss blissful boa bom bonito bonne brave bravo bright brightens brilliantly bro buena bueno buenos
caring catchy celebrate celebrated celebrating champ champion charismatic charm charming cheer
cheers chido chouette chévere clap classy clean clever clutch clutched comforting comfy commend
compassion competent composed confident congrat congrats congratulations congratz considerate
content cool courage courageous cozy cracked creative crisp cute dance dancing dandy danke dearest
delicate delicious delight delightful demais dependable deserve deserved determined devoted
divertido dope dreamy drip drippy drôle dub eager effortless ehre ehrenmann elated elegant
encouraging energetic engaging engraçado enjoy enjoyable enjoyed enjoying entertaining enthusiastic
episch ethical excellence excited exciting exhilarating eyecandy fabulous faithful fancy fashionable
felicidades felicitaciones feliz festive flattering fofo freedom fresh freu freue freut frfr friend
friendlier friendly friends fulfilled fulfilling fun funny fye félicitation félicitations gas geil
geilo gemütlich generous genio genius gentil gentle genuine gg ggwp gifted gifting gigachad gj glad
gladly glücklich glückwunsch gold good goodgame goodjob goodness gostei gotem gottem goty graceful
gracias gracioso gracious grande grandioso grateful gratitude grats gratulation gratz great guapa
guapo guay gut gz génial handsome handy happy heal healthy heart heartfelt hearts helpful hermosa
hero herzlich heureux hilarious homie homies honest honesty honored honoured hooray hopeful hug hugs
humble humor humour hype hyped hübsch idol imaginative immaculate impress impressed impressive
improve improved improving ingenious innovative insane inspiration inspire inspired inspiring
intelligent invincible jackpot joke jolly joy joyful kind kindness kiss kisses klasse krass laugh
laughed laughing lecker letsgo letsgoo lindão lit lively loyal luckily lucky lush lustig magic
magical majo maneiro marrant massa masterful mature mejor melhor merci merry mignon motivated
motivating nailed neat nett nice nicee nicely noble nt obrigada obrigado optimistic parabéns passion
passionate patient peaceful platinum pleasant pleased pleasing pleasure pog pogg poggies pogu polite
positive positivity powerful precious prima prize profound promising props prosper protect proud
proudly pumped pure rad radiant ravi recommend refreshing relaxed relaxing relief relieved
remarkable resilient respect respectful rewarding rich rico rigolo rizz rizzing romantic satisfied
satisfying sauber scenic schön secure serene show sick sincere skilled smile smiling smooth
snazzy solid spannend spark sparkling spaß spectacle spitze splendid stabil stable stark stellar
stoked strength strong stylin stylish success successful successfully suerte sunny sunshine support
supported supporter supporting supportive swag sweet sweetheart sympa süß talent talented tasty
tender thank thankful thanks thankyou thoughtful thrilling thrive thx tidy toll touching tranquil
triumph triumphant trust trusted trusty ty tysm tyvm unique upbeat uplifting valeu valid vamos vibe
vibes vibing vibrant victorious victory w warm warmth welcome wellp wellplayed willkommen win winner
winners winning wins wise witzig won wonder wondrous woo woohoo worth worthwhile worthy wow wowed wp
ws wunderschön yay yayy yeah yess yesss youthful yum yummy zesty
0.3
absolutely accept accepted achieve achieved active advance advantage agree agreeable agreed agreeed
aha aight allow allowed alright ambitious aware back beleza benefit benefits bet bless bonjour bonus
bye calm capable care careful cares certain certo cheeky chill claro clear comfort complete
compliment confirm cooperate correct correctly curious cya d'accord dale deal dear decent definitely
dood dude early ease easier easily easy educated effective efficient effort enable ensure equal
evening exactly exclusive expert explore fair fairplay familiar famous fascinating favor feasible
finally fine fire fit fixed flexible followed follower forgive forgiven free gain gains genau gern
gerne gift gl glhf gm gn goodluck goodnight gotcha grand grow growing growth hallo hello hey heya hf
hi hiya hola hope hopefully hopefuls hoping howdy ight important improvement increase indeed
independent interest interested interesting isso ja jap jo keen klar knowledge learn learned legend
like liked likes listo logical lowkey luck läuft mercy modern moin morning natural neatly oi ok okay
okey oki okidoki okie oks olá opportunity organized ouais oui party passt peace perky please plenty
popular possible prefer prepared pretty profit progress promise promised proper quick quickly raid
raiding reach ready recover recovered reliable rescue resolved restore reward richtig right safe
safely salut save saved serious servus share shine significant simple smart solution solved soon
sounds special spirited steady stimmt stimmts stronger subbed subbing subscribed suitable supporters
sure surely survive survived sí trustworthy useful vale valuable value vivid voilà wealth well
willing wink wish worked working works ye yea yeahh yeh yep yes yessir yo yup
-0.25
absent adblock afk afraid alarm alarming alas alone annoys anxiety anxious apathy apologies apology
attack avoid awkwardly bald ban banned bans beg begging behind bitter bizarre blame blind blocked
blood bloody blurry bomb bother bothered bothering breaks bruh bruit buffer buffering burden burn
burned can't cannot cansado cant careless chaos cheap cheat cher choppy chuva clickbait close clumsy
cold complex confuse confused confusing confusion cope coping copium costly couldn't couldnt crap
crazy creepy critical crooked cuidado damage damaged dark dead deaf death debt decline defeat
defeated defend delay delayed delays demand denied deny devagar die died dies difficult difficulty
difícil disable disabled disagree disconnect disconnected dommage doubt doubtful drop dropped
dropping drops drunk dumbfounded dur dying egal empty enemy error errors escape estranho evade
exhausted exhausting expensive exposed faint fake faker falsch fatigué fault faulty fear fight
fighting flaw flawed force forced forget forgot forgotten freeze frozen gloomy greed grind grumpy
guilt gun hard harsh haunted heavy hell hesitant hide hiding hungry hurry hängt idle ignore ignored
impatient impossible incomplete inconvenient incorrect insult int interrupt itchy jealous jitter
jittery kill killed killing kills komisch lack lacking lacks lag lagado lagging laggy lags lagueado
langsam langsamer late laut leak leaked leaks leave leaving left leider leise lent lento lentísimo
limit limited long lose loses losing lost loud louder mald malding malfunction meh mess messy mid
miss missed misses missing mistake mistaken mistakes moody mute muted mutes müde nah naive naja
needy negative nerf nerfed nerfs nervous no noise noisy nope obscure odd oddly offend offended
offensive offline old oof outage outdated overheat overheating overwhelmed panic panicking paranoid
pause paused pech perdeu perdido perdió perdu pity pixelated pointless poor pressure pretending
pricey punish questionable quiet quit quits random raro reject rejected reluctant repetitive
restless restrict restricted rigged rip robot rough ruckelt ruido rusty salty scam scammed scammer
scare scared scares scary sceptic schade schwierig scripted seethe seltsam shaky shock shocked
shocking shoot shooting shortage shy silence skeptical skip sleepy sloppy slow slower slowly sore
sorry spill spilled split spoiled spoiler spoilers stale static steep stiff stockt stop stopped
strain strange stranger stress stressed strict stuck stumble stutter stuttering stutters stuttery
suffer suffering suffers surrender sus suspect suspicion suspicious tarde tease tense threw throw
throwing tilt tilted timeout tired tough trap trapped travando travou trick tricky trouble troubled
uff ugh unable unaware uncertain unclean unclear unfortunately unhappy unknown unlikely unlucky
unpleasant unpopular unrest unstable unsure upsetting vague verliert verloren virus vulnerable wait
waiting war warning weary weird weirdo wet whatever wobbly won't wont worn worried worries worry
worrying worthless wound wrong wtf yikes zzz
-0.5
abandoned abnormal absurd aburrido aburridísimo accident aggravating agony aimbot anger angers
angrier angry anguish annoy annoyance annoyances annoyed annoying annoyingly antisocial appal argue
arguing arguments arnaque arrogant asco ashamed assault awkward backstab bad badly barbaric basura
begone betray betrayal betrayed betrug bigot bitterly blackmail bland bleak blöd bogus boosted bored
boredom boring brainless brainrot brat broke broken bug bugged buggy bull bullied bully bullying bum
bums burnt burro bête cancer cassé chaotic chateado chato cheated cheater cheaters cheating cheeks
chiant choke choked choking clown clownfiesta clowns clueless cobarde cocky colère complain
complaining complaint copebro coward cowardly crappy crash crashed crashes crashing creep creeps
cried cries crime criminal cringe cringing cringy crisis criticism crook crude cruel crushed cry
crybaby crying cursed cynical danger dangerous deceit deceive deceived defame degrading delusional
demolish deplorable depp deppen depressed depressing depression deprived desperate destroy destroyed
destroying destruction devastated devastating dirty disappoint disappointed disappointing
disappointingly disappointment disappoints disapprove disbelief discomfort discouraged disgrace
disgraceful disgust dishonest dislike disliked dismal displeased disrespect disrespected
disrespectful disrupt distress distressed distrust dogwater doof doomed downgrade dread dull dumb
dumber dumbest dumm dump dumpster débile egotistic eklig embarrass embarrassed embarrassing
embarrassment enemies enfadado ennui ennuyeux enojado enrage enttäuschend enttäuscht envy estafa
excruciating exploit exploited eyesore fail failed failing fails failure fakes fastidio fatal feeble
feeder feeding feio feo ffs fiasco filthy flaming flop flopped fool foolish foul fracaso fraco fraud
fraudulent frustrate frustrated frustrating frustration fâché garbage gelogen ghastly glitched
glitchy gloom golpe greedy grief griefed griefing griefs grift grifter grim gripe groan gross
grotesque gtfo guilty hacker hacking hacks hardstuck harm harmed harmful headache heartbreak
heartbreaking heartbroken heartless helpless hideous honte hopeless horrendo horrific hostile
humiliated humiliating humiliation hurt hurting hurts hypocrite hypocritical hässlich idiot
idiota idioten idiotic idiots ignorance ignorant ill illegal immature immoral incompetent inferior
infuriating inhumane injured injury injustice insecure insulted insulting insults inting intolerable
intrusive inútil irritante irritate irritated irritating issue issues jail jealousy jerk joyless
kaputt kicked killjoy kys l ladrón lahm lame lamest langweilig laughable laughingstock lazy leech
leeching liar liars lie lied lies lifeless lixo loathing lonely loser losers lousy ls ludicrous
lying lâche lügen lügner mad maggot mala malder malicious malo malísimo manipulate
manipulative mauvais mean meaningless menace menteur mentira mentiroso mies mindless miserable
misery mislead misleading mistreated moche mock mocked mocking molesto monstrous moron mourn müll
nasty naughty neglect neglected nervig nervt nonsense noob noobs nub nuisance nul obnoxious obsolete
offender opfer outrage outrageous overpriced overrated pain painful painfully parasite parasocial
pathetic paywall peinlich peor peores perdedor permaban pest petty phony pitiful plague poison
poisoned pollution poorly pourri predatory prejudice problem problems pésimo quitter raiva
ratio raté regret regretful regrets rejecting repugnant resent resentment revenge ridicule
ridiculous rigging ripoff risky robbed roto rotten rubbish rude ruim ruin ruined ruining ruins
sabotage sad sadder saddest sadly sadness sarcastic sauer scandal scandalous schlecht schlimm
schwach scripting scrub selfish selfishness sellout senseless shady shambles shame shitless
shooter sicken sickening sinister skillissue slander sleazy slimy smelly smh smurf smurfing
snake snob sobbing soldout sorrow soulless spam spamming spite spiteful steal stench stfu stink
stinks stinky stole stolen stupid stupide stupidest stupidity suck sucked sucker sucking sucks
suicidal sulk suspended tacky tasteless tear tears tedious terrified terrify terrifying terror thief
threat thug tiresome tonto torment torture tortured toxic toxicity trainwreck traitor trash trashy
traumatized traurig triste troll trolling tyrant uglier ugliest ugly unacceptable unappreciated
unban unbearable uncomfortable undeserved undesirable unethical unfair unfit unfortunate unfriendly
ungrateful unhealthy unimpressed uninspired uninterested unjust unkind unlikable unlovable
unplayable unpleasantly unprofessional unreliable unsafe unsatisfied unskilled unskip untrustworthy
unwanted unwatchable unwelcome upset useless vandal verarscht vergonha vergüenza versager vicious
victim viewbot viewbots viewbotting villain violate violence violent vomit vulgar wack wallhack
washed waste wasted weak weakling weep weeping whack whine whining widerlich withdraw woe worse
worsen worsening wreck wrecked wretched wtff wth wütend yuck yucky ätzend énervant énervé öde
-0.8
abhorrent abominable abomination abscheulich abuse abused abuser abysmal affreux appalling asesino
asqueroso assassin assassino atrocious atrocity awful barbarous bloodbath cancerous catastrophe
cruelty deathtrap demonic despicable despise detest detestable devastation disaster disgusted
disgusting disgustingly dreadful dégoûtant détestable déteste ekelhaft enraged espantoso evil
executed execution exterminate furchtbar furious grauenhaft grausam gruesome harass
harassment hass hasse hate hated hateful hates hating heinous homicide horrendous horreur
horrible horribly horrid horrified horrify horrifying horroroso horrível inhuman katastrophe
kidnapped loathe loathsome massacre miserably monster monsters murder murdered murderer
mörder nauseating nightmare nojento nojo odeio odio outraged putrid péssimo racism
racist rage raging rancid repugnante repulsive revolting sadistic scheußlich
schrecklich sexist slaughter stalker stalking suicide terrible terribly terrorism terrorist
terrorists torturing tragedy tragic trauma traumatic unforgivable unspeakable vile vilest wicked
widerwärtig worst worstest
"""

# Swearing, shifted by thirteen letters, so that no vile word stands here in clear.
SHIFTED = """
-0.8
encr encrq encvfg crqbcuvyr anmv ubybpnhfg trabpvqr
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
