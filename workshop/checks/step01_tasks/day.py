"""One day in somebody's mine of step 01: a run of the program, and what can be read from its lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, START_SECONDS, Program

FAST, SLOW = 8.0, 2.0  # for --speed
STONES = ("a ruby", "an opal", "a lump of coal")
ENDLESS = 60  # lines; a whole day has 16, or 28 when one miner digs after the other
BACK = "all are back"


class Day(NamedTuple):
    """What one run of the program has printed; ``exit_code`` is None when it does not end."""

    lines: list[str]
    exit_code: int | None

    def places(self, words: str) -> list[int]:
        """The numbers of the lines that contain the words."""
        return [number for number, line in enumerate(self.lines) if words in line]

    @property
    def all_down_first(self) -> bool:
        """True when all three went down before the first came back."""
        down, back = self.places("goes down"), self.places("is back with")
        return len(down) == len(back) == len(STONES) and max(down) < min(back)

    @property
    def seconds(self) -> float:
        """How long the miners took together, as the program says."""
        found = re.search(rf"{BACK} after ([\d.]+) s", "\n".join(self.lines))
        return float(found[1]) if found else 0.0

    def ticks(self, *, after: bool = False) -> int:
        """How often the clock ticked before, or after, all were back."""
        end = next(iter(self.places(BACK)), len(self.lines))
        return sum(
            (number > end) == after
            for number in self.places("tick")
            if re.match(r"\s*tick\b", self.lines[number], re.I)
        )


async def lived(lab: Lab, speed: float = FAST) -> Day:
    """Run the program to its end; or until it says too much, or nothing more."""
    async with lab.program("mining", "--speed", speed) as program:
        seen = -1
        while not over(program) and len(program.lines) > seen:
            seen = len(program.lines)
            await news(program, seen)
        if program.exit_code is None:
            await program.until(lambda: program.trouble("blocked"), 1.0)
        else:
            await program.ended()
        return Day(list(program.lines), program.exit_code)


async def news(program: Program, seen: int) -> None:
    """Wait until the program has said more, or is over."""
    seconds = PATIENCE if seen else START_SECONDS
    await program.until(lambda: over(program) or len(program.lines) > seen, seconds)


def over(program: Program) -> bool:
    """True when the program has ended, or said more than it ever should."""
    return program.exit_code is not None or len(program.lines) > ENDLESS
