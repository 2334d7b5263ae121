"""How the doctor tries a way, and reads what each system knows of its neighbours."""

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import ifaddr
import pytest

from netlib.discovery.interfaces import LOOPBACK
from tests.support.commands import free_port, workshop
from tests.support.rooms import a_room
from workshop.doctor.lan import examine as lan
from workshop.doctor.lan import neighbours as lan_neighbours
from workshop.doctor.lan import packets
from workshop.doctor.lan import probe as lan_probe
from workshop.doctor.lan.seen import Carried, Face, Heard, Reply, RoomHere
from workshop.doctor.lan.serve import StandIn, how_to
from workshop.errors import WorkshopError

ARP_TABLE = """IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         3c:a6:2f:00:11:22     *        wlan0
192.168.1.5      0x1         0x0         00:00:00:00:00:00     *        wlan0
"""
ROUTE_TABLE = """Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	0001A8C0	00000000	0001	0	0	600	00FFFFFF	0	0	0
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
"""
ARP_ON_WINDOWS = """
Schnittstelle: 192.168.1.7 --- 0x5
  Internetadresse       Physische Adresse     Typ
  192.168.1.5           3c-a6-2f-00-11-22     dynamisch
"""
ROUTES_ON_WINDOWS = """
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0      192.168.1.1      192.168.1.7     35
"""
ROUTE_ON_MACOS = """   route to: default
destination: default
    gateway: 192.168.1.1
  interface: en0
"""


def saying(text: str) -> Callable[[Sequence[str]], str]:
    """Give a system whose every program prints this."""
    return lambda command: text


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (TimeoutError(), "silent"),
        (OSError(10060, "WSAETIMEDOUT"), "silent"),
        (ConnectionRefusedError(), "refused"),
        (ConnectionResetError(10054, "after a datagram, on Windows"), "refused"),
        (OSError(10061, "WSAECONNREFUSED"), "refused"),
        (OSError(errno.EPERM, ""), "denied"),
        (OSError(10013, "WSAEACCES"), "denied"),
        (OSError(errno.EHOSTUNREACH, ""), "unreachable"),
        (OSError(errno.ENETUNREACH, ""), "unreachable"),
        (OSError(10065, "WSAEHOSTUNREACH"), "unreachable"),
    ],
)
def test_what_an_error_means(error: OSError, reply: Reply) -> None:
    """Each system's numbers come to the same few replies."""
    assert lan_probe.reply_of(error) == reply


async def test_a_room_is_asked_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room on this machine answers a connection and says its name; a closed port refuses."""
    monkeypatch.setattr(lan_probe, "faces", list)  # nobody outside of this machine is asked
    async with a_room("Room 5") as server:
        seen = await lan.look_at_lan(f"{LOOPBACK}:{server.port}")
    assert seen.target is not None
    assert (seen.target.tcp, seen.target.room) == ("answers", "Room 5")
    assert lan_probe.knock(LOOPBACK, free_port()) == "refused"
    assert lan_probe.room_at(LOOPBACK, free_port()) == ""


def test_a_closed_udp_port_refuses() -> None:
    """A question to a port that nobody has comes back at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((LOOPBACK, 0))
        number = taken.getsockname()[1]
        assert lan_probe.ask_one(LOOPBACK, number, 0.05) == ("silent", [])
    assert lan_probe.ask_one(LOOPBACK, number, 0.3) == ("refused", [])


def test_ipv6_addresses_in_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a Mac's own interfaces are none; those that others can type anywhere come first."""
    given = {"lo0": "fe80::1", "lo": "::1", "awdl0": "fe80::2", "en0": "fe80::3", "en1": "fd00::3"}
    adapters = [
        ifaddr.Adapter(name, name, [ifaddr.IP((address, 0, 0), 64, name)]) for name, address in given.items()
    ]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
    assert lan_probe.ipv6() == ["fd00::3", "fe80::3"]


def test_the_way_to_oneself() -> None:
    """What goes to loopback leaves from loopback."""
    assert lan_probe.source_of(LOOPBACK) == LOOPBACK


