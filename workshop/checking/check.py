"""A check: its parts, which of them depend on which, and how they run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import websockets

import netlib
from workshop.checking.lab import Lab, Ports
from workshop.checking.stage import Stage
from workshop.checking.verdict import Failure, PartResult, Result, Trouble, Wrong

Body: TypeAlias = Callable[[Lab], Awaitable[None]]
PART_SECONDS = 30.0  # that one part may take at most; its own deadlines are shorter
BLOCKED_SECONDS = 1.0  # that an event loop stands still when that is a cause by itself
FILES = "your files can be run"
LOST = (OSError, EOFError, TimeoutError, websockets.WebSocketException, netlib.NetlibError)


class Check:
    """The check of one step.

    Args:
        step: the step's id.
        files: what the stage must have for the check to make sense.
    """

    def __init__(self, step: str, *, files: Sequence[str]) -> None:
        self.step, self.files = step, list(files)
        self._parts: list[tuple[str, Body, list[Body]]] = []

    def part(self, title: str, *, after: Sequence[Body] | None = None) -> Callable[[Body], Body]:
        """Add a part: a coroutine that raises `Wrong` when the program does not do what the title says.

        Args:
            title: what the program does, as in "the server answers many messages".
            after: the parts without which this one means nothing; the one before it, when not given.
        """

        def add(body: Body) -> Body:
            before = [self._parts[-1][1]] if after is None and self._parts else list(after or ())
            self._parts.append((title, body, before))
            return body

        return add

    async def run(
        self,
        stage: Stage,
        tell: Callable[[PartResult], object] = lambda part: None,
        *,
        first_only: bool = False,
    ) -> Result:
        """Check a stage.

        Args:
            tell: is called with each part's result as soon as it is known.
            first_only: run nothing behind the first failure.
        """
        began, results, ports = time.monotonic(), list[PartResult](), Ports()
        shared: dict[str, Any] = {}
        missed: set[Body] = set()
        if problem := self._preflight(stage):
            results.append(PartResult(FILES, "failed", problem))
            tell(results[0])
            missed = {body for _, body, _ in self._parts}
        for title, body, before in self._parts:
            result = PartResult(title, "not run")
            if body not in missed and not missed.intersection(before):
                result = await _run_part(title, body, Lab(stage, ports, shared))
            if result.state != "passed":
                missed |= {body for _, body, _ in self._parts} if first_only else {body}
            results.append(result)
            tell(result)
        return Result(self.step, tuple(results), round(time.monotonic() - began, 2))

    def _preflight(self, stage: Stage) -> Failure | None:
        try:
            stage.require(self.files)
        except Wrong as wrong:
            return failure_of(wrong, None, ())
        return None


async def _run_part(title: str, body: Body, lab: Lab) -> PartResult:
    try:
        async with asyncio.timeout(PART_SECONDS):
            await body(lab)
    except Wrong as wrong:
        return PartResult(title, "failed", failure_of(wrong, lab.trouble(), lab.output()))
    except LOST as error:
        return PartResult(title, "failed", failure_of(lost(title, error), lab.trouble(), lab.output()))
    return PartResult(title, "passed")


def failure_of(wrong: Wrong, trouble: Trouble | None, output: tuple[str, ...]) -> Failure:
    """The diagnosis; an exception in their program is its cause, unless the check is sure of another."""
    cause, place, hint = wrong.cause, wrong.place, wrong.hint
    if trouble and not wrong.sure and explains(trouble):
        cause, place, hint = f"{said(trouble)}", trouble.place, advice(trouble)
    return Failure(wrong.expected, wrong.saw, cause, hint, place, trouble, output)


def explains(trouble: Trouble) -> bool:
    """Whether it is likely to be the cause: a loop that stood still for a moment may be a busy machine's."""
    return trouble.kind != "blocked" or float(trouble.name) >= BLOCKED_SECONDS


def lost(title: str, error: Exception) -> Wrong:
    """What to say when the connection to their program ended, or nothing came in time."""
    saw = "nothing came in time" if isinstance(error, TimeoutError) else f"the connection ended: {error}"
    return Wrong(
        title,
        saw,
        "the program stopped talking, or closed the connection",
        hint="read what your program printed, and follow one message through it line by line",
    )


def said(trouble: Trouble) -> str:
    """One sentence about what went wrong in their program."""
    match trouble.kind:
        case "crashed":
            return f"your program ended with {trouble}"
        case "logged":
            return f"a function of yours raised {trouble}"
        case "warning":
            return f"Python warns: {trouble.message}"
        case "blocked":
            return f"{trouble} at this line, so that nothing else had a turn"


def advice(trouble: Trouble) -> str:
    """What to try about it."""
    match trouble.kind:
        case "blocked":
            return "wait with await, so that others run meanwhile: asyncio.sleep in the place of time.sleep"
        case "warning" if "never awaited" in trouble.message:
            return "put await before that call: without it a coroutine is made, and never run"
        case _:
            return "begin at this line: what has each name in it, just before?"
