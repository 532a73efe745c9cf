"""What emotes mean: Twitch's own, those of BTTV, FFZ and 7TV, faces, emoji, channels' suffixes.

Each group is a line `meaning | valence −1…1 | arousal 0…1`, then the names that have it. Written
from how chat uses them; what chat uses in both ways lies near 0.
"""

from __future__ import annotations

EMOTES = """
laughing | 0.55 | 0.6
LUL LuL KEKW KEKL KEKHeim EleGiggle TehePelo MaxLOL peepoGiggles pepeGiggle peepoGiggle catLaugh
LOLW KEKLEO KEKInsane Hhhehehe OhMyDog MingLee GIGALUL KEKWlaugh LaughHard OMEGADOGE
laughing out loud | 0.6 | 0.9
OMEGALUL OMEGALULiguess OMEGAROLL OMEGAKEKW OMEGAKEK MEGALUL LULERS ICANT IJBOL ROFL
laughing, mocking | 0.35 | 0.6
haHAA HaHAA LULE ZULUL KEKG lulWut PepeLaugh pepeLaugh peepoLaugh 4Head 4HEad xdd xddx xddinside
PointAndLaugh Jebaited Jebasted 4House PepeKek BatChest peepoLegs Tomfoolery
amused, sarcastic | 0.25 | 0.5
LULW LULWW
cringing at a bad joke | 0.1 | 0.4
ConcernDoge DatSheffy FeelsDankMan HarleyWink YouDontSay CoolStoryBob RlyTho
grinning | 0.45 | 0.5
TriKool KKool TriEasy Wowee BrainSlug ANELE OSFrog CorgiDerp FreakinStinkin StinkyCheese
irony, not meant so | 0.0 | 0.3
Kappa KappaHD KappaRoss KappaWealth KappaClaus KappaCool Keepo Kapp Kippa MiniK KaRappa GreyFace
Kappu FrankerKappa Clueless HotPokket ShadyLulu UncleNox YouWHY WhySoSerious Trollge
excited, amazed | 0.6 | 0.9
Champ PogChamp POGGERS Poggers PogU PogUChamp POGGIES POGCRAZY PogBones POGPLANT PogPlant PagChomp
PagMan PogTasty POGSLIDE peepoPog PepePog HYPERPOGGERS FeelsPogMan RyuChamp DogChamp Pogey HypePog
KomodoHype catPog VisLaud OOOO PrideWorld DxCat RaccAttack theCHAMP
amazed at what just happened | 0.25 | 0.8
Pog POG PogEyes PauseChamp PauseMan SHEESH WOAH OMEGAPOG
hyped | 0.65 | 1.0
HYPERS HypeLUL HypeHands1 HypeHands2 HypeFire HypeGG HypeCheer HypeParty HypeRacer HypeWho HypeBLEH
HypeCool HypeYay HypeMVP HypeWink peepoHype PepeHype LETSGO LETSGOOO LETSFUCKINGO TwitchLit CurseLit
GlitchLit GlitchNRG TakeNRG PartyTime PartyHat PartyParrot RareParrot RarestParrot PowerUpL PowerUpR
FeelsAmazingMan GoldPLZ BOOMIES FireSpeed twitchRaid PraiseIt PrideParty YAAAY peepoCheer
peepoCheering BirbRave HYPERYump peepoJump NewRecord HSWP PipeHype
dancing | 0.5 | 0.8
catJAM CatJAM dogJAM ratJAM pepeJAM PepeJAM PepePls pepeD pepeDS PepeDance pepeDance peepoDance
peepoDJ AlienPls AlienDance SourPls GachiPls gachiPls forsenPls ppHop ppHopper ppJedi ppOverheat
pepoDance DinoDance duckPls blobDance NODDERS VIBE Vibe pepeVibe VibePls Jammies JAMMIES donkJAM
RainbowPls TriDance BoneZone lebronJAM SingsNote SingsMic TwitchSings headBang GuitarTime PianoTime
pepeBASS WideHardoDance catDance monkaPls DonoWall BoogieDown RoxyPotato PoleDoge bongoTap PepoDance
HACKERJAMS glorp AngelBop
applauding | 0.6 | 0.6
Clap Clap2 HYPERCLAP peepoClap PepeClap pepeClap EZClap SeriousClap catClap golfClap PepoClap Klappa
easy, gloating | 0.4 | 0.5
EZ EZY peepoEZ PepeEZ GIGACHAD GigaChad gigachad ggEZ RIPBOZO RonSmug PermaSmug SmugPepe peepoSmug
PepeSmug OneHand PeoplesChamp FeelsSmugMan BigBrother PrimeMe WideHardo WICKED Gigachad
happy | 0.6 | 0.5
FeelsGoodMan FeelsBirthdayMan FeelsGreatMan FeelsOkayMan FeelsGladMan peepoHappy PeepoHappy
PepeHappy pepeHappy peepoGlad PeepoGlad peepoSmile widepeepoHappy WideHappy happE Happi Gladge
Happyge peepoYay FeelsTastyMan FeelsComfy COMFY peepoComfy peepoBlush pepeSmile catSmile AYAYA
AYAYAHyper peepoAYAYA CarlSmile CoolCat FUNgineer OptimizePrime SeriousSloth bttvHappy bttvNice
FrankerZ BlargNaut LilZ ZreknarF RalpherZ GingerPower SuperVinlin ShazBotstix PicoMause StrawBeary
Squid1 Squid2 Squid3 Squid4 MercyWing1 MercyWing2 PinkMercy TwitchUnity HolidayCookie HolidayLog
HolidayPresent HolidaySanta HolidayTree ThankEgg EarthDay MVGame TwitchVotes BeanieHipster TBAngel
BCWarrior BuddhaBar ZrehplaR YooHoo iDog SoSnowy bUrself
loving | 0.8 | 0.5
<3 bleedPurple peepoLove PepeLove pepeLove FeelsLoveMan SmoocherZ peepoKiss PepeKiss KissAHomie
catKISS catKiss HeartHands peepoHeart pepeHeart widepeepoLove TwitchRPG ModLove HypeLove HypeHeart
LuvHearts LuvSign LuvPeekL LuvPeekR LuvCool LuvBlondeR LuvBlondeL LuvUok GayPride LesbianPride
TransgenderPride BisexualPride PansexualPride NonbinaryPride GenderFluidPride AsexualPride
IntersexPride PrideLove PridePog PrideHeartL PrideHeartR PrideUwu PrideCute peepoFlower BlobLove uwu
UwU owo OwO AngelThump BlackLivesMatter peepoLovey FeelsHeartMan KonCha
hugging | 0.7 | 0.4
TwitchHug VirtualHug peepoHug PepeHug pepeHug dankHug dankHugs catHug FeelsHugMan BearHug HUGGIES
greeting | 0.5 | 0.4
HeyGuys VoHiYo peepoHey PepeHey peepoHi peepoWave pepeWave catWave Heyge FeelsHey DendiFace hiiii
peepoArrive PepeHi
leaving, saying goodbye | -0.05 | 0.2
peepoLeave peepoRun PepeRun PepeLeave peepoExit peepoBye docLeave PepeSteerR FeelsLeave SteerR
catLeave
approving | 0.5 | 0.3
SeemsGood VoteYea OkayChamp Okayge FeelsStrongMan Stronge NODDING YEPP YEP PepeOK peepoOK TRUEING
BasedGod Basedge peepoNod pepeNod BillyApprove peepoThumbsUp o7 peepoSalute FeelsSalute Truege
OpieOP FootGoal FootYellow FootBall FBtouchdown FBRun FBPass FBCatch FBSpiral GivePLZ PunchTrees
GunRun ItsBoshyTime imGlitch EntropyWins SoBayed VaultBoy TombRaid OSSmooth KevinTurtle TopHam
HailHelix GabeN SoonerLater LaterSooner TheTarFu theTarFu RuleFive OkayMan copyThis pastaThat
delighted | 0.5 | 0.8
Kreygasm gachiGASM gachiBASS gachiHYPER gachiPRIDE gachiBOP gachiW HandsUp peepoGasm BOOBA COOM
CoomTime PogGasm FapFap HYPERKreygasm
charmed | 0.5 | 0.4
TriHard HYPERTRIHARD TriHeart WidehardoHappy pepeCute peepoCute peepoShy PETPET petPet PETTHEPEEPO
PetTheModerator SqShy Binoculars corgiCute AWWW Awww WidePeepoShy catBlush FeelsCuteMan
hoping, praying | 0.1 | 0.5
BlessRNG Prayge PepePray peepoPray FeelsHopeMan COPIUM Copium HOPIUM Hopium Copege peepoCopium
FeelsPrayMan pepePray Hopege
thinking, puzzled | -0.05 | 0.3
Thonk thonk THINKING HmmM Hmmge PepoThink peepoThink PepeThink monkaHmm hmmMeeting HUH CatHuh Susge
BrokeBack CrreamAwk NotATK ArsonNoSexy WhatChamp UWot WatChuSay bttvConfused PepoG pepoG DuDudu
duDudu TheThing InuyoFace Squadgoals Hmmm FeelsThinkMan peepoDetective SHRUGGERS 4Shrug
doubting, side eye | -0.2 | 0.3
cmonBruh HYPERBRUH 4Bruh ThunBeast DoritosChip SideEye Weirdge FeelsDoubtMan SuchFraud FamilyMan Erm
Ermm Suske mcaT RedCoat JonCarnage Mau5 peepoSus PepeSus
staring without a word | -0.1 | 0.2
Stare Starege monkaStare peepoStare pepeStare PepeStare MrDestructoid BOP catStare Concerned
monkaLook Aware Awarege Concernge :| :/ :\\ :-/ :-| -_- WeirdDude PepeDespair
afraid, tense | -0.45 | 0.7
monkaS monkaSHAKE monkaW monkaGIGA monkaMEGA monkaX monkaOMEGA monkaEyes monkaH monkaE monkaTOS
monkaCHRIST monkaChrist monkaGun monkaSTEER monkaAim monkaR monkaSpeed monkaT monkaThink monkaPickle
monkaCop peepoS PepeS peepoScared pepeMeltdown PepeMeltdown FeelsScaredMan peepoNervous PanicVis
panicBasket peepoPanic catPanic HahaSweat dankScared AAAAA SCARED Scaredge TableHere monkaLaugh
Nervousge bttvScared
surprised | -0.1 | 0.7
OMGScoods :O :o :-O :0 KAPOW NANI sodaGASP WAYTOODANK TooSpicy
shocked | -0.3 | 0.7
D: DD: WutFace HYPERWUT WTFF PepeGasp peepoGasp monkaNANI pepeScream catGasp peepoShocked
bttvSurprised
sad | -0.6 | 0.4
FeelsBadMan FeelsSadMan Sadge SADGE sadge SadgeCry Saddies SadChamp peepoSad PeepoSad PepeSad
pepeSad widepeepoSad WideSad sadE sadCat SadCat PoroSad bttvSad SadPls Despairge FeelsAloneMan
FeelsLonelyMan ForeverAlone sadKEK SAJ reeferSad FeelsRainMan RainTime peepoBlanket FeelsHurtMan
Smadge KEKSAD IceCold PepeBed TearGlove :( :-( =( :c ;( :[
crying | -0.6 | 0.6
BibleThump PepeHands pepeHands peepoHands PepeCry pepeCry peepoCry peepoBlanketSad HYPERTHUMP
FeelsCryMan FeelsCrying catCry CryingCat Sobge riPepperonis BLUBBERS BLUBBERING PepeTears :'( :_(
;_; T_T TT TwT QQ ;-; D': bttvCry
disgusted | -0.6 | 0.6
DansGame HYPERDANSGAME WeirdChamp weirdChamp FeelsWeirdMan FeelsWeirdManW FeelsWierdMan PepeWeird
peepoWeird EWW EWWW FeelsDisgustedMan pepePuke Cringe Cringge UnSane bttvGross FeelsPukeMan
peepoDisgust PedoBear HerbPerve
angry | -0.6 | 0.9
BabyRage SwiftRage PunOko RageFace RAGEY CandianRage peepoRage PepeRage pepeRage FeelsRageMan
FeelsAngryMan peepoMad PepeMad peepoAngry PepeAngry Madge MADGE Angyge peepoAngy REEEE REEEEE
PepeREE SMOrc MALDING MALD Maldge peepoPitchfork NinjaGrumpy UltraMad ppMad bttvAngry FRICK
HYPERRAGE >( >:( :@ D:< BloodTrail
fed up, facepalming | -0.5 | 0.5
FailFish NotLikeThis FacePalm PepeFacepalm FeelsFacepalm FeelsTiredMan NOPERS VoteNay peepoNo PepeNo
painsChamp PainsChamp Painge PainPeko Whyge AINTNOWAY Sighge OMEGASIGH ThisIsFine Shush pepeSigh
FeelsTired NOOOO NOOOOO WTRuck BigPhish MikeHogu
bored, asleep | -0.45 | 0.1
ResidentSleeper RESIDENTSLEEPER Bedge peepoSleep PepeSleep pepeSleep Sleepge BORING FeelsSleepyMan
peepoBored PepeBored Yawnge tuckk zzz ZZZ peepoYawn WholeWheat TTours Waitge Boredge
salty, a sore loser | -0.4 | 0.5
PJSalt PepeSalt SaltyCorn FeelsSaltyMan PJSugar
clumsy, not clever | -0.2 | 0.4
Pepega PEPEGA pepega PepegaAim PepegaDriving PepegaPls HYPERPEPEGA FeelsDonkMan FeelsDankerMan 3Head
2Head DONK Wokege Dumbge smolBrain BrainletW modCheck MODS SMOL ApuApustaja
clever | 0.35 | 0.3
5Head BigBrain galaxyBrain PepeScience Nerdge peepoNerd FeelsSmartMan HACKERMANS GrammarKing
MyAvatar 6Head PepeNerd MechaRobot
cheeky, licking | 0.35 | 0.4
Mlem MLEM :P :p ;P ;p :-P :-p xP XP pepeLick NomNom peepoFat TPFufun HungryPaimon catLick TinyFace
smiling | 0.6 | 0.3
:) :-) =) (: :] ;) ;-) :3 c: ^^ ^_^ B) B-) R) :^) n_n o/
grinning widely | 0.65 | 0.6
:D :-D =D ;D xDD XDD xDDD XDDD :DD
teasing | 0.2 | 0.4
CiGrip :tf: peepoSneak PepeSneak peepoTroll Evilge peepoEvil PepeEvil FeelsEvilMan DuckerZ
drawling, patriotic | 0.3 | 0.5
KKona KKonaW KKaper KKomrade KKrikey KKOna WideKKona NaM NAM PeepoPatriot
mysterious | -0.1 | 0.3
TheIlluminati TF2John DarkMode MorphinTime HassaanChop JKanStyle PotFriend KappaPride GlitchCat
DAESuppy DBstyle FutureMan ChefFrank PMSTwin PRChase ArgieB8 LaundryBasket TheRinger RitzMitz
eating, drinking | 0.2 | 0.2
PopCorn HSCheers nymnCorn PepePopcorn peepoPopcorn PepoPopcorn PizzaTime pepeCoffee peepoCoffee
peepoJuice SipTime monkaSip PepoSip WineTime TeaTime PrideCheers TPcrunchyroll DatSauce peepoFood
FeelsBeerMan
taking notes, watching | 0.05 | 0.2
NOTED peepoNote PepeNotes peepoG LookingAt peepoEyes CaitlynS SabaPing ImTyping Chatting peepoChat
Lookge DogFace FishMoley StoneLightning DarkKnight BegWan CatBag ManChicken
cool, unmoved | 0.25 | 0.2
Smoge smoge PepeSmoke pepeSmoke PepeCool peepoCool FeelsCoolMan DatBoi BroBalt Zappa TaxiBro
tehPoleCat ShoopDaWhoop rStrike ariW cvMask cvHazmat
dead inside | -0.3 | 0.2
Deadge deadge FeelsDeadMan Despair pepeRIP PressF
"""

