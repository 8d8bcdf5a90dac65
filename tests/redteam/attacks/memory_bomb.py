"""Takes memory without end: in the process, in children and in a mapping of shared memory. The machine must not feel it."""

OWN_CELLS = {
    "setup": """\
import mmap
import os

hoard = []
for _ in range(8):
    if os.fork() == 0:
        try:
            while True:
                hoard.append(bytearray(os.urandom(4096)) * 5000)
        except MemoryError:
            os._exit(0)
try:
    shared = mmap.mmap(-1, 1_500_000_000)
    for place in range(0, 1_500_000_000, 4096):
        shared[place] = 1
except (OSError, MemoryError) as error:
    print(type(error).__name__)
while True:
    hoard.append(bytearray(20_000_000))
""",
}
