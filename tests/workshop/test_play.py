"""The main job, as its users do it: one command, and a window shows a running multiplayer game."""

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from tests.support.commands import address
from tests.support.processes import python, running, wait_until
from tests.support.spectator import Spectator, expected, missing, spectator
from tests.support.windows import Screen
from workshop.game.rules.entities import Player

PLAY = python("-m", "workshop", "play", "--bots", "3", "--name", "Ada")
RECENT = 60  # states that a picture may show: what was drawn was sent within the last two seconds


def shown_state(look: Callable[[], pygame.Surface], watcher: Spectator, me: int, newest: int = RECENT) -> int:
    """Wait until my picture shows one of the newest states that the spectator was told; return which."""
    shown: list[int] = []

    def is_shown() -> bool:
        picture = look()
        for index, state in list(enumerate(watcher.seen))[: -newest - 1 : -1]:
            if me in state["players"] and not missing(picture, state, me, watcher.map):
                shown.append(index)
        return bool(shown)

    wait_until(is_shown, "the picture shows a recent state")
    return shown[0]


def moved(before: dict[int, Player], after: dict[int, Player]) -> int:
    """How many stand elsewhere than before."""
    return sum((after[id].x, after[id].y) != (it.x, it.y) for id, it in before.items() if id in after)


def others_in_view(watcher: Spectator, me: int) -> list[str]:
    """Return who else stands in clear view of my window."""
    names = {player.name for id, player in watcher.state["players"].items() if id != me}
    return [what for what, _, _ in expected((1280, 720), watcher.state, me, watcher.map) if what in names]


@pytest.mark.window
def test_two_pictures_show_what_a_spectator_is_told(xvfb: Screen, tmp_path: Path) -> None:
    """In a real window every player and resource has its colour at its place on the wire, and they move."""
    file = tmp_path / "last.png"
    command = [*PLAY, "--screenshot", str(file)]
    with running(command, tmp_path / "play.log", environ=xvfb.environ) as play:
        with spectator(address(play)) as watcher:
            window = xvfb.find_window(title="Ada")
            wait_until(lambda: len(watcher.state["players"]) == 4, "four players")
            begun = watcher.state["players"]
            wait_until(lambda: moved(begun, watcher.state["players"]) >= 3, "the bots have begun to move")
            me, _ = watcher.player("Ada")
            wait_until(lambda: len(others_in_view(watcher, me)) >= 1, "a bot comes into view")
            before = watcher.seen[shown_state(window.picture, watcher, me)]["players"]
            then = len(watcher.seen)
            wait_until(lambda: moved(before, watcher.state["players"]) >= 2, "the bots move on")
            wait_until(lambda: len(watcher.seen) > then + RECENT, "the window shows that, too")
            play.interrupt()
            assert play.wait() == 0, play.text()
            # On a busy machine the server goes on for a while after the window's last frame.
            since = len(watcher.seen) - then
            last = shown_state(lambda: pygame.image.load(file), watcher, me, since)
        assert not play.left_behind()
    assert moved(before, watcher.seen[last]["players"]) >= 2


def test_without_a_screen_the_last_frame_is_as_good(tmp_path: Path) -> None:
    """With SDL's dummy driver the same command ends by itself, and saves a true picture."""
    file = tmp_path / "last.png"
    command = [*PLAY, "--seconds", "5", "--screenshot", str(file)]
    with running(command, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as play:
        with spectator(address(play)) as watcher:
            me, _ = watcher.player("Ada")
            assert play.wait() == 0, play.text()
            shown_state(lambda: pygame.image.load(file), watcher, me)
        assert not play.left_behind()


def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    """Ctrl-C ends the window, the server and the bots, with exit code 0 and without a traceback."""
    with running(PLAY, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as play:
        with spectator(address(play)) as watcher:
            wait_until(lambda: len(watcher.state["players"]) == 4, "four players")
            play.interrupt()
            assert play.wait() == 0, play.text()
        wait_until(lambda: not play.left_behind(), "nothing is left")
        assert "Traceback" not in play.text()


def test_a_killed_play_leaves_nothing(tmp_path: Path) -> None:
    """When `play` is killed, its server and bots notice and end."""
    with running(PLAY, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as play:
        address(play)
        wait_until(lambda: len(play.left_behind()) >= 3, "server, bots and window run")
        play.process.kill()
        play.process.wait()
        wait_until(lambda: not play.left_behind(), "nothing is left")


def test_no_screen_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SDL finds no screen, it draws where nobody sees it: `play` says so, and how to mend it."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    with running(PLAY, tmp_path / "log") as play:
        assert play.wait() == 2
        assert "No screen was found" in play.text() and "Traceback" not in play.text()
