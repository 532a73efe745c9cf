"""One process changes the memory at a time: a lock file that says which."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pickled.errors import StoreError


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock beside the memory file; raises StoreError that names who holds it.

    The kernel lets go of it when the process ends, however it ends.
    """
    beside = path.with_name(path.name + ".lock")
    try:
        file = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"{beside} can't be written: {error.strerror}; check the rights"
        ) from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(file, 200).decode(errors="replace").strip() or "another process"
            raise StoreError(
                f"{path} is in use by {holder}: stop it first, or let it do this; "
                "another instance needs a `data_dir` of its own"
            ) from error
        except OSError as error:
            raise StoreError(
                f"{path.parent} allows no locks ({error.strerror}): use a local disk for data_dir"
            ) from error
        with contextlib.suppress(OSError):  # on a full disk it is held without a name
            os.ftruncate(file, 0)
            os.write(file, f"process {os.getpid()} ({_myself()})\n".encode())
        yield
    finally:
        os.close(file)


def is_held(path: Path) -> bool:
    """Does another process change that memory now?"""
    try:
        with path.with_name(path.name + ".lock").open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _myself() -> str:
    name = Path(sys.argv[0] or "python").name
    return " ".join([name, *sys.argv[1:2]])[:80]