@pytest.mark.parametrize("address", ["", "5", "no such host!", "a.invalid:9000", "http://[", "1.2.3.4:99999"])
def test_no_address(address: str) -> None:
    """What no machine is called is one clear error."""
    with pytest.raises(WorkshopError, match="is not an address here"):
        lan.place_of(address)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "ws://127.0.0.1:8765", "HTTP://127.0.0.1/", "127.0.0.1 8765", "127.0.0.1:8765,"]
)
def test_an_address(address: str) -> None:
    """An address is what `join` takes, too."""
    assert lan.place_of(address) == (LOOPBACK, 8765)


def test_an_ipv6_address() -> None:
    """An address of the other kind is taken, too, with its port."""
    assert lan.place_of("[fd00::1]:9000") == ("fd00::1", 9000)


def test_an_interface() -> None:
    """An interface knows its network, and everybody's address in it, where there is one."""
    wifi, vpn = Face("wlan0", "192.168.1.7/24"), Face("tun0", "10.8.0.2/32")
    assert (wifi.broadcast, vpn.broadcast) == ("192.168.1.255", "")
    assert wifi.reaches("192.168.1.200")
    assert not wifi.reaches("192.168.2.1")


@pytest.mark.parametrize(
    ("host", "sign"), [("192.168.1.1", "found"), ("192.168.1.5", "missing"), ("192.168.1.9", "unknown")]
)
def test_neighbours_on_linux(tmp_path: Path, host: str, sign: str) -> None:
    """Linux keeps those that were looked for in vain, too; where there is no table, nothing is known."""
    (tmp_path / "arp").write_text(ARP_TABLE)
    assert lan_neighbours.neighbour(host, "linux", proc=tmp_path) == sign
    assert lan_neighbours.neighbour(host, "linux", proc=tmp_path / "gone") == "unknown"


@pytest.mark.parametrize(
    ("platform", "said", "sign"),
    [
        ("win32", ARP_ON_WINDOWS, "found"),
        ("win32", "Es wurden keine ARP-Einträge gefunden.\n", "missing"),
        ("win32", ARP_ON_WINDOWS.replace("192.168.1.5 ", "192.168.1.50"), "missing"),
        ("darwin", "? (192.168.1.5) at 3c:a6:2f:0:11:22 on en0 ifscope [ethernet]\n", "found"),
        ("darwin", "? (192.168.1.5) at (incomplete) on en0 ifscope [ethernet]\n", "missing"),
        ("darwin", "192.168.1.5 (192.168.1.5) -- no entry\n", "missing"),
        ("darwin", "", "unknown"),
    ],
)
def test_neighbours_elsewhere(platform: str, said: str, sign: str) -> None:
    """Windows and macOS tell it by a program, in any language."""
    assert lan_neighbours.neighbour("192.168.1.5", platform, saying(said)) == sign


@pytest.mark.parametrize(
    ("before", "states", "sign"),
    [
        ("STALE", ["DELAY", "PROBE", "REACHABLE"], "found"),
        ("STALE", ["PROBE", "FAILED"], "missing"),
        ("REACHABLE", ["REACHABLE"], "remembered"),
        ("REACHABLE", ["DELAY", "FAILED"], "missing"),
        ("PERMANENT", ["PERMANENT"], "remembered"),
        (lan_neighbours.KNOWN, [""], "remembered"),
    ],
)
def test_a_neighbour_known_from_before(before: str, states: list[str], sign: str) -> None:
    """Only a hardware address that was asked for again, and given, is a sign of life."""
    assert lan_neighbours.look_again("192.168.1.5", before, lambda _: states.pop(0)) == sign


def test_how_sure_linux_is() -> None:
    """`ip` tells it in its last word; other systems have none."""
    said = saying("192.168.1.5 dev wlan0 lladdr 3c:a6:2f:00:11:22 STALE \n")
    assert lan_neighbours.state("192.168.1.5", "linux", said) == "STALE"
    assert lan_neighbours.state("192.168.1.5", "linux", saying("")) == ""
    assert lan_neighbours.state("192.168.1.5", "win32", said) == ""


