"""The same in a class of unittest, which pytest runs as well."""

from __future__ import annotations

import sys
import unittest

import pytest

import netlib
from netlib import testing
from solutions.step13_testing.game import GEMS, HEIGHT, SCHEMA, SPEED, WIDTH, Player, Walk, World, make_server


class Rules(unittest.TestCase):
    """The rules by themselves."""

    def setUp(self) -> None:
        self.world = World()

    def walk(self, x: int, y: int, **wish: int | bool) -> Player:
        """Where a player ends who starts there and has this wish."""
        self.world.players[7] = Player("Eve", x=x, y=y)
        self.world.apply(7, Walk(**wish))  # type: ignore[arg-type]
        return self.world.players[7]

    def test_speed(self) -> None:
        for sign in (-1, 1):
            self.assertEqual(self.walk(300, 200, dx=sign * 999).x, 300 + sign * SPEED)
            self.assertEqual(self.walk(300, 200, dy=sign * 999).y, 200 + sign * SPEED)

    def test_borders(self) -> None:
        self.assertEqual(self.walk(2, 2, dx=-5, dy=-5), Player("Eve", 0, 0))
        self.assertEqual(self.walk(WIDTH - 2, HEIGHT - 2, dx=5, dy=5), Player("Eve", WIDTH, HEIGHT))

    def test_one_gem_for_two(self) -> None:
        scores = [self.walk(*GEMS[3], collect=True).score for _ in range(2)]
        self.assertEqual(scores, [1, 0])


class Online(unittest.TestCase):
    """The whole game, over a network in memory."""

    def test_story(self) -> None:
        testing.run(self.story())

    async def story(self) -> None:
        """One evening: five steps, a cut, a farewell."""
        async with testing.Network() as network:
            await network.serve(make_server)
            eve, tom = await network.join("Eve", schema=SCHEMA), await network.join("Tom", schema=SCHEMA)
            await testing.snapshot(tom, where=lambda state: len(state["players"]) == 2)
            eve.send_input(Walk(collect=True))
            for _ in range(9):
                eve.send_input(Walk(dy=SPEED))
            self.there = Player("Eve", y=HEIGHT // 2 + 9 * SPEED, score=1)
            await testing.snapshot(tom, where=lambda state: state["players"][eve.player_id] == self.there)
            network.cut()
            for client in (eve, tom):
                await testing.message(client, netlib.Connected, where=lambda event: event.resumed)
            state = await testing.snapshot(tom, tick=tom.tick + 3)
            self.assertEqual(state["players"][eve.player_id], self.there)
            await eve.close()
            await testing.snapshot(tom, where=lambda state: eve.player_id not in state["players"])


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q", "-rfEs", "-p", "no:cacheprovider", "--import-mode=importlib"]))
