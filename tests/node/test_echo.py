"""Whether a microphone hears what the node plays: at delays, levels and noise of all kinds."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from itertools import islice, pairwise

import pytest

from pickled.audio import MIC_RATE, SPEECH_RATE
from pickled.node.echo import LONGEST_WAY_S, TAIL_S, BlockClock, EchoWatch
from pickled.node.envelope import FLOOR_DB, SLOT_S, Envelope, likeness
from tests.node.spoken import SENTENCES, VOICES, at_rate, louder, mixed, noise, said, silence

BLOCK_S = 0.02
START_S = 1000.0
PLAYED = b"".join(
    said(text, voice) + silence(0.3) for text, voice in zip(SENTENCES, VOICES, strict=True)
)


def delayed(pcm: bytes, delay_s: float) -> bytes:
    """Later by so much."""
    return (silence(delay_s) + pcm)[: len(pcm) + 2 * MIC_RATE]


def run(watch: EchoWatch, played: bytes, heard: bytes, *, jitter_s: float = 0.0) -> list[bool]:
    """Both in real time, in blocks, up to the end of the longer one; was it deaf in each?

    It has listened to the room for a while before.
    """
    size, dice, deaf = int(BLOCK_S * MIC_RATE) * 2, random.Random(4), []
    watch.took(quiet_room(10 * MIC_RATE), START_S - 5)
    length = max(len(played), len(heard))
    played, heard = played.ljust(length, b"\0"), heard.ljust(length, b"\0")
    for number, at in enumerate(range(0, length, size)):
        now = START_S + number * BLOCK_S
        block = at_rate(array("h", played[at : at + size]), MIC_RATE, SPEECH_RATE).tobytes()
        watch.sounded(block, now + dice.uniform(0, jitter_s), BLOCK_S)
        watch.took(heard[at : at + size], now)
        deaf.append(watch.deaf(now))
        watch.look(now + BLOCK_S)
    return deaf


def quiet_room(length: int, level: float = 20) -> bytes:
    """What a microphone hears of nothing."""
    return noise(length / 2 / MIC_RATE, level)


@pytest.mark.parametrize("delay_s", [0.0, 0.1, 0.4, 0.9, 1.4])
@pytest.mark.parametrize("level_db", [0, -12, -24])
def test_own_voice_is_known_at_any_delay_and_level(delay_s: float, level_db: int) -> None:
    """Found with its delay within the first sentences; it was deaf to it from the first word."""
    watch = EchoWatch()
    echo = louder(delayed(PLAYED, delay_s), 10 ** (level_db / 20))
    deaf = run(watch, PLAYED, mixed(echo, quiet_room(len(echo))), jitter_s=0.015)
    assert watch.echo == "yes"
    assert watch.lag_s == pytest.approx(delay_s, abs=3 * SLOT_S)
    assert all(deaf[: int(len(PLAYED) / 2 / MIC_RATE / BLOCK_S)])


def test_own_voice_is_known_through_a_noisy_room_and_a_poor_loudspeaker() -> None:
    """Noise as loud as the echo; only what changes from sample to sample comes through."""
    watch = EchoWatch()
    samples = array("h", delayed(PLAYED, 0.2))
    thin = array("h", (b - a for a, b in pairwise(samples))).tobytes()
    level = (sum(each * each for each in array("h", thin)) / (len(thin) / 2)) ** 0.5
    run(watch, PLAYED, mixed(thin, quiet_room(len(thin), level)))
    assert watch.echo == "yes"


def pairs() -> Iterator[tuple[bytes, bytes]]:
    """What the node says, and what somebody else says meanwhile."""
    for shift in (1, 2, 3):
        other = b"".join(
            said(SENTENCES[(each + shift) % 4], VOICES[(each + shift) % 4]) + silence(0.5)
            for each in range(4)
        )
        yield PLAYED, other


@pytest.mark.parametrize("pair", range(3))
def test_another_voice_is_no_echo(pair: int) -> None:
    """Somebody with headphones who talks over it is heard, once that is known."""
    played, other = next(islice(pairs(), pair, None))
    watch = EchoWatch()
    deaf = run(watch, played, mixed(other, quiet_room(len(other))))
    assert watch.echo == "no"
    assert not deaf[-1]


def test_silent_room_is_no_echo() -> None:
    """Headphones: known within some seconds of sound."""
    watch = EchoWatch()
    deaf = run(watch, PLAYED, quiet_room(len(PLAYED)))
    assert watch.echo == "no"
    assert deaf.index(False) * BLOCK_S < 5.5


def test_microphone_that_gives_nothing_is_no_echo() -> None:
    """A virtual cable with nothing on it has not even noise."""
    watch = EchoWatch()
    run(watch, PLAYED, silence(len(PLAYED) / 2 / MIC_RATE))
    assert watch.echo == "no"


def test_held_tone_tells_nothing() -> None:
    """Its loudness neither rises nor falls: an echo of it can't be told from a hum."""
    watch = EchoWatch()
    tone = array("h", [3000, -3000] * (MIC_RATE * 6)).tobytes()
    run(watch, tone[: 10 * MIC_RATE], b"")
    hum = EchoWatch()
    run(hum, tone, tone)
    assert hum.echo == "unknown"


