"""Lobby and game, in turn, in one window."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pygame
import pytest

import netlib
from workshop.game.drawing.lobby import Lobby
from workshop.game.drawing.window import Window, opened
from workshop.game.play.visits import lobby_and_game

FLAGS: dict[str, Any] = {"name": "Ada", "host": None, "port": 1, "ask_every": 1.0, "loopback": True}


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw where nobody sees it."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@contextlib.asynccontextmanager
async def browser(hosts: Sequence[str], ports: Sequence[int], interval: float) -> AsyncIterator[None]:
    """Search for nothing."""
    assert (list(hosts), list(ports), interval) == (["127.0.0.1"], [9], 1.0)
    yield


def test_a_player_comes_back_to_the_lobby_until_it_quits() -> None:
    """The lobby says that a room has closed, or was not reached; a player who quits is asked no more."""
    problems, windows = list[str](), list[Window]()

    async def choose(window: Window, lobby: Lobby, searching: None) -> str:
        problems.append(lobby.problem)
        window.set_typing(True)
        return f"room {len(problems)}"

    async def run(url: str, *, name: str) -> int:
        assert name == "Ada"
        with opened(url, seen=True) as window:
            windows.append(window)
            assert pygame.display.get_caption()[0] == url
            if url == "room 2":
                raise netlib.NetlibError("nobody there")
            window.closed = url == "room 3"
        return 0

    assert asyncio.run(lobby_and_game(browser, choose, run, discovery_ports=[9], **FLAGS)) == 0
    assert problems == ["", "The room has closed.", "nobody there"]
    assert len(set(map(id, windows))) == 1 and not pygame.display.get_init()


def test_a_closed_lobby_is_the_end() -> None:
    """A player who decides for no room is not asked again."""

    async def choose(window: Window, lobby: Lobby, searching: None) -> str:
        return ""

    async def run(url: str, *, name: str) -> int:
        raise AssertionError

    assert asyncio.run(lobby_and_game(browser, choose, run, discovery_ports=[9], **FLAGS)) == 0
