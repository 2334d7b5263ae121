"""What to say about windows and the terminal. Pure."""

from collections.abc import Iterator

import msgspec

from workshop.doctor.finding import Finding, error, ok, warning

UNSEEN_DRIVERS = ("dummy", "offscreen")  # SDL's drivers that show nothing
GAME_SIZE = (1280, 720)  # pixels
SCREEN = {
    "win32": "Install the graphics driver of your machine, and do not work over Remote Desktop.",
    "darwin": "Log in at the machine itself, not over SSH.",
    "linux": "Log in on a desktop; over SSH or in a container set DISPLAY; in WSL type, in Windows: wsl "
    "--update",
}
UTF8 = {"win32": "Use Windows Terminal, and set PYTHONUTF8=1."}
NARROW, WIDE = 80, 100  # columns: for the guides; from which on `diff` shows two sides


class WindowOpened(msgspec.Struct, frozen=True):
    """A window that could be opened.

    Args:
        driver: SDL's name for what shows it.
        desktop: the screen's size in pixels.
    """

    driver: str
    desktop: tuple[int, int]


class ScreenSeen(msgspec.Struct, frozen=True):
    """What was seen.

    Args:
        wanted: the driver that the environment asks for; "" for none.
        opened: the window; None if it could not be opened.
        error: why it could not.
    """

    platform: str
    wanted: str
    opened: WindowOpened | None = None
    error: str = ""


class TerminalSeen(msgspec.Struct, frozen=True):
    """What was seen.

    Args:
        encoding: of standard output.
        columns: None if it is not a terminal.
    """

    platform: str
    encoding: str
    columns: int | None


def judge_screen(seen: ScreenSeen) -> Iterator[Finding]:
    """What to say about windows."""
    if seen.opened is None:
        yield error("window", f"No window can be opened: {seen.error}.", _screen_advice(seen))
    elif seen.opened.driver in UNSEEN_DRIVERS:
        why = f"SDL_VIDEODRIVER is {seen.wanted}" if seen.wanted else "no screen was found"
        yield warning("window", f"No screen: nobody will see the game ({why}).", _screen_advice(seen))
    else:
        yield _size(seen.opened)


def _size(opened: WindowOpened) -> Finding:
    width, height = opened.desktop
    text = f"A window can be opened ({opened.driver}, screen of {width}×{height})."
    if width >= GAME_SIZE[0] and height >= GAME_SIZE[1]:
        return ok("window", text)
    return warning("window", text, "The game's window is larger than the screen: make it smaller there.")


def _screen_advice(seen: ScreenSeen) -> str:
    if seen.wanted:
        return "To see windows, start again without SDL_VIDEODRIVER in the environment."
    return SCREEN.get(seen.platform, SCREEN["linux"])


def judge_terminal(seen: TerminalSeen) -> Iterator[Finding]:
    """What to say about the terminal."""
    utf8 = seen.encoding.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001")
    if not utf8:
        yield warning(
            "letters",
            f"This terminal uses {seen.encoding}, not UTF-8: signs such as ✓ become plain ones.",
            UTF8.get(seen.platform, "Set LANG to a UTF-8 one, for example: export LANG=C.UTF-8"),
        )
    if seen.columns is None:
        yield ok("terminal", "The output goes to no terminal.")
    elif seen.columns < NARROW:
        text = f"This terminal is {seen.columns} columns wide; guides are made for {NARROW}."
        yield warning("terminal", text, f"Make it wider; from {WIDE} on, diff shows two sides.")
    else:
        yield ok("terminal", f"{seen.columns} columns" + (", UTF-8." if utf8 else "."))
