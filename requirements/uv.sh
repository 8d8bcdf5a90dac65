#!/bin/sh
# Prints the path of uv: the one on PATH, or the version that requirements/uv.txt pins, which pip puts into .venv.
# Prints nothing and fails where neither is to be had; install.sh then does with pip alone.
set -eu
cd "$(dirname "$0")/.."
command -v uv && exit
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt >&2
echo .venv/bin/uv
