"""`pickled run` in its process: the event loop, the signals, the connections."""

from __future__ import annotations

import asyncio
import gc
import random
import signal
from collections.abc import Callable

from pickled.config import Config
from pickled.daemon.daemon import Daemon
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from pickled.orchestrator.parts.clock import system_clock
from pickled.plugins import Plugs, find_all
from pickled.topics import Root

_STOPS = (signal.SIGTERM, signal.SIGINT)


def run(config: Config) -> int:
    """Run the daemon until SIGTERM or Ctrl-C; returns the exit code."""
    plugs = find_all(config)
    # What is loaded by now lives to the end: a full collection that looks at it again and again
    # would hold up the loop, and the voice with it, for 40 ms and more.
    gc.collect()
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(config, plugs))
    except ExceptionGroup as group:
        raise _readable(group) from group
    return 0


async def _serve(config: Config, plugs: Plugs) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked_to_stop() -> None:
        stop.set()
        for each in _STOPS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)  # the second time means now

    for each in _STOPS:
        loop.add_signal_handler(each, asked_to_stop)
    root = Root(config.mqtt.base_topic, config.instance)
    name = f"{config.mqtt.base_topic}-{config.instance}"
    daemon = Daemon(
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
    )
    await daemon.run(stop)


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
