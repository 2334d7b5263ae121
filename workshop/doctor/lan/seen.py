"""What the doctor sees of a network: plain values, filled by the probes and read by the judge."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface
from typing import Literal, TypeAlias

import msgspec

from netlib.transport.tcp import host_port
from workshop.doctor.firewall_judge import FirewallSeen

# "denied": this machine refuses to send. "unreachable": the network, or the system for it, knows no way.
Reply: TypeAlias = Literal["answers", "refused", "silent", "unreachable", "denied"]
Sign: TypeAlias = Literal["found", "missing", "unknown"]
# "remembered": known from before we looked, and not confirmed since.
Neighbour: TypeAlias = Literal["found", "missing", "unknown", "remembered"]


class Face(msgspec.Struct, frozen=True):
    """An interface of this machine, such as a Wi-Fi.

    Args:
        address: its IPv4 address with the length of its network: ``192.168.1.5/24``.
    """

    name: str
    address: str

    @property
    def ip(self) -> str:
        """The address alone."""
        return str(IPv4Interface(self.address).ip)

    @property
    def broadcast(self) -> str:
        """The address that means all machines in its network; "" if there is none, as in most VPNs."""
        network = IPv4Interface(self.address).network
        return str(network.broadcast_address) if network.prefixlen < 31 else ""

    def reaches(self, host: str) -> bool:
        """Whether an address belongs to its network."""
        return IPv4Address(host) in IPv4Interface(self.address).network


class Heard(msgspec.Struct, frozen=True):
    """A room that has answered: its name and where it says it is open."""

    name: str
    host: str
    port: int

    @property
    def where(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


class Asked(msgspec.Struct, frozen=True):
    """A question to all machines in one network.

    Args:
        source: the address from which it was sent; "" if it could not be.
        rooms: those that have answered.
    """

    face: Face
    source: str
    reply: Reply
    rooms: Sequence[Heard] = ()


class RoomHere(msgspec.Struct, frozen=True):
    """A room, or another program, that listens on a machine.

    Args:
        name: "" if it does not say that it is a room.
        alone: only programs on the same machine can reach it.
    """

    port: int
    name: str
    alone: bool


class Told(msgspec.Struct, frozen=True):
    """What `doctor --lan --serve` on the other machine says to a doctor who reaches it.

    Args:
        platform: its own, as `sys.platform`.
        broadcasts, questions: how often that doctor asked over UDP, among all machines and it alone.
        rooms: what listens there.
    """

    platform: str
    broadcasts: int = 0
    questions: int = 0
    rooms: Sequence[RoomHere] = ()


class Carried(msgspec.Struct, frozen=True):
    """How large a packet the way to a room carries: the largest one that came through, in bytes.

    Args:
        too_large: the smallest one that vanished; 0 if none did.
        back: whether a full packet comes back from there.
    """

    most: int
    too_large: int = 0
    back: bool = True


class TargetSeen(msgspec.Struct, frozen=True):
    """What was seen of the machine that the user wants to reach.

    Args:
        host: its address; over IPv6 only TCP was tried.
        port: the TCP port.
        tcp: the outcome of a connection.
        room: the name of the room there; "" if nothing there says that it is one.
        source: our address on the way there; "" if there is no way.
        udp: the outcome of questions to it alone; "refused" only if all of its UDP ports refused.
        heard: rooms there that have answered over UDP.
        others: rooms there that answer on other TCP ports.
        neighbour, router: whether the system knows the hardware address of the machine, and of the router.
        ping: whether it answers a ping.
        late: how many connections, of many, lost their first packet.
        carried: None if there seems to be no room.
        told: what a stand-in there says.
    """

    host: str
    port: int
    tcp: Reply
    room: str = ""
    source: str = ""
    udp: Reply = "silent"
    heard: Sequence[Heard] = ()
    others: Sequence[Heard] = ()
    neighbour: Neighbour = "unknown"
    router: Sign = "unknown"
    ping: Sign = "unknown"
    late: int = 0
    carried: Carried | None = None
    told: Told | None = None

    @property
    def where(self) -> str:
        """Host and port."""
        return host_port(self.host, self.port)


class LanSeen(msgspec.Struct, frozen=True):
    """All that was seen from this machine.

    Args:
        firewall: this machine's own.
        ipv6: this machine's addresses of that kind.
        here: what listens on this machine.
        target: the machine that the user wants to reach; None if none was found.
    """

    platform: str
    faces: Sequence[Face]
    asked: Sequence[Asked] = ()
    here: Sequence[RoomHere] = ()
    target: TargetSeen | None = None
    firewall: FirewallSeen = FirewallSeen("")
    ipv6: Sequence[str] = ()

    def named(self, ip: str, otherwise: str) -> str:
        """The name of the interface with this address."""
        return next((face.name for face in self.faces if face.ip == ip), otherwise)

    def home_of(self, host: str) -> list[Face]:
        """The interfaces whose network contains an address."""
        return [face for face in self.faces if face.reaches(host)]
