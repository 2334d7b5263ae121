"""Pong: its window, and the ball, which near one's own paddle is not drawn late. Its own tests play it."""

import math
import random
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any, NamedTuple

import pygame
import pytest
from hypothesis import strategies as st

import netlib
from examples.pong import rules
from examples.pong.game import Player, Pong
from examples.pong.rules import FACES, HEIGHT, WIDTH, Move, Table
from netlib import testing
from tests.support.processes import ROOT, python, running, wait_until
from tests.support.rooms import LOOPBACK
from tests.support.windows import screen

NEAR = 120  # pixels from one's own paddle
SECONDS = 40  # of play that are measured
ROUND_TRIPS = {0: 0, 100: 20, 200: 40, 400: 60}  # milliseconds, and their jitter

heights = st.integers(rules.PADDLE // 2, HEIGHT - rules.PADDLE // 2)
tables = st.builds(
    Table,
    left=heights,
    right=heights,
    x=st.integers(FACES["left"], FACES["right"]),
    y=st.integers(1, HEIGHT - 1),
    dx=st.integers(9, 30) | st.integers(-30, -9),
    dy=st.integers(-9, 9),
    wait=st.just(0),
)


def test_the_program_as_it_is_started(port: int, tmp_path: Path) -> None:
    """One command opens server and window, and ends in time; its picture shows the paddles and the ball."""
    picture, environ = tmp_path / "pong.png", {"SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT)}
    words = ["--port", str(port), "--latency", "50", "--seconds", "1.5", "--screenshot", str(picture)]
    with running(python("-m", "examples.pong", *words), tmp_path / "log", environ=environ) as program:
        assert program.wait() == 0, program.text()
    drawn = pygame.image.load(picture)
    assert drawn.get_at((FACES["left"] - rules.BALL, HEIGHT // 2)) == pygame.Color("tomato")
    field = [(x, y) for x in range(WIDTH) for y in range(60, HEIGHT - 60)]
    assert any(drawn.get_at(place) == pygame.Color("white") for place in field)


@pytest.mark.window
def test_two_windows(port: int, tmp_path: Path) -> None:
    """At a round trip of 200 ms a held key moves the paddle in either window; closing one brings the bot."""
    with screen(tmp_path, 1640, 600) as xvfb:
        environ = {**xvfb.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        server = python("-m", "examples.pong", "--server", "--port", str(port))
        with running(server, tmp_path / "server", environ=environ) as room:
            room.wait_for(f"port {port}")
            join = ["-m", "examples.pong", "--join", f"{LOOPBACK}:{port}", "--latency", "200", "--name"]
            with running(python(*join, "Ada"), tmp_path / "ada", environ=environ) as ada:
                xvfb.find_window(title="Pong: Ada").move(0, 0)
                with running(python(*join, "Ben"), tmp_path / "ben", environ=environ) as ben:
                    window = xvfb.find_window(title="Pong: Ben")
                    window.move(820, 0)
                    window.focus()
                    with window.held("Down"):
                        wait_until(lambda: down(xvfb.picture(), 0) and down(xvfb.picture(), 820), "it moves")
                    ben.interrupt()
                    assert ben.wait() == 0
                ada.interrupt()
                assert ada.wait() == 0


def down(picture: pygame.Surface, left: int) -> bool:
    """Return whether the right paddle is at the bottom, in the window that begins at this pixel."""
    return picture.get_at((left + FACES["right"] + rules.BALL, HEIGHT - 10)) == pygame.Color("deepskyblue")


class Error(NamedTuple):
    """How far from where it is for the player the ball is drawn, and how long it flies that far."""

    pixels: float
    ms: float


Errors = dict[str, list[Error]]


class Match:
    """Two who play as the bot does, with more mistakes, over links; and where the ball was and was drawn.

    The ball is for a player where the server has it when it applies what the player does now.
    """

    def __init__(self, link: netlib.LinkConditions) -> None:
        self.link = link
        self.truth: dict[tuple[str, int], Table] = {}
        self.drawn: list[tuple[Player, int, float, Table, Table]] = []

    async def play(self) -> Errors:
        """Play, and return the errors of what is predicted and of what is seen in snapshots."""
        async with testing.Network() as network:
            await network.serve(self.make_room, seed=1)
            options: dict[str, Any] = {"schema": {"table": Table}, "link": self.link}
            players = [Player(await network.join(name, seed=1, **options)) for name in ("Ada", "Ben")]
            errors = [random.Random(name) for name in ("Ada", "Ben")]
            end = netlib.clock() + SECONDS
            moves = [Move(), Move()]
            async for dt in netlib.frames(60):
                for at, player in enumerate(players):
                    moves[at] = self.frame(player, dt, moves[at], errors[at])
                if netlib.clock() > end:
                    break
        return self.errors()

    def make_room(self, **options: Any) -> netlib.Server:
        """Make the room, and note in each tick which input of each player its table is the answer to."""
        pong = Pong(**options)

        def note(dt: float) -> None:
            for peer in pong.room.players:
                self.truth[peer.name, peer.last_input_seq] = pong.table

        pong.room.on_tick(note)
        return pong.room

    def frame(self, player: Player, dt: float, move: Move, errors: random.Random) -> Move:
        """One frame of a player; returns what it does in the next."""
        player.client.poll()
        player.move(dt, move)
        table, sample = player.see(dt, move), player.behind.sample(netlib.clock())
        if table is None or sample is None:
            return move
        if player.ahead.pending_inputs:
            seq = player.ahead.pending_inputs[-1].seq
            self.drawn.append((player, seq, player.ticks.alpha, table, sample.state["table"][0]))
        if errors.random() < 0.1:
            return Move(errors.choice((-1, 0, 1)))
        return rules.bot_move(table, rules.side_of(table, player.client.name))

    def errors(self) -> Errors:
        """Return the errors in all frames in which the ball flies near a player's own paddle."""
        found: Errors = {"predicted": [], "seen": []}
        for player, seq, alpha, table, seen in self.drawn:
            name = player.client.name
            before, after = self.truth.get((name, seq)), self.truth.get((name, seq + 1))
            if before and after and before.dx == after.dx and not before.wait:
                x = before.x + (after.x - before.x) * alpha
                if abs(x - FACES[rules.side_of(before, name)]) <= NEAR:
                    for kind, drawn in (("predicted", table), ("seen", seen)):
                        off = abs(drawn.x - x)
                        found[kind].append(Error(off, off / abs(before.dx) / 30 * 1000))
        return found


@cache
def measured(milliseconds: int) -> Errors:
    """Return the ball's errors at a round trip."""
    link = netlib.LinkConditions(milliseconds / 1000, ROUND_TRIPS[milliseconds] / 1000)
    play: Callable[[], Errors] = testing.in_virtual_time(Match(link).play)
    return play()


def row(milliseconds: int, errors: Errors) -> str:
    """Return a line of the README's table: the mean, and what 95 % of the frames stay below."""
    cells = [f"{milliseconds} ± {ROUND_TRIPS[milliseconds]} ms"]
    for kind in ("predicted", "seen"):
        for name in ("ms", "pixels"):
            values = [getattr(error, name) for error in errors[kind]]
            cells.append(f"{fmean(values):.0f} ({quantiles(values, n=20)[-1]:.0f})")
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("milliseconds", ROUND_TRIPS)
def test_the_ball_is_not_late_near_ones_own_paddle(milliseconds: int) -> None:
    """Drawn from snapshots it is late by the round trip and more; predicted, by a small part of that."""
    errors = measured(milliseconds)
    late, error = (fmean(it.ms for it in errors[kind]) for kind in ("seen", "predicted"))
    assert len(errors["seen"]) > 200
    print(row(milliseconds, errors))
    assert late > 60 + 0.8 * milliseconds
    assert error < 2 + 0.1 * milliseconds
    assert fmean(it.pixels for it in errors["predicted"]) < 1 + 0.04 * milliseconds


def test_what_the_other_does_makes_no_jump() -> None:
    """At 200 ± 40 ms the drawn ball goes from frame to frame as far as it flies, in all of the field."""
    match = Match(netlib.LinkConditions(0.2, 0.04))
    testing.in_virtual_time(match.play)()
    for name in ("Ada", "Ben"):
        shown = [table for player, _, _, table, _ in match.drawn if player.client.name == name]
        flying = [(a, b) for a, b in pairwise(shown) if a.points == b.points and not a.wait and not b.wait]
        steps = [math.hypot(b.x - a.x, b.y - a.y) for a, b in flying]
        assert len(steps) > 1000 and max(steps) < 60 and quantiles(steps, n=100)[-1] < 20


def test_the_readmes_table_is_what_is_measured() -> None:
    """The rows are the measured ones, give or take a fifth; so is what the project's README says of them."""
    told = re.findall(r"^\| (\d+) ±.*$", README, re.MULTILINE)
    assert [int(it) for it in told] == list(ROUND_TRIPS)
    (line,) = re.findall(r"^\| 200 ±.*$", README, re.MULTILINE)
    numbers, now = ([int(it) for it in re.findall(r"\d+", text)] for text in (line, row(200, measured(200))))
    assert numbers == pytest.approx(now, rel=0.2, abs=3), now
    (project,) = re.findall(
        r"drawn (\d+) ms from where it is .* would be (\d+) ms", words(ROOT / "README.md")
    )
    assert list(map(int, project)) == [numbers[2], numbers[6]]


def words(path: Path) -> str:
    """Return a text in one line."""
    return " ".join(path.read_text(encoding="utf-8").split())


README = (ROOT / "examples" / "pong" / "README.md").read_text(encoding="utf-8")
