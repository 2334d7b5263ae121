"""The lab's window: views, time line and controls, and the frames in which they are used."""

from pathlib import Path

import pygame
from msgspec.structs import replace

import netlib
from netlib.protocol.frames import PORT
from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, NIGHT, PAPER, WARNING
from workshop.game.drawing.text import lines_of
from workshop.game.drawing.window import Window, opened
from workshop.game.play.controls import direction
from workshop.game.play.keys.bindings import kept_at
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.rules.messages import Move
from workshop.lab.controls import Controls
from workshop.lab.engine.history import Record
from workshop.lab.engine.lab import Lab
from workshop.lab.engine.pace import Pace
from workshop.lab.engine.settings import TICK_RATES, Settings
from workshop.lab.panes import Panes
from workshop.lab.stories import STORIES
from workshop.lab.timeline import Timeline

TITLE = "The lab: a server and its players on this machine"
SMALLEST = (860, 540)  # pixels of a window that has room for all
TOO_SMALL = "This window is too small for three views: enlarge it to {} × {} pixels or more."
READ_SECONDS = 0.3  # for which figures stand still
SHOWN = 2.0  # seconds of the time line
EDGE = 8  # this and all lengths below are pixels of a window of 1280×720
STORY, TIMELINE, CONTROLS, KEYS, BUTTON = 460, 176, 138, 26, 42
KEY_LINE = (
    "W A S D, arrows: drive     Tab, then Left, Right: change a value     mouse: explains     Esc: quit"
)
NO_STORY = (
    "Choose a network above, or move the sliders below; then compare the views. "
    "Rings show where the server has the players now. Jerk tells how unevenly you / the others move, "
    "in pixels per second; input, how long a key takes to be seen."
)


