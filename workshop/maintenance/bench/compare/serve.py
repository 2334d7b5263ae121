"""A server's process: ``python -m workshop.maintenance.bench.compare.serve ROW``.

It says on which port it is open, and answers each line that it reads with what it cost until then, as JSON.
It ends when its input ends, and so never outlives who started it.
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
    """What makes the event loop."""
    return fast_loop if fast else GameLoop


def announce(port: int) -> None:
    """Say that clients may come."""
    print(f"is open on port {port}", flush=True)


def answer() -> None:
    """Say what this process cost, at each line that is read."""
    for _ in sys.stdin:
        print(msgspec.json.encode(cost()).decode(), flush=True)
    interrupt_ourselves()


def cost() -> Cost:
    """What this process has cost until now."""
    return Cost(time.process_time(), clock(), resident())


if __name__ == "__main__":
    main()
