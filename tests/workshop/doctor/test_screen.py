"""What the doctor says about windows and the terminal."""

import pytest

from tests.support.windows import Screen
from workshop.doctor import screen_probe
from workshop.doctor.finding import Finding
from workshop.doctor.place_probe import look_at_terminal
from workshop.doctor.screen_judge import ScreenSeen, TerminalSeen, WindowOpened, judge_screen, judge_terminal


def screen(
    driver: str, *, platform: str = "linux", wanted: str = "", desktop: tuple[int, int] = (1920, 1080)
) -> Finding:
    """What is said about a window that was opened."""
    (finding,) = judge_screen(ScreenSeen(platform, wanted, WindowOpened(driver, desktop)))
    return finding


def test_a_window() -> None:
    """A window on a screen is fine, with its driver and the screen's size."""
    finding = screen("wayland")
    assert (finding.level, finding.todo) == ("ok", "")
    assert "1920×1080" in finding.text


@pytest.mark.parametrize("driver", ["dummy", "offscreen"])
def test_no_screen(driver: str) -> None:
    """Windows that nobody sees are a warning: without a screen, or because somebody wanted it so."""
    assert "no screen was found" in screen(driver).text
    assert "DISPLAY" in screen(driver).todo
    wanted = screen(driver, wanted=driver)
    assert wanted.level == "warning"
    assert "without SDL_VIDEODRIVER" in wanted.todo


def test_a_small_screen() -> None:
    """A screen that is smaller than the game's window is a warning."""
    assert screen("windows", desktop=(1024, 768)).level == "warning"


@pytest.mark.parametrize(
    ("platform", "word"), [("win32", "graphics driver"), ("darwin", "SSH"), ("linux", "wsl --update")]
)
def test_no_window(platform: str, word: str) -> None:
    """A window that cannot be opened is an error, with what helps on that system."""
    (finding,) = judge_screen(ScreenSeen(platform, "", error="x11 not available"))
    assert finding.level == "error"
    assert "x11 not available" in finding.text
    assert word in finding.todo


def test_this_machine_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window is really opened, by the driver that is wanted."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    seen = screen_probe.look_at_screen()
    assert seen.wanted == "dummy"
    assert seen.opened and seen.opened.driver == "dummy"


def test_a_driver_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps a window from opening is told in SDL's words."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "no_such_driver")
    seen = screen_probe.look_at_screen()
    assert seen.opened is None
    assert "no_such_driver" in seen.error


def test_a_display_that_hangs() -> None:
    """A display that does not answer is given up after a time."""
    assert screen_probe.look_at_screen(seconds=0.01).error == "nothing happened for 0.01 s"


def test_a_driver_that_crashes() -> None:
    """A graphics driver that takes the process with it is told as that."""
    assert screen_probe.understood(b"", b"", -11, "").error == "it ended with -11"


@pytest.mark.window
def test_a_screen(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real screen the window has a real driver and the screen's size."""
    for name, value in xvfb.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SDL_VIDEODRIVER")
    opened = screen_probe.look_at_screen().opened
    assert opened is not None
    assert opened.driver == "x11"
    assert opened.desktop == (2600, 800)


def about(
    *, platform: str = "linux", encoding: str = "utf-8", columns: int | None = 100
) -> dict[str, Finding]:
    """What is said about a terminal."""
    return {finding.about: finding for finding in judge_terminal(TerminalSeen(platform, encoding, columns))}


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf_8", "cp65001"])
def test_utf8(encoding: str) -> None:
    """UTF-8 has many names, and none of them is worth a word."""
    assert {name: finding.level for name, finding in about(encoding=encoding).items()} == {"terminal": "ok"}


@pytest.mark.parametrize(("platform", "word"), [("win32", "PYTHONUTF8=1"), ("linux", "LANG=C.UTF-8")])
def test_another_encoding(platform: str, word: str) -> None:
    """Letters that are no UTF-8 are a warning, with what helps there."""
    finding = about(platform=platform, encoding="cp1252")["letters"]
    assert finding.level == "warning"
    assert word in finding.todo


def test_width() -> None:
    """A narrow terminal is a warning, a pipe is none."""
    assert about(columns=60)["terminal"].level == "warning"
    assert about(columns=80)["terminal"].level == "ok"
    assert about(columns=None)["terminal"].level == "ok"


def test_this_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a test the output goes to no terminal, and has an encoding."""
    seen = look_at_terminal()
    assert seen.columns is None
    assert seen.encoding
