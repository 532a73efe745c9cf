"""From a phone's stream to an answer: SRT, ffmpeg, a vision model, Mosquitto, the daemon."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import House, house, model_at
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.ollama import OllamaStandIn
from tests.vision_server.node import SERVER, why_not

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.alone,
    pytest.mark.timeout(60),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not on this machine"),
]

PASSPHRASE = "a-long-passphrase"
COLOURS = ("red", "blue")


def _clip(path: Path) -> None:
    """Two seconds of red, two of blue, each with a dark band."""
    parts = [f"color={each}:s=320x180:r=20:d=2,drawbox=y=150:h=30:color=black:t=fill"
             for each in COLOURS]  # fmt: skip
    inputs = [word for each in parts for word in ("-f", "lavfi", "-i", each)]
    graph = ["-filter_complex", "[0:v][1:v]concat=n=2[v]", "-map", "[v]"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-pix_fmt", "yuv420p"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *inputs, *graph, *coded, str(path)]
    subprocess.run(command, check=True, timeout=30)


def _of_the_camera(asked: dict[str, Any]) -> str:
    """A model that makes something of what the prompt says of the camera."""
    prompt = asked["messages"][-1]["content"]
    lines = [line for line in prompt.splitlines() if '"who": "camera"' in line]
    seen = next((each for each in COLOURS if lines and each in lines[-1]), "nothing")
    return f"To my eyes everything over there looks {seen} tonight."


def _has_a_model(health: str) -> bool:
    return bool(json.loads(health).get("llm", {}).get("status") == "up")


def _start(at_home: House, seer: int, srt: int) -> None:
    vision = json.loads(at_home.config.read_text())["vision"]
    vision["backend"]["host"] = f"http://127.0.0.1:{seer}"
    vision["source"]["port"] = srt
    config = at_home.folder / "vision.yaml"
    config.write_text(json.dumps(json.loads(at_home.config.read_text()) | {"vision": vision}))
    main = str(SERVER / "src" / "main.js")
    at_home.start("vision", ["node", main, "--config", str(config)])


async def test_stream_of_a_phone_is_mentioned_in_an_answer(tmp_path: Path, broker: Broker) -> None:
    """What a film shows just now is what the answer speaks of; the contract holds meanwhile."""
    _clip(tmp_path / "clip.mp4")
    srt, page = free_port(), free_port()
    vision: dict[str, Any] = {
        "source": {"kind": "srt", "passphrase": PASSPHRASE, "every_s": 0.5, "latency_ms": 100},
        "backend": {"kind": "ollama", "model": "seer"},
        "interval_s": 0.5,
        "port": page,
    }
    async with (
        OllamaStandIn(texts=_of_the_camera).serve() as ollama,
        house(
            tmp_path,
            broker,
            llm=model_at(ollama.port),
            memory={"embedder": None},
            vision=vision,
        ) as at_home,
    ):
        model_server = str(SERVER / "test" / "stand_ins" / "model_server.js")
        seer = at_home.start("seer", ["node", model_server])
        port = int(seer.until_log("\n").split()[0])
        _start(at_home, port, srt)
        await at_home.node()
        await at_home.daemon()
        await at_home.until_state("vision/availability", "online")
        await at_home.until("health/state", _has_a_model)
        to = f"srt://127.0.0.1:{srt}?passphrase={PASSPHRASE}&latency=100000"
        film = ["-re", "-stream_loop", "-1", "-i", str(tmp_path / "clip.mp4"), "-c", "copy"]
        at_home.start("phone", ["ffmpeg", "-loglevel", "error", *film, "-f", "mpegts", to])
        await at_home.until("scene/state", lambda text: any(each in text for each in COLOURS))
        ended = await at_home.ask("What do you see?")
        assert any(each in ended.text for each in COLOURS), ended.text
        health = json.loads(at_home.state("health/state") or "{}")
        assert health["vision"]["status"] == health["input.vision"]["status"] == "up"
        captured = [each for each in at_home.watcher.seen if each.topic.endswith("vision_capture")]
        assert captured
