#!/usr/bin/env bash
# Runs once, as root, when the platform builds the image: a sandbox, Python as the course grades with, and the packages of staff.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends bubblewrap ca-certificates python3 python3-venv

# uv brings the Python that the course grades with where this system has another one. Not into root's home: submissions run as
# another user, who must be able to read it.
python3 -m venv /opt/hw-uv
/opt/hw-uv/bin/python -m pip install --quiet 'uv@UV@'
export UV_PYTHON_INSTALL_DIR=/opt/hw-python UV_LINK_MODE=copy UV_NO_CACHE=1
uv=/opt/hw-uv/bin/uv
"$uv" venv --clear --python @PYTHON@ /opt/hw
"$uv" pip install --compile-bytecode --python /opt/hw/bin/python --requirement /autograder/source/packages.txt
# PyTorch's build without a GPU: a tenth of the usual one. It comes from an index of its own, which uv knows
if [ -s /autograder/source/torch.txt ]; then
  "$uv" pip install --compile-bytecode --python /opt/hw/bin/python --torch-backend cpu --requirement /autograder/source/torch.txt
fi
rm -rf /opt/hw-uv

# what every submission would do again: compile our programs, look for fonts
cd /autograder/source/library
/opt/hw/bin/python -m compileall -q grading hw_lib
PYTHONPATH=/autograder/source/library /opt/hw/bin/python -P -c '
from pathlib import Path
from grading import sandbox
sandbox.font_list(Path("/autograder/source/course/build/cache/matplotlib"))'
chmod -R go= /autograder/source # the hidden tests, and the secret that their inputs are drawn from
