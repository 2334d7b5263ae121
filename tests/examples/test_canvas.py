"""The drawing board: its rules, painters on real sockets, and its window."""

import asyncio
import io
import os
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import pygame
import pytest

import netlib
from examples.canvas.__main__ import COMMANDS, SCHEMA, Window
from examples.canvas.rules import (
    MAX_BYTES,
    MAX_PICTURE,
    SIZE,
    Board,
    Draw,
    Hover,
    Mark,
    is_picture,
    pack,
    unpack,
)
from examples.canvas.server import make_server
from tests.support.processes import ROOT

DEADLINE = 30  # seconds, for a machine that has much else to do


def stroke(number: int, *points: tuple[int, int], colour: int = 1) -> Mark:
    return Mark(number, colour, 4, pack(list(points)))


def png(width: int = 40, height: int = 30, *, noise: int = 0) -> bytes:
    """A red picture; with so many bytes of noise behind its end, which readers skip."""
    surface, file = pygame.Surface((width, height)), io.BytesIO()
    surface.fill("red")
    pygame.image.save(surface, file, ".png")
    return file.getvalue() + random.Random(1).randbytes(noise)


# Rules.


def test_a_stroke_grows_while_it_has_the_same_number() -> None:
    """What is drawn on joins the entity before, without the point where it began."""
    board = Board()
    board.draw(7, stroke(1, (0, 0), (5, 5)))
    board.draw(7, stroke(1, (5, 5), (9, 9)))
    board.draw(7, stroke(2, (50, 50), (60, 60)))
    assert [unpack(mark.points) for mark in board.marks.values()] == [
        [(0, 0), (5, 5), (9, 9)],
        [(50, 50), (60, 60)],
    ]
    assert {mark.painter for mark in board.marks.values()} == {7}


def test_a_painter_cannot_draw_on_the_stroke_of_another() -> None:
    """Numbers are each painter's own, and so are strokes, whatever a client says."""
    board = Board()
    board.draw(7, stroke(1, (0, 0), (5, 5)))
    board.draw(8, Mark(1, 0, 4, pack([(1, 1), (2, 2)]), painter=7))
    assert [mark.painter for mark in board.marks.values()] == [7, 8]


def test_a_long_stroke_is_cut_and_undone_as_one() -> None:
    """Undo takes all parts of one's own newest stroke, and nothing else."""
    board = Board()
    board.draw(8, stroke(1, (1, 1), (2, 2)))
    for x in range(600):
        board.draw(7, stroke(1, (x, 0), (x + 1, 0)))
    assert len(board.marks) > 3
    board.undo(7)
    assert [mark.painter for mark in board.marks.values()] == [8]
    board.undo(7)
    assert len(board.marks) == 1


def test_ids_are_not_used_again() -> None:
    """A window knows a mark by its id: what comes after an undo is another one."""
    board = Board()
    board.draw(7, stroke(1, (0, 0), (5, 5)))
    before = set(board.marks)
    board.undo(7)
    board.draw(7, stroke(2, (0, 0), (5, 5)))
    assert not before & set(board.marks)


def test_a_full_board_takes_nothing_until_it_is_cleared() -> None:
    """Neither bytes nor tiny marks go beyond what can travel; clear gives the space back."""
    board = Board()
    for number in range(100_000):
        board.draw(7, stroke(number, (1, 1)))
    count = len(board.marks)
    assert count < 100_000
    assert board.bytes >= MAX_BYTES
    board.undo(7)
    assert board.bytes < MAX_BYTES
    board.clear()
    board.draw(7, stroke(1, (1, 1)))
    assert len(board.marks) == 1


@pytest.mark.parametrize(
    "file",
    [
        b"GIF89a" + bytes(40),
        b"\x89PNG",
        png()[:16] + struct.pack(">II", SIZE[0] + 1, 10) + png()[24:],
        png() + bytes(MAX_PICTURE),
    ],
)
def test_what_is_no_picture_or_too_large_is_not_taken(file: bytes) -> None:
    """A small file that says it has a million pixels a side would fill everybody's memory."""
    board = Board()
    assert not is_picture(file)
    board.draw(7, Mark(1, 0, 4, pack([(1, 1)]), file))
    assert not board.marks


def test_half_a_point_harms_nobody() -> None:
    """A client that sends some odd bytes leaves what can be drawn."""
    assert unpack(pack([(3, -4)]) + b"\x01") == [(3, -4)]


# On real sockets.


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


