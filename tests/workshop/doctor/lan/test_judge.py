"""What the doctor says about the way between two machines, for everything that can be seen of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workshop.doctor.finding import Finding, errors
from workshop.doctor.lan.judge import judge_lan, judge_target
from workshop.doctor.lan.seen import Asked, Carried, Face, Heard, LanSeen, RoomHere, TargetSeen, Told

pytestmark = pytest.mark.usefixtures("typed")
WIFI = Face("wlan0", "192.168.1.7/24")
CABLE = Face("eth0", "192.168.1.8/24")
VPN = Face("tun0", "10.8.0.2/32")
HOST = "192.168.1.5"
ROOM = Heard("Gem Rush", HOST, 8765)
ELSEWHERE = Heard("Gem Rush", HOST, 9000)


def target(**seen: Any) -> TargetSeen:
    """A machine in our Wi-Fi that is silent in every way, but for what is given."""
    return TargetSeen(**{"host": HOST, "port": 8765, "tcp": "silent", "source": WIFI.ip, **seen})


def around(**seen: Any) -> LanSeen:
    """This machine, in a Wi-Fi where nobody has answered."""
    asked = [Asked(WIFI, WIFI.ip, "silent")]
    return LanSeen(**{"platform": "linux", "faces": [WIFI], "asked": asked, **seen})


def diagnosis(seen: TargetSeen, **others: Any) -> Finding:
    """The one fault that is named."""
    (finding,) = judge_target(around(**others), seen)
    return finding


def udp(seen: TargetSeen, **others: Any) -> Finding:
    """What is said about UDP when the room can be joined."""
    connection, finding = judge_target(around(**others), seen)
    assert connection.level == "ok"
    return finding


@pytest.mark.parametrize(
    "seen",
    [
        {"tcp": "silent", "neighbour": "found"},
        {"tcp": "silent", "ping": "found"},
        {"tcp": "silent", "udp": "refused"},
        {"tcp": "silent", "udp": "answers", "heard": [ROOM]},
        {"tcp": "unreachable", "neighbour": "found"},
        {"tcp": "refused", "udp": "answers", "heard": [ROOM]},
    ],
)
def test_a_closed_firewall(seen: dict[str, Any]) -> None:
    """A machine that is alive and lets no connection in has a firewall; each system's settings are named."""
    finding = diagnosis(target(**seen))
    assert (finding.about, finding.level) == ("firewall", "error")
    for words in ("Allow an app through firewall", "Allow incoming connections", "sudo ufw allow 8765/tcp"):
        assert words in finding.todo


def test_a_firewall_on_a_known_system() -> None:
    """When the other machine tells what it is, only its own settings are named."""
    finding = diagnosis(target(ping="found", told=Told("darwin")))
    assert "System Settings" in finding.todo
    assert "ufw" not in finding.todo


def test_the_port_that_was_asked_for() -> None:
    """A command that opens a firewall opens the port that somebody wants to reach."""
    finding = diagnosis(target(port=9000, ping="found", told=Told("linux")))
    assert "ufw allow 9000/tcp && sudo ufw allow 8766:8769/udp" in finding.todo


def test_known_by_its_hardware_alone() -> None:
    """A Wi-Fi that answers for its clients looks like a firewall: that is said, too."""
    assert "isolation" in diagnosis(target(neighbour="found")).todo
    assert "isolation" not in diagnosis(target(neighbour="found", ping="found")).todo


@pytest.mark.parametrize(("router", "said"), [("found", True), ("unknown", False), ("missing", False)])
def test_wifi_isolation(router: Any, said: bool) -> None:
    """An address in our network that nobody has, while the router is there: the Wi-Fi keeps clients apart."""
    finding = diagnosis(target(tcp="unreachable", neighbour="missing", router=router))
    assert finding.about == "Wi-Fi isolation"
    assert "client isolation" in finding.todo
    assert "doctor --lan --serve" in finding.todo
    assert ("though the router does" in finding.text) == said


def test_refused_is_loopback_or_nobody() -> None:
    """A machine that refuses has nobody who listens for others, and says how to be sure."""
    finding = diagnosis(target(tcp="refused", udp="refused"))
    assert finding.about == "loopback"
    assert "Likely" in finding.text
    assert '"0.0.0.0"' in finding.todo
    assert "py -m workshop doctor --lan" in finding.todo


