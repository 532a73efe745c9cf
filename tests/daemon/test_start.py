"""The start needs nothing of what takes long to import; that is imported beside it, before chat."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_PARTS = """
import sys
from pathlib import Path
from pickled.config import Config
from pickled.daemon import main
from pickled.memory.connection import connect, load_vectors
from pickled.plugins import find_all
find_all(Config())
connection = connect(Path(sys.argv[1]), read_only=False)
load_vectors(connection)
connection.close()
print(*sorted({"numpy", "soxr", "sqlite_vec"} & sys.modules.keys()))
"""


def test_start_imports_no_library_that_only_work_needs(tmp_path: Path) -> None:
    """Neither numpy nor what imports it is there when all parts are found and memory is open."""
    command = [sys.executable, "-c", _PARTS, str(tmp_path / "memory.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
