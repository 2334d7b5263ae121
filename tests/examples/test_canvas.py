"""The drawing board: a large one on real sockets, and the program. Its own tests draw on it."""

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import netlib
from examples.canvas.__main__ import COMMANDS, SCHEMA
from examples.canvas.rules import (
    SIZE,
    Board,
    Draw,
    Mark,
    pack,
)
from examples.canvas.server import make_server
from examples.canvas.test_canvas import png, stroke
from tests.support.processes import ROOT

DEADLINE = 30  # seconds, for a machine that has much else to do


def room(board: Board) -> netlib.Server:
    return make_server(board, host="127.0.0.1", port=0, discoverable=False)


def painter(server: netlib.Server, name: str) -> netlib.Client:
    return netlib.Client(
        f"127.0.0.1:{server.port}",
        name=name,
        schema=SCHEMA,
        messages=COMMANDS.values(),
        codec=netlib.MSGPACK,
    )


async def until(client: netlib.Client, count: int) -> list[Mark]:
    """Wait until a painter sees so many marks."""
    async with asyncio.timeout(DEADLINE):
        while len(client.state["marks"]) != count:
            await asyncio.sleep(0.005)
    return list(client.state["marks"].values())


def large_board() -> Board:
    """20 MB: ten pictures, and strokes for the other half."""
    board, chance = Board(), random.Random(2)
    for number in range(10):
        board.draw(1, Mark(number, 0, 4, pack([(number * 100, 50)]), png(noise=1_000_000)))
    for number in range(20_000):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        points = [(x + chance.randrange(-40, 40), y + chance.randrange(-40, 40)) for _ in range(126)]
        board.draw(1, Mark(100 + number, number % 7, 4, pack(points)))
    assert sum(len(mark.points) + len(mark.png) for mark in board.marks.values()) > 20_000_000
    return board


async def test_20_mb_are_joined_while_another_draws() -> None:
    """A late painter gets the whole board, and the one who draws meanwhile sees each stroke."""
    async with room(large_board()) as server, painter(server, "Ada") as ada:
        async with asyncio.timeout(DEADLINE):
            while len(ada.state.get("marks", ())) < 20_000:
                await asyncio.sleep(0.005)
        start, number, waits = time.perf_counter(), 0, list[float]()
        async with painter(server, "Ben") as ben:
            while len(ben.state.get("marks", ())) < 20_000 or number < 5:
                number += 1
                sent, count = time.perf_counter(), len(ada.state["marks"])
                ada.send(Draw(stroke(number, (number, number), (number, 9))))
                await until(ada, count + 1)
                waits.append(time.perf_counter() - sent)
            joined = time.perf_counter() - start
            await until(ben, len(ada.state["marks"]))
            assert ben.state["marks"] == ada.state["marks"]
        assert joined < DEADLINE
        assert max(waits) < DEADLINE / 2


def test_the_program_opens_a_window_and_saves_a_picture(tmp_path: Path) -> None:
    """One command has a server and a window; it ends by itself."""
    picture = tmp_path / "board.png"
    done = subprocess.run(
        [sys.executable, "-m", "examples.canvas", "--port", "0", "--seconds", "1", "--screenshot", picture],
        cwd=ROOT,
        env={**os.environ, "SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT)},
        timeout=DEADLINE * 2,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert picture.stat().st_size > 500