def test_loopback_that_the_other_side_has_seen() -> None:
    """When a stand-in there has seen it, it is certain, although that stand-in itself is another room."""
    told = Told("linux", rooms=[RoomHere(8765, "", alone=True)])
    finding = diagnosis(target(tcp="refused", others=[ELSEWHERE], told=told))
    assert finding.about == "loopback"
    assert "The other machine says" in finding.text


@pytest.mark.parametrize(
    "seen",
    [
        {"port": 8700, "tcp": "refused", "heard": [ROOM]},
        {"port": 8700, "tcp": "silent", "others": [ROOM]},
        {"port": 8700, "tcp": "answers", "others": [ROOM]},
    ],
)
def test_a_wrong_port(seen: dict[str, Any]) -> None:
    """A room on another port of the same machine is named, with the command that joins it."""
    finding = diagnosis(target(**seen))
    assert (finding.about, finding.level) == ("wrong port", "error")
    assert finding.todo == f"Type: py -m workshop join {HOST}:8765"


def test_a_bare_websocket() -> None:
    """A program that is no room is a warning: the first steps' servers say nothing about themselves."""
    finding = diagnosis(target(tcp="answers"))
    assert (finding.about, finding.level) == ("connection", "warning")


def test_a_vpn() -> None:
    """What should go to the Wi-Fi and leaves through a VPN is named, with both interfaces."""
    finding = diagnosis(target(source="10.8.0.2"), faces=[WIFI, VPN])
    assert finding.about == "VPN"
    assert "tun0 (10.8.0.2)" in finding.text
    assert "wlan0" in finding.text
    assert "another one (10.9.0.1)" in diagnosis(target(source="10.9.0.1")).text


def test_a_second_interface() -> None:
    """With two interfaces in one network, the one that is taken may be the wrong one."""
    finding = diagnosis(target(source=CABLE.ip), faces=[WIFI, CABLE])
    assert finding.about == "second interface"
    assert "eth0 (192.168.1.8)" in finding.text


def test_macos_keeps_us_from_the_local_network() -> None:
    """On macOS, no way to anybody is its privacy setting; elsewhere, or with one answer, it is not."""
    seen = target(tcp="unreachable", udp="unreachable")
    closed = [Asked(WIFI, WIFI.ip, "unreachable")]
    finding = diagnosis(seen, platform="darwin", asked=closed)
    assert finding.about == "local network"
    assert "Privacy & Security, Local Network" in finding.todo
    assert diagnosis(seen, platform="linux", asked=closed).about != "local network"
    assert diagnosis(seen, platform="darwin").about != "local network"


@pytest.mark.parametrize("seen", [{"udp": "denied"}, {"tcp": "denied"}])
def test_our_own_firewall(seen: dict[str, Any]) -> None:
    """What the system itself refuses to send never left this machine."""
    finding = diagnosis(target(**seen), platform="win32")
    assert finding.about == "firewall here"
    assert "Outbound Rules" in finding.todo


def test_neither_vpn_nor_firewall_here_is_blamed_for_a_refusal() -> None:
    """A machine that refuses was reached over TCP: the way was right, whatever became of UDP."""
    assert diagnosis(target(tcp="refused", source="10.8.0.2"), faces=[WIFI, VPN]).about == "loopback"
    assert diagnosis(target(tcp="refused", udp="denied")).about == "loopback"


def test_another_network() -> None:
    """An address outside of our networks that is silent is somewhere else."""
    finding = diagnosis(target(host="10.1.1.1"))
    assert finding.about == "another network"
    assert "192.168.1.7/24 on wlan0" in finding.text
    assert diagnosis(target(host="10.1.1.1", ping="found")).about == "firewall"


def test_a_hardware_address_from_before() -> None:
    """What the system remembers of a silent machine is no sign of life: isolation is named, too."""
    finding = diagnosis(target(neighbour="remembered"))
    assert finding.about == "firewall or isolation"
    assert "known from before" in finding.text
    assert f"doctor --lan {HOST}:8765" in finding.todo


@pytest.mark.parametrize("late", [0, 2, 3, 32])
def test_packet_loss(late: int) -> None:
    """Many connections that lost a packet are named before anything that loss alone explains."""
    found = list(judge_target(around(), target(tcp="answers", room="Gem Rush", late=late)))
    assert (found[0].about == "packet loss") == (late >= 3)


