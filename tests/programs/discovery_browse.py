"""Search for at most that many seconds; prints JSON with the rooms, the problem and the time it took."""

import asyncio
import json
import sys
import time

from netlib.discovery.discovery import Browser


async def main(seconds: float, until_found: bool) -> None:
    started = time.perf_counter()
    async with Browser() as browser:
        while time.perf_counter() - started < seconds and not (until_found and browser.rooms):
            await asyncio.sleep(0.02)
        rooms = [{"name": room.name, "address": room.address} for room in browser.rooms]
        took = time.perf_counter() - started
        print(json.dumps({"rooms": rooms, "problem": browser.problem, "seconds": took}))


asyncio.run(main(float(sys.argv[1]), "--until-found" in sys.argv))
