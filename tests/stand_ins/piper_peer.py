"""The published wyoming-piper, with a tone in place of its model: weights are a download."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import wave
from functools import partial
from types import ModuleType
from typing import Any

from wyoming.info import Attribution, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncServer

from tests.stand_ins.broker import free_port
from tests.stand_ins.wyoming_sound import RATE, tone_of

VOICE = "en_US-lessac-medium"


def _handler() -> Any:
    """Its own class: only the function that runs the model is another one."""
    engine = ModuleType("piper")
    engine.PiperVoice = engine.SynthesisConfig = object  # type: ignore[attr-defined]  # unused
    sys.modules["piper"] = engine
    from wyoming_piper.handler import PiperEventHandler  # type: ignore[import-not-found]  # a peer

    def tone(_self: Any, text: str, writer: wave.Wave_write, *_: Any) -> None:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(tone_of(text))

    PiperEventHandler._synthesize_piper = tone
    return PiperEventHandler


async def _main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    by = Attribution("somebody", "")
    voices = [TtsVoice(VOICE, by, True, "a tone", "1", languages=["en"])]
    program = TtsProgram("piper", by, True, "", "2", voices=voices)
    program.supports_synthesize_streaming = True
    arguments = argparse.Namespace(
        no_streaming=False, backend="piper", voice=VOICE, speaker=None, auto_punctuation=".?!",
        sentence_silence=0.0, samples_per_chunk=1024,
    )  # fmt: skip
    info = Info(tts=[program])
    url = f"tcp://127.0.0.1:{free_port()}"
    server = AsyncServer.from_uri(url)
    serving = asyncio.create_task(server.run(partial(_handler(), lambda: info, arguments, {})))
    await asyncio.sleep(0.2)
    print(url, flush=True)  # noqa: T201 - whoever started it waits for this
    await serving


if __name__ == "__main__":
    asyncio.run(_main())