def test_all_connections_late_is_no_loss() -> None:
    """A machine that never answers is silent, however often one dials."""
    assert diagnosis(target(late=32, ping="found")).about == "firewall"


@pytest.mark.parametrize(
    ("carried", "said"),
    [
        (Carried(1300, 1400), "above about 1300 bytes vanish on the way there:"),
        (Carried(1300, 1400, back=False), "on the way there, and large ones on the way back"),
        (Carried(4000, back=False), "from there to here"),
    ],
)
@pytest.mark.parametrize(
    ("platform", "fix"), [("win32", "netsh"), ("darwin", "-setMTU wlan0"), ("linux", "dev wlan0 mtu")]
)
def test_large_packets(carried: Carried, said: str, platform: str, fix: str) -> None:
    """Large packets that vanish are an error, with the way, and what helps on this system."""
    seen = target(tcp="answers", room="Gem Rush", carried=carried)
    finding = diagnosis(seen, platform=platform)
    assert (finding.about, finding.level) == ("large packets", "error")
    assert said in finding.text
    assert fix in finding.todo


def test_large_packets_that_arrive() -> None:
    """A way that carries all sizes has nothing to be said about."""
    connection, _ = judge_target(around(), target(tcp="answers", room="Gem Rush", carried=Carried(4000)))
    assert (connection.about, connection.level) == ("connection", "ok")


def test_only_ipv6() -> None:
    """A machine without IPv4 is told so, and a room here by the addresses that it has."""
    seen = LanSeen("linux", [], ipv6=["fd00::2"], here=[RoomHere(8765, "Gem Rush", alone=False)])
    told = {finding.about: finding for finding in judge_lan(seen)}
    assert (told["IPv6 only"].level, "network" in told) == ("error", False)
    assert "[fd00::2]:8765" in told["room here"].text
    unreachable = replace(seen, target=target(tcp="unreachable", source=""))
    assert [finding.about for finding in errors(list(judge_lan(unreachable)))] == ["IPv6 only"]


@pytest.mark.parametrize(
    ("seen", "about", "level"),
    [
        ({"tcp": "answers", "room": "Gem Rush"}, "connection", "ok"),
        ({"tcp": "answers"}, "IPv6", "warning"),
        ({"tcp": "silent"}, "IPv6", "error"),
    ],
)
def test_an_ipv6_address(seen: dict[str, Any], about: str, level: str) -> None:
    """A room at an IPv6 address can be joined by it; else the other kind of address is what helps."""
    found = next(judge_target(around(), target(host="fd00::1", **seen)))
    assert (found.about, found.level) == (about, level)
    assert "[fd00::1]:8765" in found.text


def test_nothing_to_go_by() -> None:
    """Where the system tells nothing more, both suspects are named, and how to tell them apart."""
    finding = diagnosis(target())
    assert finding.about == "firewall or isolation"
    assert "py -m workshop doctor --lan --serve" in finding.todo


def test_all_is_well() -> None:
    """A room that is joined and found is fine in both."""
    asked = [Asked(WIFI, WIFI.ip, "answers", [ROOM])]
    finding = udp(target(tcp="answers", room="Gem Rush", udp="answers"), asked=asked)
    assert (finding.about, finding.level) == ("search", "ok")


@pytest.mark.parametrize(
    ("seen", "words", "fix"),
    [
        ({"udp": "silent"}, "the firewall of that machine lets in only one", "There, on Windows"),
        ({"udp": "silent", "told": Told("win32")}, "None of our questions arrived", "Allow an app"),
        ({"udp": "silent", "told": Told("win32", questions=3)}, "a firewall here", "sudo ufw allow"),
        ({"udp": "silent", "told": Told("win32", broadcasts=3)}, "a firewall here", "sudo ufw allow"),
        ({"udp": "denied"}, "this machine refuses to send it", "sudo iptables -S OUTPUT"),
        ({"udp": "refused"}, "nothing there answers searches", "doctor"),
        ({"udp": "answers"}, "drops what is sent to everybody", "multicast"),
        ({"udp": "answers", "host": "10.1.1.1"}, "in another network", "same Wi-Fi"),
    ],
)
def test_udp_is_blocked(seen: dict[str, Any], words: str, fix: str) -> None:
    """With TCP open, each cause of a search in vain is told apart; the address works meanwhile."""
    found = target(tcp="answers", room="Gem Rush", **seen)
    finding = udp(found)
    assert (finding.about, finding.level) == ("UDP", "warning")
    assert words in finding.text
    assert fix in finding.todo
    assert f"py -m workshop join {found.where}" in finding.todo


