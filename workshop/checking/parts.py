"""A part of a check: one thing that a program must do, and how it is run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias

import websockets

import netlib
from workshop.checking.busy import quiet
from workshop.checking.diagnosis import Failed, is_exception
from workshop.checking.evidence.facts import Evidence
from workshop.checking.lab import Lab, Ports
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Wrong

Body: TypeAlias = Callable[[Lab], Awaitable[None]]
PART_SECONDS = 30.0  # that most parts may take at most
LOST = (OSError, EOFError, TimeoutError, websockets.WebSocketException, netlib.NetlibError)


class Part(NamedTuple):
    """One thing that a program must do; `Check.part` says what is what."""

    title: str
    body: Body
    before: tuple[Body, ...]
    todos: tuple[str, ...]
    timed: bool
    early: bool = False
    seconds: float = PART_SECONDS


class Parts:
    """Runs the parts of a check over one program.

    Args:
        say: is called with a sentence for the waiting attendee.
        excused: whether an exception at this line is not a mistake yet.
        patience: seconds that all timed parts together may wait for a calm machine.
    """

    def __init__(
        self,
        stage: Stage,
        say: Callable[[str], object] = lambda sentence: None,
        excused: Callable[[Place | None], object] = lambda place: False,
        patience: float = 0.0,
    ) -> None:
        self._patience = patience
        self._stage, self._say, self._excused = stage, say, excused
        self._ports, self._shared = Ports(), dict[str, Any]()

    async def failed(self, part: Part) -> Failed | None:
        """Run a part; None when it is passed."""
        if part.timed:
            self._patience -= await quiet(self._say, self._patience)
        lab = Lab(self._stage, self._ports, self._shared)
        try:
            async with asyncio.timeout(part.seconds):
                await part.body(lab)
        except Wrong as wrong:
            return self._seen(lab, wrong)
        except LOST as error:
            return self._seen(lab, lost(part.title, error))
        own = [trouble for trouble in lab.troubles() if is_exception(trouble)]
        if any(not self._excused(trouble.place) for trouble in own):
            what = "a coroutine was never awaited" if own[0].kind == "warning" else "an exception was raised"
            expected = f"{part.title}, and nothing goes wrong in it"
            return self._seen(lab, Wrong(expected, f"it does, and {what}", "raised"))
        return None

    def _seen(self, lab: Lab, wrong: Wrong) -> Failed:
        lines = tuple(line for program in lab.programs for line in program.lines)
        return Failed(Evidence(self._stage, wrong, tuple(lab.troubles()), lines), lab.output())


def lost(title: str, error: Exception) -> Wrong:
    """What to say when the connection to their program ended, or nothing came in time."""
    saw = "nothing came in time" if isinstance(error, TimeoutError) else f"the connection ended: {error}"
    return Wrong(title, saw, "lost")
