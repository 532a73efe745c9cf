"""A system container of this machine's own /usr, booted by systemd-nspawn, that runs a script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.stand_ins.processes import ROOT

BOOT_S = 300.0

_DRIVER_UNIT = """\
[Unit]
DefaultDependencies=no
After=basic.target
Wants=basic.target

[Service]
Type=oneshot
Environment=PYTHONPATH=/opt/checkout PYTHONDONTWRITEBYTECODE=1 LD_LIBRARY_PATH=/opt/python/lib
ExecStart=/opt/pickled/bin/python {driver}
TimeoutStartSec=280s
"""
_PROGRAM = """\
#!/bin/sh
export LD_LIBRARY_PATH=/opt/python/lib
exec /opt/pickled/bin/python -c 'from pickled.cli import main; main()' "$@"
"""
"""A Python that was built elsewhere finds its library only when told."""
_ENTRY = "[pickled.inputs]\nvanishing = tests.stand_ins.vanishing\n"


def why_not() -> str:
    """Why there can be no container here; "" if there can."""
    if os.geteuid() != 0:
        return "a system container needs root"
    for program in ("systemd-nspawn", "dbus-daemon", "mosquitto"):
        if shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
            return f"{program} is not installed: apt install systemd-container dbus mosquitto"
    if not Path("/usr/lib/systemd/systemd").exists():
        return "this system has no systemd to boot"
    return ""


def prepared(folder: Path) -> Path:
    """An installation as a virtual environment is, of this checkout and this environment."""
    venv, version = folder / "venv", f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = venv / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (venv / "bin").mkdir()
    for name in ("python", "python3"):
        (venv / "bin" / name).symlink_to(f"/opt/python/bin/{version}")
    (venv / "pyvenv.cfg").write_text("home = /opt/python/bin\n")
    (site / "checkout.pth").write_text("/opt/packages\n/opt/checkout\n")
    (venv / "bin/pickled").write_text(_PROGRAM)
    (venv / "bin/pickled").chmod(0o755)
    info = site / "pickled_vanishing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pickled-vanishing\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(_ENTRY)
    return venv


def boot(folder: Path, driver: str) -> subprocess.CompletedProcess[str]:
    """Boot, run that script of the checkout, and end; it writes to `folder/out`."""
    out, unit = folder / "out", folder / "drive.service"
    out.mkdir()
    unit.write_text(_DRIVER_UNIT.format(driver=f"/opt/checkout/{driver}"))
    bound = {
        unit: "/etc/systemd/system/drive.service",
        prepared(folder): "/opt/pickled",
        Path(sys.base_prefix): "/opt/python",
        Path(sysconfig.get_path("purelib")): "/opt/packages",
        ROOT: "/opt/checkout",
    }
    command = [
        "systemd-nspawn", "-q", "-D", "/", "--volatile=yes", "--private-network", "--register=no",
        "--keep-unit", f"--machine=pickled-test-{os.getpid()}", "--console=pipe",
        *(f"--bind-ro={source}:{target}" for source, target in bound.items()),
        f"--bind={out}:/out", "-b", "systemd.unit=drive.service",
    ]  # fmt: skip
    return subprocess.run(
        command, capture_output=True, text=True, timeout=BOOT_S, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
