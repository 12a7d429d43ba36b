#!/usr/bin/env bash
# The real libraries of today, from PyPI: they write checkpoints that the tool must read, and they read
# what the tool writes. usage: run.sh COPPICE
set -euo pipefail
tool=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
fixtures=$root/fixtures/foreign
cases=$root/.build/interop-cases

# Sets $venv to an environment with some packages, which is made anew when the list has changed: environment NAME PACKAGE...
environment() {
  venv=$root/.build/interop-venv$1
  shift
  wanted="$*
$(for word in "$@"; do [ ! -f "$word" ] || cat "$word"; done)"
  if [ "$(cat "$venv/ready" 2> /dev/null)" != "$wanted" ]; then
    rm -rf "$venv"
    ${base:-python3 -m venv} "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check "$@"
    echo "$wanted" > "$venv/ready"
  fi
}

# Has a generator write its cases, three times with other values: write NAME GENERATOR
write() {
  for seed in 1 2 3; do
    "$venv/bin/python" "$2" "$cases/$seed/$1" --seed "$seed"
  done
}

# Runs a script of this directory: run NAME DIRECTORY...
run() {
  "$venv/bin/python" "$here/$1.py" "$tool" "${@:2}"
}

rm -rf "$cases"
# The newest zarr-python doesn't write as the version before it did.
environment -zarr2 zarr==2.18.7 numcodecs==0.15.1 -r "$root/Tests/requirements.txt"
write make_zarr2 "$fixtures/make/make_zarr.py"

requirements=()
for list in "$fixtures"/make/requirements*.txt "$root/Tests/requirements.txt"; do
  requirements+=(-r "$list")
done
environment "" "${requirements[@]}"
for generator in "$fixtures"/make/make*.py; do
  write "$(basename "$generator" .py)" "$generator"
done

"$venv/bin/python" "$root/Tests/Corpus/check.py" "$tool" "$cases"
for library in safetensors flax numpy h5py netcdf torch orbax; do
  run "${library}_reads" "$fixtures" "$cases/1"
done
run orbax_runs "$fixtures"

# PyTorch of 2022, where Debian's python3-torch is installed: PyPI's older builds are for GPUs alone.
if /usr/bin/python3 -c 'import torch' 2> /dev/null; then
  base="/usr/bin/python3 -m venv --system-site-packages" environment -torch 'numpy<2' ml_dtypes
  run torch_reads "$fixtures"
fi

# Orbax of other years, each with a JAX of its time.
older() {
  environment "-$1" "orbax-checkpoint==$1" "${@:2}"
  run orbax_reads "$fixtures/orbax-0.12" "$fixtures/safetensors"
  run orbax_runs "$fixtures"
}
older 0.6.4 'jax[cpu]==0.4.34' 'tensorstore==0.1.65' 'numpy<2.2'
older 0.8.0 'jax[cpu]==0.4.35' 'tensorstore==0.1.69' 'numpy<2.2'
older 0.10.3 'jax[cpu]==0.4.38' 'tensorstore==0.1.71' 'numpy<2.2'
older 0.11.33 'jax[cpu]==0.8.0' 'tensorstore==0.1.78'
