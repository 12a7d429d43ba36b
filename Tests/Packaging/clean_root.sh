#!/usr/bin/env bash
# Installs a package in a clean Debian that has no Swift, uses it, and removes it.
#
#     clean_root.sh PACKAGE.deb
#
# Needs root and debootstrap. The Debian is a directory that is deleted at the end.
set -euo pipefail
package=$(realpath "$1")
fixtures=$(realpath "$(dirname "$0")/../../fixtures")
root=$(mktemp -d)
trap 'umount -q "$root/proc" || true; rm -rf "$root"' EXIT
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-cache policy base-files | sed -n 's/^ *[0-9]* \(https\?:[^ ]*\) .*main .*/\1/p' | head -n 1)

debootstrap --variant=minbase "$release" "$root" "$mirror" > "$root.log" 2>&1 || { tail "$root.log"; exit 1; }
rm -f "$root.log"
# The clean system asks the same servers as this one.
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
cp "$package" "$root/coppice.deb"
cp -r "$fixtures/foreign/orbax-0.12/v1-trainstate/input/ckpt" "$root/checkpoint"
cp -r "$fixtures/foreign/orbax-0.12/v1-training/input/run" "$root/training"
cp "$fixtures/foreign/hdf5/types/input/"*.h5 "$root/file.h5"

inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
inside apt-get update -q > /dev/null
inside apt-get install -y -q --no-install-recommends /coppice.deb > /dev/null
! inside sh -c 'command -v swift'
! inside sh -c 'ldd /usr/bin/coppice | grep -i swift'
inside coppice --version
inside coppice convert /checkpoint /converted
inside coppice validate /converted
inside coppice ls /converted
inside coppice show /converted:state/params/params/Dense_0/kernel --slice '0,:'
inside coppice stats /converted --nan
inside coppice report /converted -o /report.html
inside coppice convert /training /steps
inside coppice ls /steps
inside coppice prune /steps --keep-best 1:loss:min
test "$(ls "$root/steps" | grep -c '^[0-9]')" = 1
# Foreign HDF5 is opened by the worker, which isn't in the PATH.
inside coppice ls /file.h5
test -s "$root/usr/share/bash-completion/completions/coppice"
test -s "$root/usr/share/zsh/vendor-completions/_coppice"
test -s "$root/usr/share/fish/vendor_completions.d/coppice.fish"
test -s "$root/usr/share/doc/coppice/copyright"
inside apt-get purge -y -q coppice > /dev/null
! test -e "$root/usr/bin/coppice" -o -e "$root/usr/libexec/coppice"
echo "package: installed, used and removed in a clean Debian $release"
