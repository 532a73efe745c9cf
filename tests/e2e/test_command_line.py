"""The command line against the running co-host: what it does, prints and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.house import house
from tests.stand_ins.broker import Broker

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

TEXT = "All is well tonight."


async def test_commands_do_what_they_say(tmp_path: Path, broker: Broker) -> None:
    """`say --wait` returns once it was heard, `set` once it is in force; a refusal exits with 1."""
    async with house(tmp_path, broker) as at_home:
        config = ("--config", str(at_home.config))
        await at_home.node()
        await at_home.daemon()

        assert await at_home.run("say", TEXT, "--wait", *config) == (0, f"{TEXT}\n")
        last = json.loads(at_home.state("response/state") or "{}")
        assert (last["heard"], last["outcome"]) == (TEXT, "finished")

        code, written = await at_home.run("doctor", "--json", *config)
        found = {each["name"]: each["what"] for each in json.loads(written)["checks"]}
        assert code == 0, written
        assert found["nodes"] == "the daemon runs, online: laptop"

        assert await at_home.run("set", "muted", "on", *config) == (0, "accepted\n")
        assert at_home.state("muted/state") == "ON"
        code, written = await at_home.run("say", "Nobody may hear this.", *config)
        assert (code, "muted: publish OFF" in written) == (1, True), written
        assert "Traceback" not in written


async def test_commands_say_that_nobody_is_there(tmp_path: Path, broker: Broker) -> None:
    """Without a daemon a command fails and asks for it; `doctor` tells what does not run."""
    async with house(tmp_path, broker) as at_home:
        config = ("--config", str(at_home.config))
        code, written = await at_home.run("say", "Is anybody there?", *config)
        assert (code, "is `pickled run` running" in written) == (1, True), written
        _, written = await at_home.run("doctor", *config)
        assert "the daemon does not run" in written