async def test_a_room_carries_all_sizes() -> None:
    """On loopback every packet arrives at once, in both ways; where nobody answers, none does."""
    async with a_room() as server:
        replies = await asyncio.to_thread(packets.dial_often, LOOPBACK, server.port)
        carried = await asyncio.to_thread(packets.carry, LOOPBACK, server.port)
    assert set(replies) == {"answers"}
    assert carried == Carried(packets.SIZES[-1])
    assert packets.carry(LOOPBACK, free_port()) is None


@pytest.mark.parametrize("size", packets.SIZES)
def test_the_size_of_a_request(size: int) -> None:
    """With its headers, a request fills a packet of that size."""
    assert len(packets._request("192.168.1.5:8765", size)) == size - packets.HEADERS


@pytest.mark.parametrize(
    ("platform", "said"), [("win32", ROUTES_ON_WINDOWS), ("darwin", ROUTE_ON_MACOS), ("linux", "")]
)
def test_the_router(tmp_path: Path, platform: str, said: str) -> None:
    """Each system tells the router in a form of its own."""
    (tmp_path / "route").write_text(ROUTE_TABLE)
    assert lan_neighbours.router(platform, saying(said), tmp_path) == "192.168.1.1"


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_no_router(tmp_path: Path, platform: str) -> None:
    """A network without a router is fine."""
    assert lan_neighbours.router(platform, saying(""), tmp_path) == ""


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("64 bytes from 192.168.1.5: icmp_seq=1 ttl=64 time=2 ms", "found"),
        ("Antwort von 192.168.1.5: Bytes=32 Zeit=2ms TTL=64", "found"),
        ("Antwort von 192.168.1.7: Zielhost nicht erreichbar.", "missing"),
        ("", "unknown"),
    ],
)
def test_ping(said: str, sign: str) -> None:
    """A ping that comes back has a time to live; Windows calls an error an answer, too."""
    assert lan_neighbours.ping("192.168.1.5", "win32", saying(said)) == sign


async def test_a_stand_in_that_is_seen_here() -> None:
    """A stand-in says that it is a room, and tells who asks; it counts for one who has not asked, too."""
    port = free_port()
    said: list[str] = []
    standing = asyncio.create_task(StandIn(port, said.append, udp_ports=[], host=LOOPBACK).run())
    while lan_probe.knock(LOOPBACK, port) != "answers":
        await asyncio.sleep(0)
    name = await asyncio.to_thread(lan_probe.room_at, LOOPBACK, port)
    told = await asyncio.to_thread(lan_probe.told_at, LOOPBACK, port)
    standing.cancel()
    assert name == f"doctor on {socket.gethostname()}"
    assert told is not None
    assert (told.broadcasts, told.questions) == (0, 0)
    assert any("has reached this machine: a connection (TCP)" in line for line in said)


def test_what_a_stand_in_says_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It prints what to type on the other machine, and what else is open here."""
    monkeypatch.setenv("WORKSHOP_TYPED", "py -m workshop")
    lines = how_to(8766, [RoomHere(8765, "", alone=True)], ["192.168.1.7"])
    assert "    py -m workshop doctor --lan 192.168.1.7:8766" in lines
    assert "    py -m workshop doctor --lan [fd00::1]:8766" in how_to(8766, [], ["fd00::1"])
    assert "A program is open here on port 8765, for this machine alone (loopback)." in lines


def test_heard() -> None:
    """A room is read out with its port."""
    assert Heard("Gem Rush", "10.0.0.1", 9000).where == "10.0.0.1:9000"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["doctor", "10.0.0.1"], "That needs --lan: py -m workshop doctor --lan 10.0.0.1"),
        (["doctor", "--serve"], "That needs --lan"),
        (["doctor", "--lan", "--serve", "--json"], "--serve takes neither"),
    ],
)
async def test_options_that_do_not_fit(words: list[str], said: str) -> None:
    """What was meant is told."""
    ended = await workshop(*words)
    assert ended.code == 2
    assert said in ended.err
