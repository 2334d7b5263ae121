"""Waiting for a server to listen on the port that it was told, and why it does not."""

import asyncio
import time

from workshop.checking.program import START_SECONDS, Program
from workshop.checking.verdict import Wrong


async def listening(program: Program, port: int) -> None:
    """Wait until a program accepts TCP connections on a port of this machine.

    Raises:
        Wrong: it ended, opened another port, was blocked or took too long; the text says which.
    """
    deadline = time.monotonic() + START_SECONDS
    while not await _accepts(port):
        if program.exit_code is not None:
            raise program.ended_early(f"{program.file} listens on port {port}")
        if time.monotonic() > deadline or _is_elsewhere(program, port):
            raise _does_not_listen(program, port)
        await asyncio.sleep(0.02)


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _is_elsewhere(program: Program, port: int) -> bool:
    ports = {bound.port for bound in program.bound if bound.kind == "tcp"}
    return bool(ports) and port not in ports and 0 not in ports


def _does_not_listen(program: Program, port: int) -> Wrong:
    expected = f"{program.file} listens on port {port}, as its --port says"
    if _is_elsewhere(program, port):
        other = next(bound.port for bound in program.bound if bound.kind == "tcp")
        because = "the program does not take the port from its command line"
        place = program.stage.find(program.file, rf"\b{other}\b")
        hint = "give serve() the port that the command line named"
        return Wrong(expected, f"it listens on port {other}", because=because, place=place, hint=hint)
    if blocked := program.trouble("blocked"):
        saw = f"nothing is listening after {START_SECONDS:.0f} seconds; {blocked}"
        because = "this line keeps the program from everything else"
        hint = "in a coroutine wait with await, and give up the turn in every loop"
        return Wrong(expected, saw, because=because, place=blocked.place, hint=hint)
    return Wrong(expected, f"it runs, but nothing listens after {START_SECONDS:.0f} seconds", "not_listening")
