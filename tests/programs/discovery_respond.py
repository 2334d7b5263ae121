"""Announce one room until standard input ends; says ``ready`` with the UDP port when it can be found."""

import asyncio
import sys

from netlib.discovery.beacon import RoomInfo, new_id
from netlib.discovery.discovery import Responder


async def main(name: str) -> None:
    info = RoomInfo(id=new_id(), name=name, players=2, max_players=32, port=8765, protocol=1)
    responder = Responder(lambda: info)
    await responder.start()
    print("ready", responder.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    responder.close()


asyncio.run(main(sys.argv[1]))