SUFFIXES = """
loving | 0.75 | 0.5
Love Luv Heart Hearts L Wub Kiss Smooch Loves Xoxo Adore Muah
hugging | 0.65 | 0.4
Hug Hugs Cuddle Huggle Snuggle Pat Pats Pet Headpat Comfy Cozy
hyped | 0.65 | 1.0
Hype Hyped Hyper Hypers Party Lit Fire Letsgo Win Wins Woo Woohoo Rave Yes Yay Yeah Gg Pog Poggers
Champ Chomp Victory Raid Blast Cheer Cheers
laughing | 0.55 | 0.6
Lul Lol Lulw Laugh Haha Kek Kekw Lmao Rofl Xd E Hehe Giggle Omegalul Tehe Cackle
happy | 0.55 | 0.4
Happy Smile Smiley Good Glad Joy Nice Cool Cute Aww Grin Bless Blush Uwu Owo Wow Ok Okay Yep Thumb
Thumbs Thumbsup Clap Claps Based Fab Sparkle Star Stars Wink Smug Swag Chill Vibe Vibes Flex Gold
Rich Cash Ez Top Best Legend Goat King Queen Prime
dancing | 0.5 | 0.8
Dance Dancing Jam Jams Pls Disco Shuffle Groove Bop Boogie Rock Sing Sings Song Music Guitar Drum
Spin Wiggle Headbang Twerk Dj Bounce Jump
greeting | 0.5 | 0.4
Hi Hello Hey Wave Greet Hai Heya Welcome Hiya Howdy Sup Salute
delighted | 0.4 | 0.7
Gasm Lewd Thirsty Thicc Lick Mlem Drool Hot Tongue Blep Yum Nom Tasty
sad | -0.6 | 0.4
Sad Bad Feels Hurt Rip Despair Lonely Alone Pain Oof Depressed Sadge Down Broken Heartbreak Miss
Lost Lose Loss
crying | -0.6 | 0.6
Cry Cries Crying Sob Tears Hands Thump Weep Tear
angry | -0.55 | 0.9
Rage Mad Angry Anger Hate Grr Ree Reee Ragequit Salt Salty Knife Gun Fight Punch Angy Triggered Pout
Grump Grumpy Tilt Tilted
afraid, shocked | -0.4 | 0.7
Scared Scare Fear Panic Shocked Wtf Wut Monka Monkas Sweat Nervous Creep Creepy Scream Yikes Horror
Spook Help Stress Shake
disgusted | -0.55 | 0.5
Ew Eww Gross Disgust Puke Yuck Cringe Weird Sick Barf No Nope Nah Nay Boo Fail Stop Ban Banned Trash
Garbage Toxic Bleh Meh Thumbsdown
surprised | -0.1 | 0.7
Gasp Shock What Omg Whoa
fed up | -0.4 | 0.4
Facepalm Palm Sigh Tired Why Ugh Annoyed Bruh Smh Judge
bored, asleep | -0.35 | 0.1
Sleep Sleepy Zzz Bored Yawn Nap Bed Tuck Snore
thinking, puzzled | -0.05 | 0.3
Think Hmm Thinking Huh Confused Sus Thonk Shrug Hm Doubt Stare Eyes Look Peek Lurk Spy Note Notes
Detective Wat
"""

