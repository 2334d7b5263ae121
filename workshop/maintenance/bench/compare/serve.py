"""A server's process: ``python -m workshop.maintenance.bench.compare.serve ROW``.

It prints the port on which it is open, and answers each line that it reads with its cost so far, as JSON. It
ends when its input ends, so it never outlives the process that started it.
"""

import asyncio
import contextlib
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
    """What a process has cost since it began."""

    cpu: float  # seconds of a core
    at: float  # when that was, in seconds of its clock
    memory: int  # bytes that it holds


def main() -> None:
    """Serve until the input ends."""
    row = ROWS[sys.argv[1]]
    allow_many_connections()
    threading.Thread(target=answer, daemon=True).start()
    loop: Callable[[], asyncio.AbstractEventLoop] = fast_loop if row.fast else GameLoop
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=loop) as runner:
        runner.run(row.serve(lambda port: print(f"is open on port {port}", flush=True)))


def answer() -> None:
    """Answer each line of the input with what this process has cost."""
    for _ in sys.stdin:
        cost = Cost(time.process_time(), clock(), resident())
        print(msgspec.json.encode(cost).decode(), flush=True)
    interrupt_ourselves()


if __name__ == "__main__":
    main()
