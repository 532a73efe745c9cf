"""`pickled replay`: what happened and why, readable and for programs, always the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pickled.inputs.replay import find_recording
from tests.cli.command_line import Run
from tests.stand_ins.broker import free_port
from tests.stand_ins.processes import environment, python, started

ANA = {"user": "ana", "user_id": "7"}


def recording(folder: Path, *texts: str, name: str = "some.jsonl") -> Path:
    """Somebody says this in chat, every 15 s."""
    lines: list[dict[str, Any]] = [
        {
            "t": 1 + 15 * n,
            "type": "chat",
            "id": f"m{n}",
            "user": "ana",
            "user_id": "7",
            "text": text,
        }
        for n, text in enumerate(texts)
    ]
    path = folder / name
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return path


def test_replay_tells_what_and_why(run: Run, tmp_path: Path) -> None:
    """Who wrote what, what was answered and for which reason, what not, and the figures."""
    recording(tmp_path, "John, where are you?", "sunny today", "John, bye!")
    ran = run("replay", "some.jsonl")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == "default, readout"
    assert lines[1].startswith("00:01.0  ana: John, where are you?")
    assert lines[2].startswith("00:01.0  ▶ John (")
    assert "why: mention" in lines[3]
    assert "where are you?" in lines[4]
    assert "finished after" in lines[5]
    assert "mentions  2 of 2 answered (100%)" in lines
    assert any(line.startswith("spoken    ") and "longest silence" in line for line in lines)


def test_replay_of_a_torn_recording_says_so(run: Run, tmp_path: Path) -> None:
    """What was written before the kill is played; one note names the line."""
    path = recording(tmp_path, "John, where are you?", "sunny today")
    path.write_bytes(path.read_bytes() + b'{"t": 31, "type": "chat", "id": "m')
    ran = run("replay", "some.jsonl")
    assert ran.code == 0, ran.err
    assert "mentions  1 of 1 answered (100%)" in ran.out
    (note,) = [line for line in ran.out.splitlines() if line.startswith("note ")]
    assert "line 3 is torn" in note


def test_replay_of_a_model_that_is_gone_says_so_first(run: Run, tmp_path: Path) -> None:
    """Nothing is called answered that nobody could word; the reason is told, and the code is 1."""
    recording(tmp_path, "John, where are you?", "John, hi!")
    away = f"llm: {{kind: ollama, host: 'http://127.0.0.1:{free_port()}'}}\n"
    (tmp_path / "pickled.yaml").write_text(away)
    ran = run("replay", "some.jsonl", "--model", "phi3.5:latest")
    lines = ran.out.splitlines()
    assert ran.code == 1
    assert "nobody can word an answer: Ollama does not answer" in lines[1]
    assert "chat      2 messages: 0 answered, 2 could not be" in lines
    assert "mentions  0 of 2 answered (0%)" in lines
    (note,) = [line for line in lines if line.startswith("note ")]
    assert "2 turns could not be worded: Ollama does not answer" in note
    both = run("replay", "some.jsonl", "--compare", "model:phi3.5:latest")
    assert both.code == 1
    assert "phi3.5:latest: nothing could be worded, mention" in both.out
    assert "2 compared: 0 decided otherwise, 0 answered in other words" in both.out


def test_replay_understands_whole_topics(run: Run, tmp_path: Path) -> None:
    """As `mosquitto_sub -v` prints them; what is none of ours is noted."""
    path = recording(tmp_path, "John, where are you?")
    commands = [{"t": 0, "type": "command", "topic": f"pickled/home/{each}/set", "payload": "ON"}
                for each in ("muted", "nope")]  # fmt: skip
    path.write_text("".join(json.dumps(each) + "\n" for each in commands) + path.read_text())
    ran = run("replay", "some.jsonl")
    assert "hold: muted" in ran.out
    assert "mentions  0 of 1 answered (0%)" in ran.out
    assert "note      pickled/home/nope/set is no topic of this instance" in ran.out


def test_replay_of_the_walk_takes_seconds(run: Run) -> None:
    """Ten minutes by their bundled name; each mention's fate is told."""
    ran = run("replay", "irl_walk")
    assert ran.code == 0, ran.err
    assert ran.out.count("▶") > 30
    assert "skip: chance" in ran.out


def test_replay_as_objects(run: Run, tmp_path: Path) -> None:
    """One JSON object a decision, and one with the counts."""
    recording(tmp_path, "John, where are you?", "sunny today")
    ran = run("replay", "some.jsonl", "--json")
    *decisions, summary = map(json.loads, ran.out.splitlines())
    assert decisions[0]["decision"] == "answer"
    assert decisions[0]["messages"][-1] == {
        "id": "m0",
        "user": "ana",
        "text": "John, where are you?",
    }
    assert decisions[0]["answer"]["outcome"] == "finished"
    assert summary["summary"]["mentions_answered"] == 1


