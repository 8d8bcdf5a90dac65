#!/bin/sh
# requirements/install.sh staff|dev: exactly the versions of that lock into .venv, each file checked against its hashes, and then
# this project itself, in place.
#
#   PYTHON    makes .venv (python3)
#   PIP_ARGS  for another index than the usual one: pip takes torch from there, and the other packages in the lock's versions, but
#             no hash is checked, because another index has other files (docs/instructors.md)
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.txt
extras=$([ "$1" = staff ] && echo staff,torch || echo "$1")  # the lock of staff has torch, which the extra leaves to the course
python=.venv/bin/python
pip="$python -m pip install --quiet --disable-pip-version-check"

# half a .venv, from an interrupted run, is made again
$python -m pip --version >/dev/null 2>&1 || "${PYTHON:-python3}" -m venv --clear .venv

if [ -n "${PIP_ARGS:-}" ]; then
  # without torch, torchvision and what belongs to one build of torch
  sed -n 's/ \\$//; /^[a-z0-9].*==/p' "$lock" | grep -vE '^(torch|torchvision|triton|nvidia-[a-z0-9-]+|cuda-[a-z-]+)==' >.venv/constraints.txt
  # shellcheck disable=SC2086  # several options in one variable
  $pip $PIP_ARGS --constraint .venv/constraints.txt --editable ".[$extras]"
  exit
fi

# uv does not read pip's settings: an index that pip was told to use is uv's too
index=${PIP_INDEX_URL:-$($python -m pip config get global.index-url 2>/dev/null || true)}
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"

# who develops starts many processes, and some machines are told to keep nothing that Python compiles: all is compiled now
compile=$([ "$1" = dev ] && echo --compile-bytecode || true)

# shellcheck disable=SC2086  # an option or nothing
if uv=$(requirements/uv.sh) && "$uv" pip install --quiet $compile --python "$python" --require-hashes --requirement "$lock"; then
  "$uv" pip install --quiet --python "$python" --no-deps --no-build-isolation --editable .
else
  echo "uv could not install $lock (above is why); pip tries, which takes longer" >&2
  $pip --require-hashes --requirement "$lock"
  $pip --no-deps --no-build-isolation --editable .
fi

# what every submission imports is compiled now: a sandbox cannot write into .venv, and would compile it anew each time (10 s);
# and what hw itself imports
PYTHONDONTWRITEBYTECODE= $python -m grading.inside.preload numpy matplotlib.pyplot matplotlib_inline.backend_inline torch torchvision
PYTHONDONTWRITEBYTECODE= $python -c 'import grading.pages, grading.pipeline, grading.release'
