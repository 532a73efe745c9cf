"""Short words of honest chat, which may stand side by side and make no other word together."""

from __future__ import annotations

# English, one to five letters: what is written most, and what begins or ends other words
_ENGLISH = """
    a able about abs ac ace act add ads after again age ago ah aid aim air ale all along also am
    among an and ant any ape app arc are area ark arm army art as ash ask at ate aw away awe axe
    ay b baby back bad bag ball ban band bank bar base bat bath bay bc be bear beat bed bee been
    beer beg began being bell below belt best bet bid big bike bill bin bird bit bite blow blue
    boa boat bob body bomb bone book boom boot born boss both bow bowl box boy boys bra bring
    bro bud bug build bulk bun burn bus but buy by bye c cab call calm came camp can cap car
    card care carry cart case cash cast cat catch cd chair chat cheap check chi child chip city
    clan clap class clean clear clip close club coal coat code coin cold come con cook cool cop
    cope copy core corn cost could count cover cow crew crop cry cub cue cup cut d dad dam dance
    dark data date dawn day days dead deal dear deep den desk dial dice did die diet dig dim din
    dip dirt dish dj dm do doc does dog don done door dose dot down dr draw dream dress drew
    drink drive drop drum dry duck dude due dug dull dump duo dust duty dvd dye each ear early
    earn earth ease east easy eat edge egg ego eh eight elf elm else em en end enjoy enter er
    era eve event ever every ex exit extra eye face fact fail fair fall false fame fan far farm
    fast fat fate fear fed fee feed feel feet fell felt few fig fight file fill film fin final
    find fine fire firm first fish fit fix flag flat floor flow flu fly focus foe fog fold folk
    food foot for force form found four fox free fresh front fry full fully fun fund funny fur
    gag gain gal game gap gas gate gave gay gear gel gem get gg gift gin girl give given gl glad
    glass go goal god goes going gold gone good got gps grab grand gray great green grew grip
    group grow guess gum gun gut guy guys gym ha had hair half hall ham hand hang happy hard
    harm has hat hate have hay he head hear heart heat heavy held hello help hem hen her here
    hero hey hf hi hid hide high hill him hint hip his hit hold hole holy home hop hope horn
    horse host hot hotel hour house how hub hug huge hum human hunt hurt hut i ice id idea if ii
    iii ill im in inch ink inn into ion ire iron is it item its iv ivy jam jar jaw jet job jog
    join joke joy jug juice july jump june just k keen keep kept key kick kid kids kill kin kind
    king kiss kit knee knew know l la lab lack lad lady lag lake land lane lap large last late
    later laugh law lay lazy lead leaf lean learn least leave led left leg less let level lid
    lie life lift light like limit line link lion lip list lit live ll lo load loan local lock
    log lol long look lord lose loss lost lot loud love low luck lucky lunch m ma mad made magic
    mail main major make male man many map mark mask mass mat mate math max may maybe mc me meal
    mean meat meet men menu mess met metal mid might mile milk mind mine miss mix mob mod mode
    mom money month mood moon mop more most mouth move movie mr ms much mud mug music must my n
    nah name nap nay nd near neck need net never new news next nice night nil nine nip no nod
    noise none noon nor north nose not note now nun nut o oak oat odd of off often oh oil ok
    okay old on once only onto open opt or orb order ore our out oven over owe owl own ox pa
    pace pack pad page paid pain pair pal palm pan paper park part party pass past pat path paw
    pay pc pea peace peak peg pen per pet phone photo pi pick pie piece pig pile pill pin pink
    pip pipe pit place plan plane plant plate play plot plug plus pm pod poem poet point pole
    poll pool poor pop port pose post pot pound pour power pray press price pride prize pro ps
    pub pug pull pump pun pup pure push put queen quick quiet quit quite r race radio rage raid
    rail rain ran rank rap rare rat rate raw ray rd re reach read ready real rear red rent rest
    rib rice rich rid ride rig right rim ring rip rise risk river road rob rock rod role roll
    roof room root rope rose rot round row rub rug rule rum run rush rye s sad safe said sail
    sale salt same sand sat save saw say scene score sea seat see seed seek seem seen self sell
    send sense sent set seven sew sex shall shape share sharp she sheet ship shirt shoe shop
    short shot show shut shy sick side sight sign sin since sing sink sip sir sis sit six size
    ski skill skin sky sleep slip slow sly small smart smile smoke snow so soap sob sock soft
    soil sold sole solid some son song soon sorry sort soul sound soup south sow soy spa space
    speak speed spend spin sport spot spy st staff stage stand star start state stay steel step
    stick still stone stop store storm story stuff style sub such sue sugar suit sum sun sure
    sweet swim t tab table tad tag tail take taken tale talk tall tan tank tap tape tar task
    taste tax taxi tea teach team tee tell ten tend tent test text th than thank that the their
    them then there these they thin thing think third this those three throw thus thy tide tie
    tight till time times tin tiny tip tired title today toe told ton tone too took tool top
    total touch tour tower town toy track trade train treat tree trip true trust truth try tub
    tube tug tune turn tv twice two type u ufo uh um un under unit until up upon upper us usb
    use used user usual v value van vary vat ve very vet via vibe video vie view visit voice
    vote vow vs w wad wag wage wait wake walk wall want war ward warm was wash waste watch water
    wave wax way we weak wear web wed week well went were west wet wheel when where which while
    white who whole whom whose why wide wife wig wild will win wind wine wing wins wire wise
    wish wit with woe wolf woman women won woo wood word wore work world worry worse worst worth
    would wow write wrong x y yah yam yap yard yay ye yeah year yep yes yet yo you young your
    yours zap zero zip zone zoo
"""
# what stands between words in other languages of Latin letters
_OTHER = """
    ada ai aku al au aux avec bei ben bir bis bu che ci cu da dan das dat de dei del della dem
    der des di dis du een ein eine el ella elle es est et eu fue ga gar hab het ich ik il ils
    ini isn ist itu ja je juste ka kan ke ko las le les li los lui maar mais mas med meg mein
    mes mi mia mich mir mis moi mon mu muy na ne nein ni nicht nie niet noch nog non nos nous nu
    och od og om ona oni ook os ou oui par para pas pe pero piu po por pra qua que qui quoi sa
    sans se sei sem sen ser si sich sie sind som sono su sua sui sur ta tak te ti toi tu tua tut
    ty una und une uno va var vas vi voi vom von vor vous wa wat wie wir wo ya yang yok za ze zu
    zum zur
"""
_DOUBLED = """

"""

SHORT = frozenset((_ENGLISH + _OTHER).split())
"""Two of these in a row are what they are: `go ok`, `the pen is`."""

DOUBLED = frozenset(_DOUBLED.split())
"""Words whose doubled letter is no stretching: `good` is not a long form of any shorter word."""