def test_headphones_that_are_taken_off_and_put_on_are_noticed() -> None:
    """The echo within two sentences, its end after a few more."""
    watch, room = EchoWatch("no"), quiet_room(len(PLAYED))
    run(watch, PLAYED, mixed(delayed(PLAYED, 0.3), room))
    assert watch.echo == "yes"
    later = EchoWatch("yes", lag_s=0.3)
    run(later, PLAYED, room)
    assert later.echo == "no"


def test_echo_that_was_there_is_denied_by_a_quiet_room_alone() -> None:
    """A busy machine plays unevenly: what comes back then is loud, and like nothing."""
    watch = EchoWatch("yes", lag_s=0.1)
    for played, other in pairs():
        run(watch, played, mixed(other, quiet_room(len(other))))
    assert watch.echo == "yes"


def test_deaf_ear_hears_again_after_the_way_and_a_tail() -> None:
    """Known: as long as the way; unknown: as long as it may be; without an echo never deaf."""
    for watch, until_s in (
        (EchoWatch("yes", lag_s=0.2), 0.2 + TAIL_S),
        (EchoWatch(), LONGEST_WAY_S + TAIL_S),
        (EchoWatch("no"), 0.0),
    ):
        assert not watch.deaf(START_S)
        watch.sounded(b"\1\1" * 240, START_S, 0.0)
        assert watch.deaf(START_S + until_s - 0.01) == (watch.echo != "no")
        assert not watch.deaf(START_S + until_s + 0.01)
        watch.sounded(bytes(480), START_S + 10, 0.02)
        assert not watch.deaf(START_S + 10)


@pytest.mark.parametrize("echo", ["yes", "no"])
def test_whoever_says_so_is_believed(echo: str) -> None:
    """`--echo yes` and `--echo no` stay, whatever is heard."""
    watch = EchoWatch("yes" if echo == "yes" else "no", sure=True)
    run(watch, PLAYED, PLAYED if echo == "no" else quiet_room(len(PLAYED)))
    assert watch.echo == echo


def test_likeness_finds_the_same_curve_later() -> None:
    """To the slot; a flat curve is like nothing, and tells nothing if it is what is played."""
    dice = random.Random(2)
    curve = [dice.uniform(-40, -15) for _ in range(225)]
    found = likeness(curve, [each - 20 for each in curve[-150 - 30 : -30]])
    assert found is not None
    assert (found.lag, found.whole) == (30, True)
    assert found.alike == pytest.approx(1.0)
    flat = likeness(curve, [-40.0] * 150)
    assert flat is not None
    assert flat.alike == 0
    assert likeness([-40.0] * 225, curve[-150:]) is None
    assert likeness([FLOOR_DB] * 225, curve[-150:]) is None


def test_likeness_leaves_out_silence() -> None:
    """Two that speak and pause together, but otherwise differ, are not alike."""
    dice = random.Random(5)

    def talk() -> list[float]:
        return [dice.uniform(-30, -15) if slot % 40 < 25 else FLOOR_DB for slot in range(225)]

    found = likeness(talk(), talk()[-150:])
    assert found is not None
    assert found.alike < 0.5


def test_way_that_is_not_over_yet_is_not_denied() -> None:
    """A second after the first word an echo that takes longer can't be there: nothing is known."""
    curve = [FLOOR_DB] * 165 + [-20.0 - 10 * (slot % 7 < 3) for slot in range(60)]
    found = likeness(curve, [-55.0 - slot % 3 for slot in range(150)])
    assert found is not None
    assert not found.whole


def test_envelope_is_silent_where_nothing_came_and_forgets_what_is_old() -> None:
    """Its memory is bounded."""
    envelope = Envelope(MIC_RATE)
    square = array("h", [16_384, -16_384] * 160).tobytes()
    envelope.add(square, 5.0)
    slot = int(5.0 / SLOT_S)
    assert envelope.levels(slot + 2, 3) == [FLOOR_DB, pytest.approx(-6.02, abs=0.01), FLOOR_DB]
    envelope.add(square, 15.0)
    assert envelope.levels(slot + 1, 1) == [FLOOR_DB]


def test_pace_evens_out_blocks_and_follows_a_clock_that_drifts() -> None:
    """Jitter is smoothed; a clock that is wrong by 0.1 % never strays; a stall begins anew."""
    dice, pace, worst = random.Random(3), BlockClock(16_000), 0.0
    for number in range(5000):
        true = number * 0.02 * 1.001
        worst = max(worst, abs(pace.at(true + dice.uniform(0, 0.02), 320) - true - 0.01))
    assert worst < 0.02
    assert pace.at(200.0, 320) == 200.0
