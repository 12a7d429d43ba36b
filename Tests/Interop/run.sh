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
"$venv/bin/python" "$here/flax_reads.py" "$tool" "$root/fixtures/foreign"
"$venv/bin/python" "$here/numpy_reads.py" "$tool" "$root/fixtures/foreign" "$cases/1"
"$venv/bin/python" "$here/h5py_reads.py" "$tool" "$root/fixtures/foreign" "$cases/1"
"$venv/bin/python" "$here/orbax_reads.py" "$tool" "$root/fixtures/foreign" "$cases/1"
"$venv/bin/python" "$here/orbax_runs.py" "$tool" "$root/fixtures/foreign"
"$venv/bin/python" "$here/torch_reads.py" "$tool" "$root/fixtures/foreign" "$cases/1"

# PyTorch of 2022, where Debian's python3-torch is installed: PyPI's older builds are for GPUs alone.
if /usr/bin/python3 -c 'import torch' 2> /dev/null; then
  older=$root/.build/interop-venv-torch
  if [ ! -e "$older/ready" ]; then
    /usr/bin/python3 -m venv --system-site-packages "$older"
    "$older/bin/pip" install -q --disable-pip-version-check 'numpy<2' ml_dtypes
    touch "$older/ready"
  fi
  "$older/bin/python" "$here/torch_reads.py" "$tool" "$root/fixtures/foreign"
fi

# Orbax of other years, each with a JAX of its time.
older() {
  version=$1
  shift
  older=$root/.build/interop-venv-$version
  if [ ! -e "$older/ready" ]; then
    python3 -m venv "$older"
    "$older/bin/pip" install -q --disable-pip-version-check "orbax-checkpoint==$version" "$@"
    touch "$older/ready"
  fi
  "$older/bin/python" "$here/orbax_reads.py" "$tool" "$root/fixtures/foreign/orbax-0.12" \
    "$root/fixtures/foreign/safetensors"
  "$older/bin/python" "$here/orbax_runs.py" "$tool" "$root/fixtures/foreign"
}
older 0.6.4 'jax[cpu]==0.4.34' 'tensorstore==0.1.65' 'numpy<2.2'
older 0.8.0 'jax[cpu]==0.4.35' 'tensorstore==0.1.69' 'numpy<2.2'
older 0.10.3 'jax[cpu]==0.4.38' 'tensorstore==0.1.71' 'numpy<2.2'
older 0.11.33 'jax[cpu]==0.8.0' 'tensorstore==0.1.78'
