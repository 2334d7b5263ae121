"""How likely others reach an address of this machine, by what carries it; judged nowhere else. Pure."""

import re
from ipaddress import IPv4Interface, IPv4Network
from typing import Literal, TypeAlias, get_args

# The best first: an interface of a LAN, of which a private address is likelier the room's than a public one;
# one that has made up its address, since nobody gave it any; one for containers and virtual machines; a VPN.
Kind: TypeAlias = Literal["lan", "public", "made up", "virtual", "tunnel"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Names that systems and programs give their interfaces: Linux, macOS, and in words on Windows.
TUNNELS = re.compile(
    r"\b(tun|tap|utun|ppp|wg|ipsec|gpd|vti|gre|sit|cscotun|fctvpn|zt|feth)[-\w]*\d|nordlynx|proton|mullvad"
    r"|tailscale|zerotier|wireguard|wintun|openvpn|tap-windows|anyconnect|globalprotect|forti|pangp|vpn|teredo",
    re.I,
)
VIRTUAL = re.compile(
    r"\b(docker|podman|cni|br-|veth|virbr|lxc|lxd|flannel|cali|vmnet|vboxnet|bridge1\d\d|kube|nerdctl)"
    r"|vethernet|hyper-v|virtualbox|vmware|\bwsl\b|host-only",
    re.I,
)
CARRIER_GRADE = IPv4Network("100.64.0.0/10")  # RFC 6598; on a laptop it is a VPN's, such as Tailscale's
LONELY = 31  # bits of a network in which there is no room for a LAN


def kind_of(name: str, at: IPv4Interface, *, point_to_point: bool = False) -> Kind:
    """What kind of network an interface belongs to.

    Args:
        name: all names that the system has for it.
        at: its address, with its network.
        point_to_point: the system says that there is one machine at the other end.
    """
    if point_to_point or at.network.prefixlen >= LONELY or at.ip in CARRIER_GRADE or TUNNELS.search(name):
        return "tunnel"
    if VIRTUAL.search(name):
        return "virtual"
    if at.ip.is_link_local:
        return "made up"
    return "lan" if at.ip.is_private else "public"
