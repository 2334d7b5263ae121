"""Opens a recording: reads it, and shows it in a window or saves a stretch of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any

import pygame

from netlib.recording import Film, Replay
from netlib.transport.conditioner import PERFECT, PRESETS, LinkConditions
from workshop.errors import WorkshopError
from workshop.game.drawing.window import opened
from workshop.game.play.replay.export import save
from workshop.game.play.replay.messages import names
from workshop.game.play.replay.other_game import is_gem_rush
from workshop.game.play.replay.theatre import Theatre
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES

SEED = 1  # of the other link: a recording always comes the same over it


async def run(
    path: Path, *, speed: float = 1.0, link: LinkConditions = PERFECT, begin: float = 0.0, end: float = inf,
    export: Path | None = None, messages: bool = False, seconds: float | None = None,
    screenshot: Path | None = None,
) -> int:  # fmt: skip
    """Play a recording from ``begin``, or export it until ``end``, as over a worse ``link``. Returns 0.

    Raises:
        RecordingError, WorkshopError: it cannot be played, or not here; the text says why.
    """
    with each_warning_once():
        async with await known(Film(path).over(link, seed=SEED)) as replay:
            replay.paused, replay.speed, seen = True, speed, seconds is None and export is None
            with opened(f"{path.name}{over(link)}", seen=seen, screenshot=screenshot) as window:
                window.text.write(window.surface, "Reading…", 26, center=window.surface.get_rect().center)
                pygame.display.flip()
                theatre = Theatre(replay, window, over(link))
                theatre.go(begin)
                theatre.shows_message |= messages
                theatre.touched = replay.paused = False
                if export is None:
                    await theatre.play(seconds)
                else:
                    save(export, replay.time, min(replay.duration, end), theatre.pictures)
    return 0


@contextmanager
def each_warning_once() -> Iterator[None]:
    """Log no words of netlib's twice: a recording is read several times, and its parts again and again."""
    said, log = set[str](), logging.getLogger("netlib")

    def is_new(record: logging.LogRecord) -> bool:
        words, known = record.getMessage(), len(said)
        said.add(words)
        return len(said) > known

    log.addFilter(is_new)
    try:
        yield
    finally:
        log.removeFilter(is_new)


async def known(film: Film) -> Replay[Any]:
    """The replay to be shown, with the game's classes if they fit. Raises WorkshopError if nothing came."""
    types = names(film)
    raw: Replay[Any] = Replay(film, messages=types)
    raw.problem = ""  # the replay that is shown tells of it
    async with raw:
        if raw.finished:
            raise WorkshopError(f"{film.path} ends before there is anything to show")
        raw.seek(raw.duration)
        if not is_gem_rush(raw.state):
            return Replay(film, messages=types)
    return Replay(film, messages=[*MESSAGES, *(types - {"chat", "notice"})], schema=SCHEMA)


def over(link: LinkConditions) -> str:
    """The other link, in words for the title."""
    name = next((name for name, it in PRESETS.items() if it == link), "another link")
    return "" if link.perfect else f", as over {name} ({link})"
