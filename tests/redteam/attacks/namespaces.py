"""Makes namespaces of its own to become root in, mounts, changes its user and loads kernel modules. All of it is refused."""

OWN_CELLS = {
    "setup": """\
import ctypes
import os

library = ctypes.CDLL(None, use_errno=True)
got = []
for flag in (0x10000000, 0x10020000, 0x20000000, 0x40000000, 0x00020000):
    if library.unshare(flag) == 0:
        got.append(f"unshare {flag:x}")
if library.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    got.append("mount")
if library.umount2(b"/usr", 2) == 0:
    got.append("umount")
if library.chroot(b"/tmp") == 0:
    got.append("chroot")
for change in (os.setuid, os.setgid):
    try:
        change(0)
        got.append(change.__name__)
    except OSError:
        pass
for call in (272, 308, 319, 321, 425, 175, 169):
    if library.syscall(call, 0x10000000, 0, 0, 0, 0, 0) >= 0:
        got.append(f"system call {call}")
forbidden = "/proc/sysrq-trigger /proc/sys/kernel/core_pattern /sys/fs/cgroup/cgroup.procs /dev/mem /dev/kmsg /dev/sda"
for path in forbidden.split():
    try:
        os.close(os.open(path, os.O_WRONLY))
        got.append(path)
    except OSError:
        pass
print("GOT", got)
""",
}


def check(seen: object) -> None:
    """It says itself that it got none of them."""
    assert "GOT []" in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