async def test_two_draw_undo_and_drop_and_a_late_one_sees_the_same() -> None:
    """All see strokes, pictures and cursors, each undoes their own, and who comes late has all of it."""
    async with room(Board()) as server, painter(server, "Ada") as ada, painter(server, "Ben") as ben:
        picture = png(noise=200_000)
        ada.send(Draw(stroke(1, (0, 0), (5, 5))))
        ada.send(Draw(stroke(2, (9, 9), (5, 5))))
        await until(ben, 2)
        ben.send(Draw(stroke(1, (50, 50), (60, 60))))
        ben.send(Hover(Mark(3, 5, 4, pack([(9, 9)]), picture)))  # a brush has no picture: it is not heard
        ben.send(Draw(Mark(2, 0, 4, pack([(100, 100)]), picture)))
        assert (await until(ada, 4))[-1].png == picture
        assert not ada.state["brushes"]
        ada.send("undo")
        await until(ben, 3)
        ben.send(Hover(stroke(3, (7, 8), colour=5)))
        async with asyncio.timeout(DEADLINE):
            while not ada.state["brushes"]:
                await asyncio.sleep(0.005)
        assert unpack(ada.state["brushes"][ben.player_id].points) == [(7, 8)]
        assert ada.state["names"][str(ben.player_id)] == "Ben"
        async with painter(server, "Cleo") as late:
            await until(late, 3)
            assert late.state["marks"] == ada.state["marks"] == ben.state["marks"]


async def test_only_the_host_clears() -> None:
    """The one who has been here longest may; the word of another is not heard."""
    async with room(Board()) as server, painter(server, "Ada") as ada, painter(server, "Ben") as ben:
        ben.send(Draw(stroke(1, (0, 0), (5, 5))))
        ben.send("clear")
        ben.send(Draw(stroke(2, (0, 0), (5, 5))))
        await until(ada, 2)
        ada.send("clear")
        await until(ben, 0)


async def test_a_cursor_leaves_with_its_painter() -> None:
    """What was drawn stays, the brush does not."""
    async with room(Board()) as server, painter(server, "Ada") as ada:
        async with painter(server, "Ben") as ben:
            ben.send(Draw(stroke(1, (0, 0), (5, 5))))
            ben.send(Hover(stroke(1, (7, 8))))
            async with asyncio.timeout(DEADLINE):
                while not ada.state.get("brushes"):
                    await asyncio.sleep(0.005)
        async with asyncio.timeout(DEADLINE):
            while ada.state["brushes"]:
                await asyncio.sleep(0.005)
        assert len(ada.state["marks"]) == 1


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


# The window.


async def test_a_window_draws_pans_drops_and_takes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One's own stroke is painted at once, and what is undone disappears, from the paper too."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.font.init()
    async with room(Board()) as server, painter(server, "Ada") as ada:
        await ada.wait_for(netlib.StateChanged)
        window = Window(ada)

        def event(kind: int, **fields: object) -> None:
            window.handle(pygame.Event(kind, fields))

        async def marks(count: int) -> None:
            await until(ada, count)
            window.show()

        event(pygame.MOUSEMOTION, pos=(5, 5), rel=(-200, -100), buttons=(0, 0, 1))
        event(pygame.KEYDOWN, unicode="2", key=pygame.K_2)
        event(pygame.MOUSEBUTTONDOWN, button=1, pos=(100, 100))
        event(pygame.MOUSEMOTION, pos=(150, 100), rel=(50, 0), buttons=(1, 0, 0))
        window.draw()
        window.show()
        assert window.screen.get_at((125, 100)) == pygame.Color("#ff5d5d")
        await marks(1)
        assert unpack(ada.state["marks"][1].points)[-1] == (350, 200)
        file = tmp_path / "red.png"
        file.write_bytes(png())
        event(pygame.DROPFILE, file=str(file))
        await marks(2)
        assert window.paper.get_at((window.view.x + 20, window.view.y + 20)) == pygame.Color("red")
        event(pygame.KEYDOWN, unicode="z", key=pygame.K_z)
        await marks(1)
        event(pygame.MOUSEBUTTONUP, button=1, pos=(150, 100))
        event(pygame.MOUSEBUTTONDOWN, button=1, pos=(300, 300))
        event(pygame.MOUSEMOTION, pos=(310, 300), rel=(10, 0), buttons=(1, 0, 0))
        event(pygame.MOUSEBUTTONUP, button=1, pos=(310, 300))
        # Within the same frame: all of that is sent before.
        event(pygame.KEYDOWN, unicode="z", key=pygame.K_z)
        event(pygame.KEYDOWN, unicode="z", key=pygame.K_z)
        await marks(0)
        window.draw()
        ada.send(Draw(stroke(99, (0, 0))))
        assert (await until(ada, 1))[0].number == 99
        ada.send("undo")
        await marks(0)
        assert window.paper.get_at((325, 200)) == pygame.Color("black")
        assert pygame.transform.average_color(window.paper)[:3] == (0, 0, 0)
        pygame.quit()


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
