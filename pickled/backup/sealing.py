"""Encrypts a file by a passphrase: scrypt, then AES-256-GCM over pieces that know their place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from pickled.errors import BackupError

MAGIC = b"pickled backup, sealed 1\n"

_SALT_BYTES, _PREFIX_BYTES, _TAG_BYTES = 16, 7, 16
_PIECE_BYTES = 1 << 20
_SCRYPT_COST, _SCRYPT_BLOCK = 2**17, 8  # 128 MiB and about half a second for each guess


def is_sealed(file: Path) -> bool:
    """Does it begin as `seal` begins? Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def seal(plain: BinaryIO, sealed: BinaryIO, *, passphrase: str) -> None:
    """Write what is read, encrypted; raises OSError."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, prefix = os.urandom(_SALT_BYTES), os.urandom(_PREFIX_BYTES)
    header = MAGIC + salt + prefix
    cipher = AESGCM(_key(passphrase, salt))
    sealed.write(header)
    piece, number = plain.read(_PIECE_BYTES), 0
    while True:
        following = plain.read(_PIECE_BYTES)
        nonce = _nonce(prefix, number, last=not following)
        sealed.write(cipher.encrypt(nonce, piece, header))
        if not following:
            return
        piece, number = following, number + 1


def unseal(sealed: BinaryIO, plain: BinaryIO, *, passphrase: str) -> None:
    """Write what was sealed; raises BackupError if a byte is wrong or missing, and OSError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = sealed.read(len(MAGIC) + _SALT_BYTES + _PREFIX_BYTES)
    salt, prefix = header[len(MAGIC) : -_PREFIX_BYTES], header[-_PREFIX_BYTES:]
    if len(salt) != _SALT_BYTES:
        raise BackupError("it is torn: not even its beginning is whole")
    cipher = AESGCM(_key(passphrase, salt))
    whole = _PIECE_BYTES + _TAG_BYTES
    piece, number = sealed.read(whole), 0
    while True:
        following = sealed.read(whole)
        nonce = _nonce(prefix, number, last=not following)
        try:
            plain.write(cipher.decrypt(nonce, piece, header))
        except InvalidTag as error:
            wrong = "" if number else "the passphrase is wrong, or "
            raise BackupError(f"{wrong}it is torn or was changed") from error
        if not following:
            return
        piece, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    """No two pieces have the same one, and none can be moved, dropped or made the last one."""
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _key(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    derived = Scrypt(salt=salt, length=32, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=1)
    return derived.derive(passphrase.encode())
