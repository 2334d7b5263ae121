"""Step 00: the doctor finds nothing in the way, and the window draws."""

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.verdict import Wrong
from workshop.doctor.examine import examination
from workshop.doctor.finding import Finding, errors
from workshop.terminal.console import command

FRAMES = 10  # that prove that a window draws
check = Check("step00_ready", files=["client.py"])


@check.part("the doctor finds nothing that is in the way")
async def healthy(lab: Lab) -> None:
    """The machine itself; warnings are fine."""
    if found := errors(await examination()):
        raise in_the_way(found)


def in_the_way(found: list[Finding]) -> Wrong:
    """What to say about the first thing that must be mended."""
    first = found[0]
    more = f"; and {len(found) - 1} more" if found[1:] else ""
    because = "something on this machine is not as the workshop needs it"
    hint = f"{first.todo}  (all findings: {command('doctor')})"
    return Wrong(f"{first.about}: in order", first.text + more, because=because, hint=hint)


@check.part("the window of this step draws", after=[healthy])
async def draws(lab: Lab) -> None:
    """A window that nobody sees, for some frames."""
    async with lab.program("client", window=True) as client:
        expected = f"a window that draws {FRAMES} frames"
        if not await client.reaches(lambda: len(client.frames) >= FRAMES, 10.0, expected):
            raise Wrong(expected, f"{len(client.frames)} frames within 10 s", "no_frames")
