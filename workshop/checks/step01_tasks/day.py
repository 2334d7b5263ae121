"""Days in somebody's mine of step 01: runs of the program, and what can be read from their lines."""

import re
from typing import NamedTuple

from workshop.checking.diagnosis import is_blocked
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, START_SECONDS, Program

FAST, SLOW = 8.0, 2.0  # for --speed
NAMES = ("Ada", "Ben", "Cleo")
STONES = ("a ruby", "an opal", "a lump of coal")
ENDLESS = 64  # lines; a whole day has 16, or 58 when no miner heeds the speed
FLOOD = 1000  # lines that no day has, even with many a print to look for mistakes
BLOCKED_WAIT = 2.0  # seconds until a loop that stands still is told as that
DOWN, HOME, BACK = "goes down", "is back with", "all are back"


class Day(NamedTuple):
    """What one run of the program has printed; ``exit_code`` is None when it does not end."""

    lines: list[str]
    exit_code: int | None

    def places(self, words: str) -> list[int]:
        """The numbers of the lines that contain the words."""
        return [number for number, line in enumerate(self.lines) if words in line]

    @property
    def sold(self) -> list[str]:
        """What was sold."""
        return [line.removeprefix("sold ") for line in self.lines if line.startswith("sold ")]

    def each(self, words: str) -> dict[str, int]:
        """Each miner's first line with the words, by the miner's name, in the order of the lines."""
        found = dict[str, int]()
        for number in self.places(words):
            for name in re.findall("|".join(NAMES), self.lines[number])[:1]:
                found.setdefault(name, number)
        return found

    @property
    def all_down_first(self) -> bool:
        """True when all three went down before the first came back."""
        down, home = self.each(DOWN), self.each(HOME)
        return len(down) == len(home) == len(NAMES) and max(down.values()) < min(home.values())

    @property
    def order(self) -> list[str]:
        """The miners who came back, one after the other."""
        return list(self.each(HOME))

    @property
    def seconds(self) -> float | None:
        """How long the miners took together, as the program says; None when it does not."""
        found = re.search(rf"{BACK} after (-?[\d.]+) s", "\n".join(self.lines))
        return float(found[1]) if found else None

    def ticks(self, *, after: str = "", before: str = "") -> int:
        """How often the clock ticked; behind a line with these words, or before the first such line."""
        first = self.places(after)[0] if after else -1
        last = next(iter(self.places(before)), len(self.lines)) if before else len(self.lines)
        found = (number for number, line in enumerate(self.lines) if re.search(r"\btick\b", line, re.I))
        return sum(first < number < last for number in found)


async def first_day(lab: Lab) -> Day:
    """A day of this check, which all parts look at; what went wrong in it counts for each of them."""
    if "day" not in lab.shared:
        program = lab.program("mining", "--speed", FAST)
        lab.shared["day"] = await lived(program), program
    day, program = lab.shared["day"]
    if program not in lab.programs:
        lab.programs.append(program)
    return Day(*day)


async def slow_day(lab: Lab) -> Day:
    """A day on which a busy machine changes little."""
    return await lived(lab.program("mining", "--speed", SLOW))


async def lived(program: Program, most: int = ENDLESS) -> Day:
    """Run the program to its end; or until it has said more than so many lines, or nothing more."""

    def over() -> bool:
        return program.exit_code is not None or len(program.lines) > most

    async with program:
        seen = -1
        while not over() and len(program.lines) > seen:
            seen = len(program.lines)
            await program.until(
                lambda: over() or len(program.lines) > seen,  # noqa: B023
                PATIENCE if seen else START_SECONDS,
            )
        if program.exit_code is None:
            await program.until(
                lambda: program.exit_code is not None or any(map(is_blocked, program.troubles)), BLOCKED_WAIT
            )
        if program.exit_code is not None:
            await program.ended()
        return Day(list(program.lines), program.exit_code)
