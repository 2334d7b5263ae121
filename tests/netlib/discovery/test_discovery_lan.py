"""Discovery between hosts, on a LAN of network namespaces."""

import json
import subprocess
import sys
from typing import Any

import pytest

from netlib.discovery.discovery import FIREWALL, NO_NETWORK, PORTS, SEARCH_TIME
from tests.support.lan import ROOT, Lan, lan_fixture, require  # noqa: F401  pytest finds the fixture here

pytestmark = pytest.mark.root

RESPOND = [sys.executable, str(ROOT / "tests/programs/discovery_respond.py")]
BROWSE = [sys.executable, str(ROOT / "tests/programs/discovery_browse.py")]


def announce(lan: Lan, host: str, name: str) -> int:
    """Announce a room in a host; gives the UDP port when it can be found."""
    process = lan.popen(host, [*RESPOND, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    word, port = process.stdout.readline().split()
    assert word == "ready"
    return int(port)


def search(lan: Lan, host: str, *options: str) -> Any:
    """Search in a host, with the program's options; gives what it printed."""
    done = lan.run(host, [*BROWSE, *options])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_found_by_broadcast(lan: Lan) -> None:
    """A searcher finds the server of another host by broadcast, at its LAN address."""
    announce(lan, "server", "Gem Rush")
    found = search(lan, "ann", "20", "--until-found")
    assert found["rooms"] == [{"name": "Gem Rush", "address": f"{lan.address('server')}:8765"}]
    assert found["problem"] is None
    assert found["seconds"] < 10


def test_two_servers_on_one_host(lan: Lan) -> None:
    """Two servers on one host take two ports, and a third host finds both."""
    assert [announce(lan, "server", "One"), announce(lan, "server", "Two")] == list(PORTS[:2])
    found = search(lan, "bob", str(SEARCH_TIME))
    assert [room["name"] for room in found["rooms"]] == ["One", "Two"]


def test_own_room_shows_once_with_its_lan_address(lan: Lan) -> None:
    """A searcher on the server's own host lists the room once, at the address that others can use."""
    announce(lan, "server", "Gem Rush")
    found = search(lan, "server", str(SEARCH_TIME))
    assert [room["address"] for room in found["rooms"]] == [f"{lan.address('server')}:8765"]


def test_udp_blocked_at_the_server(lan: Lan) -> None:
    """When the server's firewall drops UDP, the search ends in time and finds nothing."""
    announce(lan, "server", "Gem Rush")
    lan.block_udp("server")
    found = search(lan, "ann", str(SEARCH_TIME))
    assert found["rooms"] == []
    assert found["problem"] is None
    assert SEARCH_TIME <= found["seconds"] < SEARCH_TIME + 5


def test_udp_blocked_at_the_searcher(lan: Lan) -> None:
    """When the searcher's own firewall refuses UDP, the search says so, and ends in time."""
    announce(lan, "server", "Gem Rush")
    lan.block_udp("ann")
    found = search(lan, "ann", str(SEARCH_TIME))
    assert (found["rooms"], found["problem"]) == ([], FIREWALL)
    assert found["seconds"] < SEARCH_TIME + 5
    lan.unblock_udp("ann")
    assert search(lan, "ann", "20", "--until-found")["rooms"]


def test_cable_pulled(lan: Lan) -> None:
    """A server whose cable is pulled is not found, and is found again when it is plugged in."""
    announce(lan, "server", "Gem Rush")
    lan.cut("server")
    assert search(lan, "ann", "0.5")["rooms"] == []
    lan.mend("server")
    assert search(lan, "ann", "20", "--until-found")["rooms"]


def test_no_network(lan: Lan) -> None:
    """A host without a network says so, and still finds the rooms on itself."""
    down = lan.run("bob", ["ip", "address", "flush", "dev", "eth0"])
    assert down.returncode == 0, down.stderr
    announce(lan, "bob", "Alone")
    found = search(lan, "bob", "20", "--until-found")
    assert found["problem"] == NO_NETWORK
    assert [room["address"] for room in found["rooms"]] == ["127.0.0.1:8765"]


def test_nothing_is_left_behind() -> None:
    """A LAN whose making or use fails removes its hosts and ends what ran in them."""
    require()
    lan = Lan(hosts=("one",))
    with pytest.raises(ZeroDivisionError), lan:
        process = lan.popen("one", ["sleep", "600"])
        raise ZeroDivisionError
    assert process.returncode is not None
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    assert lan.namespace("one") not in listed
