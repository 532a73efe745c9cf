"""From clauses to sound: the voice speaks them to the nodes, or they are shown as captions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

import structlog

from pickled.errors import DeviceError, VoiceError
from pickled.messages.base import TurnId
from pickled.messages.decision import Priority
from pickled.messages.emotion import Emotion
from pickled.messages.node import Played
from pickled.messages.word_end import WordEnd
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.turn.manner import Manner
from pickled.orchestrator.turn.speculation import HeldClause, Speculation, Thrift
from pickled.orchestrator.turn.stages import Stages
from pickled.outputs.voice.speaker import Speaker
from pickled.outputs.voice.speech_stream import PlaybackListener, SpeechStream
from pickled.outputs.voice.utterance import Utterance, rest_of
from pickled.tts import Synthesizer, perform, unheard_percent_of

log = structlog.get_logger()

EARLY_PERCENT = 34.0
"""Of so many first clauses of a hundred that were asked for early and are heard, as many may be
dropped as the streamer went on: a recognizer's early end is right about four times of five."""

READING_CHARS_PER_S = 15.0
"""How long a caption without a voice stays: a usual subtitle speed."""

SLOW_S = 0.6
"""A voice that takes longer to its first sound is asked for the next clause beforehand."""

LOST_ITS_WAY = 3.0
"""A voice whose sound is so many times as long as the text has said something else."""


