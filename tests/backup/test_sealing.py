"""An encrypted file opens with its passphrase alone, whole or not at all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from pickled.backup import sealing
from pickled.backup.sealing import MAGIC, is_sealed, seal, unseal
from pickled.errors import BackupError
from tests.backup.kept import PASSPHRASE

PIECE = 64
WHOLE = PIECE + 16
HEADER = len(MAGIC) + 16 + 7


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces, and a passphrase that is quickly tried."""
    monkeypatch.setattr(sealing, "_PIECE_BYTES", PIECE)
    monkeypatch.setattr(sealing, "_SCRYPT_COST", 2)


def sealed(plain: bytes) -> bytes:
    """Those bytes, encrypted."""
    out = BytesIO()
    seal(BytesIO(plain), out, passphrase=PASSPHRASE)
    return out.getvalue()


def opened(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    """And back."""
    out = BytesIO()
    unseal(BytesIO(data), out, passphrase=passphrase)
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 1000])
def test_sealing_gives_back_every_byte(size: int) -> None:
    """Whatever the length, also at the edge of a piece, and never the same file twice."""
    plain = bytes(number % 251 for number in range(size))
    data = sealed(plain)
    assert opened(data) == plain
    assert data != sealed(plain)
    assert size < 8 or plain not in data


def test_sealing_needs_the_passphrase() -> None:
    """Another one is told from a torn file as far as that can be told."""
    with pytest.raises(BackupError, match="passphrase is wrong"):
        opened(sealed(b"hello"), "three pickles in a bar")


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:-1],
        lambda data: data[: HEADER + 2 * WHOLE],  # torn at the edge of a piece
        lambda data: data + b"x",
        lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:],
        lambda data: data[: HEADER - 1] + bytes([data[HEADER - 1] ^ 1]) + data[HEADER:],
        lambda data: data[:HEADER] + data[HEADER + WHOLE :],  # without its first piece
        lambda data: (
            data[:HEADER]
            + data[HEADER + WHOLE : HEADER + 2 * WHOLE]
            + data[HEADER : HEADER + WHOLE]
            + data[HEADER + 2 * WHOLE :]
        ),
        lambda data: data[: HEADER - 10],
        lambda data: data[:HEADER],
    ],
)
def test_sealing_notices_every_harm(harm) -> None:  # type: ignore[no-untyped-def]
    """Torn, lengthened, changed, pieces left out or swapped."""
    with pytest.raises(BackupError):
        opened(harm(sealed(bytes(5 * PIECE))))


def test_sealed_file_is_known(tmp_path: Path) -> None:
    """By how it begins."""
    file = tmp_path / "file"
    file.write_bytes(sealed(b"hello"))
    assert is_sealed(file)
    file.write_bytes(b"PK")
    assert not is_sealed(file)
