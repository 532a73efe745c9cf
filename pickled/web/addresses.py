"""Under which addresses the pages are, as a person opens them."""

from __future__ import annotations

from dataclasses import dataclass

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  # told apart, not listened at


@dataclass(frozen=True)
class Addresses:
    """Of one run."""

    host: str
    port: int
    secure: bool = False
    overlay_token: str = ""
    """Empty where nobody has to sign in."""

    @property
    def base(self) -> str:
        """Without a path; this machine's where it listens everywhere."""
        host = "127.0.0.1" if self.host in _EVERYWHERE else self.host
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"

    @property
    def dashboard(self) -> str:
        """The dashboard."""
        return f"{self.base}/"

    def overlay(self, *, sound: bool = False, base: str = "") -> str:
        """The overlay, as OBS is given it; `base` is how whoever asks has reached us."""
        query = [f"token={self.overlay_token}"] if self.overlay_token else []
        query += ["sound=1"] if sound else []
        return f"{base or self.base}/overlay{'?' if query else ''}{'&'.join(query)}"