def test_a_vpn_takes_the_broadcast() -> None:
    """A question to everybody that leaves through another interface is named so."""
    asked = [Asked(WIFI, "10.8.0.2", "silent")]
    finding = udp(target(tcp="answers", room="Gem Rush", udp="answers"), asked=asked)
    assert "leaves through another interface (10.8.0.2)" in finding.text


def search(**seen: Any) -> list[Finding]:
    """What is said when nobody was found."""
    return list(judge_lan(around(**seen)))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"faces": [], "asked": []}, ["network"]),
        ({}, ["rooms"]),
        ({"asked": [Asked(WIFI, "10.8.0.2", "silent")], "faces": [WIFI, VPN]}, ["VPN"]),
        ({"asked": [Asked(WIFI, WIFI.ip, "denied")]}, ["firewall here"]),
        ({"asked": [Asked(WIFI, WIFI.ip, "unreachable")], "platform": "darwin"}, ["local network"]),
        ({"asked": [Asked(WIFI, WIFI.ip, "unreachable")]}, ["rooms"]),
        ({"here": [RoomHere(8765, "Gem Rush", alone=True)]}, ["loopback"]),
        ({"here": [RoomHere(8765, "Gem Rush", alone=False)]}, []),
    ],
)
def test_nobody_is_found(seen: dict[str, Any], expected: list[str]) -> None:
    """A search in vain names what this machine alone can see; a room of its own needs no other one."""
    assert [finding.about for finding in errors(search(**seen))] == expected


def test_what_was_asked_where() -> None:
    """Each interface is told with what was asked on it; a VPN, too, although nobody can be asked there."""
    asked = [Asked(WIFI, WIFI.ip, "answers", [ROOM]), Asked(CABLE, CABLE.ip, "denied")]
    told = {finding.about: finding.text for finding in search(faces=[WIFI, CABLE, VPN], asked=asked)}
    assert "asked 192.168.1.255, and heard" in told["wlan0"]
    assert '"Gem Rush" at 192.168.1.5:8765' in told["wlan0"]
    assert "could not ask 192.168.1.255 (denied)" in told["eth0"]
    assert "nobody can be asked there" in told["tun0"]


def test_a_room_here_is_told_with_its_addresses() -> None:
    """A host sees what others can type, and what is known of its firewall."""
    told = {finding.about: finding for finding in search(here=[RoomHere(8765, "", alone=False)])}
    assert "192.168.1.7:8765" in told["room here"].text
    assert "firewall" in told


REPLIES = st.sampled_from(["answers", "refused", "silent", "unreachable", "denied"])
SIGNS = st.sampled_from(["found", "missing", "unknown"])
ROOMS = st.lists(st.sampled_from([ROOM, ELSEWHERE]), max_size=2)
TARGETS = st.builds(
    TargetSeen,
    host=st.sampled_from([HOST, "10.1.1.1"]),
    port=st.sampled_from([8765, 9000]),
    tcp=REPLIES,
    room=st.sampled_from(["", "Gem Rush"]),
    source=st.sampled_from(["", WIFI.ip, CABLE.ip, "10.8.0.2"]),
    udp=REPLIES,
    heard=ROOMS,
    others=ROOMS,
    neighbour=SIGNS | st.just("remembered"),
    late=st.sampled_from([0, 3]),
    carried=st.none() | st.builds(Carried, st.just(1300), st.sampled_from([0, 1400]), st.booleans()),
    router=SIGNS,
    ping=SIGNS,
    told=st.none()
    | st.builds(Told, st.sampled_from(["linux", "win32"]), st.integers(0, 1), st.integers(0, 1)),
)


@given(TARGETS, st.sampled_from(["linux", "win32", "darwin"]), st.lists(st.sampled_from([WIFI, CABLE, VPN])))
def test_whatever_is_seen_has_a_word(seen: TargetSeen, platform: str, faces: list[Face]) -> None:
    """Nothing that can be seen is left without a finding, and what is wrong comes with something to do."""
    asked = [Asked(face, face.ip, "silent") for face in faces if face.broadcast]
    findings = list(judge_target(LanSeen(platform, faces, asked), seen))
    assert findings
    assert all(finding.todo for finding in findings if finding.level != "ok")
