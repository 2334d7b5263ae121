"""Pong is played here, in virtual time: on one network in memory, by players and by bots."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

import netlib
from examples.pong import bots, rules
from examples.pong.game import Player, Pong
from examples.pong.rules import FACES, HEIGHT, POINTS, WIDTH, Move, Table
from netlib import testing

SLOW = netlib.LinkConditions(latency=0.1)


class TestRules:
    """What server and players compute alike."""

    def test_a_paddle_returns_the_ball(self) -> None:
        """It flies back from the paddle's face, a little faster, and up when hit above the middle."""
        table = Table(x=FACES["left"] + 5, y=280, left=300, dx=-9, dy=0, wait=0)
        after = rules.advanced(table)
        assert (after.x, after.dx, after.dy < 0) == (FACES["left"], 10, True)
        assert rules.advanced(after).x == FACES["left"] + 10

    def test_a_paddle_elsewhere_does_not(self) -> None:
        """The ball passes it, and is a point for the other, who does not get the next ball."""
        table = Table(x=FACES["right"] - 5, y=100, right=500, wait=0)
        while rules.counted(table) == table:
            table = rules.advanced(table)
        served = rules.counted(table)
        assert (served.points, served.x, served.dx > 0) == ((1, 0), WIDTH // 2, True)

    def test_a_match_ends(self) -> None:
        """After the last point the ball waits, until somebody wants another match."""
        over = Table(points=(POINTS, 2), names=("Ada", "Ben"))
        assert rules.advanced(over) == over
        assert rules.moved(over, "right", Move()) == over
        assert rules.moved(over, "right", Move(again=True)) == Table(names=("Ada", "Ben"))
        early = replace(over, points=(1, 2))
        assert rules.moved(early, "left", Move(again=True)) == early

    def test_the_bot_goes_for_the_ball(self) -> None:
        """It follows a ball that comes, and goes to the middle when none does."""
        table = Table(y=100, dx=9)
        assert rules.bot_move(table, "right").down == -1
        assert rules.bot_move(replace(table, left=500), "left").down == -1
        assert rules.bot_move(replace(table, right=105), "right").down == 0


async def opened(network: testing.Network) -> Pong:
    """Open a room of Pong."""
    rooms: list[Pong] = []

    def make_room(**options: Any) -> netlib.Server:
        rooms.append(Pong(**options))
        return rooms[0].room

    await network.serve(make_room, seed=1)
    return rooms[0]


async def joined(network: testing.Network, name: str, **options: Any) -> Player:
    """Let a player join the room."""
    return Player(await network.join(name, schema={"table": Table}, **options))


async def hold(player: Player, move: Move, seconds: float) -> Table:
    """Hold a key for so long, and return what is seen then."""
    end, table = netlib.clock() + seconds, None
    async for dt in netlib.frames(60):
        player.move(dt, move)
        table = player.see(dt, move)
        if netlib.clock() > end:
            break
    assert table is not None
    return table


@testing.in_virtual_time
async def test_one_plays_the_bot_until_somebody_joins() -> None:
    """Alone one plays the server's bot, with the second player a match begins, and a third is told."""
    async with testing.Network() as network:
        await opened(network)
        ada = await joined(network, "Ada")
        alone = await hold(ada, Move(1), 0.5)
        assert alone.names == ("Ada", rules.BOT) and alone.left > HEIGHT // 2
        ben = await joined(network, "Ben")
        assert (await hold(ada, Move(), 0.5)).names == ("Ada", "Ben")
        with pytest.raises(netlib.RoomFull):
            await joined(network, "Cleo")
        await ben.client.close()
        assert (await hold(ada, Move(), 0.5)).names == ("Ada", rules.BOT)


@testing.in_virtual_time
async def test_two_bots_play_matches() -> None:
    """Both join by themselves and return balls; after a match they play another; they end with the server."""
    async with testing.Network() as network:
        pong = await opened(network)
        address = f"127.0.0.1:{pong.room.port}"
        playing = [asyncio.create_task(bots.play(address, f"Bot {n}", network=network)) for n in (1, 2)]
        await testing.until(lambda: abs(pong.table.dx) > 12, "they have returned the ball", timeout=60)
        assert pong.table.names == ("Bot 1", "Bot 2")
        pong.table = replace(pong.table, points=(POINTS, 0))
        await testing.until(lambda: pong.table.points == (0, 0), "another match", timeout=60)
    await asyncio.gather(*playing)


@testing.in_virtual_time
async def test_a_match_is_played_again() -> None:
    """When somebody has won, Space begins the next match."""
    async with testing.Network() as network:
        pong = await opened(network)
        ada = await joined(network, "Ada")
        await hold(ada, Move(), 0.5)
        pong.table = replace(pong.table, points=(0, POINTS))
        assert (await hold(ada, Move(down=1), 0.5)).points == (0, POINTS)
        assert (await hold(ada, Move(again=True), 0.5)).points == (0, 0)


@testing.in_virtual_time
async def test_a_lost_connection_is_made_up_for() -> None:
    """After a cut the player is back in its place, and its paddle answers and is where the server has it."""
    async with testing.Network() as network:
        pong = await opened(network)
        ada = await joined(network, "Ada", link=SLOW, seed=1)
        await hold(ada, Move(1), 1)
        network.cut()
        await hold(ada, Move(-1), 5)
        table = await hold(ada, Move(), 1)
        assert ada.client.connected and table.names == ("Ada", rules.BOT)
        assert table.left == pong.table.left == rules.PADDLE // 2
        table = await hold(ada, Move(1), 0.1)
        assert table.left > pong.table.left


@pytest.mark.parametrize("speed", [10, 25])
@testing.in_virtual_time
async def test_the_rule_is_in_one_place(monkeypatch: pytest.MonkeyPatch, speed: int) -> None:
    """Whoever changes the speed of paddles changes it for all: the server, what is predicted, and bots."""
    monkeypatch.setattr(rules, "SPEED", speed)
    async with testing.Network() as network:
        pong = await opened(network)
        ada = await joined(network, "Ada", link=SLOW, seed=1)
        bot = asyncio.create_task(bots.play(f"127.0.0.1:{pong.room.port}", "Bot", network=network))
        heights = set[int]()
        pong.room.on_tick(lambda dt: heights.add(pong.table.right))
        await hold(ada, Move(), 1)
        await hold(ada, Move(1), 0.3)
        assert ada.ahead.predicted is not None
        predicted = ada.ahead.predicted.left
        assert predicted >= HEIGHT // 2 + 5 * speed
        await hold(ada, Move(), 9)
        assert pong.table.left == predicted
    await bot
    assert len(heights) > 3 and {(height - HEIGHT // 2) % speed for height in heights} == {0}
    near = Table(y=100, right=120, dx=9)
    assert rules.bot_move(near, "right").down == (-1 if speed < 20 else 0)
