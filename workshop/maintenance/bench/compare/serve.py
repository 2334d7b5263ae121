"""A server's process: ``python -m workshop.maintenance.bench.compare.serve ROW``.

It prints the port on which it is open, and answers each line that it reads with its cost so far, as JSON. It
ends when its input ends, so it never outlives the process that started it.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable

import msgspec

from netlib.transport.loops import GameLoop, clock, fast_loop
from workshop.bootstrap.lifeline import interrupt_ourselves
from workshop.maintenance.bench.compare.rows import ROWS
from workshop.maintenance.bench.compare.system import allow_many_connections, resident


class Cost(msgspec.Struct, frozen=True):
    """What a process has cost since it began.

    Args:
        cpu: seconds of a core.
        at: when that was, in seconds of its clock.
        memory: bytes that it holds.
    """

    cpu: float
    at: float
    memory: int


def main() -> None:
    """Serve until the input ends."""
    row = ROWS[sys.argv[1]]
    allow_many_connections()
    threading.Thread(target=answer, daemon=True).start()
    try:
        with asyncio.Runner(loop_factory=loop_factory(row.fast)) as runner:
            runner.run(row.serve(announce))
    except KeyboardInterrupt:
        return


def loop_factory(fast: bool) -> Callable[[], asyncio.AbstractEventLoop]:
    """The class of the event loop."""
    return fast_loop if fast else GameLoop


def announce(port: int) -> None:
    """Say that clients may connect."""
    print(f"is open on port {port}", flush=True)


def answer() -> None:
    """Answer each line of the input with what this process has cost."""
    for _ in sys.stdin:
        print(msgspec.json.encode(cost()).decode(), flush=True)
    interrupt_ourselves()


def cost() -> Cost:
    """What this process has cost so far."""
    return Cost(time.process_time(), clock(), resident())


if __name__ == "__main__":
    main()
