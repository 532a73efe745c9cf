"""A machine of its own for a broker: this one, with folders and a network that nobody else sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NEWER = "PICKLED_MOSQUITTO_2_1"
"""Names a folder with the system that a newer Mosquitto is installed in."""

_PRIVATE = ("/etc/pickled", "/var/lib/mosquitto", "/var/log/mosquitto", "/run/mosquitto")
_SET_UP = """\
set -e
ip link set lo up
mkdir -p {work}/etc {private}
cp -a /etc/mosquitto/. {work}/etc
for each in /etc/mosquitto {private}; do mount -t tmpfs -o mode=755 none $each; done
cp -a {work}/etc/. /etc/mosquitto
sed -i /pid_file/d /etc/mosquitto/mosquitto.conf
rm -f /etc/mosquitto/conf.d/*.conf /etc/mosquitto/pickled.*
chown mosquitto: /var/lib/mosquitto /var/log/mosquitto /run/mosquitto
trap '[ ! -s {work}/pid ] || kill "$(cat {work}/pid)"' EXIT
export PATH={work}/bin:$PATH
"""
_SYSTEMCTL = """\
#!/bin/sh
# `systemctl restart mosquitto` and its reload, as Debian's unit does them; of all else nothing.
if [ "$1 $2" = "reload-or-restart mosquitto" ] && [ -s {work}/pid ]; then
    kill -HUP "$(cat {work}/pid)" && sleep 0.3
    exit 0
fi
[ "$1" = restart ] || [ "$1" = reload-or-restart ] || exit 0
[ ! -s {work}/pid ] || kill "$(cat {work}/pid)" && sleep 0.2
{broker} -c /etc/mosquitto/mosquitto.conf >{work}/out 2>&1 &
echo $! >{work}/pid
for each in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$(cat {work}/pid)" 2>/dev/null || {{ cat /var/log/mosquitto/* >&2; exit 1; }}
    if ss -ltn | grep -q ":1883 "; then exit 0; fi
    sleep 0.2
done
exit 1
"""


def why_not(*, newer: bool) -> str:
    """What is missing here; empty if nothing is."""
    if os.geteuid() != 0:
        return "needs root, for a machine of its own"
    for tool in ("unshare", "ip", "ss", "mosquitto_passwd", "setpriv"):
        if shutil.which(tool) is None:
            return f"needs {tool}"
    if newer and not os.environ.get(NEWER):
        return f"{NEWER} names no system with Mosquitto 2.1"
    ran = subprocess.run(["unshare", "-mn", "true"], capture_output=True, check=False)
    return "" if ran.returncode == 0 else "needs the right to unshare"


def run(work: Path, script: str, *, newer: bool) -> subprocess.CompletedProcess[str]:
    """Type that on such a machine; the broker's log is in `work/log` afterwards."""
    tools = work / "bin"
    tools.mkdir(parents=True)
    broker = "/usr/sbin/mosquitto"
    if newer:
        system = Path(os.environ[NEWER])
        libraries = f"{system}/usr/lib/x86_64-linux-gnu"
        broker = (
            f"setpriv --reuid mosquitto --regid mosquitto --clear-groups {system}/lib64/"
            f"ld-linux-x86-64.so.2 --library-path {libraries} {system}/usr/sbin/mosquitto"
        )
    for name, text in {
        "sudo": '#!/bin/sh\nexec "$@"\n',
        "apt-get": "#!/bin/sh\n",
        "systemctl": _SYSTEMCTL.format(work=work, broker=broker),
        "pickled": f'#!/bin/sh\nexec {sys.executable} -m pickled "$@"\n',
    }.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    whole = _SET_UP.format(work=work, private=" ".join(_PRIVATE)) + script
    whole += f"\ncp /var/log/mosquitto/mosquitto.log {work}/log\n"
    return subprocess.run(
        ["unshare", "-mn", "--propagation", "private", "bash", "-c", whole],
        env={
            "PATH": os.environ["PATH"], "HOME": str(work), "PYTHONPATH": str(ROOT),
            "XDG_CONFIG_HOME": str(work), "COLUMNS": "200",
        },
        cwd=work,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )  # fmt: skip
