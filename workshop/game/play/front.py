"""The side of a game that its player touches: a window, what it shows, what is pressed in it."""

from collections.abc import Mapping

import netlib
from workshop.game.drawing.camera import flown
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.chat_commands import say
from workshop.game.play.controls import Controls, direction, held_keys
from workshop.game.play.telemetry import reading, scene_of, status, wait_of, why_lost
from workshop.game.rules.entities import Player
from workshop.game.rules.messages import Move
from workshop.game.rules.world import something_in_reach

FAREWELL_SECONDS = 4.0  # how long the window tells why the connection ended
NORMAL_ENDS = (1000, 1001)  # WebSocket close codes of a room that was closed on purpose


class Front:
    """Window, screen and controls of one player.

    Attributes:
        controls: what the player wants.
        lost: how the connection was lost; None as soon as news come again.
        ended: how it ended for good.
    """

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.controls = Controls()
        self.lost: netlib.Interrupted | None = None
        self.ended: netlib.Disconnected | None = None
        self._client, self._window, self._screen = client, window, screen
        self._focus, self._end = (0, 0), float("inf")
        client.on(netlib.StateChanged, self._hear_news)
        client.on(netlib.Interrupted, self._lose)
        client.on(netlib.Connected, self._come_back)

    @property
    def live(self) -> bool:
        """True while there is a connection: what is shown goes on."""
        return not (self.lost or self.ended)

    @property
    def over(self) -> bool:
        """True when the player has quit, or has read why the connection ended."""
        return self.controls.quit or netlib.clock() >= self._end

    @property
    def exit_code(self) -> int:
        """0, or 2 when the room was not closed on purpose."""
        return 0 if self.ended is None or self.ended.code in NORMAL_ENDS else 2

    def take(self, players: Mapping[int, Player]) -> None:
        """What was said and done since the last call: chat, a worse network, panels, a way to go."""
        for event in self._client.poll():
            self._screen.chat.hear(event, players)
            if isinstance(event, netlib.Disconnected):
                self._bid_farewell(event)
        for line in self.controls.take(self._window):
            say(line, self._client, players, self._screen.chat)
        if (wanted := self.controls.conditions(self._client.link)) is not self._client.link:
            self._client.link = wanted
        room = self._client.room_state
        self._screen.paused = room.by if room.paused else None

    def walk(self) -> Move:
        """What the keys that are down ask for in this frame."""
        return self.controls.walk(held_keys())

    def move(self, me: Player, scene: Scene) -> Move:
        """What the player wants in this tick, standing there."""
        return self.controls.move(held_keys(), in_reach=something_in_reach(me, scene.resources))

    def scene(self, players: Mapping[int, Player], *, received: float, dt: float) -> Scene:
        """What is to be seen, with these players; who is none of them flies over the map.

        Args:
            received: when the newest state came, in seconds of `netlib.clock`.
            dt: seconds since the last frame.
        """
        if me := players.get(self._client.player_id):
            self._focus = (me.x, me.y)
        else:
            self._focus = flown(self._focus, direction(held_keys()), dt, self._screen.view.map)
        return scene_of(self._client, players, focus=self._focus, received=received)

    def draw(
        self,
        scene: Scene,
        me: netlib.Predictor[Player, Move],
        others: netlib.InterpolationBuffer,
        dt: float,
    ) -> None:
        """Draw one frame, ``dt`` seconds after the last one; when the connection is lost, say how it goes."""
        client, screen = self._client, self._screen
        if self.lost and (trying := client.reconnecting):
            screen.lost(why_lost(self.lost, trying), attempt=trying.tries, wait=wait_of(trying))
        screen.net_graph.feed(reading(client, me, others, self.controls))
        screen.show(self._window, scene, status(client, screen.fps), self.controls.panels(), dt)

    def _hear_news(self, event: netlib.StateChanged) -> None:
        self.lost = None

    def _lose(self, event: netlib.Interrupted) -> None:
        self.lost = event

    def _come_back(self, event: netlib.Connected) -> None:
        self._screen.back(resumed=event.resumed)

    def _bid_farewell(self, event: netlib.Disconnected) -> None:
        self.ended, self._end = event, netlib.clock() + FAREWELL_SECONDS
        self._screen.farewell(event.reason)