# Without the variation selector and skin tone that may follow.
EMOJI = """
laughing | 0.6 | 0.7
😂 🤣 😹 😆 😅 😝 😜 🤪 😛 💀 ☠
happy | 0.6 | 0.4
😀 😃 😄 😁 😊 🙂 😇 ☺ 😌 😋 😎 🤗 😺 😸 🌞 🌈 🌻 🐶 😏 🙃 😉 🥹
loving | 0.8 | 0.5
❤ ♥ 🧡 💛 💚 💙 💜 🤎 🖤 🤍 💕 💞 💓 💗 💖 💘 💝 💟 ❣ 😍 🥰 😘 😻 😚 😙 💋 🫶
celebrating | 0.7 | 0.9
🎉 🎊 🥳 🏆 🥇 🔥 🚀 🎸 💪 🙌 👏 ✨ ⭐ 🌟 💯 🤩 💥 🎆 🍾 🥂 🍻 💎 🏅 🤘 🕺 💃
approving | 0.5 | 0.3
👍 👌 ✅ ✔ 🤝 🙏 🫡 💐 🌹 🎁 🤙 ✌ 👑 🐐
crying | -0.5 | 0.6
😢 😭 😿 🥺 💔 😥 😞 😔 ☹ 🙁 😟 😓 😩 😫 😣 😖 🤕 🤒 😪
angry | -0.6 | 0.9
😡 😠 🤬 😤 👿 💢 🖕 👎 🔪 🗯 ❌ 🚫 ⛔ 👊
afraid, shocked | -0.4 | 0.7
😱 😨 😰 😳 😬 😧 😦 😮 😯 😲 🫣 🫨 🤯 👻 ⚠ 🆘 😵
disgusted | -0.6 | 0.5
🤢 🤮 😒 🙄 😑 💩 🤡 🤦 😾 🗑 🥱 😴 💤 😷
thinking, puzzled | -0.05 | 0.3
🤔 🧐 🤨 👀 🤷 😐 😶 🫤 😕 ❓ ❔
"""