class LabWindow:
    """The lab, as it is seen and used."""

    def __init__(self, lab: Lab, window: Window, *, by_bot: bool) -> None:
        self.lab, self.window, self.quit = lab, window, False
        self.timeline, self.keyboard, self.pace = Timeline(), Keyboard(kept_at()), Pace()
        self.controls = Controls(lab.settings, lab.history, lambda: lab.room.bump(), [self.timeline])
        self.controls.bot.on = by_bot
        self.panes = Panes(lab.driven.map)
        self._told: Record | None = None
        self._trouble = ""

    async def play(self, seconds: float | None) -> None:
        """Run until the user quits, or for ``seconds``."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        while not self.quit and netlib.clock() < end:
            fps = self.pace.fps
            async for dt in netlib.frames(fps):
                await self.frame(dt)
                if self.quit or netlib.clock() >= end or self.pace.fps != fps:
                    break

    async def frame(self, dt: float) -> None:
        """Take what was pressed, go on by ``dt`` seconds, and draw."""
        for event in self.window.events():
            self.press(event)
        if self.controls.settings != self.lab.settings:
            await self._use(self.controls.settings)
        self._drive()
        self.lab.frame(dt)
        await self._keep_up(dt)
        self.draw(dt * self.lab.history.speed)
        pygame.display.flip()

    def press(self, event: pygame.event.Event) -> None:
        """What the user does."""
        key, focused = self.keyboard.take(event), self.controls.panel.focused
        self.quit |= event.type == pygame.QUIT or (key == pygame.K_ESCAPE and not focused)
        changed = self.controls.panel.handle(event, key if event.type == pygame.KEYDOWN else None)
        if changed is not None and changed is not self.timeline:
            self.controls.take(changed)

    def _drive(self) -> None:
        """Keys drive at once; while they do not, the bot does if it may."""
        held, focused = self.keyboard.held(), self.controls.panel.focused
        way = direction(lambda key: held(key) and not (focused and key in (pygame.K_LEFT, pygame.K_RIGHT)))
        self.controls.bot.on &= way == (0.0, 0.0)
        self.lab.driven.by_bot = self.controls.bot.on
        if not self.controls.bot.on:
            self.lab.driven.walk = Move(move=way)

    async def _use(self, settings: Settings) -> None:
        anew = settings.tick_rate != self.lab.settings.tick_rate
        await self.lab.use(settings)
        if anew:
            self.pace.restart()

    async def _keep_up(self, dt: float) -> None:
        """Lower the frame rate, or the tick rate, where the machine is too slow for it."""
        settings = self.lab.settings
        if self.pace.frame(dt, self.lab.room.server.metrics.ticks_skipped, settings.tick_rate):
            slower = max((rate for rate in TICK_RATES if rate < settings.tick_rate), default=TICK_RATES[0])
            self._trouble = f"This machine is too slow: {slower:.0f} ticks a second from now on"
            snapshots = min(slower, settings.snapshot_rate)
            self.controls.set(replace(settings, tick_rate=slower, snapshot_rate=snapshots))

    # What is seen.

    def draw(self, dt: float) -> None:
        """Draw the record that is looked at, ``dt`` seconds of the recording after the last one."""
        surface, text, record = self.window.surface, self.window.text, self.lab.history.shown
        surface.fill(NIGHT)
        if record is None:
            return
        if any(length < least for length, least in zip(surface.size, SMALLEST, strict=True)):
            words = text.wrapped(TOO_SMALL.format(*SMALLEST), 22, surface.width, PAPER)
            surface.blit(words, words.get_rect(center=surface.get_rect().center))
            return
        if self._told is None or not 0 <= record.time - self._told.time < READ_SECONDS or not dt:
            self._told = record
        rest = self._draw_panes(surface, record, dt)
        pointer = pygame.mouse.get_pos() if pygame.mouse.get_focused() else None
        self._draw_story(surface, rest)
        self._draw_controls(surface)
        line = pygame.Rect(rest.left, rest.top, rest.width - text.px(STORY + EDGE), rest.height)
        self.timeline.draw(surface, line, text, self.lab.timeline(record, SHOWN), pointer)
        self.controls.panel.draw_explanation(surface, text)

    def _draw_panes(self, surface: pygame.Surface, record: Record, dt: float) -> pygame.Rect:
        """Draw the views at the top. Returns the place of the time line and the story, below them."""
        text, edge = self.window.text, self.window.text.px(EDGE)
        below = text.px(TIMELINE + CONTROLS + KEYS) + 2 * edge
        width, height = (surface.width - 4 * edge) // 3, surface.height - below - edge
        boxes = [pygame.Rect(edge + at * (width + edge), edge, width, height) for at in range(3)]
        assert self._told is not None, "there is a record"
        self.panes.draw(surface, boxes, record, self._told, text, dt)
        return pygame.Rect(edge, 2 * edge + height, surface.width - 2 * edge, text.px(TIMELINE))

    def _draw_story(self, surface: pygame.Surface, rest: pygame.Rect) -> None:
        """The stories' buttons, and below them what the chosen one tells."""
        text, stories, box = self.window.text, self.controls.stories, rest.copy()
        box.width = text.px(STORY)
        box.right = rest.right
        panel(surface, box, text, 120)
        for at, button in enumerate(stories):
            wide = box.width // len(stories)
            button.box = pygame.Rect(box.left + at * wide + 2, box.top + 2, wide - 4, text.px(BUTTON) - 4)
            button.paint(surface, text)
        story = STORIES[self.controls.chosen] if self.controls.chosen is not None else None
        told = [(NO_STORY, PAPER)]
        if story:
            told = [(story.sentences, PAPER), (story.look, ACCENT)]
        top = box.top + text.px(BUTTON + 4)
        for words, colour in told:
            for line in lines_of(words, 17, box.width - text.px(20), text):
                text.write(surface, line, 17, colour, topleft=(box.left + text.px(10), top))
                top += text.px(20)

    def _draw_controls(self, surface: pygame.Surface) -> None:
        text, edge = self.window.text, self.window.text.px(EDGE)
        box = pygame.Rect(edge, 0, surface.width - 2 * edge, text.px(CONTROLS))
        box.bottom = surface.height - text.px(KEYS)
        self.controls.panel.draw(surface, box, text)
        place = surface.width // 2, surface.height - text.px(3)
        trouble, history = self.pace.trouble or self._trouble, self.lab.history
        words, colour = trouble or KEY_LINE, WARNING if trouble else FADED
        if not history.live:
            pace = f"at {history.speed:g}× speed" if history.speed else "standing still"
            words, colour = (
                f"The recording, {history.ago:.1f} s ago, {pace}; the game runs on     G: live",
                ACCENT,
            )
        text.write(surface, words, 17, colour, width=box.width, midbottom=place)


async def run(
    settings: Settings, *, story: int | None = None, by_bot: bool = True, seconds: float | None = None,
    screenshot: Path | None = None, port: int = PORT,
) -> int:  # fmt: skip
    """Show the lab. Returns the exit code.

    Raises:
        netlib.NetlibError, ScreenError: it could not begin; the text says why, and what to do.
    """
    with opened(TITLE, seen=seconds is None, screenshot=screenshot) as window:
        async with Lab(settings, port=port) as lab:
            shown = LabWindow(lab, window, by_bot=by_bot)
            if story is not None:
                shown.controls.tell(story)
            await shown.play(seconds)
    return 0
