"""Lines full of numbers, names and street words that give nobody away."""

from __future__ import annotations

from itertools import product

WHO = ("he", "she", "they", "we", "you", "the streamer", "Marco", "chat", "my brother", "nobody")
THINGS = (
    "viewers", "points", "bits", "subs", "yen", "euros", "steps", "people", "kills", "messages",
    "kilometers", "minutes", "followers", "dollars", "tries", "wins", "hours", "pushups",
)  # fmt: skip
NUMBERS = (
    "3", "7", "12", "24", "42", "66", "99", "101", "250", "404", "512", "747", "1080", "1337",
    "1,000", "1999", "2024", "5000", "10k", "12,345", "69420", "100000", "1,000,000", "3.14",
)  # fmt: skip
TIMES = ("5 pm", "17:30", "at 8", "half past six", "2024-11-22", "22.11.2026", "11/22/2026", "24/7")
PRICES = ("$5", "€12.50", "£3", "5 bucks", "1000 yen", "12,99 €", "a hundred dollars", "$1,299.00")
SCORES = ("3-2", "21-19", "10:8", "102-98", "3 to 1", "0:0", "6-4 6-3", "16 : 14")

COUNTED = (
    "{who} got {number} {thing} today",
    "{number} {thing}, that's a lot",
    "only {number} {thing}?",
)
TIMED = ("we start {time}", "it was {time} when {who} laughed", "see you {time}, {who} said")
PAID = ("that was {price}, {who} paid", "{price} for a coffee?", "{who} found {price} and smiled")
PLAYED = ("the score is {score}", "{who} won {score} last night", "{score} and it isn't over")

