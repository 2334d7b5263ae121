"""This machine's IPv4 addresses: which networks a search asks, and what others may type."""

from types import SimpleNamespace
from typing import Any

import ifaddr
import pytest

from netlib.discovery import beacon, interfaces
from tests.support.rooms import LOOPBACK


class TestInterfaces:
    def test_broadcast_addresses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each IPv4 network is asked once, the default route's first; loopback, /31 and /32 are left out."""

        def ip(address: Any, prefix: int, name: str) -> SimpleNamespace:
            is_ipv4 = isinstance(address, str)
            return SimpleNamespace(ip=address, network_prefix=prefix, is_IPv4=is_ipv4, nice_name=name)

        def adapter(name: str, *ips: tuple[Any, int]) -> SimpleNamespace:
            return SimpleNamespace(name=name, nice_name=name, ips=[ip(*each, name) for each in ips])

        adapters = [
            adapter("lo", (LOOPBACK, 8), (("::1", 0, 0), 128)),
            adapter("eth0", ("172.17.0.1", 16), ("10.8.0.2", 32), ("10.9.0.2", 31)),
            adapter("wlan0", ("192.168.1.77", 26), ("192.168.1.78", 26), ("0.0.0.0", 0)),
        ]
        monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
        monkeypatch.setattr(interfaces, "_default_address", lambda: "192.168.1.78")
        faces = interfaces.scan()
        assert interfaces.broadcast_addresses(faces) == ["192.168.1.127", "172.17.255.255"]
        assert interfaces.lan_addresses()[:2] == ["192.168.1.78", "172.17.0.1"]

    def test_on_this_machine(self) -> None:
        """The real interfaces of this machine can be read, and loopback is not among them."""
        assert not any(beacon.is_loopback(address) for address in interfaces.lan_addresses())
