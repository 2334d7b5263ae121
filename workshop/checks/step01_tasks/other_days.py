"""Other days in somebody's mine, run inside its process: a long one, and one on which a miner fails.

The command line has the name of the mine's module, of the day, and the speed.
"""

import asyncio
import sys
from importlib import import_module
from typing import Any, NoReturn

LONGER = 40  # times as long as usual
PATIENT, SILENCE = 9.0, 3.0  # seconds of the mine: for a day with a failure; to hear whether a clock ticks
FAILS, ENDED = "a miner fails", "the day has ended"


class FallingRock:
    """What a miner who fails finds: naming it raises an exception."""

    def __format__(self, spec: str) -> NoReturn:
        sys.stdout.write(f"{FAILS}\n")
        raise RuntimeError("the roof came down")

    def __str__(self) -> NoReturn:
        format(self)
        raise AssertionError("it has raised")


async def long_day(mine: Any, speed: float) -> None:
    """Everybody digs for longer."""
    mine.MINERS = tuple(miner._replace(seconds=miner.seconds * LONGER) for miner in mine.MINERS)
    await mine.main(speed)


async def failing_day(mine: Any, speed: float) -> None:
    """The second miner fails; say when the day is over, and go on for a while."""
    first, second, *others = mine.MINERS
    mine.MINERS = (first, second._replace(stone=FallingRock()), *others)
    day = asyncio.ensure_future(mine.main(speed))
    await asyncio.wait([day], timeout=PATIENT / speed)
    if day.done() and not day.cancelled() and day.exception():
        sys.stdout.write(f"{ENDED}\n")
        await asyncio.sleep(SILENCE / speed)


if __name__ == "__main__":
    days = {"long": long_day, "failing": failing_day}
    asyncio.run(days[sys.argv[2]](import_module(sys.argv[1]), float(sys.argv[3])))
