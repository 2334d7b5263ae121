"""Looks for the piece of a learner's program that is to blame: pieces are exchanged with the model's program.

The learner's piece in the model's program tells what is wrong by itself, also when there are several
mistakes; the model's piece in the learner's program tells what would be enough. The idea is that of delta
debugging (Zeller 1999), with pieces instead of changes.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

from workshop.checking.blame.exchange import Exchange, Part
from workshop.checking.stage import Stage
from workshop.checking.verdict import Where

Outcome: TypeAlias = Literal["passed", "same", "other"]
Trial: TypeAlias = Callable[[Stage], Awaitable[Outcome]]
Build: TypeAlias = Callable[[Path], Stage | None]  # None: the learner's program as it is
AT_ONCE = 6  # trials; they mostly wait
SECONDS = 20.0  # that a search may take; what is not known then is not said
TIMES = 2  # that a hit must hold


class Search:
    """One search.

    Args:
        exchange: the two programs.
        trial: checks a program: the part that failed has "passed", failed in the "same" way, or otherwise.
        alone: one trial at a time, since the part measures time.
    """

    def __init__(self, exchange: Exchange, trial: Trial, *, alone: bool) -> None:
        self._exchange, self._trial, self._alone = exchange, trial, alone
        self._places = asyncio.Semaphore(1 if alone else AT_ONCE)
        self._deadline = time.monotonic() + SECONDS

    async def where(self) -> Where:
        """The pieces to look at: those with a TODO first, all others when none of those is to blame."""
        tried, bad = list[Part](), list[Part]()
        for parts in (self._exchange.todo_parts, self._exchange.other_parts):
            tried += parts
            bad += (found := await self._those(parts, self._is_bad))
            if sure := await self._those(found, self._is_enough):
                return self._where(sure, sure=True)
        if not bad and await self._tried(self._exchange.unchanged) == "same":
            bad = await self._those(tried, self._is_enough)
        return self._where(bad, sure=False)

    def _where(self, parts: Sequence[Part], *, sure: bool) -> Where:
        spots = (spot for part in parts for spot in self._exchange.spots(part))
        return Where(tuple(dict.fromkeys(spots)), sure)

    async def _those(self, parts: Sequence[Part], test: Callable[[Part], Awaitable[bool]]) -> list[Part]:
        found = await asyncio.gather(*(test(part) for part in parts))
        return [part for part, is_so in zip(parts, found, strict=True) if is_so]

    async def _is_bad(self, part: Part) -> bool:
        """Whether the learner's piece fails in the model's program, too."""
        return await self._holds("same", partial(self._exchange.with_learners, part))

    async def _is_enough(self, part: Part) -> bool:
        """Whether the learner's program passes with the model's piece, and by that piece itself."""
        if not await self._holds("passed", partial(self._exchange.with_models, part)):
            return False
        return await self._tried(partial(self._exchange.with_company, part)) in ("same", "other")

    async def _holds(self, wanted: Outcome, build: Build) -> bool:
        """Whether all trials of a program tell this; they run beside each other where they may."""
        for times in [1] * TIMES if self._alone else [TIMES]:
            if set(await asyncio.gather(*(self._tried(build) for _ in range(times)))) != {wanted}:
                return False
        return True

    async def _tried(self, build: Build) -> Outcome | None:
        """What a trial tells; None when it tells nothing, whatever the reason, and the check goes on."""
        try:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
                async with self._places, asyncio.timeout(self._deadline - time.monotonic()):
                    stage = build(Path(root))
                    return await self._trial(stage) if stage else "same"
        except Exception:
            return None
