"""Listening sockets: both families on one port, whose port it is, and what went wrong."""

import asyncio
import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from netlib.errors import PortInUse, StartError
from netlib.transport import tcp
from netlib.transport.tcp import PORTS_TRIED, listen, own_the_port

LOOPBACK = "127.0.0.1"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def opened(stack: ExitStack, *args: Any, **options: Any) -> list[socket.socket]:
    found = listen(*args, **options)
    for listener in found:
        stack.enter_context(listener)
    return found


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def can_connect(host: str, port: int) -> bool:
    with socket.create_connection((host, port), timeout=20):
        return True


def test_a_free_port_is_found(stack: ExitStack) -> None:
    """Port 0 listens on whatever the system gives, without waiting for anyone."""
    (listener,) = opened(stack, LOOPBACK, 0)
    assert port_of(listener) > 0
    assert not listener.getblocking()
    assert can_connect(LOOPBACK, port_of(listener))


@pytest.mark.skipif(not tcp._has_ipv6(), reason="this machine has no IPv6")
def test_both_families_share_one_port_number(stack: ExitStack) -> None:
    """On every interface, IPv4 and IPv6 clients find the same number."""
    four, six = opened(stack, None, 0)
    assert (four.family, six.family) == (socket.AF_INET, socket.AF_INET6)
    assert port_of(four) == port_of(six)
    assert can_connect(LOOPBACK, port_of(four))
    assert can_connect("::1", port_of(six))


def test_without_ipv6_there_is_ipv4(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with IPv6 switched off still has a server."""
    monkeypatch.setattr(socket, "has_ipv6", False)
    (listener,) = opened(stack, None, 0)
    assert listener.family == socket.AF_INET


def test_a_kernel_without_ipv6_is_noticed(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python may know IPv6 when the kernel has none."""
    real = socket.socket

    def no_ipv6(family: int = -1, *args: Any, **options: Any) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported")
        return real(family, *args, **options)

    monkeypatch.setattr(socket, "socket", no_ipv6)
    (listener,) = listen(None, 0)
    with listener:
        assert listener.family == socket.AF_INET


def test_a_taken_port_is_told_with_what_to_do(stack: ExitStack) -> None:
    """The error names the port and the flag."""
    (listener,) = opened(stack, LOOPBACK, 0)
    with pytest.raises(PortInUse, match=rf"port {port_of(listener)} is in use.*--port"):
        listen(LOOPBACK, port_of(listener))


def test_a_port_that_is_taken_in_one_family_is_taken(stack: ExitStack) -> None:
    """Half a server is none: what was bound already is released."""
    if not tcp._has_ipv6():
        pytest.skip("this machine has no IPv6")
    (six,) = opened(stack, "::1", 0)
    with pytest.raises(PortInUse):
        listen(None, port_of(six))
    opened(stack, LOOPBACK, port_of(six))


def test_the_next_free_port_is_taken_when_asked_for(stack: ExitStack) -> None:
    """A second server on one machine moves up."""
    (first,) = opened(stack, LOOPBACK, 0)
    (second,) = opened(stack, LOOPBACK, port_of(first), next_port=True)
    assert port_of(first) < port_of(second) <= port_of(first) + PORTS_TRIED


def refusing(monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Let every port be refused with that error; return the list of those that are tried."""
    tried: list[int] = []

    def refuse(host: str | None, port: int) -> list[socket.socket]:
        tried.append(port)
        raise OSError(number, "no")

    monkeypatch.setattr(tcp, "_bind_all", refuse)
    return tried


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EACCES, 10013, 10048])
def test_each_systems_word_for_taken_is_understood(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Windows has numbers of its own, and says "no access" for ports that it has reserved."""
    tried = refusing(monkeypatch, number)
    with pytest.raises(PortInUse, match="port 8765"):
        listen(None, 8765)
    with pytest.raises(PortInUse, match="port 8765"):
        listen(None, 8765, next_port=True)
    assert tried == [8765, *range(8765, 8765 + PORTS_TRIED)]


def test_the_search_for_a_port_ends_with_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no port above 65535."""
    tried = refusing(monkeypatch, errno.EADDRINUSE)
    with pytest.raises(PortInUse):
        listen(None, 65530, next_port=True)
    assert tried == list(range(65530, 65536))


def test_a_port_that_needs_rights_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below 1024 the reason is mostly another one."""
    refusing(monkeypatch, errno.EACCES)
    with pytest.raises(PortInUse, match="administrator rights; choose one above 1024"):
        listen(None, 80)


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    """One can listen on addresses of one's own only."""
    with pytest.raises(StartError, match=f"cannot listen on {host}, which is no address of this machine"):
        listen(host, 0)


def test_on_windows_a_port_is_owned_exclusively(monkeypatch: pytest.MonkeyPatch) -> None:
    """SO_REUSEADDR would let two programs share the port there."""
    assert options_set("win32", monkeypatch) == [(socket.SOL_SOCKET, -5, 1)]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_elsewhere_a_port_is_free_again_at_once(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """After a restart nobody waits for old connections to time out."""
    assert options_set(platform, monkeypatch) == [(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)]


def options_set(platform: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    class FakeSocket:
        options: list[tuple[int, int, int]] = []  # noqa: RUF012

        def setsockopt(self, *option: int) -> None:
            self.options.append(option)  # type: ignore[arg-type]

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    fake: Any = FakeSocket()
    own_the_port(fake)
    return list(fake.options)


def test_an_ipv6_port_that_was_just_taken_is_no_reason_to_fail(
    stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any free port means any: when the number is free for IPv4 alone, another one is taken."""
    real = tcp._bind
    refused: list[int] = []

    def bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
        if family == socket.AF_INET6 and not refused:
            refused.append(port)
            raise OSError(errno.EADDRINUSE, "taken a moment ago")
        return real(family, address, port)

    monkeypatch.setattr(tcp, "_bind", bind)
    monkeypatch.setattr(tcp, "_has_ipv6", lambda: True)
    monkeypatch.setattr(
        tcp, "_addresses", lambda host: [(socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1")]
    )
    assert opened(stack, None, 0)


OUT = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "none")}


class TestAcceptErrors:
    async def test_they_are_heard_and_nothing_else(self) -> None:
        """What asyncio cannot accept is handed over; all other errors go where they went before."""
        loop, heard, others = asyncio.get_running_loop(), list[Any](), list[Any]()
        loop.set_exception_handler(lambda _, context: others.append(context))
        with tcp.accept_errors(heard.append):
            loop.call_exception_handler(OUT)
            loop.call_exception_handler({"message": "a task failed", "exception": OSError(errno.EMFILE, "x")})
        loop.call_exception_handler(OUT)
        assert heard == [OUT["exception"]]
        assert [it["message"] for it in others] == ["a task failed", OUT["message"]]

    async def test_without_a_handler_others_are_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        """As asyncio does by itself."""
        loop = asyncio.get_running_loop()
        with tcp.accept_errors(lambda _: None):
            loop.call_exception_handler(OUT)
            loop.call_exception_handler({"message": "a task failed"})
        assert caplog.messages == ["a task failed"]
        assert loop.get_exception_handler() is None

    async def test_a_later_handler_stays(self) -> None:
        """A server that stops takes away its own handler only."""
        loop = asyncio.get_running_loop()
        with tcp.accept_errors(lambda _: None):
            loop.set_exception_handler(late := lambda *_: None)
        assert loop.get_exception_handler() is late
        loop.set_exception_handler(None)
