"""Which address of a machine others reach: names and networks as Linux, macOS and Windows have them."""

from ipaddress import IPv4Interface

import pytest

from netlib.discovery.reach import KINDS, kind_of

LANS = [
    "eth0",
    "enp0s31f6",
    "wlan0",
    "wlp2s0",
    "en0",
    "br0",
    "bond0",
    "Wi-Fi",
    "Ethernet 2",
    "Intel(R) Wi-Fi 6",
]
TUNNELS = ["tun0", "tap1", "utun3", "wg0", "wg0-mullvad", "ppp0", "nordlynx", "tailscale0", "ztabc12345"]
TUNNELS += [
    "TAP-Windows Adapter V9",
    "WireGuard Tunnel",
    "Cisco AnyConnect Virtual Miniport Adapter",
    "Work VPN",
]
VIRTUAL = ["docker0", "br-1a2b3c4d5e6f", "virbr0", "veth12ab", "lxcbr0", "bridge100", "vmnet8"]
VIRTUAL += ["vEthernet (WSL)", "VirtualBox Host-Only Ethernet Adapter", "Hyper-V Virtual Ethernet Adapter"]


@pytest.mark.parametrize("name", LANS)
def test_a_lan(name: str) -> None:
    """A cable, a Wi-Fi, and a bridge that joins them belong to a LAN."""
    assert kind_of(name, IPv4Interface("192.168.1.5/24")) == "lan"
    assert kind_of(name, IPv4Interface("8.8.8.8/24")) == "public"
    assert kind_of(name, IPv4Interface("169.254.7.7/16")) == "made up"


@pytest.mark.parametrize("name", TUNNELS)
def test_a_vpn(name: str) -> None:
    """A VPN is none, whatever its network looks like."""
    assert kind_of(name, IPv4Interface("10.8.0.2/24")) == "tunnel"


@pytest.mark.parametrize("name", VIRTUAL)
def test_containers(name: str) -> None:
    """Nor is a network that is only inside of this machine."""
    assert kind_of(name, IPv4Interface("172.17.0.1/16")) == "virtual"


def test_a_vpn_of_any_name() -> None:
    """A network without room for a LAN, a carrier's address, and what the system says tell it, too."""
    assert kind_of("corp", IPv4Interface("10.8.0.2/32")) == "tunnel"
    assert kind_of("corp", IPv4Interface("100.100.1.2/10")) == "tunnel"
    assert kind_of("corp", IPv4Interface("10.8.0.2/24"), point_to_point=True) == "tunnel"


def test_the_order() -> None:
    """Attendees reach a LAN before anything else; a VPN reaches nobody in the room."""
    assert KINDS == ("lan", "public", "made up", "virtual", "tunnel")
