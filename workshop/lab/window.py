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
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.play.keys.place import kept_at
from workshop.game.rules.messages import Move
from workshop.lab.controls import Controls
from workshop.lab.engine.lab import Lab
from workshop.lab.engine.pace import Pace
from workshop.lab.engine.settings import TICK_RATES, Settings
from workshop.lab.panes import FIGURES, Panes

SMALLEST = (1040, 600)  # pixels of a window that has room for all
READ_SECONDS, SLOW_SECONDS = 0.3, 12.0  # for which figures, and the words `SLOW`, stand still
TRAIL = 45  # frames whose places are dotted
EDGE, BUTTON, LINE = 8, 42, 20  # these and those below are pixels of a window of 1280×720
STORY, TIMELINE, CONTROLS, KEYS = 460, 176, 138, 26
TITLE = "The lab: a server and its players on this machine"
TOO_SMALL = "This window is too small for three views: enlarge it to {} × {} pixels or more."
SLOW = "This machine is too slow: from now on {:g} frames and {:g} ticks a second"
KEY_LINE = "WASD, arrows: drive     Tab, Left, Right: change a value     mouse: explains     Esc: quit"
STOPPED = "Stopped: this was {:.1f} s ago; the game runs on     C, N: one frame     X: snapshot     G: live"
PLAYED = "At 1/{1:g} speed: this was {0:.1f} s ago; the game runs on     Space: stop     G: live"
NO_STORY = (
    "Choose a network above, or move the sliders below; then compare the views. Rings: where the server has "
    "you and the others now. Dots: the last frames. Now and then the server pushes you, which nobody can "
    "foresee. Point at a number, a line or a button, and you read what it means."
)