def test_replay_is_the_same_in_every_process(tmp_path: Path) -> None:
    """Byte for byte, whatever the hashes' seed."""
    walk = find_recording("irl_walk", tmp_path).read_bytes().splitlines(keepends=True)
    path = tmp_path / "short.jsonl"
    path.write_bytes(b"".join(walk[:150]))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "pickled", "replay", str(path), "--json"],
            env=os.environ | {"PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    first, second = (each.communicate(timeout=50)[0] for each in running)
    assert first == second
    assert first.count(b"\n") > 50


def test_replay_keeps_a_pace(run: Run, tmp_path: Path) -> None:
    """`--speed` spreads the lines over time; without it they come at once."""
    recording(tmp_path, "one", "two", "three")
    began = time.monotonic()
    assert run("replay", "some.jsonl", "--speed", "60").code == 0
    assert time.monotonic() - began > 31 / 60


def test_replay_with_a_persona(run: Run, tmp_path: Path) -> None:
    """Another one answers, in its own way; one that isn't there is named."""
    recording(tmp_path, "Maple, where are you?")
    assert "▶ Maple" in run("replay", "some.jsonl", "--persona", "maple").out
    ran = run("replay", "some.jsonl", "--persona", "mapel")
    assert ran.code == 1
    assert "did you mean maple?" in ran.err


def test_replay_beside_another_persona(run: Run, tmp_path: Path) -> None:
    """Both answers to each, and where they decide otherwise."""
    recording(tmp_path, "Maple, where are you?", "John, where are you?")
    ran = run("replay", "some.jsonl", "--compare", "maple")
    assert ran.code == 0, ran.err
    assert ran.out.count("default, readout: ") == ran.out.count("maple, readout: ") == 2
    assert ran.out.count("answer, mention") == 2
    rows = run("replay", "some.jsonl", "--compare", "maple", "--json").out.splitlines()
    first = json.loads(rows[0])
    assert first["second"]["decision"] == "answer"
    assert {"text", "reason", "score"} <= first["first"].keys()


def test_replay_beside_another_model_is_a_table_on_a_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rich where somebody looks, plain where a program reads."""
    recording(tmp_path, "John, where are you?")
    plain = run("replay", "some.jsonl", "--compare", "model:readout").out
    assert "│" not in plain
    assert "0 decided otherwise, 0 answered in other words" in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "│" in run("replay", "some.jsonl", "--compare", "model:readout").out


def test_replay_with_a_real_model(run: Run, tmp_path: Path) -> None:
    """It is waited for, in real time; then its answer has the usual pace."""
    recording(tmp_path, "John, where are you?")
    host = f"http://127.0.0.1:{(port := free_port())}"
    (tmp_path / "pickled.yaml").write_text(f"llm: {{kind: ollama, host: '{host}'}}\n")
    said = ("--first-token-ms", "50", "--text", "By the big old bridge, ana.")
    command = python("tests.stand_ins.ollama_process", "--port", str(port), *said)
    with started("ollama", command, folder=tmp_path, environ=environment(tmp_path)) as model:
        model.until_log("http://")
        ran = run("replay", "some.jsonl", "--model", "ollama")
    assert ran.code == 0, ran.err
    assert "By the big old bridge, ana." in ran.out


def test_replay_with_a_model_that_is_not_there(run: Run, tmp_path: Path) -> None:
    """One of no known kind is wrong usage."""
    recording(tmp_path, "John, where are you?")
    ran = run("replay", "some.jsonl", "--model", "oracle")
    assert ran.code == 2
    assert "there is no such model" in ran.err
    assert "readout" in ran.err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "some.jsonl is empty"),
        ('{"t": 1, "type": "vision", "text": ""}\n{"t": 2\n', "some.jsonl, line 2: not JSON"),
    ],
)
def test_replay_of_a_broken_recording(run: Run, tmp_path: Path, content: str, why: str) -> None:
    """The file and the line are named."""
    (tmp_path / "some.jsonl").write_text(content)
    ran = run("replay", "some.jsonl")
    assert ran.code == 1
    assert why in ran.err
    assert ran.out == ""


def test_replay_of_nothing(run: Run) -> None:
    """A name that is neither a file nor bundled."""
    ran = run("replay", "friday.jsonl")
    assert ran.code == 1
    assert "there is no recording friday.jsonl" in ran.err
    assert "irl_walk" in ran.err


@pytest.mark.parametrize("command", ["record", "replay"])
def test_help_has_an_example(run: Run, command: str) -> None:
    """As every command's."""
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"pickled {command}" in ran.out.split("Example")[1]


def test_terminal_can_not_be_steered_by_a_recording(run: Run, tmp_path: Path) -> None:
    """What viewers wrote can't color or clear the terminal."""
    recording(tmp_path, "John \x1b[2J\x07 [bold]hi[/bold]?")
    out = run("replay", "some.jsonl").out
    assert not set("\x1b\x07") & set(out)
    assert "[bold]hi[/bold]" in out
