"""Our numbers beside a peer's, in one run. One thread for every numerical library, which read this while they load."""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
