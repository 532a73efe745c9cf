"""The situations in which somebody steers it, takes something back, or something fails."""

from __future__ import annotations

import re

import pytest

from tests.orchestrator.situations import Find


def test_deleted_message_stops_its_answer_and_leaves_no_word(played: Find) -> None:
    """Silence within half a second, and the words come back in no topic and no prompt."""
    show = played("deleted_while_speaking")
    assert show.silent_after(1.5) <= 4.0
    for word in ("gronkfield", "flimbus", "longest roof"):
        assert word not in show.after(4.0)
        assert word not in " ".join(show.prompts[1:])


def test_persona_switch_holds_from_the_next_turn_on(played: Find) -> None:
    """The story is finished in the voice that began it."""
    show = played("persona_switch_while_speaking")
    assert [each.persona for each in show.said][:3] == ["John", "Maple", "Maple"]
    assert show.said[0].outcome == "finished"
    assert show.said[-1].persona == "John"


def test_hanging_model_is_replaced_within_the_turn(played: Find) -> None:
    """Each who asked gets an answer in their turn, and the health says what is wrong."""
    show = played("model_hangs")
    assert [each.outcome for each in show.said] == ["finished"] * len(show.said)
    assert {each.to[0].user for each in show.said} == {"Ana", "Ben", "Cleo", "Dan"}
    told = [each.detail for each in show.events("event/health") if each.to == "degraded"]
    assert any("gave nothing for" in each for each in told)
    assert show.rig.state("service_level/state") == "full"


def test_without_models_chat_is_read_out_and_everybody_can_see_it(played: Find) -> None:
    """Reduced at once, full again when a model answers; no error is spoken."""
    show = played("all_models_down")
    assert show.at("service_level/state", lambda value: value == "reduced")[-1] <= 0.5
    assert any("readout instead" in each.detail for each in show.events("event/health"))
    assert "Ben is asking: what is that tower over there?" in show.heard
    assert "not there" not in show.heard
    assert "river" in show.said[-1].heard


def test_approval_lets_nothing_out_by_itself(played: Find) -> None:
    """Approved, rejected, approved, and one that nobody looked at."""
    show = played("approval")
    ends = {each.to[0].user: each.outcome for each in show.said}
    assert ends == {"Ana": "finished", "Ben": "rejected", "Cleo": "finished", "Dan": "expired"}
    assert "bridge" not in show.heard


def test_lease_is_kept(played: Find) -> None:
    """The clause ends, then nothing sounds until the lease runs out or is given back."""
    show = played("lease")
    on = show.at("speaking/state", lambda value: value == "ON")
    assert show.silent_after(3.5) - 3.5 <= 6
    assert on[1] >= 18.5
    assert on[2] >= 36
    assert [each.to[0].user for each in show.said] == ["Ana", "Ben", "Ana"]


def test_lost_link_is_carried_and_handed_over(played: Find) -> None:
    """It says at once that the picture is gone, how long it has been, and hands over when back."""
    show = played("link_lost_and_back")
    lost, *_ = show.caption("picture is gone")
    assert lost - 4 <= 1.5
    assert re.search(r"\d+ seconds", show.heard)
    back = show.caption("There you are again")
    assert len(back) == 1
    assert back[0] - 75 <= 1.5
    assert show.longest_silence(8, 75) <= 45


def test_panic_is_silence_until_a_person_ends_it(played: Find) -> None:
    """Within a quarter of a second, for all that waits, and nothing is made up for later."""
    show = played("panic_in_mid_answer")
    assert show.said[0].outcome == "muted"
    assert show.longest_silence(4.25, 40) == pytest.approx(35.75, abs=0.1)
    assert [each.to[0].user for each in show.said] == ["Ana", "Dan"]


def test_skip_takes_only_what_runs(played: Find) -> None:
    """The story is gone; a moderator who is late is told so."""
    show = played("skip")
    assert show.said[0].outcome == "skipped"
    codes = [(each.command, each.code) for each in show.events("event/command")]
    assert codes[0] == ("cmd/skip", "ok")
    assert codes[-1] == ("chat/skip", "stale")


def test_critical_words_cut_everything(played: Find) -> None:
    """The warning is heard at once, and whole."""
    show = played("critical_say")
    assert show.said[0].outcome == "interrupted"
    assert show.said[1].heard == "Careful, the tide is coming in."
    assert min(show.caption("tide")) - 3 <= 0.5


def test_discreet_mode_keeps_the_place(played: Find) -> None:
    """From the moment it is on, nobody hears where the streamer is."""
    show = played("discreet")
    assert "river" in show.said[0].heard
    later = " ".join(each.heard for each in show.said[1:])
    for word in ("river", "bridge", "street", "harbour"):
        assert word not in later.casefold()


def test_held_chat_is_not_there_before_its_time(played: Find) -> None:
    """What a moderator deletes within the hold is nowhere."""
    show = played("chat_hold")
    assert "gronkfield" not in show.after(-2)
    assert [each.to[0].user for each in show.said] == ["Ana", "Ben"]


def test_private_word_is_nowhere(played: Find) -> None:
    """Not published, not prompted, not spoken; who bears it as a name is somebody."""
    show = played("private_word")
    everything = show.after(-2) + " ".join(show.prompts) + show.heard
    assert "quibblestone" not in everything.casefold()


def test_voiceless_answer_is_shown(played: Find) -> None:
    """Captions take the voice's place, and it is back on air when it works."""
    show = played("voice_down")
    assert show.caption("longest roof")
    assert [bool(each.heard) for each in show.said] == [True, False, True]


def test_chat_commands_are_obeyed_by_badge(played: Find) -> None:
    """Viewers get help, and nothing about them is said aloud; moderators mute and choose."""
    codes = [(each.command, each.code) for each in played("chat_commands").events("event/command")]
    assert codes == [
        ("chat/help", "ok"), ("chat/mute", "not_allowed"), ("chat/whatdoyouknow", "unavailable"),
        ("chat/mute", "ok"), ("chat/unmute", "ok"), ("chat/persona", "ok"), ("chat/help", "ok"),
    ]  # fmt: skip


def test_forgotten_viewer_is_forgotten_in_mid_stream(played: Find) -> None:
    """What they told is in no topic, prompt or word afterwards."""
    show = played("forget_in_mid_stream")
    assert "Canarius" in show.heard or "Canarius" in show.prompts[0]
    assert "Canarius" not in show.after(14.5)
    assert "Canarius" not in show.prompts[-1]
