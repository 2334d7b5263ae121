"""What the player touches: frames in which all that happened is taken in, and drawn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pygame
import pytest

import netlib
from netlib import testing
from solutions.step14_public.server import make_server
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.window import Window
from workshop.game.play.player_window import FPS, PlayerWindow
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES, Chat


class Table:
    """A room, Ada in it, and her window."""

    def __init__(self, server: netlib.Server, ada: netlib.Client, window: Window) -> None:
        self.server, self.ada, self.screen = server, ada, Screen(make_map(1))
        self.shown = PlayerWindow(ada, window, self.screen, farewell=3.0)

    async def play(self, seconds: float | None = None) -> int:
        """Draw frames until they end, and return how many there were."""
        count = 0
        async for dt in self.shown.frames(seconds):
            self.shown.draw(self.shown.scene(self.ada.state["players"], dt), dt, rtt=0.123)
            count += 1
        return count


@asynccontextmanager
async def a_table(window: Window) -> AsyncIterator[Table]:
    """A room in a network in memory, in which Ada is."""
    async with testing.Network() as network:
        server = await network.serve(partial(make_server, seed=1))
        ada = await network.join("Ada", messages=MESSAGES, schema=SCHEMA, reconnect_time=0)
        await testing.snapshot(ada, where=lambda state: state["players"])
        yield Table(server, ada, window)


@pytest.mark.parametrize(("code", "exit_code"), [(1001, 0), (1008, 2)])
@testing.in_virtual_time
async def test_an_end_before_the_first_frame_is_told(window: Window, code: int, exit_code: int) -> None:
    """A player who is sent away while the window opens reads why for a while, and then it is over."""
    async with a_table(window) as table:
        table.server.players[0]._seat.end(code, "lunch")
        await testing.until(lambda: not table.ada.connected, "the end")
        shown, begun = table.shown, netlib.clock()
        await table.play()
        assert table.screen.notice == ("The connection has ended", "lunch")
        assert (shown.live, shown.over, shown.exit_code) == (False, True, exit_code)
        assert netlib.clock() - begun == pytest.approx(3.0, abs=0.2)


@testing.in_virtual_time
async def test_frames_last_as_long_as_they_shall(window: Window) -> None:
    """Frames end after their seconds, or when the player closes the window."""
    async with a_table(window) as table:
        assert await table.play(1.0) == pytest.approx(FPS, abs=2)
        assert table.shown.live and not table.shown.over
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert await table.play() == 1
        assert table.shown.exit_code == 0


@testing.in_virtual_time
async def test_each_frame_takes_in_what_happened(window: Window) -> None:
    """Chat stands on the screen, keys change the link, and the net graph knows what the game measured."""
    async with a_table(window) as table:
        table.server.broadcast(Chat("plums", sender=table.ada.player_id))
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F4, mod=0))
        await asyncio.sleep(0.1)
        await table.play(0.1)
        assert [words for name, words, *_ in table.screen.chat._lines if name == "Ada"] == ["plums"]
        assert table.ada.link.latency == 0.05
        assert table.screen.notes.shown and table.screen.notes.shown.title == "Latency 50 ms"
        reading = table.screen.net_graph._latest
        assert reading and (reading.rtt, reading.conditions) == (0.123, table.ada.link)
