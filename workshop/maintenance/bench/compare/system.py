"""What a process asks of its system: how much memory it uses, and room for many connections."""

import contextlib
import sys
from pathlib import Path
from typing import Any


def resident() -> int:
    """Bytes of memory that this process uses now; on macOS the most that it ever used."""
    if sys.platform == "linux":
        import os

        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "win32":
        return _working_set()
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def allow_many_connections() -> None:
    """Raise this process's limit of open files as far as it may go; Windows has none for sockets."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # macOS does not take "unlimited"
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _working_set() -> int:
    """What Windows calls it (GetProcessMemoryInfo, field WorkingSetSize)."""
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("size", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            *[(f"bytes{number}", ctypes.c_size_t) for number in range(8)],
        )

    counters = Counters(size=ctypes.sizeof(Counters))
    kernel: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo(
        wintypes.HANDLE(kernel.GetCurrentProcess()), ctypes.byref(counters), counters.size
    )
    return int(counters.bytes1)  # the second of them; the first is the peak
