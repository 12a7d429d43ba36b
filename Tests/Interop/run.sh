#!/usr/bin/env bash
# The real libraries of today, from PyPI: they write checkpoints that the tool must read, and they read
# what the tool writes. usage: run.sh COPPICE
set -euo pipefail
tool=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=$root/.build/interop-venv
cases=$root/.build/interop-cases

if [ ! -e "$venv/ready" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check \
    -r "$root/fixtures/foreign/make/requirements.txt" -r "$root/Tests/requirements.txt"
  touch "$venv/ready"
fi
rm -rf "$cases"
for seed in 1 2 3; do
  "$venv/bin/python" "$root/fixtures/foreign/make/make.py" "$cases/$seed" --seed "$seed"
done
"$venv/bin/python" "$root/Tests/Corpus/check.py" "$tool" "$cases"
"$venv/bin/python" "$here/safetensors_reads.py" "$tool" "$root/fixtures/foreign"
