"""Real windows on a virtual screen: start Xvfb, find our windows, press keys, take pictures.

with screen(tmp_path, 1280, 720) as xvfb, running(python(...), log, environ=xvfb.environ) as game:
    window = xvfb.find_window(pid=game.pid)
    window.focus()
    with window.held("d"): ...
    picture = xvfb.picture()
"""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pygame

from tests.support import xwd
from tests.support.processes import TIMEOUT, wait_until


@dataclass(frozen=True)
class Window:
    """One window on a virtual screen, by its X number."""

    screen: "Screen"
    number: str

    def focus(self) -> None:
        """Give it the keyboard, and wait until it has it (there is no window manager here)."""
        self.screen.xdotool("windowfocus", "--sync", self.number)

    def move(self, x: int, y: int) -> None:
        """Put its top left corner at this pixel of the screen."""
        self.screen.xdotool("windowmove", "--sync", self.number, str(x), str(y))

    def resize(self, width: int, height: int) -> None:
        """Give it this size in pixels."""
        self.screen.xdotool("windowsize", "--sync", self.number, str(width), str(height))

    def area(self) -> pygame.Rect:
        """Return its place on the screen, in pixels."""
        lines = self.screen.xdotool("getwindowgeometry", "--shell", self.number).split()
        values = dict(line.split("=", 1) for line in lines)
        return pygame.Rect(*(int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def picture(self) -> pygame.Surface:
        """Return what the screen shows at its place."""
        return self.screen.picture().subsurface(self.area())

    def press(self, *keys: str) -> None:
        """Press and release keys, one after the other, by X names: space, Return, F3, w. Focus it first."""
        self.screen.xdotool("key", *keys)

    def type(self, text: str) -> None:
        """Type a text into the focused window."""
        self.screen.xdotool("type", "--delay", "20", text)

    @contextlib.contextmanager
    def held(self, *keys: str) -> Iterator[None]:
        """Hold keys down for the length of the block. Focus it first."""
        self.screen.xdotool("keydown", *keys)
        try:
            yield
        finally:
            self.screen.xdotool("keyup", *keys)


@dataclass(frozen=True)
class Screen:
    """A virtual screen."""

    display: str
    picture_file: Path

    @property
    def environ(self) -> dict[str, str]:
        """What a program needs in its environment to open its windows here."""
        return {"DISPLAY": self.display, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}

    def picture(self) -> pygame.Surface:
        """Return what the whole screen shows now."""
        return xwd.decode(self.picture_file.read_bytes())

    def find_window(self, *, pid: int = 0, title: str = "", timeout: float = TIMEOUT) -> Window:
        """Wait for a visible window of that process, or whose title matches the regular expression."""
        found: list[str] = []

        def search() -> bool:
            found[:] = self._of_process(pid) if pid else self._titled(title)
            return bool(found)

        wait_until(search, f"a window of process {pid} or title {title!r}", timeout=timeout)
        return Window(self, found[-1])

    def _of_process(self, pid: int) -> list[str]:
        return self.xdotool("search", "--onlyvisible", "--pid", str(pid), check=False).split()

    def _titled(self, title: str) -> list[str]:
        """Look at the titles of those that are still there: xdotool's own search misses SDL's windows."""
        visible = self.xdotool("search", "--onlyvisible", "--class", "", check=False).split()
        names = {it: self.xdotool("getwindowname", it, check=False).strip() for it in visible}
        return [it for it, name in names.items() if re.search(title, name)]

    def xdotool(self, *words: str, check: bool = True) -> str:
        """Run one xdotool command on this screen and return what it prints."""
        environ = {**os.environ, "DISPLAY": self.display}
        result = subprocess.run(
            ["xdotool", *words], env=environ, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        assert not check or result.returncode == 0, f"xdotool {words}: {result.stderr}"
        return result.stdout


@contextlib.contextmanager
def screen(folder: Path, width: int, height: int) -> Iterator[Screen]:
    """Run a virtual screen of that size in pixels, on the first free display, for the length of the block."""
    reading, writing = os.pipe()
    size = ["-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)]
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), *size, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, f"Xvfb ended at once, with {process.wait(TIMEOUT)}"
        yield Screen(f":{number}", folder / "Xvfb_screen0")
    finally:
        process.terminate()
        process.wait(TIMEOUT)
