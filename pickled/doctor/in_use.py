"""Does somebody else have our data folder?"""

from __future__ import annotations

from pickled.config import Config
from pickled.doctor.check import Check
from pickled.errors import BrokerError
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root

_ANSWER_S = 1.0


def check_in_use(config: Config) -> tuple[Check, ...]:
    """It is the daemon of this instance that may; nothing to say then."""
    from pickled.memory.database import FILE_NAME
    from pickled.memory.lock import is_held

    assert config.data_dir is not None
    if not is_held(config.data_dir / FILE_NAME) or _runs(config):
        return ()
    what = f"{config.data_dir} is in use by another process"
    why = f"The daemon of {config.instance} is not online, and can't start on that folder."
    remedy = "Stop what uses it, or give this instance a `data_dir` of its own."
    return (Check("data in use", "fail", what, why, remedy),)


def _runs(config: Config) -> bool:
    """Where the broker can't be asked, nothing is known, and nothing told."""
    root = Root(config.mqtt.base_topic, config.instance)
    try:
        with Conversation(config.mqtt, root) as talk:
            talk.subscribe(root("availability"))
            message = talk.next(_ANSWER_S)
    except BrokerError:
        return True
    return message is not None and message.payload == b"online"
