"""One part of a check: what it raises, and what their program raised meanwhile, become what was seen."""

import pytest

from netlib import ConnectError
from tests.workshop.checking.conftest import Write
from workshop.checking.check import Check
from workshop.checking.diagnosis import Failed
from workshop.checking.lab import Lab
from workshop.checking.parts import Body, Parts
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Wrong

RAISES = "import asyncio\n\nasync def f(): 1 / 0\n\nasync def main():\n    t = asyncio.create_task(f())\n"
RAISES += "    await asyncio.sleep(0)\n    print('end')\n\nasyncio.run(main())\n"


async def failed(stage: Stage, body: Body, excused: int = 0) -> Failed | None:
    """What comes of a part; an exception at one line may be excused."""
    check = Check("step99_tried", files=[])
    check.part("it works")(body)
    return await Parts(stage, excused=lambda place: place and place.line == excused).failed(check.parts[0])


@pytest.mark.parametrize(
    ("error", "symptom", "saw"),
    [
        (Wrong("this", "that", "odd"), "odd", "that"),
        (TimeoutError(), "lost", "nothing came in time"),
        (ConnectionResetError("gone"), "lost", "the connection ended: gone"),
        (ConnectError("refused"), "lost", "the connection ended: refused"),
    ],
)
async def test_what_a_part_raises(stage: Write, error: Exception, symptom: str, saw: str) -> None:
    """What a part says, and what it means when a connection ends or nothing comes."""

    async def body(lab: Lab) -> None:
        raise error

    seen = await failed(stage(), body)
    assert seen is not None
    assert (seen.evidence.wrong.symptom, seen.evidence.wrong.saw) == (symptom, saw)


@pytest.mark.parametrize("line", [3, 4])
async def test_an_exception_in_a_part_that_passes(stage: Write, line: int) -> None:
    """The program's exception makes a part fail that saw nothing else, unless its line is excused."""

    async def body(lab: Lab) -> None:
        async with lab.program("server") as program:
            await program.ended()
            await program.until(lambda: program.troubles)

    seen = await failed(stage(server=RAISES), body, excused=line)
    assert (seen is None) == (line == 3)
    if seen:
        assert seen.evidence.wrong.symptom == "raised"
        assert seen.evidence.troubles[0].place == Place("server.py", 3, "async def f(): 1 / 0")
        assert "end" in seen.evidence.lines
        assert "server | end" in seen.output
