"""The window of a replay: playing it, going about in it, what is shown over the picture."""

from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any, Final

import pygame

import netlib
from netlib.recording import Replay
from workshop.errors import WorkshopError
from workshop.game.drawing import replay_panels as panels
from workshop.game.drawing.palette import INK
from workshop.game.drawing.text import Text
from workshop.game.drawing.window import Window, has_room
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.play.keys.place import kept_at
from workshop.game.play.replay import export
from workshop.game.play.replay.marks import Contents, Own
from workshop.game.play.replay.messages import Messages
from workshop.game.play.replay.other_game import OtherGame
from workshop.game.play.replay.world import FLIGHT, World

FPS = 60  # frames per second
FAREWELL_SECONDS = 4.0  # how long the last picture stays, when nobody has gone about in the recording
NEWS_SECONDS = 1.5  # of the recording, for which it is said what has just happened
SKIP = 5.0  # seconds that an arrow key goes
SPEEDS: Final = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # what the keys choose from
DRAWN, TEXT_SCALE = (1280, 720), 1.5  # pixels in which pictures to save are drawn; so text stays readable
GRIP = 36  # pixels of a window of 1280×720, round the bar's line, where the mouse takes hold
JUMPS: Final = {ord(key.lower()): kind for kind, (key, _, _) in panels.LANES.items()}
WAYS: Final = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1}
ENDS: Final = {pygame.K_HOME: 0.0, pygame.K_END: inf}
STRETCH: Final = {pygame.K_i: 0, pygame.K_o: 1}


