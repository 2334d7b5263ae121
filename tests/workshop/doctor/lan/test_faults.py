"""`doctor --lan` on a network of namespaces where each fault is made for real: each is named."""

import json
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from tests.support import tools
from tests.support.lan import NETWORK, ROOT, Lan, lan_fixture
from workshop.doctor.lan.judge import judge_lan
from workshop.doctor.lan.seen import LanSeen

__all__ = ["lan_fixture"]

pytestmark = pytest.mark.root

DOCTOR = [sys.executable, "-m", "workshop", "doctor", "--lan"]
ROOM = [sys.executable, str(ROOT / "tests/programs/lan_room.py")]
SEEN = "import netlib, sys, msgspec, workshop.doctor.lan.examine as lan; " + (
    "sys.stdout.buffer.write(msgspec.json.encode(netlib.run(lan.look_at_lan(sys.argv[1]))))"
)


def start(lan: Lan, host: str, command: list[str], ready: str) -> subprocess.Popen[str]:
    """Start a program in a host, and wait until it has printed that word."""
    process = lan.popen(host, command, stdout=subprocess.PIPE, env={"PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    for line in process.stdout:
        if ready in line:
            return process
    raise AssertionError(f"{command} has ended without {ready!r}")


def open_room(lan: Lan, port: int = 8765, *host: str) -> None:
    """Open a room on the server."""
    start(lan, "server", [*ROOM, str(port), *host], "ready")


def stand_in(lan: Lan) -> subprocess.Popen[str]:
    """Let the doctor stand in for a room on the server."""
    return start(lan, "server", [*DOCTOR, "--serve"], "What reaches this machine")


def run(lan: Lan, host: str, *command: str) -> None:
    """Change a host's network."""
    done = lan.run(host, command)
    assert done.returncode == 0, done.stderr


def drop(lan: Lan, host: str, *rule: str) -> None:
    """Let a host's firewall do something to what comes in."""
    run(lan, host, "iptables", "-w", "-A", "INPUT", *rule)


def keep_apart(lan: Lan) -> None:
    """Let the switch keep the server and ann apart."""
    tools.need_tools("bridge")
    for port in ("port0", "port1"):
        run(lan, "switch", "bridge", "link", "set", "dev", port, "isolated", "on")


def meet(lan: Lan, state: str) -> None:
    """Let ann know the server's hardware address from a connection, and be so sure of it."""
    dial = f"import socket; socket.create_connection(({lan.address('server')!r}, 8765)).close()"
    run(lan, "ann", sys.executable, "-c", dial)
    run(lan, "ann", "ip", "neigh", "change", lan.address("server"), "dev", "eth0", "nud", state)


def interface_to_nowhere(lan: Lan, name: str) -> None:
    """Give ann another interface, behind which nobody is."""
    run(lan, "ann", "ip", "link", "add", name, "type", "veth", "peer", "name", "nowhere")
    for end in (name, "nowhere"):
        run(lan, "ann", "ip", "link", "set", end, "up")


def look(lan: Lan, address: str = "", who: str = "ann") -> dict[str, dict[str, str]]:
    """What the doctor says on a host, by what it is about; what is fine is left out."""
    done = lan.run(who, [*DOCTOR, "--json", *([address] if address else [])])
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)["findings"]
    return {finding["about"]: finding for finding in told if finding["level"] != "ok"}


@pytest.mark.parametrize("time", range(3))
def test_no_false_alarm(lan: Lan, time: int) -> None:
    """On a LAN where all is well nothing is named, however often one looks."""
    open_room(lan)
    assert look(lan, lan.address("server")) == {}


def test_all_is_well(lan: Lan) -> None:
    """With an open room the doctor finds it by itself, and nothing is in the way."""
    open_room(lan)
    done = lan.run("ann", DOCTOR)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f'asked {NETWORK}.255, and heard "Gem Rush" at {lan.address("server")}:8765' in done.stdout
    assert "you can join it" in done.stdout
    assert "Nothing is in the way" in done.stdout


@pytest.mark.parametrize(
    "rule",
    [
        ["-p", "tcp", "-j", "DROP"],
        ["-j", "DROP"],
        ["-j", "REJECT", "--reject-with", "icmp-admin-prohibited"],
        ["-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset"],
    ],
    ids=["drops-tcp", "drops-all", "prohibits-all", "resets-tcp"],
)
def test_a_closed_firewall(lan: Lan, rule: list[str]) -> None:
    """A server's firewall that drops or rejects connections is named, in each of its manners."""
    open_room(lan)
    drop(lan, "server", *rule)
    assert list(look(lan, lan.address("server"))) == ["firewall"]


def test_wifi_isolation(lan: Lan) -> None:
    """Two clients of a switch that keeps them apart, although both reach the router."""
    open_room(lan)
    run(lan, "ann", "ip", "route", "add", "default", "via", lan.address("bob"))
    keep_apart(lan)
    found = look(lan, lan.address("server"))
    assert list(found) == ["Wi-Fi isolation"]
    assert "though the router does" in found["Wi-Fi isolation"]["text"]


def test_isolation_with_a_warm_arp_cache(lan: Lan) -> None:
    """A hardware address that is known from before, and is asked for in vain, is no sign of life."""
    open_room(lan)
    meet(lan, "stale")
    keep_apart(lan)
    assert list(look(lan, lan.address("server"))) == ["Wi-Fi isolation"]


def test_isolation_with_an_arp_cache_that_asks_later(lan: Lan) -> None:
    """Where the system is still sure of the address, both causes are named, and when it will be clear."""
    open_room(lan)
    meet(lan, "reachable")
    keep_apart(lan)
    found = look(lan, lan.address("server"))
    assert list(found) == ["firewall or isolation"]
    assert "known from before" in found["firewall or isolation"]["text"]
    assert "In a minute that is clear" in found["firewall or isolation"]["todo"]


def test_a_closed_firewall_with_a_warm_arp_cache(lan: Lan) -> None:
    """A machine that still gives its hardware address is there: its firewall is named."""
    open_room(lan)
    meet(lan, "stale")
    drop(lan, "server", "-j", "DROP")
    assert list(look(lan, lan.address("server"))) == ["firewall"]


@pytest.mark.parametrize("narrow", ["server", "ann"])
def test_large_packets_vanish(lan: Lan, narrow: str) -> None:
    """Large packets that vanish without a word in one direction are named, with that direction."""
    open_room(lan)
    drop(lan, narrow, "-m", "length", "--length", "1301:", "-j", "DROP")
    found = look(lan, lan.address("server"))
    assert list(found) == ["large packets"]
    said = {"server": "above about 1300 bytes vanish on the way there:", "ann": "from there to here"}
    assert said[narrow] in found["large packets"]["text"]


def test_large_packets_vanish_in_a_switch(lan: Lan) -> None:
    """A switch that carries less than both machines think is named; what the doctor says then helps."""
    open_room(lan)
    run(lan, "switch", "ip", "link", "set", "port0", "mtu", "1300")
    found = look(lan, lan.address("server"))["large packets"]
    assert "way there, and large ones on the way back" in found["text"]
    assert "sudo ip link set dev eth0 mtu 1300" in found["todo"]
    run(lan, "ann", "ip", "link", "set", "dev", "eth0", "mtu", "1300")
    assert look(lan, lan.address("server")) == {}


@pytest.mark.parametrize("lossy", [("ann",), ("server", "ann")])
def test_packets_get_lost(lan: Lan, lossy: tuple[str, ...]) -> None:
    """A way that loses a third of all packets is named as that, and nothing else is blamed."""
    open_room(lan)
    for host in lossy:
        drop(lan, host, "-m", "statistic", "--mode", "random", "--probability", "0.3", "-j", "DROP")
    found = look(lan, lan.address("server"))
    assert list(found) == ["packet loss"]
    assert "had to be tried again" in found["packet loss"]["text"]


def test_only_ipv6(lan: Lan) -> None:
    """Machines without IPv4 are on a network all the same; a room is joined by its IPv6 address."""
    open_room(lan)
    for number, host in enumerate(("server", "ann"), 1):
        run(lan, host, "ip", "-4", "address", "flush", "dev", "eth0")
        run(lan, host, "ip", "-6", "address", "add", f"fd00::{number}/64", "dev", "eth0", "nodad")
    found = look(lan)
    assert list(found) == ["IPv6 only"]
    assert "fd00::2" in found["IPv6 only"]["text"] and "join [fd00::1]" in found["IPv6 only"]["todo"]
    assert look(lan, "[fd00::1]:8765")["IPv6 only"]["level"] == "warning"
    assert look(lan, "[fd00::9]:8765")["IPv6"]["level"] == "error"
    assert list(look(lan, who="server")) == ["IPv6 only"]
    process = start(lan, "server", [*DOCTOR, "--serve"], "On the other machine type")
    assert process.stdout is not None
    assert "doctor --lan [fd00::1]:8766" in process.stdout.readline()


def test_bound_to_loopback(lan: Lan) -> None:
    """A server on loopback is seen at home, likely from outside, and certain with a stand-in beside it."""
    open_room(lan, 8765, "127.0.0.1")
    assert '"Gem Rush" on this machine' in look(lan, who="server")["loopback"]["text"]
    assert "Likely" in look(lan, lan.address("server"))["loopback"]["text"]
    stand_in(lan)
    found = look(lan, lan.address("server"))
    assert list(found) == ["loopback"]
    assert "The other machine says" in found["loopback"]["text"]


def test_a_vpn_with_the_better_route(lan: Lan) -> None:
    """A VPN that takes the LAN's addresses is named, with its name and address."""
    open_room(lan)
    interface_to_nowhere(lan, "tun0")
    run(lan, "ann", "ip", "address", "add", "10.8.0.2/24", "dev", "tun0")
    run(lan, "ann", "ip", "route", "add", f"{NETWORK}.0/25", "dev", "tun0")
    found = look(lan, lan.address("server"))
    assert list(found) == ["VPN"]
    assert "tun0 (10.8.0.2)" in found["VPN"]["text"]


def test_a_second_interface_in_the_same_network(lan: Lan) -> None:
    """Of two interfaces in one network, the one with the better route leads nowhere: it is named."""
    open_room(lan)
    interface_to_nowhere(lan, "wlan0")
    run(lan, "ann", "ip", "route", "delete", f"{NETWORK}.0/24", "dev", "eth0")
    run(lan, "ann", "ip", "address", "add", f"{NETWORK}.50/24", "dev", "wlan0")
    found = look(lan, lan.address("server"))
    assert list(found) == ["second interface"]
    assert f"wlan0 ({NETWORK}.50)" in found["second interface"]["text"]


def test_a_vpn_takes_the_search(lan: Lan) -> None:
    """Without an address, a question to everybody that leaves through a VPN is named."""
    open_room(lan)
    interface_to_nowhere(lan, "tun0")
    run(lan, "ann", "ip", "address", "add", "10.8.0.2/32", "dev", "tun0")
    run(lan, "ann", "ip", "route", "delete", "broadcast", f"{NETWORK}.255", "dev", "eth0", "table", "local")
    run(lan, "ann", "ip", "route", "add", f"{NETWORK}.128/25", "dev", "tun0")
    assert list(look(lan)) == ["VPN"]


@pytest.mark.parametrize("room", [9000, 8767])
def test_a_wrong_port(lan: Lan, room: int) -> None:
    """A room on another port than the typed one is named: found over UDP, or, without that, nearby."""
    open_room(lan, room)
    if room == 8767:
        lan.block_udp("server")
    found = look(lan, lan.address("server"))
    assert list(found) == ["wrong port"]
    assert f"{lan.address('server')}:{room}" in found["wrong port"]["todo"]


def test_udp_is_blocked_at_the_server(lan: Lan) -> None:
    """TCP goes through and UDP does not: the address still works, and it is not an error."""
    open_room(lan)
    lan.block_udp("server")
    found = look(lan, lan.address("server"))
    assert {name: finding["level"] for name, finding in found.items()} == {"UDP": "warning"}
    assert "lets in only one" in found["UDP"]["text"]


def test_udp_is_blocked_there_and_they_say_so(lan: Lan) -> None:
    """A stand-in that has heard no question tells that the way there is closed."""
    stand_in(lan)
    drop(lan, "server", "-p", "udp", "-j", "DROP")
    assert "None of our questions arrived" in look(lan, lan.address("server"))["UDP"]["text"]


def test_udp_is_blocked_on_the_way_back(lan: Lan) -> None:
    """A stand-in that has heard the questions tells that only the answers are lost: the firewall is here."""
    process = stand_in(lan)
    drop(lan, "ann", "-p", "udp", "-j", "DROP")
    assert "a firewall here" in look(lan, lan.address("server"))["UDP"]["text"]
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(3)]
    for what in ("UDP broadcast", "to this machine (UDP)", "TCP"):
        assert any(f"{lan.address('ann')} has reached this machine" in line and what in line for line in said)


