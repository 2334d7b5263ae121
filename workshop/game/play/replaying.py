"""A window that plays a recording: the world as its client saw it, with a camera that can go elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pygame

import netlib
from netlib.recording import Replay
from workshop.errors import WorkshopError
from workshop.game.drawing.camera import flown
from workshop.game.drawing.chat import ChatLog
from workshop.game.drawing.hud import Hud, ranking
from workshop.game.drawing.replay_bar import Progress, draw_bar
from workshop.game.drawing.view import Scene, View
from workshop.game.drawing.window import Window, has_room, opened
from workshop.game.play.controls import direction
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.play.keys.place import kept_at
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Player, Round
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.units import TOP_SPEED

FPS = 60  # frames per second
FAREWELL_SECONDS = 4.0  # how long the last picture stays
SPEEDS: Final = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # what the keys choose from
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


class Theatre:
    """The window of a replay that has begun and knows the world."""

    def __init__(self, replay: Replay, window: Window) -> None:
        self.replay, self.window = replay, window
        self.follower = Follower(replay.player_id)
        self.keyboard = Keyboard(kept_at())
        self.chat = ChatLog()
        self.quit = False
        self.title = f"{replay.room}, seen by {replay.name}, {replay.started.astimezone():%d %b %Y %H:%M}"
        self.others = netlib.InterpolationBuffer(
            {"players": ("x", "y")}, tick_rate=replay.tick_rate, max_speed=TOP_SPEED
        )
        self.enter()
        self.take_in(netlib.StateChanged(replay.tick))
        replay.on(netlib.StateChanged, self.take_in)

    def enter(self) -> None:
        """Show the map that is played on now."""
        round: Round = self.replay.state["round"][ROUND_ID]
        self.seed, self.map = round.seed, make_map(round.seed)
        self.view = View(self.map)
        self.hud = Hud(self.map, self.view.ground)
        self.focus = (self.map.width // 2, self.map.height // 2)

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot, at its time."""
        self.others.add(event.tick, self.replay.state, self.replay.clock())

    async def play(self, seconds: float | None) -> None:
        """Run until the user quits, the recording ends or the time is over."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            before = self.replay.time
            for event in self.replay.poll():
                self.chat.hear(event, self.replay.state["players"])
            for pressed in self.window.events():
                self.press(pressed)
            self.draw(dt, self.replay.time - before)
            if self.replay.finished:
                end = min(end, netlib.clock() + FAREWELL_SECONDS)
            if self.quit or netlib.clock() >= end:
                break

    def press(self, event: pygame.event.Event) -> None:
        """What the user does."""
        key = self.keyboard.take(event)
        self.quit |= event.type == pygame.QUIT or key == pygame.K_ESCAPE
        if key == pygame.K_SPACE:
            self.replay.paused = not self.replay.paused
        elif key in (pygame.K_LEFT, pygame.K_RIGHT):
            self.replay.speed = other_speed(self.replay.speed, faster=key == pygame.K_RIGHT)
        elif key == pygame.K_TAB:
            way = -1 if event.dict.get("mod", 0) & pygame.KMOD_SHIFT else 1
            self.follower.next(self.replay.state["players"], way)
        elif key in FLIGHT:
            self.follower.fly()

    def draw(self, dt: float, played: float) -> None:
        """Draw a frame, ``dt`` seconds and so many seconds of the recording after the last one."""
        scene = self.see(dt)
        surface, text = self.window.surface, self.window.text
        self.view.draw(surface, scene, text, played)
        self.hud.watch(scene, played)
        self.chat.pass_time(played)
        if has_room(surface.size, text):
            room = self.replay.room_state
            self.hud.draw(surface, scene, text, room.by if room.paused else None)
            self.chat.draw(surface, text, None)
            draw_bar(surface, text, self.progress(scene))
        pygame.display.flip()

    def see(self, dt: float) -> Scene:
        """The world a little behind the newest snapshot, with all that moves between two of them."""
        if self.replay.state["round"][ROUND_ID].seed != self.seed:
            self.enter()
        sample = self.others.sample(self.replay.clock())
        assert sample is not None, "there is a snapshot from the start"
        state = sample.state
        seen = (state["players"], state["resources"], state["round"][ROUND_ID], self.follower.id)
        scene = Scene(*seen, self.focus, sample.tick, self.replay.tick_rate)
        self.follower.keep(scene)
        held = self.keyboard.held()
        flight = direction(lambda key: key in FLIGHT and held(key))
        self.focus = scene.eye if scene.me else flown(self.focus, flight, dt, self.map)
        return scene

    def progress(self, scene: Scene) -> Progress:
        """What the bar shows."""
        replay = self.replay
        trouble = "" if replay.connected else "the connection was lost here"
        if replay.finished:
            trouble = "the file breaks off here" if replay.problem else "the end"
        following, times = scene.me.name if scene.me else "", (replay.time, replay.duration, replay.speed)
        flying = " ".join([*self.keyboard.labels().values()][: len(FLIGHT)])
        return Progress(self.title, *times, replay.paused, following, trouble, flying)


def other_speed(speed: float, *, faster: bool) -> float:
    """The next of the speeds that the keys choose from."""
    further = (it for it in SPEEDS if it > speed) if faster else (it for it in SPEEDS[::-1] if it < speed)
    return next(further, speed)


async def run(
    path: Path, *, speed: float = 1.0, seconds: float | None = None, screenshot: Path | None = None
) -> int:
    """Play a recording in a window. Returns the exit code.

    Raises:
        netlib.recording.RecordingError, WorkshopError: it cannot be played, or not here; the text says why.
    """
    async with Replay(path, messages=MESSAGES, schema=SCHEMA, speed=speed) as replay:
        await first_state(replay)
        with opened(f"{path.name}: {replay.room}", seen=seconds is None, screenshot=screenshot) as window:
            replay.paused = True  # nobody should miss what happens while the map is painted
            theatre = Theatre(replay, window)
            replay.paused = False
            await theatre.play(seconds)
    return 0


async def first_state(replay: Replay) -> None:
    """Wait until the world is known.

    Raises:
        WorkshopError: it never is.
    """
    async for _ in netlib.frames(FPS):
        if replay.state.get("round"):
            return
        if replay.finished:
            raise WorkshopError(f"{replay.url} ends before there is anything to show")
