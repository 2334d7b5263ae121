"""What our own servers and guests meet in a check is not the learner's to read."""

from pathlib import Path

import pytest

from tests.support.processes import python, running

NOISE = """
import asyncio, logging, warnings
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from workshop.checking.quiet import quiet

class Stubborn:
    def __del__(self): raise KeyError("no")

async def fail(connection=None): raise ZeroDivisionError

async def main():
    async with serve(fail, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}", proxy=None) as guest:
            await guest.wait_closed()
    asyncio.create_task(fail())
    fail()
    Stubborn()
    warnings.warn("old")
    compile("1 is 1", "server.py", "exec")
    await asyncio.sleep(0)

"""


@pytest.mark.parametrize(
    ("run", "loud"), [("with quiet(): asyncio.run(main())", False), ("asyncio.run(main())", True)]
)
def test_nothing_is_printed(run: str, loud: bool, tmp_path: Path) -> None:
    """Inside quiet() nothing reaches the terminal that does without it; behind it all is as before."""
    words = (
        "handler failed",
        "never retrieved",
        "never awaited",
        "Exception ignored",
        "old",
        "SyntaxWarning",
    )
    with running(
        python("-c", NOISE + run + "\nlogging.getLogger('netlib').warning('heard')"), tmp_path / "log"
    ) as program:
        assert program.wait() == 0
        text = program.text()
    assert [word for word in words if word in text] == (list(words) if loud else [])
    assert "heard" in text
