"""In network namespaces: a laptop with a VPN and containers tells its attendees the address of the LAN."""

import json
from pathlib import Path

import pytest

from tests.support.lan import Lan, host_room, lan_fixture

__all__ = ["lan_fixture"]
pytestmark = [pytest.mark.root, pytest.mark.slow]
INFO = "import urllib.request as web; print(web.urlopen('http://{}:8765/room.json').read().decode())"
INTERFACES = [
    ("tun0", "bridge", "10.8.0.2/24"),
    ("docker0", "bridge", "172.17.0.1/16"),
    ("br-0123456789ab", "bridge", "192.168.49.1/24"),
]


@pytest.mark.usefixtures("typed")
def test_a_vpn_has_the_default_route(lan: Lan, tmp_path: Path) -> None:
    """Terminal and board name the LAN's address, and the room's command works with it."""
    for name, kind, address in INTERFACES:
        for words in (
            ["link", "add", name, "type", kind],
            ["address", "add", address, "dev", name],
            ["link", "set", name, "up"],
        ):
            assert lan.run("server", ["ip", *words]).returncode == 0
    assert lan.run("server", ["ip", "route", "add", "default", "dev", "tun0"]).returncode == 0
    room = host_room(lan, tmp_path / "log")
    ours = lan.address("server")
    room.wait_for(rf"join {ours}$")
    room.wait_for(r"also has .*10\.8\.0\.2 \(tun0, a VPN\)")
    told = json.loads(lan.run("ann", ["python3", "-c", INFO.format(ours)]).stdout)
    assert told["play"] == f"http://{ours}:8765/play"
    assert next(iter(told["addresses"])) == ours and list(told["addresses"])[-1] == "10.8.0.2"
