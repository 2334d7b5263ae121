"""Whether a window can be opened. We try in a process of its own: a broken display can hang or crash it.

``python -m workshop.doctor.screen_probe`` is that process.
"""

import os
import subprocess
import sys

import msgspec

from workshop.doctor.screen_judge import ScreenSeen, WindowOpened
from workshop.paths import ROOT

WINDOW_SECONDS = 20.0  # that a window may take; the first one on a slow laptop takes several seconds
FRAMES = 3


def look_at_screen(seconds: float = WINDOW_SECONDS) -> ScreenSeen:
    """Open a small window for a moment."""
    wanted = os.environ.get("SDL_VIDEODRIVER", "") or os.environ.get("SDL_VIDEO_DRIVER", "")
    try:
        result = subprocess.run(
            [sys.executable, "-m", "workshop.doctor.screen_probe"],
            cwd=ROOT,
            env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ScreenSeen(sys.platform, wanted, error=f"nothing happened for {seconds:g} s")
    return understood(result.stdout, result.stderr, result.returncode, wanted)


def understood(out: bytes, err: bytes, code: int, wanted: str) -> ScreenSeen:
    """What the process printed, or how it failed."""
    try:
        opened = msgspec.json.decode(out, type=WindowOpened)
    except msgspec.MsgspecError:
        last = err.decode(errors="replace").strip().splitlines()[-1:]
        return ScreenSeen(sys.platform, wanted, error=last[0] if last else f"it ended with {code}")
    return ScreenSeen(sys.platform, wanted, opened=opened)


def main() -> None:
    """Open a window, draw a few frames, and print what kind of window it was."""
    import pygame

    pygame.display.init()
    window = pygame.display.set_mode((320, 180))
    for _ in range(FRAMES):
        pygame.event.pump()
        window.fill((22, 30, 34))
        pygame.display.flip()
    opened = WindowOpened(pygame.display.get_driver(), pygame.display.get_desktop_sizes()[0])
    sys.stdout.buffer.write(msgspec.json.encode(opened))
    pygame.quit()


if __name__ == "__main__":
    main()
