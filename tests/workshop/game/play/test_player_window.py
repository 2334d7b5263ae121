"""What the player touches: it also knows what happened before there was a window."""

from functools import partial

import pytest

import netlib
from netlib import testing
from solutions.step14_public.server import make_server
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.window import Window
from workshop.game.play.player_window import PlayerWindow
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES


@pytest.mark.parametrize(("code", "exit_code"), [(1001, 0), (1008, 2)])
@testing.in_virtual_time
async def test_an_end_before_the_first_frame_is_told(window: Window, code: int, exit_code: int) -> None:
    """Whoever is sent away while the window opens reads why for a while, and then it is over."""
    async with testing.Network() as network:
        server = await network.serve(partial(make_server, seed=1))
        ada = await network.join("Ada", messages=MESSAGES, schema=SCHEMA, reconnect_time=0)
        server.players[0]._seat.end(code, "lunch")
        await testing.until(lambda: not ada.connected, "the end")
        screen = Screen(make_map(1))
        shown = PlayerWindow(ada, window, screen, farewell=3.0)
        shown.take()
        assert screen.notice == ("The connection has ended", "lunch")
        assert (shown.live, shown.over, shown.exit_code) == (False, False, exit_code)
        begun = netlib.clock()
        await testing.until(lambda: shown.over, "the farewell is over")
        assert netlib.clock() - begun == pytest.approx(3.0, abs=0.2)
