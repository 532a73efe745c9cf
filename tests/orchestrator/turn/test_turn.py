"""A turn from chat line to sound, and every way in which it can end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]


def test_turn_for_a_mention_is_spoken_and_heard(play: Play) -> None:
    """A line that names the co-host is answered, and all of the answer is heard."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, are you there?")
        said = await rig.outcome()
        assert said.outcome == "finished"
        assert said.text == said.heard == "Hello ana, this is the answer. And this is more."
        assert said.to[0].user == "ana"
        assert rig.state("emotion/state") == "happy"

    rig = play(scene)
    decided = rig.events("event/decision", "answer")[0]
    assert decided.reason == "mention"
    assert decided.turn == rig.events("event/response", "started")[0].turn


def test_turn_streams_so_the_first_clause_sounds_before_the_last_is_written(play: Play) -> None:
    """The first sound comes while the model still writes."""
    text = "First this. " + "And then a lot more to say about it all the same. " * 1
    model = ScriptedModel(lambda _: answer(text), token_s=0.2)

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        assert rig.state("thinking/state") == "ON"
        await rig.outcome()

    play(scene, model=model)


def test_last_clause_does_not_wait_for_the_end_of_the_answer(play: Play) -> None:
    """A single sentence is spoken once its text is closed, whatever the model still writes."""
    written = answer("We are at the harbour.")
    model = ScriptedModel(lambda _: written + " " * 40, token_s=0.1)

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("finished", "We are at the harbour.")
        await asyncio.sleep(2)
        assert rig.state("latency/state").first_clause <= len(written) / 4 * 100

    play(scene, model=model)


def test_speaking_follows_the_node_and_the_caption_its_words(play: Play) -> None:
    """Speaking is ON from the first to the last sample, and captions change with the clauses."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.outcome()
        await asyncio.sleep(2)

    rig = play(scene)
    assert rig.broker.sent("speaking/state")[-3:] == ["OFF", "ON", "OFF"]
    captions = [words for words in rig.broker.sent("caption/state") if words]
    assert " ".join(captions) == "Hello ana, this is the answer. And this is more."
    assert rig.broker.sent("caption/state")[-1] == ""


def test_latency_names_every_stage_and_they_add_up(play: Play) -> None:
    """The stages of `latency/state` are the time from the line's arrival to its first sound."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.outcome()
        await asyncio.sleep(2)
        stages = rig.state("latency/state")
        parts = [stages.gate, stages.llm_first_token, stages.first_clause, stages.safety,
                 stages.tts_first_byte, stages.first_sound]  # fmt: skip
        assert stages.llm_first_token >= 200
        assert stages.tts_first_byte >= 150
        assert abs(sum(parts) - stages.total) < 1

    play(scene)


def test_skip_stops_the_sound_and_keeps_what_was_heard(play: Play) -> None:
    """A skipped answer is cut to the words that were played, and the model is stopped."""
    text = "One two three four five six seven eight nine ten. " * 3
    model = ScriptedModel(lambda _: answer(text), token_s=0.2)

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(1)
        rig.tell("cmd/skip")
        said = await rig.outcome()
        assert said.outcome == "skipped"
        assert said.text.startswith(said.heard)
        assert 0 < len(said.heard) < 30
        assert rig.nodes[0].played[-1].state == "cleared"
        assert rig.model.stopped == 1

    play(scene, model=model)


def test_model_that_is_not_there_is_replaced_by_its_fallback(play: Play) -> None:
    """The next model answers in the same turn, and the service level says `reduced`."""
    spare = ScriptedModel(lambda _: answer("The spare one speaks."), name="spare")

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: rig.state("service_level/state") == "reduced")
        rig.chat("John?")
        assert (await rig.outcome()).heard == "The spare one speaks."
        rig.model.broken = False
        await rig.until(lambda: rig.state("service_level/state") == "full", within=5)

    play(scene, model=ScriptedModel(broken=True), spare_models=(spare,))


def test_model_that_breaks_in_the_middle_ends_the_answer_where_it_broke(play: Play) -> None:
    """What was said stays said, and nothing about the failure is spoken."""
    text = "This much is fine. And here it will break off somewhere."
    spare = ScriptedModel(lambda _: answer("The spare one speaks."), name="spare")

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert said.outcome == "interrupted"
        assert said.heard == said.text == "This much is fine."

    play(scene, model=ScriptedModel(lambda _: answer(text), fails_after=14), spare_models=(spare,))