def test_our_own_firewall_stops_udp(lan: Lan) -> None:
    """What this machine itself refuses to send is not blamed on the other one."""
    open_room(lan)
    lan.block_udp("ann")
    assert "refuses to send it" in look(lan, lan.address("server"))["UDP"]["text"]


def test_no_room_anywhere(lan: Lan) -> None:
    """Where nobody answers, the doctor says what to ask for, and ends with 1."""
    assert list(look(lan)) == ["rooms"]


def test_join_does_not_find_a_stand_in(lan: Lan) -> None:
    """A stand-in answers the doctor alone: `join` goes to no room that is none."""
    stand_in(lan)
    join = lan.run("ann", [sys.executable, "-m", "workshop", "join"], env={"SDL_VIDEODRIVER": "dummy"})
    assert join.returncode == 2
    assert "No room answered" in join.stderr


def test_macos_keeps_us_from_the_local_network(lan: Lan) -> None:
    """No way to anybody in the own network, at once: as macOS answers without its permission."""
    open_room(lan)
    run(lan, "ann", "ip", "rule", "add", "pref", "10", "table", "local")
    run(lan, "ann", "ip", "rule", "add", "pref", "5", "to", f"{NETWORK}.0/24", "type", "unreachable")
    run(lan, "ann", "ip", "rule", "delete", "pref", "0")
    done = lan.run("ann", [sys.executable, "-c", SEEN, lan.address("server")])
    assert done.returncode == 0, done.stderr
    seen = msgspec.structs.replace(msgspec.json.decode(done.stdout, type=LanSeen), platform="darwin")
    found: dict[str, Any] = {finding.about: finding for finding in judge_lan(seen) if finding.level != "ok"}
    assert list(found) == ["local network"]
