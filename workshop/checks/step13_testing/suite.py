"""Their tests, run against the game as it is, or with a planted bug."""

import contextlib
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from workshop import steps
from workshop.checking import answers
from workshop.checking.lab import Lab
from workshop.checking.program import Program
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place
from workshop.checks.step13_testing.causes import TESTS
from workshop.checks.step13_testing.notes import FILE, SETTINGS, Notes

PATIENT = 6.0  # seconds after which we ask how long our own tests take on this machine now
TIMES = 10  # as long as these may theirs take
LONGEST = 90.0  # seconds, after which we give up: on a very busy machine nobody can tell
STANDS = re.compile(rf'File "\S*{TESTS}", line (\d+) in (?!<module>)')  # in what faulthandler prints


class Suite(msgspec.Struct):
    """One run of their tests.

    Args:
        code: the exit code; None when they came to no end.
        notes: what became of each test.
        lines: what was printed.
        seconds: that they had.
        ours: seconds that our own tests needed meanwhile; 0 when nobody asked.
        stands: a line that they have not come past.
    """

    code: int | None
    notes: Notes
    lines: list[str]
    seconds: float
    ours: float
    stands: Place | None = None

    @property
    def is_endless(self) -> bool:
        """Whether they came to no end, and the machine gave them time enough for one."""
        return self.code is None and self.seconds >= TIMES * self.ours


async def run(lab: Lab, bug: Path | None = None) -> Suite:
    """Run their tests against our game.

    Args:
        bug: what to plant into it.

    Raises:
        Wrong: the file with the tests cannot be run.
    """
    began = time.monotonic()
    async with game_with(lab.stage, bug) as copy, tests_of(copy) as program:
        ours = 0.0 if await program.ended(PATIENT) is not None else await of_ours()
        code = await program.ended(min(TIMES * ours, LONGEST - (time.monotonic() - began)))
        if code == 1 and program.trouble("crashed"):
            lab.programs.append(program)
            raise program.ended_early(f"{TESTS} can be run")
        stands = next(filter(None, map(STANDS.search, program.lines)), None)
        place = copy.place(TESTS, int(stands[1])) if stands and code is None else None
        return Suite(code, noted(copy), program.lines, time.monotonic() - began, ours, place)


async def of_ours() -> float:
    """How many seconds our own tests take, on this machine and now."""
    began = time.monotonic()
    async with game_with(Stage(steps.find("13").solution), None) as ours, tests_of(ours) as program:
        await program.ended(LONGEST)
    return time.monotonic() - began


def tests_of(stage: Stage) -> Program:
    """The tests of a stage, as a program that runs them."""
    return Program(stage, TESTS.removesuffix(".py"), [])


def noted(stage: Stage) -> Notes:
    """What our plugin has noted; nothing when pytest did not come to an end."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode((stage.folder / FILE).read_bytes(), type=Notes)
    return Notes()


@contextlib.asynccontextmanager
async def game_with(stage: Stage, bug: Path | None) -> AsyncIterator[Stage]:
    """Their tests beside a game of ours, in a tree of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        step = steps.find("13")
        given = answers.build(bug, step, Path(root) / "given") if bug else step.solution
        folder = Path(root) / stage.folder.parent.name / stage.folder.name
        shutil.copytree(stage.folder, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        (folder.parent / "__init__.py").touch()
        (folder / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        shutil.copy(given / "game.py", folder)
        yield Stage(folder)
