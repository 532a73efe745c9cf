"""What is shared with the command line's tests."""

from __future__ import annotations

from tests.cli.conftest import run

__all__ = ["run"]