BY_HAND = """
I love street food
street food for 5 dollars, what a deal
5 star street food, trust me
the best street food costs 2 euros
Street Fighter 6 is out
I play Street Fighter 2 at home
he drives a station wagon from 1998
my PlayStation 5 died
PlayStation 4 or Xbox One
park the car, please
he can't park the car in 3 tries
flat tire again
a flat tire costs 80 euros
a flat 10 percent fee
an avenue of attack
two avenues of attack and 3 plans
route 66 is a song
Route 66 was on the radio
version 1.2.3 is out
driver version 560.94.0.1 crashed
update 1.2.3.4 broke it
v2.0.1.5 is fine
there's no place like 127.0.0.1
a 5 star hotel review
5 stars, would watch again
one direction has 5 members
one two three four five six seven eight
ten nine eight seven six five four three two one
one two three four, one two three four
1 2 3 4 5 6 7 8 9 10
10 9 8 7 6 5 4 3 2 1
9 8 7 6 5 4 3 2 1 go
1111111111
0000000
7777777 lucky
count to 1000000
pi is 3.14159265358979
1.618033988749 is golden
RTX 4090 beats RTX 3080
the RTX 4090 has 24 GB
i7 14700K and 32 GB of RAM
PS5 2TB for 80 bucks
my car has 150 HP
my car did 0 to 60 in 5 seconds
BMW M3 or M4
he owns a Ford F150
Boeing 747 fan
a plate of 12 wings
my plate has 5 pancakes
a plate of pasta, please
the number 7 is lucky
my number one fan
my number is 7, like Beckham
I have 2 numbers in my head
call me in 5 minutes
call me maybe
call him 10 times
text me tomorrow
he called 911 in the movie
hit me up at 5
look at amazon dot com
check out twitch dot tv
follow me at twitch dot tv
it's at this point in the game
at that point no one laughed
@marco hi there
hi @marco. me too
thanks @tess_99, love you
@tess @marco @lena hello
email is dead, chat lives on
the legend lives on
he lives on coffee
she lives on the edge
they live on pizza
he lives and breathes music
he lives at night
live on Twitch
we go live at 8
live at 5, don't be late
live in 3, 2, 1
staying in the lead
he is staying at the top
staying at home today
stay at the top of the list
he's sleeping at his desk
sleeping in tomorrow
she stayed in the game
I'm staying hydrated
I stay up until 3
he stayed calm in room one of the dungeon
escape room in 59 minutes
escape room 3 was hard
chat room number two
the room is a mess
room for 2 more?
make room for 3
camera 2 please
unit 731 is a movie
the hotel review made me laugh
a hotel in Monopoly costs 200
buy a hotel on the blue ones
the address bar is broken
address the issue
his address to the nation was long
that's my street, I mean my style
word on the street is he won
the street was empty in the movie
Elm Street is a scary movie
Sesame Street is for kids
Wall Street is a film
on the road again
a long road ahead
3 lanes and no plan
5 minutes down the road
10 people on the street
20 cops on the road
a 2 way street
it's a one way street
a 3 lane highway in the game
100 percent the best place
5th place is fine
3rd place, not bad
1st place, let's go
3 place finish
first place or nothing
2 square meters
10 feet of water
6 feet under
9 to 5 job
5 out of 7
8/10 would eat again
24 hours of Le Mans
catch 22 was good
area 51 raid
blink 182 on repeat
sum 41 and green day
maroon 5 tonight
studio 54
district 9 is great
apollo 13
ocean's 11
toy story 4
fast and furious 9
the 7 dwarfs
12 angry men
1984 by Orwell
2001 a space odyssey
2020 was weird
from 2019-2024 it grew
2019 to 2024
summer of 69
the year 1066
at 1080p 60 fps
240-1080p
bitrate is 6000 kbps
6000-8000 kbps is best
500-1000 viewers
200-1500 people
my ping is 200
port 1935 is open
error 404
error code 0x80070005
code 200 means ok
line 404 of the script
Terminal 2 is a command, right
level 99 wizard
floor 13 of the dungeon
boss on floor 100
gate 3 of the raid
he scored 30 10 and 8
6 4 6 3 7 5 in tennis
21-19, 18-21, 21-15
10-8 10-9 10-9
3-0 4-1 2-2
lap time 1:23.456
23:59:59
12:30 - 13:45
01.02.2024 was a Thursday
on 1/2/24 at 5
2024/12/31
31-12-2024
$1,000,000
$10 000 000
1 000 000 views
12 345 678 views
1.000.000 followers
€ 1.234,56
100k 200k 300k
+1000 aura
+10000000 respect
-50 social credit
+1 +1 +1
2+2 is 4
5+7=12
1234+56 is what
10x10x10
3x3 cube in 9.87 seconds
16 GB DDR5
USB 3 via hub 2
via usb 3
via discord 2 days ago
via Steam 5 times
iPad 9 and iPhone 15
during 2020 we played
spring 2024 is far
decade 3 of this
string 5 is out of tune
I bring 5 friends
boxing 3 rounds
Platz 1, Glückwunsch
Platz 3 ist auch gut
mein Arbeitsplatz hat 2 Monitore
place 2 blocks here in Minecraft
x 120 y 64 z -300
coords or it didn't happen
45 degrees outside
it's 25° outside
20 C or 68 F
temperature 37.5
heart rate 150
blood type 0
K/D of 2.35
win rate 51.3%
elo 1850
sub number 1000
subscriber 12345
donation number 12
order number 12345
ticket 4711
track 9 on the album
chapter 11
page 394
section 8
act 2 scene 1
psalm 23
GTA VI 2025
FIFA 24 vs FC 25
CS 1.6
Half-Life 3 confirmed
Wi-Fi 6 is fast
WI-FI 6 IS FAST
HI-FI 2
CO-OP 4
MP3 and MP4
H264 or H265
A4 paper
B2 English exam
C1 level
B12 vitamins
U2 concert
R2D2 and C3PO
WD40 fixes it
F1 2024 was fun
K9 unit
Q4 2024
V8 engine
X5 multiplier
M1 Max chip
I AM 25 YEARS OLD
WE GO 100
GG WP 10
I GOT 3 OK
apartment hunting is no fun
flat earth is a joke
flat out lying
piso mojado
suite life
door number 2 please
door 3, final answer
follow him on Twitch
follow her home screen setup
follow them for more
track him in the leaderboard
wait outside, he said
he waits outside the lobby
name one thing
name of the song?
which inn in Skyrim
where do penguins live
where is the remote
where did the time go
where are the subs at
what a place to be
the right place at the right time
drive safe
he went all the way
no way, 2 in a row
hill climb racing 2
walk in the park
park life
court is in session
the lane is free, gank mid
mid lane 3 kills
bot lane 0 of 5
bank 5 points
nine out of ten
twenty one pilots
seven nation army
two thousand and one
three hundred sixty five days
one hundred and eighty
double trouble
triple kill
double kill, triple kill, quadra kill
zero to hero
oh one more thing
oh oh oh oh oh oh oh oh
one one one one one one one
no no no no no no no no
uno dos tres
un deux trois
eins zwei drei
uno reverse
1 2 buckle my shoe
5 5 5
4 8 15 16 23 42
7 12 23 31 40 44
1 1 2 3 5 8 13 21
"""


def lines() -> list[str]:
    """More than a thousand lines, always the same."""
    built = [
        pattern.format(who=who, number=number, thing=thing)
        for place, (who, number, thing) in enumerate(product(WHO, NUMBERS, THINGS))
        if place % 5 == 0
        for pattern in COUNTED[place // 5 % 3 :][:1]
    ]
    for patterns, name, values in (
        (TIMED, "time", TIMES),
        (PAID, "price", PRICES),
        (PLAYED, "score", SCORES),
    ):
        built += [
            pattern.format(who=who, **{name: value})
            for pattern, who, value in product(patterns, WHO, values)
        ]
    return list(dict.fromkeys(BY_HAND.strip().splitlines() + built))