@dataclass
class Talker:
    """Speaks the clauses of one turn, in order."""

    turn: TurnId
    voices: Ladder[Synthesizer]
    speaker: Speaker
    stages: Stages
    now: Callable[[], float]
    on_caption: Callable[[str], None]
    """Called with the words that begin to sound, or to be shown."""
    on_sound: Callable[[], None]
    """Called at the first sample at the device."""
    manner: Manner
    target: str | None = None
    priority: Priority = "normal"
    thrift: Thrift = field(default_factory=Thrift)
    early: Thrift = field(default_factory=Thrift)
    """Of answers that are begun before it is sure that they are wanted."""
    on_clause: Callable[[str], None] = lambda _text: None
    """Called with the words that begin to sound."""
    held: Callable[[Rung[Synthesizer], Manner, str], bytes | None] = lambda *_: None
    """The sound of an opener, where it is there already."""
    speech: SpeechStream | None = field(default=None, init=False)
    lost: bool = field(default=False, init=False)
    """The voice or the last node failed in the middle."""
    emotion: Emotion = "neutral"
    """Of the answer, where a voice can show it."""
    rung: Rung[Synthesizer] | None = field(default=None, init=False)
    """Who spoke last: it goes on, unless it fails."""
    speculation: Speculation = field(init=False)
    _words: dict[int, list[WordEnd]] = field(default_factory=dict, init=False)
    """Where words end, by clause, as it was asked for last."""

    def __post_init__(self) -> None:
        self.speculation = Speculation(self.thrift, self.now, self.speaker.forget)

    def guess(self, index: int, spoken: str) -> None:
        """That clause is likely the next one: have its sound at hand when it is sure.

        An empty one: no clause is likely just now, and what was asked for before is wrong.
        """
        rung = next(iter(self._in_order()), None)
        if not spoken or rung is None or not self.speaker.nodes.targets(self.target):
            self.speculation.drop(self.speech)
            return
        self.speculation.guess(
            index,
            spoken,
            rung,
            speech=self.speech,
            open_speech=self._open,
            pcm=lambda: self._synthesize(rung, index, spoken),
        )

    @property
    def slow(self) -> bool:
        """Would the next clause come too late, if the voice were asked when this one is sent?"""
        return any(rung.first_byte_s > SLOW_S for rung in self._in_order()[:1])

    def prepare(self, index: int, spoken: str) -> None:
        """That clause comes next: a slow voice begins with it while the one before is sent."""
        rung = next(iter(self._in_order()), None)
        if rung is not None and self.speech is not None:
            pcm = partial(self._synthesize, rung, index, spoken)
            self.speculation.prepare(index, spoken, rung, speech=self.speech, pcm=pcm)

    def foresee(self, spoken: str) -> None:
        """It will be the first clause, if the answer is wanted: have its sound at hand then.

        What is held of an opener is there anyway.
        """
        rung = next(iter(self._in_order()), None)
        if rung is not None and self.held(rung, self.manner, spoken) is None:
            self.speculation.thrift = self.early
            self.guess(0, spoken)

    def settle(self) -> None:
        """The answer is wanted."""
        if self.speculation.holds:
            self.early.heard(EARLY_PERCENT)
        self.speculation.thrift = self.thrift

    async def say(self, index: int, clause: str, spoken: str) -> None:
        """Speak a clause, which captions show as it is, and a voice is given as `spoken`.

        Returns when its sound is sent, not when it was heard.
        """
        if self.lost:
            return
        await self.voices.ready()
        whole = clause
        for rung in self._in_order():
            try:
                await self._speak(rung, index, clause, spoken)
            except VoiceError as error:
                self.voices.failed(rung, error)
                share = self.speech.tear(index) if self.speech else None
                if share is not None:  # the next voice goes on behind it: nothing is said twice
                    clause, spoken = rest_of(clause, share), rest_of(spoken, share)
                    self.lost = share > LOST_ITS_WAY
                if self.lost or not spoken:
                    return
            except DeviceError as error:
                log.warning("speech is lost", turn=self.turn, why=str(error))
                self.lost = self.speech is not None and bool(self.speech.utterances)
                break
            else:
                self.rung = rung
                self.voices.succeeded(rung)
                self.thrift.heard(unheard_percent_of(rung.part))
                return
        if clause != whole:
            self.lost = True
        elif not self.lost:
            await self._show(clause)

    async def finish(self) -> None:
        """Wait until all was heard."""
        if self.speech is None:
            return
        try:
            await self.speech.finish()
        except DeviceError as error:
            log.warning("speech is lost", turn=self.turn, why=str(error))
            self.lost = True

    async def stop(self) -> None:
        """Silence, now."""
        if self.speech is not None:
            await self.speech.clear()

    async def end(self) -> None:
        """Nothing more is said: what was asked for to no avail is let go."""
        await self.speculation.end(self.speech)

    def close(self) -> None:
        """The turn is over."""
        if self.speech is not None:
            self.speaker.close(self.speech)

    @property
    def heard(self) -> str:
        """What was played so far."""
        return self.speech.heard() if self.speech else ""

    @property
    def muted(self) -> bool:
        """The node swallowed it."""
        return self.speech is not None and self.speech.muted

    async def _speak(self, rung: Rung[Synthesizer], index: int, clause: str, spoken: str) -> None:
        if not self.speaker.nodes.targets(self.target):
            raise DeviceError(self.speaker.nodes.why_none(self.target))
        ready = self.held(rung, self.manner, spoken) if index == 0 else None
        likely = None
        if ready:
            self.speculation.drop(self.speech)
        else:
            likely = self.speculation.take(
                index, spoken, rung, speech=self.speech, open_speech=self._open
            )
        if self.speech is None:
            self.speech = likely.speech if likely else self._open()
        async with (
            aclosing(self._sound(rung, index, spoken, ready, likely)) as pcm,
            aclosing(self._stamped(pcm, None if ready or likely else rung)) as stamped,
        ):
            words = self._words.get(index, []) if spoken == clause and not ready else []
            await self.speech.say(index, clause, stamped, words=words)

    def _sound(
        self,
        rung: Rung[Synthesizer],
        index: int,
        spoken: str,
        ready: bytes | None,
        likely: HeldClause | None,
    ) -> AsyncGenerator[bytes, None]:
        """An opener's, that is there; what was asked for before it was sure; or the voice's now."""
        if ready:
            return _whole(ready)
        return likely.sound() if likely else self._synthesize(rung, index, spoken)

    def _open(self) -> SpeechStream:
        return self.speaker.open(
            self.turn,
            listener=PlaybackListener(started=self._started, utterance=self._sounding),
            target=self.target,
            priority=self.priority,
        )

    def _synthesize(
        self, rung: Rung[Synthesizer], index: int, spoken: str
    ) -> AsyncGenerator[bytes, None]:
        voice, speed = self.manner.voice_for(rung)
        words = self._words[index] = []
        return perform(
            rung.part, spoken, voice=voice, speed=speed, emotion=self.emotion, words=words
        )

    def _in_order(self) -> list[Rung[Synthesizer]]:
        """Who can speak: one voice within an answer, then the first choice."""
        return sorted(self.voices.working(), key=lambda rung: rung is not self.rung)

    async def _stamped(
        self, pcm: AsyncGenerator[bytes, None], rung: Rung[Synthesizer] | None
    ) -> AsyncGenerator[bytes, None]:
        asked = self.now()  # of `rung`, if it was just now
        async for chunk in pcm:
            if rung is not None:
                rung.first_byte_s, rung = self.now() - asked, None
            self.stages.reach("first_byte", self.now())
            yield chunk

    async def _show(self, clause: str) -> None:
        self.on_caption(clause)
        await asyncio.sleep(len(clause) / READING_CHARS_PER_S)

    def _started(self, played: Played) -> None:
        late = self.speaker.age_s(played, self.target)
        self.stages.reach("first_sound", self.now() - late)
        self.on_sound()

    def _sounding(self, utterance: Utterance) -> None:
        self.on_caption(utterance.text)
        self.on_clause(utterance.text)


async def _whole(pcm: bytes) -> AsyncGenerator[bytes, None]:
    yield pcm
