"""A LAN of network namespaces: each host has an address, a routing table and a firewall of its own.

The bridge that joins them lives in a namespace too, so nothing of the machine's own network is changed::

    with Lan(hosts=("server", "ann")) as lan:
        server = lan.popen("server", [sys.executable, "-m", "…"])
        lan.run("ann", ["ping", "-c1", lan.address("server")])

Needs Linux, the superuser, ``ip`` and ``iptables``. A test module imports `lan_fixture` and asks for ``lan``.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.support import tools
from tests.support.commands import HEADLESS
from tests.support.processes import Program

ROOT = Path(__file__).resolve().parents[2]
NETWORK = "10.77.0"  # a /24; every Lan is sealed off, so all may use the same
COMMAND_TIME = 10.0  # seconds for one `ip` or `iptables`
RUN_TIME = 60.0  # seconds for a program in a host


class LanError(Exception):
    """A namespace could not be made or changed."""


class Lan:
    """Hosts on one Ethernet, by name; use it as a context manager."""

    def __init__(self, hosts: Sequence[str] = ("server", "ann", "bob")) -> None:
        self.hosts = tuple(hosts)
        self._prefix = f"lan{os.getpid()}x{secrets.token_hex(2)}"
        self._made: list[str] = []
        self._started: list[subprocess.Popen[Any]] = []

    def address(self, host: str) -> str:
        """The host's IPv4 address."""
        return f"{NETWORK}.{self.hosts.index(host) + 1}"

    def namespace(self, host: str) -> str:
        """The name of the host's namespace, for ``ip netns exec``."""
        return f"{self._prefix}-{host}"

    def popen(self, host: str, argv: Sequence[str], **options: Any) -> subprocess.Popen[str]:
        """Start a program in a host; it finds the checkout's packages, and its pipes carry text."""
        process = subprocess.Popen(self._argv(host, argv), **_defaults(options))
        self._started.append(process)
        return process

    def run(self, host: str, argv: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program in a host to its end, and capture what it prints."""
        options = {"capture_output": True, "timeout": RUN_TIME, **options}
        return subprocess.run(self._argv(host, argv), check=False, **_defaults(options))

    def block_udp(self, host: str) -> None:
        """Let the host's firewall drop all UDP, in and out."""
        for chain in ("INPUT", "OUTPUT"):
            self._iptables(host, "-A", chain, "-p", "udp", "-j", "DROP")

    def unblock_udp(self, host: str) -> None:
        """Undo `block_udp`."""
        for chain in ("INPUT", "OUTPUT"):
            self._iptables(host, "-D", chain, "-p", "udp", "-j", "DROP")

    def cut(self, host: str) -> None:
        """Pull the host's cable: packets vanish, and no program is told."""
        _command("ip", "-n", self._switch, "link", "set", f"port{self.hosts.index(host)}", "down")

    def mend(self, host: str) -> None:
        """Plug the host's cable in again."""
        _command("ip", "-n", self._switch, "link", "set", f"port{self.hosts.index(host)}", "up")

    def __enter__(self) -> Self:
        try:
            self._make_switch()
            for host in self.hosts:
                self._make_host(host)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill what runs in the hosts, and remove them."""
        while self._made:
            name = self._made.pop()
            _kill_all_in(name)
            with contextlib.suppress(LanError):
                _command("ip", "netns", "delete", name)
        for process in self._started:
            _reap(process)
        self._started.clear()

    @property
    def _switch(self) -> str:
        return f"{self._prefix}-switch"

    def _argv(self, host: str, argv: Sequence[str]) -> list[str]:
        return ["ip", "netns", "exec", self.namespace(host), *argv]

    def _add(self, name: str) -> None:
        _command("ip", "netns", "add", name)
        self._made.append(name)
        _command("ip", "-n", name, "link", "set", "lo", "up")

    def _make_switch(self) -> None:
        self._add(self._switch)
        _command("ip", "-n", self._switch, "link", "add", "bridge", "type", "bridge")
        _command("ip", "-n", self._switch, "link", "set", "bridge", "up")

    def _make_host(self, host: str) -> None:
        name, port = self.namespace(host), f"port{self.hosts.index(host)}"
        self._add(name)
        _command(
            *("ip", "-n", self._switch, "link", "add", port, "type", "veth"),
            *("peer", "name", "eth0", "netns", name),
        )
        _command("ip", "-n", self._switch, "link", "set", port, "master", "bridge", "up")
        _command(
            "ip", "-n", name, "address", "add", f"{self.address(host)}/24", "broadcast", "+", "dev", "eth0"
        )
        _command("ip", "-n", name, "link", "set", "eth0", "up")

    def _iptables(self, host: str, *rule: str) -> None:
        try:
            _command(*self._argv(host, ["iptables", "-w", *rule]))
        except LanError:  # a kernel without nftables may still have the older tables
            _command(*self._argv(host, ["iptables-legacy", "-w", *rule]))


@pytest.fixture(name="lan")
def lan_fixture() -> Iterator[Lan]:
    """A LAN of the hosts server, ann and bob. Skips where that cannot be, except in CI."""
    require()
    with Lan() as lan:
        yield lan


def host_room(lan: Lan, log: Path, *options: str) -> Program:
    """Let `workshop host` hold a room open on the LAN's server."""
    with log.open("wb") as output:
        command = [sys.executable, "-m", "workshop", "host", *options]
        process = lan.popen("server", command, stdout=output, stderr=subprocess.STDOUT, env=HEADLESS)
    room = Program(process, log)  # type: ignore[arg-type]  # its text goes to the log
    room.wait_for("To join")
    return room


def require() -> None:
    """Skip the running test where there can be no LAN; in CI, fail it."""
    tools.need_root()
    try:
        with Lan(hosts=("probe",)):
            pass
    except LanError as error:
        tools.cannot_run(f"this system allows no network namespaces: {error}")


def _defaults(options: dict[str, Any]) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return {"cwd": ROOT, "text": True, "env": environment, **options}


def _command(*argv: str) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=COMMAND_TIME, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LanError(f"{' '.join(argv)}: {error}") from error
    if done.returncode != 0:
        raise LanError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _kill_all_in(namespace: str) -> None:
    # A namespace lives as long as a process in it does, so children of our processes must go too.
    with contextlib.suppress(LanError):
        for pid in _command("ip", "netns", "pids", namespace).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def _reap(process: subprocess.Popen[Any]) -> None:
    process.kill()
    process.wait(timeout=COMMAND_TIME)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
