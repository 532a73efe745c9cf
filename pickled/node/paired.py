"""What a node was paired with, kept so that it needs no option: for its user's eyes alone."""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from pickled.config import MqttConfig
from pickled.errors import ConfigError
from pickled.node.pairing import Pairing, der_of
from pickled.text_files import read_bytes, read_text

_FOLDER = "paired"
_AGAIN = "pair it again: `pickled node pair`"


class KeptPairing(Pairing):
    """A pairing, and since when."""

    at: float = 0.0
    """Unix time, s."""


@dataclass(frozen=True)
class PairedFiles:
    """One file for each node of this user's, and beside it the broker's authority, PEM."""

    folder: Path

    @classmethod
    def of_user(cls) -> PairedFiles:
        """Where a node keeps its mutes, too."""
        return cls(platformdirs.user_state_path("pickled") / _FOLDER)

    def save(self, pairing: Pairing) -> Path:
        """Keep it instead of what that node had; raises ConfigError."""
        kept = KeptPairing(**dict(pairing), at=time.time())
        fields = kept.model_dump(mode="json")
        fields["password"] = kept.password.get_secret_value()
        text = json.dumps(fields).encode()
        if kept.authority:
            _write(self._authority(kept.node), kept.pem.encode())
        _write(self._file(kept.node), text)
        if not kept.authority:
            self._authority(kept.node).unlink(missing_ok=True)
        return self._file(kept.node)

    def find(self, node: str | None = None) -> KeptPairing | None:
        """That node's; without a name the one that was paired last. Raises ConfigError."""
        if node is not None:
            return self._load(self._file(node)) if self._file(node).exists() else None
        found = [self._load(each) for each in self._files()]
        return max(found, key=lambda each: each.at, default=None)

    def forget(self, node: str | None = None) -> list[str]:
        """Remove that node's, or all; the names of those that there were. Raises ConfigError."""
        files = self._files() if node is None else [self._file(node)]
        gone = [each.stem for each in files if each.exists()]
        try:
            for name in gone:
                self._file(name).unlink(missing_ok=True)
                self._authority(name).unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(f"{self.folder}: can't be removed: {error.strerror}") from error
        return gone

    def mqtt(self, pairing: Pairing) -> MqttConfig:
        """How it connects. In clear text only where the server's owner opened that port."""
        return MqttConfig(
            host=pairing.host,
            port=pairing.port,
            username=pairing.user,
            password=pairing.password,
            tls=pairing.tls,
            ca_file=self._authority(pairing.node) if pairing.authority else None,
            insecure=not pairing.tls,
            base_topic=pairing.base,
        )

    def _load(self, file: Path) -> KeptPairing:
        try:
            kept = KeptPairing.model_validate_json(read_bytes(file))
            authority = self._authority(kept.node)
            if not authority.exists():
                return kept
            return kept.model_copy(update={"authority": der_of(read_text(authority))})
        except (ValidationError, ValueError):
            raise ConfigError(f"{file}: can't be read; {_AGAIN}") from None

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))

    def _file(self, node: str) -> Path:
        return self.folder / f"{node}.json"

    def _authority(self, node: str) -> Path:
        return self.folder / f"{node}.pem"


def _write(path: Path, content: bytes) -> None:
    """As a whole or not at all; at no moment readable by others (temporary files are 0600)."""
    made: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        made = Path(name)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as error:
        if made is not None:
            made.unlink(missing_ok=True)
        raise ConfigError(f"{path}: can't be written: {error.strerror}") from error