class LabWindow:
    """The lab, as it is seen and used."""

    def __init__(self, lab: Lab, window: Window, *, by_bot: bool) -> None:
        self.lab, self.window, self.quit = lab, window, False
        self.keyboard, self.pace, self._trouble = Keyboard(kept_at()), Pace(), ""
        self._slow_until, self.panes = 0.0, Panes(lab.driven.map)
        self.controls = Controls(lab.settings, lab.history, lambda: lab.room.bump(), self.panes.told)
        self.controls.bot.on = by_bot
        self._told = lab.frame(1 / self.pace.fps)

    async def play(self, seconds: float | None) -> None:
        """Run until the user quits, or for ``seconds``."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        while True:
            fps = self.pace.fps
            async for dt in netlib.frames(fps):
                await self.frame(dt)
                if self.quit or netlib.clock() >= end:
                    return
                if self.pace.fps != fps:
                    break

    async def frame(self, dt: float) -> None:
        """Take what was pressed, go on by ``dt`` seconds, and draw."""
        before = self.lab.history.shown.time
        for event in self.window.events():
            self.press(event)
        self._drive()
        if self.controls.settings != self.lab.settings:
            await self.lab.use(self.controls.settings)
            self.pace.begin()
        self.lab.frame(dt)
        self._keep_up(dt)
        self.draw(abs(self.lab.history.shown.time - before))
        pygame.display.flip()

    def press(self, event: pygame.event.Event) -> None:
        """What the user does."""
        key, focused = self.keyboard.take(event), self.controls.panel.focused
        self.quit |= event.type == pygame.QUIT or (key == pygame.K_ESCAPE and not focused)
        self.controls.take(self.controls.panel.handle(event, key if event.type == pygame.KEYDOWN else None))

    def _drive(self) -> None:
        """A key that moves the player takes over from the bot."""
        held, bot, driven = self.keyboard.held(), self.controls.bot, self.lab.driven
        taken = (pygame.K_LEFT, pygame.K_RIGHT) if self.controls.panel.focused else ()
        way = direction(lambda key: held(key) and key not in taken)
        bot.on = driven.by_bot = bool(bot.on) and way == (0.0, 0.0)
        if not bot.on:
            driven.walk = Move(move=way)

    def _keep_up(self, dt: float) -> None:
        """Lower what this machine is too slow for, and say so."""
        if not pygame.display.get_active():  # minimised: systems save power on it
            self.pace.begin()
        settings = self.lab.settings
        late = self.pace.frame(dt, self.lab.room.server.metrics.ticks_skipped, settings.tick_rate)
        if late == "ticks":
            slower = max((rate for rate in TICK_RATES if rate < settings.tick_rate), default=TICK_RATES[0])
            snapshots = min(slower, settings.snapshot_rate)
            self.controls.show(replace(settings, tick_rate=slower, snapshot_rate=snapshots))
        if late:
            self._trouble = SLOW.format(self.pace.fps, self.controls.settings.tick_rate)
            self._slow_until = netlib.clock() + SLOW_SECONDS

    def draw(self, dt: float) -> None:
        """Draw what is looked at, ``dt`` seconds of the recording from what was last drawn."""
        surface, text, record = self.window.surface, self.window.text, self.lab.history.shown
        surface.fill(NIGHT)
        if any(length < least for length, least in zip(surface.size, SMALLEST, strict=True)):
            small = text.wrapped(TOO_SMALL.format(*SMALLEST), 22, surface.width)
            surface.blit(small, small.get_rect(center=surface.get_rect().center))
            return
        edge = text.px(EDGE)
        whole = surface.get_rect().inflate(-2 * edge, -2 * edge)
        below = pygame.Rect(whole.left, 0, whole.width - text.px(STORY) - edge, text.px(TIMELINE))
        below.bottom = whole.bottom - text.px(KEYS + CONTROLS)
        self._draw_views(surface, pygame.Rect(*whole.topleft, whole.width, below.top - edge - whole.top), dt)
        self._draw_story(surface, pygame.Rect(below.right + edge, below.top, text.px(STORY), below.height))
        controls = pygame.Rect(whole.left, below.bottom, whole.width, text.px(CONTROLS))
        self.controls.panel.draw(surface, controls, text)
        words, colour = (self._trouble, WARNING) if netlib.clock() < self._slow_until else (KEY_LINE, FADED)
        if (speed := self.lab.history.speed) != 1.0:
            form, ago = PLAYED if speed else STOPPED, netlib.clock() - record.time
            words, colour = form.format(ago, 1 / (speed or 1)), ACCENT
        text.write(surface, words, 17, colour, width=whole.width, midbottom=whole.midbottom)
        pointer = pygame.mouse.get_pos() if pygame.mouse.get_focused() else None
        self.controls.timeline.draw(surface, below, text, self.lab.timeline(record), pointer)
        self.controls.panel.draw_explanation(surface, text)

    def _draw_views(self, surface: pygame.Surface, box: pygame.Rect, dt: float) -> None:
        """The views; their figures stand still for as long as one reads them."""
        text, trail = self.window.text, self.lab.history.trail(TRAIL)
        if not self.lab.history.speed or not 0 <= trail[-1].time - self._told.time < READ_SECONDS:
            self._told = trail[-1]
        edge, low = text.px(EDGE), text.px(FIGURES)
        wide, high = (box.width - 2 * edge) // 3, box.height - low
        for number in range(3):
            left = box.left + number * (wide + edge)
            self.panes.draw(surface.subsurface((left, box.top, wide, high)), number, trail, text, dt)
            row = pygame.Rect(left, box.top + high, wide, low)
            self.panes.draw_figures(surface, row, self._told, number, text)

    def _draw_story(self, surface: pygame.Surface, box: pygame.Rect) -> None:
        """The stories' buttons, and below them what the chosen one tells."""
        text, buttons, story = self.window.text, self.controls.stories, self.controls.story
        panel(surface, box, text, 120)
        for at, button in enumerate(buttons):
            wide = box.width // len(buttons)
            button.box = pygame.Rect(box.left + at * wide, box.top, wide, text.px(BUTTON)).inflate(-4, -4)
            button.paint(surface, text)
        told = [(story.sentences, PAPER), (story.look, ACCENT)] if story else [(NO_STORY, PAPER)]
        lines = [(it, c) for words, c in told for it in lines_of(words, 17, box.width - text.px(20), text)]
        for row, (line, colour) in enumerate(lines):
            place = box.left + text.px(10), box.top + text.px(BUTTON + 4 + LINE * row)
            text.write(surface, line, 17, colour, topleft=place)


async def run(
    settings: Settings, *, story: int | None = None, by_bot: bool = True, port: int = PORT,
    seconds: float | None = None, screenshot: Path | None = None,
) -> int:  # fmt: skip
    """Show the lab. Returns the exit code; NetlibError and ScreenError say why it could not begin."""
    with opened(TITLE, seen=seconds is None, screenshot=screenshot) as window:
        async with Lab(settings, port=port) as lab:
            shown = LabWindow(lab, window, by_bot=by_bot)
            if story is not None:
                shown.controls.tell(story)
            await shown.play(seconds)
    return 0
