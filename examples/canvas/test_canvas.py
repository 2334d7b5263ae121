"""The board is drawn on here, in virtual time: on one network in memory, by painters and in a window."""

import io
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pygame
import pytest

import netlib
from examples.canvas import rules
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
from netlib import testing

Painter = netlib.Client[Any]


def stroke(number: int, *points: tuple[int, int], colour: int = 1) -> Mark:
    return Mark(number, colour, 4, pack(list(points)))


def png(width: int = 40, height: int = 30, *, noise: int = 0) -> bytes:
    """A red picture; with so many bytes of noise behind its end, which readers skip."""
    surface, file = pygame.Surface((width, height)), io.BytesIO()
    surface.fill("red")
    pygame.image.save(surface, file, ".png")
    return file.getvalue() + random.Random(1).randbytes(noise)


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


async def opened(network: testing.Network) -> Board:
    """Open a server with an empty board."""
    board = Board()
    await network.serve(lambda **options: make_server(board, **options))
    return board


async def painter(network: testing.Network, name: str) -> Painter:
    """Let a painter come."""
    return await network.join(name, schema=SCHEMA, messages=COMMANDS.values(), codec=netlib.MSGPACK)


async def until(client: Painter, count: int) -> list[Mark]:
    """Wait until a painter sees so many marks."""
    state = await testing.snapshot(client, where=lambda state: len(state["marks"]) == count)
    return list(state["marks"].values())


@testing.in_virtual_time
async def test_two_draw_undo_and_drop_and_a_late_one_sees_the_same() -> None:
    """All see strokes, pictures and cursors, each undoes their own, and who comes late has all of it."""
    async with testing.Network() as network:
        await opened(network)
        ada, ben = await painter(network, "Ada"), await painter(network, "Ben")
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
        state: Any = await testing.snapshot(ada, where=lambda state: state["brushes"])
        assert unpack(state["brushes"][ben.player_id].points) == [(7, 8)]
        assert state["names"][str(ben.player_id)] == "Ben"
        late = await painter(network, "Cleo")
        await until(late, 3)
        assert late.state["marks"] == ada.state["marks"] == ben.state["marks"]


@testing.in_virtual_time
async def test_only_the_host_clears() -> None:
    """The one who has been here longest may; the word of another is not heard."""
    async with testing.Network() as network:
        await opened(network)
        ada, ben = await painter(network, "Ada"), await painter(network, "Ben")
        ben.send(Draw(stroke(1, (0, 0), (5, 5))))
        ben.send("clear")
        ben.send(Draw(stroke(2, (0, 0), (5, 5))))
        await until(ada, 2)
        ada.send("clear")
        await until(ben, 0)


@testing.in_virtual_time
async def test_a_cursor_leaves_with_its_painter() -> None:
    """What was drawn stays, the brush does not."""
    async with testing.Network() as network:
        await opened(network)
        ada, ben = await painter(network, "Ada"), await painter(network, "Ben")
        ben.send(Draw(stroke(1, (0, 0), (5, 5))))
        ben.send(Hover(stroke(1, (7, 8))))
        await testing.snapshot(ada, where=lambda state: state["brushes"])
        await ben.close()
        await testing.snapshot(ada, where=lambda state: not state["brushes"])
        assert len(ada.state["marks"]) == 1


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open windows that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.font.init()
    yield
    pygame.quit()


@pytest.mark.usefixtures("shown")
@testing.in_virtual_time
async def test_a_window_draws_pans_drops_and_takes_back(tmp_path: Path) -> None:
    """One's own stroke is painted at once, and what is undone disappears, from the paper too."""
    async with testing.Network() as network:
        await opened(network)
        ada = await painter(network, "Ada")
        await until(ada, 0)
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


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(("most", "taken"), [(rules.MAX_PICTURE, True), (50, False)])
@testing.in_virtual_time
async def test_the_rule_is_in_one_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, most: int, taken: bool
) -> None:
    """Whoever changes how large a picture may be changes it for the window and for the server."""
    monkeypatch.setattr(rules, "MAX_PICTURE", most)
    file = tmp_path / "red.png"
    file.write_bytes(png())
    async with testing.Network() as network:
        await opened(network)
        ada, ben = await painter(network, "Ada"), await painter(network, "Ben")
        window = Window(ada)
        window.handle(pygame.Event(pygame.DROPFILE, file=str(file)))
        assert window.number == int(taken), "what the window has sent"
        ben.send(Draw(Mark(1, 0, 4, pack([(1, 1)]), png())))
        ben.send(Draw(stroke(2, (1, 1))))
        await until(ben, 3 if taken else 1)
