"""The sound of openers: made in quiet moments with the voice in force, and kept over restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

import structlog

from pickled.audio import SPEECH_RATE, bytes_for
from pickled.brain.openers import unclean
from pickled.brain.persona import Persona
from pickled.brain.safety import GateRules
from pickled.errors import VoiceError
from pickled.language.normalization.aloud import aloud
from pickled.messages.opener import Opener
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.turn.manner import Manner
from pickled.orchestrator.turn.sound_shelf import SoundShelf, name_of
from pickled.patterns import remembered
from pickled.tts import Synthesizer

log = structlog.get_logger()

LONGEST_MS = 4_000
"""A longer one is left out: what follows it would be waited for by nobody."""

MOST_HELD = 200
"""Sounds in memory, some 50 kB each: those of the last voices."""

LOOK_S = 5.0
"""How often it is looked whether another voice speaks, and whether a moment is quiet enough."""

QUIET_S = 0.25
RETRY_S = 60.0
"""A voice that failed, or a disk that is full, is left alone for so long."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a text is spoken."""

    rung: int
    voice: str | None
    speed: float


@dataclass
class OpenerSounds:
    """Makes them for the persona and the voice in force, one by one."""

    voices: Ladder[Synthesizer]
    controls: Controls
    shelf: SoundShelf
    about: Mapping[int, str]
    """What else a voice's sound hangs on, by its rung: how it is configured."""
    rules: Callable[[], GateRules]
    _held: dict[tuple[_Way, str], bytes] = field(default_factory=dict, init=False)
    _left_out: set[tuple[_Way, str]] = field(default_factory=set, init=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _not_before: dict[_Way, float] = field(default_factory=dict, init=False)
    _unkept_until: float = field(default=float("-inf"), init=False)

    def ready(self, persona: Persona) -> frozenset[str]:
        """The openers that sound at once with the voice that would speak now."""
        rung = next(iter(self.voices.working()), None)
        if rung is None:
            return frozenset()
        way = self._way(rung, Manner(persona, self.controls.voice))
        spoken = ((each.text, _spoken(each, persona)) for each in persona.openers)
        return frozenset(text for text, aloud_ in spoken if (way, aloud_) in self._held)

    def get(self, rung: Rung[Synthesizer], manner: Manner, spoken: str) -> bytes | None:
        """Its sound, where it is there."""
        return self._held.get((self._way(rung, manner), spoken))

    def listen(self) -> None:
        """Look again when something is set: it may be the persona, or the voice."""
        self.controls.on_change.append(self._changed.set)

    async def run(self, is_quiet: Callable[[], bool]) -> None:
        """Make what is missing, whenever it is quiet, until cancelled."""
        while True:
            self._changed.clear()
            await self._make_all(is_quiet)
            try:
                await asyncio.wait_for(self._changed.wait(), LOOK_S)
            except TimeoutError:
                continue

    async def _make_all(self, is_quiet: Callable[[], bool]) -> None:
        persona = self.controls.persona
        rung = next(iter(self.voices.working()), None)
        if rung is None or not persona.openers:
            return
        way = self._way(rung, Manner(persona, self.controls.voice))
        missing = dict(self._missing(way, persona))
        if not missing or asyncio.get_running_loop().time() < self._not_before.get(way, 0.0):
            return
        found = await asyncio.to_thread(self._read, rung, way, list(missing))
        made = 0
        for spoken, opener in missing.items():
            if (pcm := found.get(spoken)) is None:
                if not await self._quiet(is_quiet):
                    return
                pcm = await self._made(rung, way, opener, spoken)
                made += pcm is not None
            if pcm is not None:
                self._hold(way, spoken, pcm)
            elif (way, spoken) not in self._left_out:
                return
        ready = len(self.ready(persona))
        log.info("openers are ready", persona=persona.name, voice=way.voice, ready=ready, made=made)

    def _missing(self, way: _Way, persona: Persona) -> Iterator[tuple[str, Opener]]:
        for each in persona.openers:
            spoken = _spoken(each, persona)
            if (way, spoken) in self._held or (way, spoken) in self._left_out:
                continue
            yield spoken, each

    async def _quiet(self, is_quiet: Callable[[], bool]) -> bool:
        """Wait for a quiet moment; False if something else may be wanted by then."""
        while not self._changed.is_set():
            if is_quiet():
                return True
            await asyncio.sleep(QUIET_S)
        return False

    async def _made(
        self, rung: Rung[Synthesizer], way: _Way, opener: Opener, spoken: str
    ) -> bytes | None:
        """Its sound; None if it has none, or none that may be used."""
        if unclean([opener], gate=self.rules()):
            self._leave_out(way, spoken, "the gate does not let it through as it is")
            return None
        most, pcm = bytes_for(LONGEST_MS, SPEECH_RATE), bytearray()
        try:
            speaking = rung.part.synthesize(spoken, voice=way.voice, speed=way.speed)
            async with aclosing(speaking) as pieces:
                async for piece in pieces:
                    pcm += piece
                    if len(pcm) > most:
                        self._leave_out(way, spoken, f"it takes over {LONGEST_MS} ms")
                        return None
        except VoiceError as error:
            log.info("openers are not ready yet", why=str(error))
            self._not_before[way] = asyncio.get_running_loop().time() + RETRY_S
            return None
        await self._keep(rung, way, spoken, bytes(pcm))
        return bytes(pcm)

    def _leave_out(self, way: _Way, spoken: str, why: str) -> None:
        log.warning("an opener is left out", opener=spoken, why=why)
        self._left_out.add((way, spoken))

    def _hold(self, way: _Way, spoken: str, pcm: bytes) -> None:
        self._held[way, spoken] = pcm
        while len(self._held) > MOST_HELD:
            del self._held[next(iter(self._held))]

    async def _keep(self, rung: Rung[Synthesizer], way: _Way, spoken: str, pcm: bytes) -> None:
        """On the disk, where the voice has a name: the engine's own choice may be another one
        tomorrow."""
        now = asyncio.get_running_loop().time()
        if way.voice is None or now < self._unkept_until:
            return
        try:
            await asyncio.to_thread(self.shelf.write, self._name(rung, way, spoken), pcm)
        except OSError as error:
            log.warning("openers are not kept: they are made again at the next start",
                        folder=str(self.shelf.folder), why=str(error.strerror))  # fmt: skip
            self._unkept_until = now + RETRY_S

    def _read(self, rung: Rung[Synthesizer], way: _Way, texts: list[str]) -> dict[str, bytes]:
        if way.voice is None:
            return {}
        read = partial(self._name, rung, way)
        found = {spoken: self.shelf.read(read(spoken)) for spoken in texts}
        return {spoken: pcm for spoken, pcm in found.items() if pcm is not None}

    def _name(self, rung: Rung[Synthesizer], way: _Way, spoken: str) -> str:
        return name_of(
            {
                "kind": rung.kind,
                "options": self.about.get(way.rung, ""),
                "voice": way.voice,
                "speed": way.speed,
                "text": spoken,
                "format": f"s16le mono {SPEECH_RATE}",
            }
        )

    def _way(self, rung: Rung[Synthesizer], manner: Manner) -> _Way:
        return _Way(self.voices.rungs.index(rung), *manner.voice_for(rung))


def _spoken(opener: Opener, persona: Persona) -> str:
    """As the voice is given it."""
    return _aloud(opener.text, persona.language)


@remembered(MOST_HELD)
def _aloud(text: str, language: str) -> str:
    return aloud(text, language)
