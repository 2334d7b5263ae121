"""The world of a recorded game of Gem Rush: as its client saw it, with a camera that can go elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

import pygame
from msgspec.structs import replace

import netlib
from netlib.recording import Replay
from workshop.game.drawing.camera import flown
from workshop.game.drawing.chat import ChatLog
from workshop.game.drawing.effects import Effects
from workshop.game.drawing.hud import Hud, ranking
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import Scene, View
from workshop.game.play.controls import direction
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.rules.entities import ROUND_ID, Player
from workshop.game.rules.maps import Point, make_map
from workshop.game.rules.messages import Chat, Notice
from workshop.game.rules.units import TOP_SPEED

LOWEST = 220  # pixels of a window of 1280×720 above the bar, from which on scores and talk are shown
FLIGHT: Final = (pygame.K_w, pygame.K_a, pygame.K_s, pygame.K_d)  # by place; the arrows have a job here


class Follower:
    """Whom the camera follows: at first the recorded player, or the leader; ``id`` 0 is nobody."""

    def __init__(self, own_id: int) -> None:
        self.id, self._own_id, self._flies = 0, own_id, False

    def fly(self) -> None:
        """Follow nobody any more."""
        self.id, self._flies = 0, True

    def next(self, players: Mapping[int, Player], way: int) -> None:
        """Follow the next player, or with ``way`` -1 the one before."""
        ids = sorted(players)
        if ids:
            here = ids.index(self.id) if self.id in ids else -1 if way > 0 else 0
            self.id, self._flies = ids[(here + way) % len(ids)], False

    def keep(self, scene: Scene) -> None:
        """Find somebody else when who was followed is gone."""
        if not self._flies and self.id not in scene.players:
            best = [id for id, _ in ranking(scene)]
            self.id = self._own_id if self._own_id in best else (best or [0])[0]


class World:
    """Draws a replay that knows its round, and takes the keys that move the camera."""

    def __init__(self, replay: Replay[Any], keyboard: Keyboard) -> None:
        self._replay, self.keyboard = replay, keyboard
        self.follower, self.chat = Follower(replay.player_id), ChatLog()
        self._focus: Point = (0, 0)
        fields, rate = {"players": ("x", "y")}, replay.tick_rate
        self.others = netlib.InterpolationBuffer(fields, tick_rate=rate, max_speed=TOP_SPEED)
        self._enter()
        self._take_in(netlib.StateChanged(replay.tick))
        replay.on(netlib.StateChanged, self._take_in)
        for kind in (Chat, Notice, netlib.ServerError):
            replay.on(kind, lambda it: self.chat.hear(it, replay.state["players"]))

    @property
    def following(self) -> str:
        """Whom the camera follows, in words."""
        me = self._replay.state["players"].get(self.follower.id)
        return f"following {me.name}" if me else "free flight"

    def press(self, key: int, way: int) -> None:
        """Take a key; ``way`` is -1 with Shift."""
        if key == pygame.K_TAB:
            self.follower.next(self._replay.state["players"], way)
        elif key in FLIGHT:
            self.follower.fly()

    def seek(self, time: float) -> None:
        """Go to a time, in seconds: what is seen and heard there is what was seen and heard then."""
        self.others.reset()
        self.hud.forget()
        self.chat, self.view.effects = ChatLog(), Effects()
        self._replay.seek(time)

    def draw(self, surface: pygame.Surface, text: Text, dt: float, played: float) -> None:
        """Draw a frame, ``dt`` seconds and so many seconds of the recording after the last one."""
        scene, room = self.see(dt), self._replay.room_state
        self.view.draw(surface, scene, text, played)
        self.hud.watch(scene, played)
        self.chat.pass_time(played)
        if text.scale * LOWEST <= surface.height:
            self.hud.draw(surface, scene, text, room.by if room.paused else None)
            self.chat.draw(surface, text, None)

    def see(self, dt: float) -> Scene:
        """The world a little behind the newest snapshot, with all that moves between two of them."""
        replay = self._replay
        if replay.state["round"][ROUND_ID].seed != self._seed:
            self._enter()
        sample = self.others.sample(replay.clock()) or netlib.Sample(replay.tick, replay.state)  # long paused
        state = sample.state
        seen = (state["players"], state["resources"], state["round"][ROUND_ID], self.follower.id)
        scene = Scene(*seen, self._focus, sample.tick, replay.tick_rate)
        self.follower.keep(scene)
        scene = replace(scene, my_id=self.follower.id)
        held = self.keyboard.held()
        flight = direction(lambda key: key in FLIGHT and held(key))
        self._focus = scene.eye if scene.me else flown(self._focus, flight, dt, self.view.map)
        return scene

    def _enter(self) -> None:
        """Show the map that is played on now."""
        self._seed: int = self._replay.state["round"][ROUND_ID].seed
        self.view = View(make_map(self._seed))
        self.hud = Hud(self.view.map, self.view.ground)
        self._focus = (self.view.map.width // 2, self.view.map.height // 2)

    def _take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot, at its time."""
        self.others.add(event.tick, self._replay.state, self._replay.clock())
        self.others.sample(self._replay.clock())  # so that delays are known where one goes to
