"""`pickled run` in its process: the event loop, the signals, the connections."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Callable, Collection
from typing import Any, NoReturn

import structlog

from pickled.config import Config
from pickled.daemon import garbage
from pickled.daemon.daemon import Daemon
from pickled.daemon.folder import take_over
from pickled.daemon.stopping import stopping
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from pickled.notify import service_manager
from pickled.orchestrator.parts.clock import system_clock
from pickled.orchestrator.parts.fence import CLOSE_S
from pickled.plugins import Plugs, find_all
from pickled.topics import Root

log = structlog.get_logger()


def run(config: Config) -> int:
    """Run the daemon until SIGTERM or Ctrl-C; returns the exit code."""
    plugs = find_all(config)
    if config.data_dir is not None:
        take_over(config.data_dir)
    garbage.rarely()
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            try:
                runner.run(_serve(config, plugs))
            except Exception as error:
                if left := runner.run(_cancel_all()):
                    _leave_behind(left, error)
                raise
            if left := asyncio.all_tasks(runner.get_loop()):
                _leave_behind(left)
    except ExceptionGroup as group:
        raise _readable(group) from group
    return 0


async def _serve(config: Config, plugs: Plugs) -> None:
    stop = asyncio.Event()
    with stopping(stop):
        await _daemon(config, plugs).run(stop)


async def _cancel_all() -> set[asyncio.Task[Any]]:
    """After a failure; those that do not end."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CLOSE_S)
    return {task for task in tasks if not task.done()}


def _leave_behind(tasks: Collection[asyncio.Task[Any]], error: Exception | None = None) -> NoReturn:
    """End now: everything of ours is closed, and what part does not end can't be waited for."""
    log.warning("ended without", parts=sorted(task.get_name() for task in tasks), exc_info=error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if error else 0)


def _daemon(config: Config, plugs: Plugs) -> Daemon:
    root = Root(config.mqtt.base_topic, config.instance)
    name = f"{config.mqtt.base_topic}-{config.instance}"
    return Daemon(
        config=config,
        bus=Connection(config.mqtt, root, name=name),
        audio=Connection(
            config.mqtt,
            root,
            name=f"{name}-audio",
            announce=False,
            send_buffer=AUDIO_SEND_BUFFER,
        ),
        clock=system_clock(),
        random=random.Random(),
        plugs=plugs,
        real_time=True,
        prepares_openers=True,
        manager=service_manager(os.environ),
    )


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _readable(error: Exception) -> Exception:
    """What a person can mend, where the group holds nothing else."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
