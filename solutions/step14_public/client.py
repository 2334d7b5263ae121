"""Gem Rush, the client: a window into the server's world.

Three ideas hide the network: one's own player is predicted (`move`), the others are interpolated
(`see`), and a lost connection comes back (`lose`, `come_back`). Run it with
``python -m solutions.step14_public.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import netlib
from workshop.game.camera import flown
from workshop.game.controls import Controls, direction, held_keys
from workshop.game.entities import ROUND_ID, SCHEMA
from workshop.game.flags import client_options
from workshop.game.maps import make_map
from workshop.game.messages import MESSAGES, Move
from workshop.game.movement import step
from workshop.game.opening import first_screen
from workshop.game.screen import Screen
from workshop.game.start import start
from workshop.game.telemetry import reading, scene_of, status, wait_of, why_lost
from workshop.game.units import TOP_SPEED
from workshop.game.view import Scene, placed
from workshop.game.window import Window, opened
from workshop.game.world import something_in_reach

FPS = 60  # frames per second
FAREWELL_SECONDS = 4.0  # how long the window tells why the connection ended
NORMAL_ENDS = (1000, 1001)  # WebSocket close codes of a room that was closed on purpose


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen | None = None) -> None:
        self.client, self.window, self.controls = client, window, Controls()
        self.focus = (0, 0)
        self.lost: netlib.Interrupted | None = None
        self.ended: netlib.Disconnected | None = None
        self.enter()
        self.screen = screen or Screen(self.map)
        self.take_in(netlib.StateChanged(client.tick))
        self.scene = self.see(0.0)
        client.on(netlib.StateChanged, self.take_in)
        client.on(netlib.Interrupted, self.lose)
        client.on(netlib.Connected, self.come_back)

    def enter(self) -> None:
        """Begin in a room: its map and its pace, nothing predicted, nobody drawn yet."""
        rate, self.is_new = self.client.tick_rate, False
        self.map = make_map(self.client.state["round"][ROUND_ID].seed)
        self.ticks, self.making = netlib.Accumulator(1 / rate), netlib.TickInput[Move]()
        self.me = netlib.Predictor(partial(step, map=self.map), tick_rate=rate)
        self.others = netlib.InterpolationBuffer({"players": ("x", "y")}, tick_rate=rate, max_speed=TOP_SPEED)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        self.end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            for event in self.client.poll():
                self.handle(event)
            self.take_controls(dt)
            self.draw(dt)
            if self.controls.quit or netlib.clock() >= self.end:
                break
        return 0 if self.ended is None or self.ended.code in NORMAL_ENDS else 2

    def handle(self, event: object) -> None:
        """Take in what people say, and that it is over."""
        self.screen.chat.hear(event, self.scene.players)
        if isinstance(event, netlib.Disconnected):
            self.ended, self.end = event, min(self.end, netlib.clock() + FAREWELL_SECONDS)
            self.screen.farewell(event.reason)

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot, when it arrives: the truth about oneself, and where the others were."""
        client, self.received, self.lost = self.client, netlib.clock(), None
        if self.is_new:
            self.enter()
            self.screen.enter(self.map)
        self.others.add(event.tick, client.state, self.received)
        self.me.reconcile(client.state["players"].get(client.player_id), client.last_input_seq)

    def lose(self, event: netlib.Interrupted) -> None:
        """The connection is lost: the world stands still until the next snapshot."""
        self.lost = event

    def come_back(self, event: netlib.Connected) -> None:
        """There is a connection again, to our place in the room, or to a room that is new to us."""
        self.me.reset()
        self.making, self.is_new = netlib.TickInput[Move](), not event.resumed
        self.screen.back(resumed=event.resumed)

    def take_controls(self, dt: float) -> None:
        """What the player did: chat, a worse network, and a way to go."""
        for line in self.controls.take(self.window):
            self.screen.say(line, self.client, self.scene.players)
        if (wanted := self.controls.conditions(self.client.link)) is not self.client.link:
            self.client.link = wanted
        room = self.client.room_state
        self.screen.paused = room.by if room.paused else None
        if not (self.lost or self.ended or room.paused):
            self.move(dt)

    def move(self, dt: float) -> None:
        """Prediction: send one input for each tick that has passed, and apply it here at once."""
        self.me.enabled = self.controls.prediction
        for _ in range(self.ticks.add(dt)):
            if (me := self.me.predicted) is None or self.me.stalled:
                continue
            pressed = self.controls.move(held_keys(), in_reach=something_in_reach(me, self.scene.resources))
            move = self.making.finish(pressed)
            self.me.predict(replace(move, seq=self.client.send_input(move)))

    def see(self, dt: float) -> Scene:
        """Interpolation: oneself is ahead of the newest state, the others move a little behind it."""
        players, alpha = self.client.state["players"], 0.0 if self.screen.paused else self.ticks.alpha
        earlier = self.others.sample(netlib.clock())
        if earlier and self.controls.interpolation:
            players = placed(players, earlier.state["players"])
        if me := self.me.displayed(dt, self.making.hold(self.controls.walk(held_keys()), alpha), alpha):
            players = players | {self.client.player_id: me}
        self.focus = (me.x, me.y) if me else flown(self.focus, direction(held_keys()), dt, self.map)
        return scene_of(self.client, players, focus=self.focus, received=self.received)

    def draw(self, dt: float) -> None:
        if not (self.lost or self.ended):
            self.scene = self.see(dt)
        elif self.lost and (trying := self.client.reconnecting):
            self.screen.lost(why_lost(self.lost, trying), attempt=trying.tries, wait=wait_of(trying))
        self.screen.net_graph.feed(reading(self.client, self.me, self.others, self.controls))
        self.screen.show(self.window, self.scene, status(self.client, self.screen.fps), self.controls, dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code: 0, or 2 when cut off.

    Raises:
        netlib.NetlibError, ScreenError: it could not begin; the text says why, and what to do.
    """
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
