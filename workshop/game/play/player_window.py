"""The side of a game that its player touches: a window, what it shows, what is pressed in it."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import netlib
from workshop.game.drawing.camera import flown
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.chat_commands import say
from workshop.game.play.class_member import introduce
from workshop.game.play.controls import Controls, direction
from workshop.game.play.keys.keyboard import Held, Keyboard
from workshop.game.play.keys.place import kept_at
from workshop.game.play.telemetry import reading, scene_of, status, wait_of, why_lost
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Map
from workshop.game.rules.messages import Move
from workshop.game.rules.world import something_in_reach

FPS = 60  # frames per second
FAREWELL_SECONDS = 4.0  # how long a finished game's window tells why the connection ended
NORMAL_ENDS = (1000, 1001)  # WebSocket close codes of a room that was closed on purpose


class PlayerWindow:
    """Window, screen and controls of one player, and the frames in which they are used.

    A game adds what is its own: which inputs it sends, and where it shows the players.

    Args:
        farewell: seconds that the window tells why the connection ended.

    Attributes:
        controls: what the player wants.
        lost: how the connection was lost; None as soon as news come again.
        ended: how it ended for good.
    """

    def __init__(
        self, client: netlib.Client, window: Window, screen: Screen, *, farewell: float = 0.0
    ) -> None:
        self._keyboard = Keyboard(kept_at())
        self.controls = Controls()
        self.controls.keyboard = self._keyboard
        self.lost: netlib.Interrupted | None = None
        self.ended: netlib.Disconnected | None = None
        self._client, self._window, self._screen = client, window, screen
        self._players: Mapping[int, Player] = client.state["players"]
        self._tick, self._received = client.tick, netlib.clock()
        self._focus, self._end, self._farewell = (0, 0), float("inf"), farewell
        introduce(client)

    @property
    def map(self) -> Map:
        """The map that is shown."""
        return self._screen.view.map

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

    async def frames(self, seconds: float | None = None) -> AsyncIterator[float]:
        """Yield the seconds since the last frame, when all that happened since then is taken in.

        It goes on until the player quits or the connection has ended, or for ``seconds``.
        """
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            self.take()
            yield dt
            if self.over or netlib.clock() >= end:
                break

    def take(self) -> None:
        """What was said and done since the last call: chat, a worse network, panels, a way to go."""
        for event in self._client.poll():
            self._hear(event)
        for line in self.controls.take(self._window):
            say(line, self._client, self._players, self._screen.chat)
        if (wanted := self.controls.conditions(self._client.link)) is not self._client.link:
            self._client.link = wanted
        room = self._client.room_state
        self._screen.paused = room.by if room.paused else None
        self._window.closed |= self.controls.quit
        if self._client.tick != self._tick:
            self._tick, self._received = self._client.tick, netlib.clock()

    def wanted(self, me: Player) -> Move:
        """What the player wants in this tick, standing there."""
        in_reach = something_in_reach(me, self._client.state["resources"])
        return self.controls.move(self._keyboard.held(), in_reach=in_reach)

    def walk(self) -> Move:
        """What the keys that are down ask for in this frame."""
        return self.controls.walk(self._keyboard.held())

    def held(self) -> Held:
        """Tells of a key whether it is down, and is not needed for chat or menu."""
        return self._keyboard.held() if self.controls.playing else lambda key: False

    def scene(self, players: Mapping[int, Player], dt: float) -> Scene:
        """What is to be seen, with these players; a spectator flies over the map.

        Args:
            dt: seconds since the last frame.
        """
        if me := players.get(self._client.player_id):
            self._focus = (me.x, me.y)
        else:
            self._focus = flown(self._focus, direction(self.held()), dt, self._screen.view.map)
        self._players = players
        return scene_of(self._client, players, focus=self._focus, received=self._received)

    def draw(self, scene: Scene, dt: float, *, below: str = "", **measured: Any) -> None:
        """Draw one frame, ``dt`` seconds after the last one; when the connection is lost, say how it goes.

        Args:
            below: words at the bottom of the window.
            measured: what the game knows of the network, and a client does not; see `Reading`.
        """
        client, screen = self._client, self._screen
        screen.below = below
        if self.lost and (trying := client.reconnecting):
            screen.lost(why_lost(self.lost, trying), attempt=trying.tries, wait=wait_of(trying))
        seen = reading(client, self.controls, **measured)
        screen.net_graph.feed(seen)
        corner = status(client, seen.rtt, screen.fps)
        screen.show(self._window, scene, corner, self.controls.panels(self._keyboard.held()), dt)

    def _hear(self, event: netlib.Event | netlib.Message | netlib.Untyped) -> None:
        self._screen.chat.hear(event, self._players)
        match event:
            case netlib.StateChanged():
                self.lost = None
            case netlib.Interrupted():
                self.lost = event
            case netlib.Connected():
                self._screen.back(resumed=event.resumed)
            case netlib.Disconnected():
                self.ended, self._end = event, netlib.clock() + self._farewell
                self._screen.farewell(event.reason)
