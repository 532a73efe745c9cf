"""Each command that is built has its effect, and no other command has one."""

from __future__ import annotations

import json
from collections.abc import Callable

from pickled.orchestrator.commands.effects import EFFECTS
from pickled.topics import TOPICS
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


def _commands(*, built: bool) -> set[str]:
    return {
        row.path
        for row in TOPICS
        if row.kind == "command"
        and row.built is built
        and "pickled" in row.to
        and not row.path.startswith("node/")
    }


def test_each_built_command_of_the_contract_has_an_effect() -> None:
    """Marking a row as built is not enough: it would be answered, and nothing would happen."""
    assert set(EFFECTS) == _commands(built=True)


def test_commands_to_the_vision_server_are_left_to_it(play: Play) -> None:
    """It obeys and answers them: a second answer would be a wrong one."""

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: rig.state("muted/state") == "OFF")
        for path in ("vision_enabled/set", "vision_prompt/set", "cmd/vision_capture"):
            rig.tell(path, "ON")
        rig.tell("cmd/ping", "")
        answers = await rig.until(rig.answers)
        assert [each.command for each in answers] == ["cmd/ping"]

    play(scene)


def test_command_that_is_not_built_is_refused_and_changes_nothing(play: Play) -> None:
    """Whatever payload it shares with others."""

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: rig.state("muted/state") == "OFF")
        before = dict(rig.broker.retained)
        wanted = sorted(_commands(built=False))
        for path in wanted:
            rig.tell(path, "TOGGLE" if path.endswith("_enabled/set") else json.dumps({}))
        answers = await rig.until(lambda: len(rig.answers()) == len(wanted) and rig.answers())
        assert {each.code for each in answers} == {"unavailable"}
        changed = {name for name, payload in rig.broker.retained.items() if before[name] != payload}
        assert not {name for name in changed if name.endswith(("muted/state", "persona/state"))}

    play(scene)
