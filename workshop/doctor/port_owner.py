"""Which program has a TCP port of this machine, as far as we can see that without special rights."""

import csv
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

ASK_SECONDS = 5.0  # that a program of the system may take to answer
LISTENING = "0A"  # a state in Linux's table of connections

Ask: TypeAlias = Callable[[Sequence[str]], str]  # gives what a command prints


def owner_of(port: int, platform: str = sys.platform) -> str:
    """The name and number of the program that listens there; "" if we cannot see it."""
    if platform == "linux":
        return _owner_on_linux(port, Path("/proc"))
    if platform == "win32":
        return _owner_on_windows(port)
    return from_lsof(ask(["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN"]))


def ask(command: Sequence[str]) -> str:
    """What a program of the system prints; "" if it is missing or fails."""
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=ASK_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.decode(errors="replace")


def from_lsof(listing: str) -> str:
    """The owner, from what `lsof` lists."""
    rows = [line.split() for line in listing.splitlines()[1:]]
    return f"{rows[0][0]} (process {rows[0][1]})" if rows and len(rows[0]) > 1 else ""


def pid_from_netstat(listing: str, port: int) -> str:
    """The number of the process that listens, from `netstat -ano` of Windows, in any language."""
    for line in listing.splitlines():
        match line.split():
            case ["TCP", ours, theirs, _, pid] if ours.endswith(f":{port}") and theirs.endswith(":0"):
                return pid
    return ""


def name_from_tasklist(listing: str) -> str:
    """The program's name, from `tasklist /FO CSV /NH` of Windows."""
    rows = list(csv.reader(listing.strip().splitlines()))
    return rows[0][0] if rows and len(rows[0]) > 1 else ""


def _owner_on_windows(port: int) -> str:
    pid = pid_from_netstat(ask(["netstat", "-ano", "-p", "TCP"]), port)
    if not pid:
        return ""
    name = name_from_tasklist(ask(["tasklist", "/FI", f"PID eq {pid}", "/FO", "CSV", "/NH"]))
    return f"{name or 'a program'} (process {pid})"


def inodes(table: str, port: int) -> set[str]:
    """The numbers of the sockets that listen on a port, from Linux's /proc/net/tcp."""
    rows = [line.split() for line in table.splitlines()[1:]]
    ours = [row for row in rows if len(row) > 9 and row[3] == LISTENING]
    return {row[9] for row in ours if int(row[1].rpartition(":")[2], 16) == port}


def _owner_on_linux(port: int, proc: Path) -> str:
    tables = [text_of(proc / "net" / name) for name in ("tcp", "tcp6")]
    wanted = {f"socket:[{inode}]" for table in tables for inode in inodes(table, port)}
    for link in proc.glob("[0-9]*/fd/*") if wanted else []:
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if target in wanted:
            pid = link.parts[-3]
            return f"{text_of(proc / pid / 'comm').strip() or 'a program'} (process {pid})"
    return ""


def text_of(path: Path) -> str:
    """The text of a file of the system; "" if it cannot be read."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