def test_model_that_writes_garbage_is_never_spoken(play: Play) -> None:
    """JSON of another shape is not read out; the fallback answers."""
    spare = ScriptedModel(lambda _: answer("The spare one speaks."), name="spare")

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        assert (await rig.outcome()).text == "The spare one speaks."

    play(scene, model=ScriptedModel(lambda _: '{"error": "overloaded"}'), spare_models=(spare,))


def test_all_models_down_says_nothing_and_shows_it(play: Play) -> None:
    """Without any model there is silence, and the service level says so."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert (said.outcome, said.text, said.heard) == ("failed", "", "")
        assert rig.state("service_level/state") == "silent"

    rig = play(scene, model=ScriptedModel(broken=True))
    assert rig.nodes[0].played == []


def test_voice_that_fails_is_replaced_within_the_answer(play: Play) -> None:
    """The next voice speaks the same clause."""
    spare = ScriptedVoice(name="spare")
    voice = ScriptedVoice()

    async def scene(rig: Rig) -> None:
        voice.hangs = True
        rig.chat("John?")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("finished", said.text)
        assert rig.state("health/state").root["tts"].status == "degraded"

    play(scene, voice=voice, spare_voices=(spare,))
    assert [text for text, _ in spare.spoken] == ["Hello ana, this is the answer.",
                                                  "And this is more."]  # fmt: skip


def test_answer_without_a_node_is_shown_as_captions(play: Play) -> None:
    """Nobody hears it, so nothing counts as heard; the words are shown as long as reading takes."""

    async def scene(rig: Rig) -> None:
        assert rig.state("service_level/state") == "captions"
        rig.chat("John?")
        await rig.until(lambda: rig.state("caption/state"))
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("finished", "")
        assert said.text

    play(scene, node=False)


def test_node_that_vanishes_in_the_middle_ends_the_answer(play: Play) -> None:
    """What was heard is kept; the turn does not hang."""
    text = "One two three four five six seven eight nine ten. " * 2

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(1)
        rig.nodes[0].frozen = True
        said = await rig.outcome()
        assert said.outcome == "interrupted"
        assert 0 < len(said.heard) < len(said.text)

    play(scene, model=ScriptedModel(lambda _: answer(text)))


def test_link_in_an_answer_is_never_spoken(play: Play) -> None:
    """The gate masks it, and says which rule it was, but not what it hid."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert "evil" not in said.text
        assert rig.events("event/safety")[0].rule == "link"

    rig = play(scene, model=ScriptedModel(lambda _: answer("Look at https://evil.example/x now.")))
    assert not any("evil" in text for text, _ in rig.voice.spoken)
    assert not any(b"evil" in each.payload for each in rig.broker.log)


def test_text_is_published_nowhere_when_that_is_switched_off(play: Play) -> None:
    """With `publish_text: false` no word of chat or of the answer leaves the house."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, my canary sings")
        await rig.outcome()

    rig = play(scene, publish_text=False)
    assert rig.voice.spoken
    assert not any(b"canary" in each.payload for each in rig.broker.log)
    assert not any(b"this is the answer" in each.payload for each in rig.broker.log)


def test_model_that_does_not_listen_is_cut_at_the_personas_length(play: Play) -> None:
    """Two sentences were asked for: no clause is begun after them, and the model is stopped."""
    text = "This is one of them. And this is two. And number three is too much for anybody. "
    model = ScriptedModel(lambda _: answer(text * 3))

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert said.outcome == "finished"
        assert said.text in text

    assert play(scene, model=model).model.stopped == 1


def test_readout_keeps_to_its_own_length(play: Play) -> None:
    """What it quotes is not cut in the middle."""
    model = ScriptedModel(lambda _: answer("One is here. Two is here. And three."), bounded=True)

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        assert (await rig.outcome()).text.endswith("And three.")

    play(scene, model=model)


def test_emoji_at_the_end_of_an_answer_does_not_spoil_it(play: Play) -> None:
    """A clause without a word is left out; the rest was fine."""
    model = ScriptedModel(lambda _: answer("That is lovely. \U0001f389\U0001f389"))

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert (said.text, said.outcome) == ("That is lovely.", "finished")

    play(scene, model=model)


def test_raid_is_welcomed_without_being_asked(play: Play) -> None:
    """Stream events are a reason to speak, once each."""
    from pickled.messages.stream import StreamEvent

    async def scene(rig: Rig) -> None:
        for _ in range(3):
            rig.happen(
                StreamEvent(
                    ts=rig.clock.wall(), event_type="raid", user="zoe", user_id="9", viewers=40
                )
            )
        await rig.outcome()
        await asyncio.sleep(5)
        assert len(rig.model.prompts) == 1
        assert "40 viewers" in rig.model.prompts[0].request.messages[0].text

    play(scene)
