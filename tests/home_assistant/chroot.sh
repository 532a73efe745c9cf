#!/bin/sh
# A Debian of its own with the newest Home Assistant, for the tests in this folder. Needs root, 2 GB
# and a few minutes; what is already there is kept.
# sh tests/home_assistant/chroot.sh FOLDER   makes it, and the runner FOLDER/hass beside it
set -eu
folder=${1:?"usage: chroot.sh FOLDER"}
root=$folder/root
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
suite=forky
[ "$(id -u)" = 0 ] || { echo "a chroot is made by root only: run this as root" >&2; exit 1; }
command -v debootstrap >/dev/null || apt-get install -y --no-install-recommends debootstrap >/dev/null
mkdir -p "$folder"
if [ ! -e "$root/ready" ]; then
    rm -rf "$root.new"
    [ -d "$root" ] && { echo "$root is half made: remove it, nothing mounted below, and run this again" >&2; exit 1; }
    echo "A Debian ($suite) with Python 3.14, about 2 minutes" >&2
    debootstrap --variant=minbase \
        --include=python3.14,python3.14-venv,python3.14-dev,ca-certificates,gcc,g++,make,libc6-dev \
        "$suite" "$root.new" "$mirror" /usr/share/debootstrap/scripts/sid >"$folder/debootstrap.log" 2>&1 ||
        { tail -3 "$folder/debootstrap.log" >&2; exit 1; }
    cp /etc/resolv.conf "$root.new/etc/"
    mv "$root.new" "$root"
    touch "$root/ready"
fi
if [ ! -x "$root/ha/bin/hass" ]; then
    echo "Home Assistant in it, 1 to 5 minutes" >&2
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    chroot "$root" sh -c "python3.14 -m venv /ha.new && /ha.new/bin/pip install --quiet homeassistant paho-mqtt==2.1.0" >"$folder/pip.log" 2>&1 ||
        { tail -3 "$folder/pip.log" >&2; exit 1; }
    # A venv may be moved but for the first lines of its programs.
    find "$root/ha.new/bin" -type f -exec sed -i '1s,^#!/ha.new/,#!/ha/,' {} +
    mv "$root/ha.new" "$root/ha"
fi
cat >"$folder/hass" <<'END'
#!/bin/sh
# Runs that Home Assistant as root: hass -c FOLDER. Its mounts are its own, and end with it.
set -eu
[ "${1:-}" = -c ] || { echo "usage: hass -c FOLDER" >&2; exit 2; }
root=$(cd "$(dirname "$0")" && pwd)/root
export PICKLED_ROOT="$root" PICKLED_CONFIG="$2"
exec unshare --mount sh -c '
    mkdir -p "$PICKLED_ROOT/config"
    mount --bind "$PICKLED_CONFIG" "$PICKLED_ROOT/config"
    mount -t proc proc "$PICKLED_ROOT/proc"
    mount --rbind /dev "$PICKLED_ROOT/dev"
    exec env -i HOME=/config PATH=/ha/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        chroot "$PICKLED_ROOT" /ha/bin/hass -c /config'
END
chmod +x "$folder/hass"
echo "PICKLED_HASS=$folder/hass"
