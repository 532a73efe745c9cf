"""What somebody has switched off, and may miss."""

from __future__ import annotations

from pickled.config import Config
from pickled.doctor.check import Check


def check_chosen(config: Config) -> tuple[Check, ...]:
    """Nothing where all is on."""
    if config.home_assistant.enabled:
        return ()
    what = "Home Assistant's discovery is switched off"
    why = "So it shows nothing of the co-host."
    remedy = "If it shall: `home_assistant: {enabled: true}`, or leave that section out."
    return (Check("discovery", "warn", what, why, remedy),)
