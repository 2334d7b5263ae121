"""Gem Rush, the client: a window into the server's world.

Three ideas hide the network: your own player is predicted (`move`), the others are interpolated
(`see`), and a lost connection comes back (`come_back`). Run it with
``python -m starter.step14_public.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import netlib
from starter.step14_public.public import trusted
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene, placed
from workshop.game.drawing.window import Window, opened
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import FAREWELL_SECONDS, PlayerWindow
from workshop.game.play.start import start
from workshop.game.play.telemetry import measured
from workshop.game.rules.entities import ROUND_ID, SCHEMA
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES, Move
from workshop.game.rules.movement import step
from workshop.game.rules.units import TOP_SPEED


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen | None = None) -> None:
        self.client = client
        self.enter()
        self.screen = screen or Screen(self.map)
        self.window = PlayerWindow(client, window, self.screen, farewell=FAREWELL_SECONDS)
        self.take_in(netlib.StateChanged(client.tick))
        self.scene = self.see(0.0)
        client.on(netlib.StateChanged, self.take_in)
        client.on(netlib.Connected, self.come_back)

    def enter(self) -> None:
        """Begin in a room: its map and its pace, nothing predicted, nobody drawn yet."""
        rate = self.client.tick_rate
        self.map = make_map(self.client.state["round"][ROUND_ID].seed)
        self.ticks = netlib.Accumulator(1 / rate)
        self.making = netlib.TickInput[Move]()
        self.me = netlib.Predictor(partial(step, map=self.map), tick_rate=rate)
        self.others = netlib.InterpolationBuffer({"players": ("x", "y")}, tick_rate=rate, max_speed=TOP_SPEED)
        self.is_new = False

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            self.draw(dt)
        return self.window.exit_code

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot, when it arrives: the truth about oneself, and where the others were."""
        if self.is_new:
            self.enter()
            self.screen.enter(self.map)
        self.others.add(event.tick, self.client.state, netlib.clock())
        truth = self.client.state["players"].get(self.client.player_id)
        self.me.reconcile(truth, self.client.last_input_seq)

    def come_back(self, event: netlib.Connected) -> None:
        """There is a connection again, to our place in the room, or to a room that is new to us."""
        self.me.reset()
        self.making = netlib.TickInput[Move]()
        self.is_new = not event.resumed

    def move(self, dt: float) -> None:
        """Prediction: send one input for each tick that has passed, and apply it here at once."""
        if not self.window.live or self.client.room_state.paused:
            return
        for _ in range(self.ticks.add(dt)):
            if (me := self.me.predicted) and not self.me.stalled:
                wanted = self.making.finish(self.window.wanted(me))
                self.me.predict(replace(wanted, seq=self.client.send_input(wanted)))

    def see(self, dt: float) -> Scene:
        """Interpolation: oneself is ahead of the newest state, the others move a little behind it."""
        players = self.client.state["players"]
        earlier = self.others.sample(netlib.clock())
        if earlier and self.window.controls.interpolation:
            players = placed(players, earlier.state["players"])
        self.me.enabled = self.window.controls.prediction
        alpha = 0.0 if self.client.room_state.paused else self.ticks.alpha
        if me := self.me.displayed(dt, self.making.hold(self.window.walk(), alpha), alpha):
            players = players | {self.client.player_id: me}
        return self.window.scene(players, dt)

    def draw(self, dt: float) -> None:
        """Draw a frame; without a connection the world stands still."""
        if self.window.live:
            self.scene = self.see(dt)
        self.window.draw(self.scene, dt, **measured(self.me, self.others))


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code: 0, or 2 when cut off.

    Raises:
        netlib.NetlibError, ScreenError: it could not begin; the text says why, and what to do.
    """
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    options = client_options(public=True)
    start(run(ssl=trusted(options.pop("ca")), **options))
