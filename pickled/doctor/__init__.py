"""What is wrong, why, and how to mend it."""

from __future__ import annotations

from pickled.doctor.check import Check, Status
from pickled.doctor.examination import examine
from pickled.doctor.trial.trial import try_part

__all__ = ["Check", "Status", "examine", "try_part"]
