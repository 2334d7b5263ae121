"""Who has a port, from what each system says."""

import os
import socket
import sys

import pytest

from workshop.doctor import port_owner

NETSTAT = """
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN          1100
  TCP    127.0.0.1:8765         127.0.0.1:50000        HERGESTELLT      4711
  TCP    [::]:8765              [::]:0                 ABHÖREN          4712
  TCP    0.0.0.0:18765          0.0.0.0:0              ABHÖREN          4713
"""
TASKLIST = '"Code, and more.exe","4712","Console","1","12.345 K"\r\n'
LSOF = """COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
node    98765  ada   23u  IPv4 0x1234      0t0  TCP *:8765 (LISTEN)
"""
PROC = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:223D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0 100
   1: 0100007F:223D 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4343 1 0 100
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4444 1 0 100
"""


def test_windows() -> None:
    """A listener is found in a table of any language; a mere connection does not count."""
    assert port_owner.pid_from_netstat(NETSTAT, 8765) == "4712"
    assert port_owner.pid_from_netstat(NETSTAT, 80) == ""
    assert port_owner.name_from_tasklist(TASKLIST) == "Code, and more.exe"
    assert port_owner.name_from_tasklist("INFO: No tasks are running\r\n") == ""


def test_windows_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two programs of Windows are asked one after the other."""
    monkeypatch.setattr(port_owner, "ask", lambda command: NETSTAT if command[0] == "netstat" else TASKLIST)
    assert port_owner.owner_of(8765, "win32") == "Code, and more.exe (process 4712)"
    assert port_owner.owner_of(80, "win32") == ""


def test_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    """lsof names the program; nothing listed is nobody seen."""
    monkeypatch.setattr(port_owner, "ask", lambda command: LSOF)
    assert port_owner.owner_of(8765, "darwin") == "node (process 98765)"
    assert port_owner.from_lsof("") == ""


def test_linux_table() -> None:
    """Only sockets that listen on the port count."""
    assert port_owner.inodes(PROC, 8765) == {"4242"}
    assert port_owner.inodes("", 8765) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_this_machine() -> None:
    """We find ourselves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        assert f"(process {os.getpid()})" in port_owner.owner_of(number)
    assert port_owner.owner_of(number) == ""


def test_programs_that_are_not_there() -> None:
    """A program of the system that is missing says nothing."""
    assert port_owner.ask(["no_such_program_anywhere"]) == ""
