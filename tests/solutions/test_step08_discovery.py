"""The beacon and the browser of step 08 on a LAN: they find each other, and netlib's rooms, by broadcast."""

import subprocess
import sys

import pytest

from tests.support.lan import Lan, lan_fixture  # noqa: F401  pytest finds the fixture here

pytestmark = pytest.mark.root
RESPOND = """
import asyncio, sys
from netlib.discovery.beacon import RoomInfo, new_id
from netlib.discovery.discovery import PORTS
from solutions.step08_discovery.beacon import Beacon

async def main(id):
    info = RoomInfo(id=id, name=sys.argv[1], players=3, max_players=32, port=8765, protocol=1)
    async with Beacon(lambda: info, PORTS):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main(new_id()))
"""
BROWSE = """
import asyncio, sys
from netlib.discovery.discovery import PORTS
from netlib.discovery.interfaces import LOOPBACK, broadcast_addresses, scan
from solutions.step08_discovery.browser import Browser

async def main(wanted):
    async with asyncio.timeout(20), Browser([LOOPBACK, *broadcast_addresses(scan())], PORTS, 0.2) as browser:
        searching = asyncio.create_task(browser.search_on())
        while len(browser.rooms) < wanted:
            await asyncio.sleep(0.05)
        searching.cancel()
        for room in browser.rooms:
            print(room.name, room.players, room.address)

asyncio.run(main(int(sys.argv[1])))
"""


def respond(lan: Lan, host: str, name: str) -> subprocess.Popen[str]:
    """Start a beacon, and wait until it listens."""
    process = lan.popen(
        host, [sys.executable, "-c", RESPOND, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def browse(lan: Lan, host: str, wanted: int) -> list[str]:
    """The rooms that a browser finds, one line each."""
    done = lan.run(host, [sys.executable, "-c", BROWSE, str(wanted)])
    assert done.returncode == 0, done.stderr
    return list(done.stdout.splitlines())


def test_rooms_of_two_machines_are_found_by_broadcast(lan: Lan) -> None:
    """Two rooms on one machine and one on the searcher's own, each once, with addresses that lead there."""
    respond(lan, "server", "Ada's")
    respond(lan, "server", "Ben's")
    respond(lan, "ann", "Own")
    there = lan.address("server")
    found = browse(lan, "ann", 3)
    assert found[:2] == [f"Ada's 3 {there}:8765", f"Ben's 3 {there}:8765"]
    assert len(found) == 3
    assert found[2] in ("Own 3 127.0.0.1:8765", f"Own 3 {lan.address('ann')}:8765")
