"""One check in a process of its own, so that many can run beside each other."""

import asyncio
import sys
from pathlib import Path

import msgspec

from workshop.bootstrap.start import ROOT
from workshop.checking.verdict import Result

LIMIT_SECONDS = 180.0  # for one check; it ends long before


class BrokenCheck(Exception):
    """A check has not come to its end; the text says how far it came."""


async def checked(folder: Path, *flags: str) -> Result:
    """Check a stage.

    Args:
        flags: as `workshop.checking.run` knows them.

    Raises:
        BrokenCheck: the check failed itself, or did not end.
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
