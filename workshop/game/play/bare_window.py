"""A simple window onto a room: it shows the newest that a client knows, and goes on without a client."""

import asyncio
from typing import Protocol

import pygame

import netlib
from workshop.game.drawing.hud import Status
from workshop.game.drawing.screen import ANEW, RESUMED, Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.cable import BreakableNetwork
from workshop.game.play.controls import Controls, held_keys
from workshop.game.play.telemetry import scene_of, status
from workshop.game.rules.entities import ROUND_ID, Round
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.units import TICK_RATE
from workshop.game.rules.world import something_in_reach

FPS = 60  # frames per second


class LinkStatus(Protocol):
    """What a window has to know of its connection."""

    client: netlib.Client | None

    @property
    def notice(self) -> tuple[str, str] | None:
        """Title and words over everything; None for nothing."""


class BareWindow:
    """What is in a window, with neither prediction nor interpolation.

    Attributes:
        cable: for ``Client(network=…)``; it is cut when the player presses K.
        closed: True when the player has pressed Esc, or closed the window.
    """

    def __init__(self, window: Window) -> None:
        self._seed = 1
        self.cable, self.closed = BreakableNetwork(), False
        self._window, self._screen = window, Screen(make_map(self._seed))
        self._scene, self._status = Scene({}, {}, Round(self._seed)), Status("", None, 0.0)
        self._controls, self._ticks = Controls(), netlib.Accumulator(1 / TICK_RATE)

    def welcome(self, *, resumed: bool) -> None:
        """Say for a while that there is a connection, and what has become of the player."""
        self._screen.notes.show(RESUMED if resumed else ANEW)

    async def play(self, link: LinkStatus, seconds: float | None) -> None:
        """Draw, and send what the player wants, until it has had enough, or for ``seconds``."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            self._heed_keys()
            await self._enter(link.client)
            self.show(link.client, link.notice, dt)
            if self.closed or netlib.clock() >= end:
                break

    def show(self, client: netlib.Client | None, notice: tuple[str, str] | None, dt: float) -> None:
        """Draw a frame, ``dt`` seconds after the last one; without a client the picture stands still."""
        if client and client.state["round"]:
            self._take_in(client)
            for _ in range(self._ticks.add(dt)):
                if self._scene.me is not None:
                    client.send_input(self._wanted())
        self._screen.notice = notice
        panels = self._controls.panels(held_keys())
        self._screen.show(self._window, self._scene, self._status, panels, dt)

    def _heed_keys(self) -> None:
        for event in self._window.events():
            key = event.key if event.type == pygame.KEYDOWN else None
            self.closed |= event.type == pygame.QUIT or key == pygame.K_ESCAPE
            if key == pygame.K_k:
                self.cable.cut()

    async def _enter(self, client: netlib.Client | None) -> None:
        """Paint the map of a room that is new to us, while the network goes on."""
        if client and client.state["round"]:
            seed: int = client.state["round"][ROUND_ID].seed
            if seed != self._seed:
                self._seed = seed
                await asyncio.to_thread(lambda: self._screen.enter(make_map(seed)))

    def _take_in(self, client: netlib.Client) -> None:
        players = client.state["players"]
        self._scene = scene_of(
            client, players, focus=self._screen.view.map.spawns[0], received=netlib.clock()
        )
        self._status = status(client, client.metrics.rtt, self._screen.fps)

    def _wanted(self) -> Move:
        me, resources = self._scene.me, self._scene.resources
        in_reach = me is not None and something_in_reach(me, resources)
        return self._controls.move(held_keys(), in_reach=in_reach)
