"""The client without any trick against latency: what stages play whose lesson is another."""

from collections.abc import Callable, Mapping

import netlib
from workshop.game.drawing.hud import Status
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.window import Window
from workshop.game.play.chat_commands import say
from workshop.game.play.controls import Controls, held_keys
from workshop.game.play.opening import first_screen
from workshop.game.play.telemetry import scene_of
from workshop.game.rules.entities import Player
from workshop.game.rules.world import something_in_reach

FPS = 60  # frames per second


async def play(
    window: Window,
    client: netlib.Client,
    *,
    seconds: float | None = None,
    rtt: Callable[[], float | None] | None = None,
) -> bool:
    """Play until the player quits or the time is over (True), or until the connection has ended (False).

    Everybody is drawn where the newest snapshot says, oneself included.

    Args:
        seconds: how long to play at most.
        rtt: tells the round trip to be shown, in seconds; what netlib has measured, when not given.

    Raises:
        netlib.ConnectionLost: it ended before the game began.
    """
    game = PlainGame(window, client, await first_screen(client), rtt or (lambda: client.metrics.rtt))
    end = netlib.clock() + seconds if seconds is not None else float("inf")
    async for dt in netlib.frames(FPS):
        game.frame(dt)
        if game.controls.quit or not client.connected or netlib.clock() >= end:
            break
    return client.connected or game.controls.quit


class PlainGame:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(
        self, window: Window, client: netlib.Client, screen: Screen, rtt: Callable[[], float | None]
    ) -> None:
        self.window, self.client, self.screen, self.rtt = window, client, screen, rtt
        self.controls, self.ticks = Controls(), netlib.Accumulator(1 / client.tick_rate)

    def frame(self, dt: float) -> None:
        """Take in, send and draw what belongs to one frame, ``dt`` seconds after the last one."""
        players = self.client.state["players"]
        for event in self.client.poll():
            self.screen.chat.hear(event, players)
        for line in self.controls.take(self.window):
            say(line, self.client, players, self.screen.chat)
        if (wanted := self.controls.conditions(self.client.link)) is not self.client.link:
            self.client.link = wanted
        self.move(players.get(self.client.player_id), dt)
        self.draw(players, dt)

    def move(self, me: Player | None, dt: float) -> None:
        """Send one input for each tick that has passed."""
        for _ in range(self.ticks.add(dt) if me else 0):
            in_reach = me is not None and something_in_reach(me, self.client.state["resources"])
            self.client.send_input(self.controls.move(held_keys(), in_reach=in_reach))

    def draw(self, players: Mapping[int, Player], dt: float) -> None:
        now, link = netlib.clock(), self.client.link
        scene = scene_of(self.client, players, focus=self.screen.view.map.spawns[0], received=now)
        self.screen.net_graph.feed(Reading(now, rtt=self.rtt(), conditions=link))
        status = Status(self.client.room, self.rtt(), self.screen.fps, "" if link.perfect else str(link))
        self.screen.show(self.window, scene, status, self.controls.panels(), dt)
