"""One check in a process of its own, so that many can run side by side."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from workshop.checking.verdict import Result
from workshop.paths import ROOT

T = TypeVar("T")
R = TypeVar("R")
LIMIT_SECONDS = 180.0  # for one check; usually it ends long before that


class BrokenCheck(Exception):
    """A check did not complete; the text says why."""


async def checked(folder: Path, *flags: str) -> Result:
    """Check a stage, with flags of `workshop.checking.run`.

    Raises:
        BrokenCheck: the check itself failed, or did not end.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "workshop.checking.run", str(folder), *flags),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), LIMIT_SECONDS)
        return msgspec.json.decode(out, type=Result)
    except TimeoutError:
        raise BrokenCheck(f"the check had not ended after {LIMIT_SECONDS:.0f} s") from None
    except msgspec.MsgspecError:
        said = err.decode(errors="replace").strip()[-800:]
        raise BrokenCheck(f"the check failed itself: {said}") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def some_at_once(
    todo: Sequence[T], check: Callable[[T], Awaitable[R]], *, jobs: int, tell: Callable[[R], object]
) -> list[R]:
    """Check them all, ``jobs`` at a time, and tell each outcome as soon as it is known."""
    places = asyncio.Semaphore(jobs)

    async def one(each: T) -> R:
        async with places:
            outcome = await check(each)
        tell(outcome)
        return outcome

    return await asyncio.gather(*map(one, todo))
