"""A simple window: the newest that a client knows, and the last picture while there is no client."""

from dataclasses import dataclass
from functools import partial

import pygame

import netlib
from netlib import testing
from solutions.step14_public.server import make_server
from workshop.game.drawing.camera import camera, world_to_screen
from workshop.game.drawing.palette import player_colour
from workshop.game.drawing.screen import ANEW, RESUMED
from workshop.game.drawing.window import Window
from workshop.game.play.bare_window import BareWindow
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES

SEED = 5


@dataclass
class Link:
    """What the window knows of its connection."""

    client: netlib.Client | None
    notice: tuple[str, str] | None = None


@testing.in_virtual_time
async def test_with_a_client_and_without(window: Window) -> None:
    """One sees and moves oneself on the room's own map; then the picture stands, below what went wrong."""
    async with testing.Network() as network:
        server = await network.serve(partial(make_server, seed=SEED))
        ada = await network.join("Ada", messages=MESSAGES, schema=SCHEMA)
        bare, link = BareWindow(window), Link(ada)
        await bare.play(link, 1.0)
        me = ada.state["players"][ada.player_id]
        place = world_to_screen((me.x, me.y), camera((me.x, me.y), window.surface.size, make_map(SEED)))
        assert window.surface.get_at(place)[:3] == player_colour(me.colour)
        assert bare._screen.view.map.seed == SEED
        assert server.peers[0].last_input_seq > 20, "an input a tick"
        link.client, sent = None, server.peers[0].last_input_seq
        await bare.play(link, 0.5)
        assert window.surface.get_at(place)[:3] == player_colour(me.colour)
        link.notice = ("Lost", "It is tried again.")
        await bare.play(link, 0.1)
        assert window.surface.get_at(place)[:3] != player_colour(me.colour), "there are words over it"
        assert server.peers[0].last_input_seq <= sent + 2


@testing.in_virtual_time
async def test_keys(window: Window) -> None:
    """K cuts the cable and nothing else; Escape ends it. What became of the player is a note."""
    bare, cuts = BareWindow(window), list[int]()
    bare.cable.cut = lambda: cuts.append(1)  # type: ignore[method-assign]
    for key, closed in ((pygame.K_k, False), (pygame.K_ESCAPE, True)):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))
        await bare.play(Link(None), 0.1)
        assert (bare.controls.quit, cuts) == (closed, [1])
    for resumed, note in ((True, RESUMED), (False, ANEW)):
        bare.welcome(resumed=resumed)
        assert bare._screen.notes.shown == note
