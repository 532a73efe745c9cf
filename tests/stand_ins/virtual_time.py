"""Virtual time, as the product's own rehearsals have it."""

from __future__ import annotations

from pickled.rehearsal.virtual_time import BEGIN, VirtualTimeLoop, in_virtual_time, virtual_clock

__all__ = ["BEGIN", "VirtualTimeLoop", "in_virtual_time", "virtual_clock"]
