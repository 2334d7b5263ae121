"""A mine: three miners dig at the same time, and a clock ticks until all are back.

Run it with ``python -m starter.step01_tasks.mining``; ``--speed 10`` makes it ten times as fast.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from typing import NamedTuple

TICK_SECONDS = 0.5


class Miner(NamedTuple):
    """A miner who digs for so many seconds, and what comes up."""

    name: str
    seconds: float
    stone: str


MINERS = (Miner("Ada", 3.0, "a ruby"), Miner("Ben", 2.0, "an opal"), Miner("Cleo", 1.0, "a lump of coal"))


async def dig(miner: Miner, speed: float) -> str:
    """Go down, dig, and come back. Returns the stone."""
    print(f"{miner.name} goes down")
    # TODO 01.1: time.sleep() stops the whole program, not just this miner. Wait with asyncio.sleep()
    # instead, and put await before it: then others have their turn meanwhile.
    time.sleep(miner.seconds / speed)
    print(f"{miner.name} is back with {miner.stone}")
    return miner.stone


async def shift(speed: float) -> list[str]:
    """Let all miners dig at the same time, and wait for the last one. Returns their stones."""
    # TODO 01.2: this waits for each miner before the next one goes down. Make a task of each dig(…)
    # first, all three, and only then wait for them: with asyncio.TaskGroup, or with asyncio.gather.
    stones = []
    for miner in MINERS:
        stones.append(await dig(miner, speed))
    return stones


async def tick(speed: float) -> None:
    """Print "tick" twice a second, until the clock is stopped."""
    # TODO 01.3: this ticks once. Tick again and again: a loop without an end is fine in a task, as
    # long as there is an await in it.
    await asyncio.sleep(TICK_SECONDS / speed)
    print("tick")


async def sell(stones: list[str], speed: float) -> None:
    """Sell one stone after another, in silence."""
    for stone in stones:
        await asyncio.sleep(TICK_SECONDS / speed)
        print(f"sold {stone}")


async def main(speed: float) -> None:
    """One day in the mine: the clock ticks while the miners dig, and is silent while stones are sold."""
    began = time.monotonic()
    # TODO 01.4: nobody runs tick(…) yet. Make a task of it before the miners go down, and cancel() that
    # task when they are back, whatever happened to them: try, finally.
    stones = await shift(speed)
    print(f"all are back after {(time.monotonic() - began) * speed:.1f} s")
    await sell(stones, speed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--speed", type=float, default=1.0, help="2 is twice as fast")
    try:
        asyncio.run(main(parser.parse_args().speed))
    except KeyboardInterrupt:
        print("the mine is closed")
