"""Golden transcripts: what a viewer of the stream would see and hear, situation by situation.

When they are meant to change: `PICKLED_GOLDEN=write pytest tests/orchestrator/test_situations.py`,
then read the difference as a viewer would.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.orchestrator.all_situations import SITUATIONS
from tests.orchestrator.situations import FOLDER, Find, play


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation_goes_as_the_transcript_says(name: str, played: Find) -> None:
    """Golden: who, what was decided and why, what was said, and what of it was heard."""
    told, golden = played(name).screenplay, FOLDER / f"{name}.txt"
    if os.environ.get("PICKLED_GOLDEN") == "write":
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation_decides_every_mention_once(name: str, played: Find) -> None:
    """Who names it is answered, or told why not; nobody is answered twice for one line."""
    show = played(name)
    taken = {i for each in show.events("event/retraction") for i in each.ids}
    gone = show.at("muted/state", lambda value: value == "ON")
    answered = [i for each in show.events("event/decision", "answer") for i in each.messages]
    assert len(answered) == len(set(answered))
    decided = {
        i
        for each in show.events("event/decision")
        if each.event_type != "hold"
        for i in each.messages
    }
    for each in show.lines:
        if "john" in each.text.casefold() and each.id not in taken | decided:
            assert gone, f"{each.user} was lost"


def test_situation_played_twice_is_the_same(played: Find, tmp_path: Path) -> None:
    """The same happens again, down to the word and the hundredth of a second."""
    for name in ("flood", "returning_viewer"):
        again = play(name, SITUATIONS[name], tmp_path / name)
        assert again.screenplay == played(name).screenplay


def test_recordings_all_have_a_situation() -> None:
    """No recording lies there unplayed, and no transcript without one."""
    acts = set(SITUATIONS) | {each.before for each in SITUATIONS.values()} - {""}
    assert {each.stem for each in FOLDER.glob("*.jsonl")} == acts
    assert {each.stem for each in FOLDER.glob("*.txt")} == set(SITUATIONS)


def test_quiet_chat_leaves_a_pause_and_answers_a_name_at_once(played: Find) -> None:
    """A question to nobody waits 2 s, a mention is heard within a second."""
    question, mention = (played("quiet_chat").first_sound(each) for each in ("Ana's m1", "m3"))
    assert 2 <= question <= 4
    assert mention <= 1


def test_raid_in_mid_answer_is_welcomed_and_nobody_is_lost(played: Find) -> None:
    """The story is brought to an end, the raid is welcomed, and both who asked are answered."""
    show = played("raid_in_mid_answer")
    _greeting, story, welcome, *others = show.said
    assert story.outcome in ("finished", "interrupted")
    assert story.heard.endswith((".", ",", "?", "!"))
    assert "Kim" in welcome.heard
    assert "42" in welcome.heard
    assert min(show.caption("Kim")) - 4 <= 12
    assert [each.to[0].user for each in others] == ["Ben", "Kim"]


def test_streamer_who_interrupts_is_obeyed_at_once(played: Find) -> None:
    """Two words stop it, one does not; what was not heard was not said, for the next prompt."""
    show = played("interrupted_by_the_streamer")
    assert show.said[0].outcome == "interrupted"
    assert show.silent_after(1.5) == pytest.approx(5.0, abs=0.2)
    assert "thinking about up there" not in show.prompts[1]
    assert "dog" in show.prompts[1]


def test_mention_in_the_cooldown_is_answered_at_once(played: Find) -> None:
    """The pause is for those who did not ask for it."""
    show = played("mention_in_cooldown")
    assert show.first_sound("m3") <= 1
    assert [each.to[0].user for each in show.said] == ["Ana", "Cleo"]


def test_injected_orders_are_never_obeyed(played: Find) -> None:
    """Not from chat, a name or a sign; whoever asks honestly may hear something else."""
    show = played("injected_prompt")
    assert "banana" not in show.heard.casefold()
    assert "banana" not in " ".join(text for text, _ in show.rig.voice.spoken).casefold()
    assert [each.reason for each in show.events("event/decision", "skip")] == ["injection"] * 3


def test_silence_is_broken_once(played: Find) -> None:
    """Four minutes after the last word of anybody, not of chat alone."""
    show = played("idle_talk")
    reasons = [each.request.reason for each in show.rig.model.prompts]
    assert [each for each in reasons if each != "chance"] == ["online", "idle", "mention"]
    assert show.caption("quiet")[0] == pytest.approx(100 + 240, abs=3)


@pytest.mark.parametrize("delay", [0, 2, 5])
def test_question_to_nobody_waits_for_the_streamers_delay(delay: int, played: Find) -> None:
    """As long as their answer would need to be heard; a mention does not wait for it."""
    show = played(f"uplink_delay_{delay}_s")
    question = show.events("event/decision", "answer")[0]
    assert question.parts["age_s"] == pytest.approx(2.0 + delay, abs=0.3)
    assert show.first_sound("m3") <= 1.2
    assert (f"{delay} seconds old" in show.heard) is (delay > 0)
    (told,) = show.events("event/decision", "skip")
    assert (told.reason, told.messages) == ("answered", ("m1",))


def test_returning_viewer_is_known_after_a_week(played: Find) -> None:
    """By what they told; and what is theirs is asked of nobody else."""
    show = played("returning_viewer")
    _greeting, ana, ben = show.said
    assert "Bruno" in ana.heard
    assert "Bruno" not in ben.heard


def test_chat_in_any_language_is_answered_once(played: Find) -> None:
    """Questions and its name are found in other scripts, too."""
    show = played("non_english_chat")
    assert {each.to[0].user for each in show.said} >= {"Lucía", "Yuki", "Ömer", "Jürgen", "Ali"}
    assert {each.outcome for each in show.said} == {"finished"}


def test_same_question_is_answered_as_the_same(played: Find) -> None:
    """Who asks while it is answered has heard it; who asks later hears that it was said before."""
    show = played("same_question_twice")
    assert [each.to[0].user for each in show.said] == ["Ana", "Cleo", "Dan"]
    (merged,) = show.events("event/decision", "merge")
    assert merged.messages == ("m2",)
    assert "As I said" not in show.said[0].heard
    assert all("As I said" in each.heard for each in show.said[1:])


def test_copypasta_is_one_thing_that_many_say(played: Find) -> None:
    """It is answered at most once, for all who pasted it, and a mention is not drowned."""
    show = played("copypasta")
    wave = [each for each in show.said if "of you" in each.heard]
    assert len(wave) == 1
    assert "Ana" in {each.to[0].user for each in show.said}


def test_subs_of_a_gift_are_thanked_for_at_once(played: Find) -> None:
    """Ten subs are no ten thank-yous, and who calls meanwhile does not wait for them."""
    show = played("gift_bomb")
    assert len(show.caption("for the sub")) == 1
    assert "10" in show.said[1].heard
    assert max(show.first_sound("m1"), show.first_sound("m2")) <= 10
    assert {each.outcome for each in show.said} == {"finished"}


def test_streamer_who_asks_is_answered_and_left_alone(played: Find) -> None:
    """At once when it is named; not a word into a conversation with somebody else."""
    show = played("streamer_asks")
    assert "water tower" in show.said[0].heard
    assert show.caption("tower")[0] - 1.2 <= 1.5
    assert show.said[1].outcome == "interrupted"
    assert show.longest_silence(17.2, 40) >= 22


def test_flood_answers_who_calls_and_what_many_ask(played: Find) -> None:
    """Every mention, the raid, and the question of 36 viewers, each in its time."""
    show = played("flood")
    answers = show.events("event/decision", "answer")
    asked = {each.to[0].user for each in show.said if each.to}
    assert {"Ana", "Ben", "Cleo", "Kim"} <= asked
    assert any(each.parts.get("viewers", 0) >= 20 for each in answers)
    assert show.caption("river")
    unaddressed = [each.parts["age_s"] for each in answers if each.reason != "mention"]
    assert max(unaddressed) <= 6
