#!/bin/sh
# requirements/lock.sh [--upgrade]: writes the locks anew from pyproject.toml. Without --upgrade, what is locked keeps its version.
set -eu
cd "$(dirname "$0")/.."
uv=$(requirements/uv.sh)
# --universal: one file for every system and for every Python from the oldest we support
compile() { "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make upgrade" "$@"; }
compile "$@" --extra staff --extra torch pyproject.toml --output-file requirements/staff.txt
# the developers' packages stand beside the same versions that staff grade with
compile "$@" --extra dev --constraint requirements/staff.txt pyproject.toml --output-file requirements/dev.txt
echo uv | compile "$@" - --output-file requirements/uv.txt
