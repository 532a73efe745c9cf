"""Tasks that nobody waits for are owned all the same."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from pickled.side_tasks import SideTasks


async def test_side_task_that_fails_is_in_the_log() -> None:
    """With its name."""

    async def broken() -> None:
        raise ValueError("no")

    tasks = SideTasks()
    with capture_logs() as lines:
        tasks.start(broken(), name="save")
        assert len(tasks) == 1
        while len(tasks):
            await asyncio.sleep(0)
    assert [(each["event"], each["task"]) for each in lines] == [("side task failed", "save")]


async def test_side_tasks_end_with_their_owner() -> None:
    """None is left behind."""
    ended: list[str] = []

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("yes")

    tasks = SideTasks()
    tasks.start(long(), name="long")
    await asyncio.sleep(0)
    await tasks.close()
    assert ended == ["yes"]
    assert not len(tasks)
