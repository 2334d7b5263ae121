"""Gem Rush, the client: one's own player is predicted, the others are interpolated.

Run it with ``python -m solutions.step11_interpolation.client --network hotel``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import netlib
from solutions.step11_interpolation.interpolation import InterpolationBuffer
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene, placed
from workshop.game.drawing.window import Window, opened
from workshop.game.play.chat_commands import say
from workshop.game.play.controls import Controls, held_keys
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.start import start
from workshop.game.play.telemetry import scene_of, status
from workshop.game.rules.entities import SCHEMA, Player
from workshop.game.rules.messages import MESSAGES, Move
from workshop.game.rules.movement import step
from workshop.game.rules.world import something_in_reach

FPS = 60  # frames per second


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window, self.screen = client, window, screen
        self.controls, self.ticks = Controls(), netlib.Accumulator(1 / client.tick_rate)
        rule = partial(step, map=screen.view.map)
        self.me: netlib.Predictor[Player, Move] = netlib.Predictor(rule, tick_rate=client.tick_rate)
        self.making = netlib.TickInput[Move]()
        self.others = InterpolationBuffer()
        self.take_in(netlib.StateChanged(client.tick))
        client.on(netlib.StateChanged, self.take_in)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            for event in self.client.poll():
                self.screen.chat.hear(event, self.client.state["players"])
            for line in self.controls.take(self.window):
                say(line, self.client, self.client.state["players"], self.screen.chat)
            self.client.link = self.controls.conditions(self.client.link)
            self.move(dt)
            self.draw(dt)
            if self.controls.quit or not self.client.connected or netlib.clock() >= end:
                break
        return 0

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: the truth about oneself, and where the others were at its time."""
        players, self.received = self.client.state["players"], netlib.clock()
        self.others.add(event.tick / self.client.tick_rate, players)
        self.me.reconcile(players.get(self.client.player_id), self.client.last_input_seq)

    def move(self, dt: float) -> None:
        """One input for each tick that has passed, whatever the number of frames."""
        for _ in range(self.ticks.add(dt)):
            if (me := self.me.predicted) is None or self.me.stalled:
                continue
            in_reach = something_in_reach(me, self.client.state["resources"])
            move = self.making.finish(self.controls.move(held_keys(), in_reach=in_reach))
            self.me.predict(replace(move, seq=self.client.send_input(move)))

    def see(self, dt: float) -> Scene:
        """Oneself ahead of the newest snapshot, the others a little behind it."""
        players, alpha = self.client.state["players"], self.ticks.alpha
        self.others.advance(dt)
        if self.controls.interpolation:
            players = placed(players, self.others.sample())
        self.me.enabled = self.controls.prediction
        if me := self.me.displayed(dt, self.making.hold(self.controls.walk(held_keys()), alpha), alpha):
            players = players | {self.client.player_id: me}
        return scene_of(self.client, players, focus=self.screen.view.map.spawns[0], received=self.received)

    def draw(self, dt: float) -> None:
        """Draw a frame, and keep the net graph (F3) up to date."""
        scene, delay = self.see(dt), self.others.snapshots[-1].time - self.others.moment
        rtt, on, link = self.client.metrics.rtt, self.controls.interpolation, self.client.link
        self.screen.net_graph.feed(
            Reading(netlib.clock(), rtt=rtt, interpolation_delay=delay, interpolation_on=on, conditions=link)
        )
        self.screen.show(self.window, scene, status(self.client, self.screen.fps), self.controls.panels(), dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
