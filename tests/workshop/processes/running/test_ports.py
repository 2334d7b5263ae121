"""Free ports, and where somebody listens."""

import socket

import pytest

from netlib.transport.tcp import PORTS_TRIED
from tests.support.commands import free_port as any_free_port
from workshop.processes.running import ports


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_taken_port(family: socket.AddressFamily, host: str) -> None:
    """A port on which somebody listens, by either IP, accepts and is not free; the next one is taken."""
    if family == socket.AF_INET6 and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with socket.socket(family) as listener:
        try:
            listener.bind((host, 0))
        except OSError:
            pytest.skip("no IPv6 here")
        listener.listen()
        port = listener.getsockname()[1]
        assert ports.accepts(port) and not ports.is_free(port)
        assert port < ports.free_port(port) <= port + PORTS_TRIED


def test_a_free_port() -> None:
    """A port that nobody has is free, accepts nothing, and stays free after the look."""
    port = any_free_port()
    assert not ports.accepts(port)
    assert ports.free_port(port) == port and ports.is_free(port)


def test_no_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """When everything near is taken, the message says what to do."""
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    with pytest.raises(ports.NoFreePort, match="choose another with --port"):
        ports.free_port(65530)
