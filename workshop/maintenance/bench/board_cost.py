"""What the board and the class cost the room: the server's share of a core, and how late its ticks are.

Run it with `python -m workshop.maintenance.bench.board_cost --bots 10`. The server is a process of its own,
and tells its own CPU time; windows of time with nothing but the bots take turns with windows with one board
and thirty attendees who report, so that what else the machine does falls on both alike.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import random
import statistics
import time
from collections.abc import AsyncIterator
from typing import Any, Protocol

import msgspec

import netlib
from netlib.client.dial import NOBODY
from netlib.discovery.interfaces import LOOPBACK
from netlib.transport.loops import fast_loop
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES
from workshop.instructor.board.messages import Table, Watch
from workshop.instructor.board.opening import open_room
from workshop.instructor.classroom.messages import ClassJoin, ClassNews, ClassPlace
from workshop.instructor.classroom.news import News
from workshop.processes.children import running
from workshop.steps import all_steps

SEED = 11
ATTENDEES = 30
REPORT_SECONDS = 5.0  # between two reports of one attendee: far more often than people check
SETTLING = 2.0  # seconds that do not count, whenever something has changed


class Pipe(Protocol):
    """Either end of a pipe between two processes; Windows has another class for it than the rest."""

    def send(self, thing: Any, /) -> None: ...
    def recv(self) -> Any: ...


class Seen(msgspec.Struct):
    """One window of time: the server's share of a core, and how late ticks came, in seconds."""

    share: float
    late: list[float]


class Watchman:
    """Notes when ticks come, inside the server."""

    def __init__(self, server: netlib.Server) -> None:
        self._gaps: list[float] = []
        self._last = time.perf_counter()
        self._duration = 1 / server.tick_rate
        self.reset()
        server.on_tick(self._tick)

    def reset(self) -> None:
        """Begin a window."""
        self._began, self._cpu = time.perf_counter(), time.process_time()
        self._gaps.clear()

    def seen(self) -> Seen:
        """The window until now."""
        share = (time.process_time() - self._cpu) / (time.perf_counter() - self._began)
        return Seen(share, list(self._gaps))

    def _tick(self, dt: float) -> None:
        now = time.perf_counter()
        self._gaps.append(abs(now - self._last - self._duration))
        self._last = now


def serve(pipe: Pipe) -> None:
    """Be the room, in a process of its own; the other end says when windows begin and end."""
    netlib.run(_serve(pipe), loop_factory=fast_loop)


async def _serve(pipe: Pipe) -> None:
    from solutions.step14_public.server import make_server

    server = make_server(host=LOOPBACK, port=0, discoverable=False, seed=SEED)
    watchman = Watchman(server)
    room = open_room(server, make_map(SEED), class_file=None, password="", witness=NOBODY, warn=print)
    async with room:
        pipe.send(server.port)
        while (said := await asyncio.to_thread(pipe.recv)) != "end":
            if said == "begin":
                watchman.reset()
            else:
                pipe.send(watchman.seen())


async def measured(pipe: Pipe, seconds: float) -> Seen:
    """Let a window of time pass."""
    await asyncio.sleep(SETTLING)
    pipe.send("begin")
    await asyncio.sleep(seconds)
    pipe.send("tell")
    seen: Seen = await asyncio.to_thread(pipe.recv)
    return seen


@contextlib.asynccontextmanager
async def audience(url: str) -> AsyncIterator[None]:
    """One board, and thirty attendees who report again and again."""
    async with netlib.connect(
        url, name="Board", spectator=True, messages=(*MESSAGES, Table), schema=SCHEMA
    ) as board:
        await board.request(Watch())
        reports = [asyncio.create_task(attend(url, number)) for number in range(ATTENDEES)]
        try:
            yield
        finally:
            for report in reports:
                report.cancel()
            await asyncio.gather(*reports, return_exceptions=True)


async def attend(url: str, number: int) -> None:
    """Join the class, and report now and then over a connection of its own, as `check` does."""
    nickname, token = f"Attendee {number}", f"{number:022}"
    steps = [step.id for step in all_steps()]
    async with netlib.connect(url, name=nickname, spectator=True, messages=[ClassPlace, *MESSAGES]) as client:
        await client.request(ClassJoin(nickname, token))
    for count in range(1, 10_000):
        await asyncio.sleep(random.uniform(0, 2 * REPORT_SECONDS))
        news = News(
            number=count, what="check", step=random.choice(steps), passed=count % 3 == 0, seconds=60.0
        )
        async with netlib.connect(
            url, name=nickname, spectator=True, messages=[ClassPlace, *MESSAGES]
        ) as client:
            await client.request(ClassNews(nickname, token, [news]))


async def compare(pipe: Pipe, url: str, rounds: int, seconds: float) -> None:
    """Measure with and without, in turn, and print both."""
    without, with_all = [], []
    for _ in range(rounds):
        without.append(await measured(pipe, seconds))
        async with audience(url):
            with_all.append(await measured(pipe, seconds))
    for words, windows in (("bots alone", without), ("and board, and class", with_all)):
        late = sorted(gap for window in windows for gap in window.late)
        share = statistics.median(window.share for window in windows)
        p50, p99 = (late[int(len(late) * part)] * 1000 for part in (0.5, 0.99))
        print(f"{words:<22} {share:6.1%} of a core, ticks late by p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    more = statistics.median(b.share - a.share for a, b in zip(without, with_all, strict=True))
    print(f"the board and the class cost {more:.1%} of a core")


def main() -> None:
    """Open a room, send bots, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bots", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="of one window")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=[theirs], daemon=True)
    server.start()
    url = f"ws://{LOOPBACK}:{ours.recv()}"
    with running("workshop", "bots", str(options.bots), url):
        asyncio.run(compare(ours, url, options.rounds, options.seconds))
    ours.send("end")
    server.join()


if __name__ == "__main__":
    main()