class Theatre:
    """The window of a replay, which it reads first. Once ``touched`` by somebody it stays open at the end."""

    def __init__(self, replay: Replay[Any], window: Window, link: str) -> None:
        self.replay, self.window, self.messages, self.said = replay, window, Messages(replay), ""
        self.title = (
            f"{replay.room}, seen by {replay.name}, {replay.started.astimezone():%d %b %Y %H:%M}{link}"
        )
        self.keyboard, is_ours = Keyboard(kept_at()), "round" in replay.state
        other = None if is_ours else OtherGame(replay)
        self.contents = Contents(replay, Own(replay) if is_ours else None)
        self.whole = (self.contents.steps[0], replay.duration)
        replay.seek(self.whole[0])
        self.picture = other or World(replay, self.keyboard)
        self.picture.seek(self.whole[0])  # so that what was said before is heard
        self.shows_message, self.quit, self.touched = not is_ours, False, False
        self.stretch = [*self.whole]
        self._dragged: bool | None = None  # whether it was paused before the mouse took hold of the bar

    async def play(self, seconds: float | None) -> None:
        """Run until the user quits, the recording ends or the time is over."""
        end, leave = netlib.clock() + (inf if seconds is None else seconds), inf
        before = self.replay.time
        async for dt in netlib.frames(FPS):
            self.replay.poll()
            played = self.replay.time - before
            for happened in self.window.events():
                self.take(happened)
            self.draw(dt, played)
            before = self.replay.time  # what the replay plays from here on, between two frames, too
            if self.replay.finished:
                leave = min(leave, netlib.clock() + FAREWELL_SECONDS)
            if self.quit or netlib.clock() >= (end if self.touched else min(end, leave)):
                break

    def take(self, event: pygame.event.Event) -> None:
        """Take an event of the window; while the mouse holds the bar nothing plays."""
        track, grip = panels.track_box(self.window.surface, self.window.text), self.window.text.px(GRIP)
        self.quit |= event.type == pygame.QUIT
        if event.type == pygame.KEYDOWN:
            self.press(event)
        if event.type == pygame.MOUSEBUTTONDOWN and track.inflate(grip, 2 * grip).collidepoint(event.pos):
            self._dragged, self.replay.paused = self.replay.paused, True
        if self._dragged is not None and "pos" in event.dict:
            self.go((event.pos[0] - track.left) / track.width * self.replay.duration)
            if event.type == pygame.MOUSEBUTTONUP:
                self.replay.paused, self._dragged = self._dragged, None

    def press(self, event: pygame.event.Event) -> None:
        """Take a pressed key."""
        key, shift = self.keyboard.take(event), event.dict.get("mod", 0) & pygame.KMOD_SHIFT
        if key in WAYS and shift:
            self.replay.paused = True
            self.go(self.contents.step(self.replay.time, WAYS[key]))
        elif key in WAYS or key in ENDS:
            self.go(ENDS.get(key, self.replay.time + SKIP * WAYS.get(key, 0)))
        elif key in (pygame.K_UP, pygame.K_DOWN):
            self.replay.speed = other_speed(self.replay.speed, faster=key == pygame.K_UP)
        elif key in JUMPS:
            self._jump(JUMPS[key], -1 if shift else 1)
        elif key in STRETCH:
            self.stretch[STRETCH[key]] = self.replay.time
        elif key == pygame.K_x:
            self._save("png" if shift else "gif")
        elif key == pygame.K_SPACE:
            self.replay.paused, self.touched = not self.replay.paused, True
        self.picture.press(key, -1 if shift else 1)
        self.quit |= key == pygame.K_ESCAPE
        self.shows_message ^= key == pygame.K_m

    def go(self, time: float) -> None:
        """Go to a time, in seconds, or to where the recording begins or ends."""
        self.touched, self.said = True, ""
        self.picture.seek(min(max(time, self.whole[0]), self.whole[1]))

    def _jump(self, kind: panels.MarkKind, way: int) -> None:
        """Go to the next mark of a kind, or with ``way`` -1 the one before, and stand still."""
        mark, self.replay.paused = self.contents.next(kind, self.replay.time, way), True
        self.go(mark.time if mark else self.replay.time)
        self.said = "" if mark else f"no {panels.LANES[kind][1]} {'after' if way > 0 else 'before'} this"

    def _save(self, ending: str) -> None:
        """Save the chosen stretch in this folder, under the recording's name."""
        self.said = "saving…"
        self.draw(0.0, 0.0)
        here, begin, end = self.replay.time, min(self.stretch), max(self.stretch)
        path = Path(f"{self.replay.film.path.stem}-{panels.minutes(begin).replace(':', 'm')}s.{ending}")
        try:
            export.save(path, begin, end, self.pictures)
            said = f"saved in {path}"
        except (WorkshopError, OSError) as error:
            said = getattr(error, "strerror", None) or str(error)
        self.go(here)
        self.said = said

    def pictures(self, times: list[float], size: tuple[int, int]) -> Iterator[pygame.Surface]:
        """What a window would show at each of these times, with the title below it."""
        canvas, text, before = pygame.Surface(DRAWN), Text(TEXT_SCALE), times[0]
        self.picture.seek(before)
        for time in times:
            self.replay.play_to(time)
            self.picture.draw(canvas, text, time - before, time - before)
            place = (DRAWN[0] // 2, DRAWN[1] - 8)
            text.write(canvas, self.title, 16, width=DRAWN[0] - 40, outlined=True, midbottom=place)
            yield pygame.transform.smoothscale(canvas, size)
            before = time

    def draw(self, dt: float, played: float) -> None:
        """Draw a frame, ``dt`` seconds and so many seconds of the recording after the last one."""
        surface, text = self.window.surface, self.window.text
        surface.fill(INK)
        room = surface.get_rect()
        if has_room(surface.size, text):
            panels.draw_bar(surface, text, self.progress())
            room.height = panels.bar_box(surface, text).top
            if self.shows_message:
                room.width = panels.panel_box(surface, text).left
                panels.draw_message(surface, text, self.messages.page())
        self.picture.draw(surface.subsurface(room), text, dt, played)
        pygame.display.flip()

    def progress(self) -> panels.Progress:
        """What the bar shows."""
        replay, chosen = self.replay, (min(self.stretch), max(self.stretch))
        broken, lost = "the file breaks off here", "the connection was lost here"
        end = (broken if replay.problem else "the end") if replay.finished else ""
        news = self.said or end or self.contents.news(replay.time, NEWS_SECONDS)
        news = news or (self.picture.following if replay.connected else lost)
        flying = " ".join([*self.keyboard.labels().values()][: len(FLIGHT)])
        shown = (replay.time, replay.duration, replay.speed, replay.paused, news, flying)
        return panels.Progress(
            self.title, *shown, self.contents.marks, chosen if chosen != self.whole else None
        )


def other_speed(speed: float, *, faster: bool) -> float:
    """The next of the speeds that the keys choose from."""
    further = [it for it in SPEEDS if it > speed] if faster else [it for it in SPEEDS[::-1] if it < speed]
    return further[0] if further else speed
