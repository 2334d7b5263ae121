"""The tables are played at here, in virtual time: on one network in memory, by players and by bots."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

import netlib
from examples.tables import bots, rules
from examples.tables.rules import SCHEMA, Choose, Game, winning_line
from examples.tables.server import make_server
from netlib import testing
from netlib.rooms import Join, RoomServer

ADA, BEN = 1, 2
CHOOSE = "Choose a secret number. If the sum is even, Ada begins."
Player = netlib.Client[Any]


def begun() -> Game:
    """Return a game in which Ada has the turn."""
    game = Game()
    game.seat({ADA: "Ada", BEN: "Ben"})
    game.choose(BEN, 0)
    game.choose(ADA, 2)  # 1 + 3 is even
    return game


def play(game: Game, *cells: int) -> None:
    """Let both choose cells in turn, Ada first."""
    for number, cell in enumerate(cells):
        game.choose((ADA, BEN)[number % 2], cell)


@pytest.mark.parametrize(
    ("ada", "ben", "first"), [(0, 0, "Ada"), (0, 1, "Ben"), (8, 7, "Ben"), (8, 6, "Ada")]
)
def test_the_sum_says_who_begins(ada: int, ben: int, first: str) -> None:
    """An even sum of the secret numbers lets the first begin, an odd one the other, whoever chose sooner."""
    for order in ([(ADA, ada), (BEN, ben)], [(BEN, ben), (ADA, ada)]):
        game = Game()
        game.seat({ADA: "Ada", BEN: "Ben"})
        for id, cell in order:
            game.choose(id, cell)
        assert game.names[game.table.turn] == first
        assert game.table.news == f"{ada + ben + 2}: {first} begins."
        assert game.secrets == {}


def test_a_choice_may_be_changed_until_both_have_chosen() -> None:
    """The last number that somebody chose counts."""
    game = Game()
    game.seat({ADA: "Ada", BEN: "Ben"})
    game.choose(ADA, 0)
    game.choose(ADA, 1)
    assert (game.secrets, game.table.news, game.table.turn) == ({ADA: 2}, "Ada has chosen.", 0)
    game.choose(BEN, 1)
    assert game.table.turn == ADA


@pytest.mark.parametrize("line", [(0, 1, 2), (2, 5, 8), (0, 4, 8), (2, 4, 6)])
def test_three_in_a_line_win(line: tuple[int, int, int]) -> None:
    """A full line ends the game, and counts for its player."""
    game, others = begun(), [cell for cell in (0, 3, 4, 7, 8, 1) if cell not in line]
    play(game, line[0], others[0], line[1], others[1], line[2])
    assert (game.table.news, game.table.turn) == ("Ada wins! Once more?", 0)
    assert game.wins == {ADA: 1, BEN: 0}
    assert winning_line(game.table.marks) == line


def test_the_last_mark_may_win() -> None:
    """A full board with a line is no draw."""
    game = begun()
    play(game, 0, 1, 2, 3, 4, 5, 7, 6, 8)
    assert (game.table.news, game.wins[ADA]) == ("Ada wins! Once more?", 1)


def test_a_draw() -> None:
    """A full board without a line is won by nobody."""
    game = begun()
    play(game, 0, 1, 2, 4, 3, 5, 7, 6, 8)
    assert (game.table.marks, game.table.turn) == ("XOXXOOOXX", 0)
    assert (game.table.news, game.wins) == ("A draw! Once more?", {ADA: 0, BEN: 0})


def test_what_is_not_allowed_changes_nothing() -> None:
    """Neither a taken cell, nor somebody whose turn it is not, nor one who only watches, changes anything."""
    game = begun()
    game.choose(ADA, 4)
    before = game.table
    for id, cell in ((ADA, 0), (BEN, 4), (3, 0)):
        game.choose(id, cell)
    assert (game.table, game.secrets) == (before, {})


def test_nobody_chooses_alone() -> None:
    """One player, or one who watches, chooses nothing."""
    game = Game()
    game.seat({ADA: "Ada"})
    game.choose(ADA, 0)
    game.choose(3, 0)
    assert (game.secrets, game.table.news) == ({}, "Waiting for a second player.")


def test_who_leaves_ends_the_game() -> None:
    """The other keeps its wins, and plays the next one who comes; a secret of before is forgotten."""
    game = begun()
    play(game, 0, 3, 1, 4, 2)
    game.choose(ADA, 5)
    game.seat({ADA: "Ada"})
    assert (game.table.news, game.table.turn) == ("Ben has left. Waiting for a second player.", 0)
    game.seat({ADA: "Ada", 3: "Cleo"})
    assert (game.wins, game.secrets) == ({ADA: 1, 3: 0}, {})
    assert game.table.news == "Choose a secret number. If the sum is even, Ada begins."


class Hall:
    """A server of tables in a network, and whoever comes."""

    def __init__(self, network: testing.Network) -> None:
        self.network = network
        self.server: RoomServer = make_server(port=0, discoverable=False, network=network)
        self.everybody = contextlib.AsyncExitStack()

    async def join(self, name: str, **join: Any) -> Player:
        """Let somebody sit down at a table; with an id of one, watch it."""
        client = netlib.connect(
            f"127.0.0.1:{self.server.port}",
            name=name,
            join=Join(**join),
            spectator="id" in join,
            schema=SCHEMA,
            network=self.network,
        )
        return await self.everybody.enter_async_context(client)

    def bot(self, name: str) -> asyncio.Task[None]:
        """Let a bot sit down at a table."""
        address = f"127.0.0.1:{self.server.port}"
        return asyncio.create_task(bots.play(address, name, network=self.network))


@contextlib.asynccontextmanager
async def a_hall() -> AsyncIterator[Hall]:
    """Open a server of tables; at the end all leave, and it closes."""
    async with testing.Network() as network:
        hall = Hall(network)
        async with hall.server, hall.everybody:
            yield hall


async def until(words: str, *clients: Player) -> None:
    """Wait until all of them are told this."""
    for client in clients:
        await testing.snapshot(
            client, where=lambda state: [it.news for it in state["table"].values()] == [words]
        )


async def turns(player: Player, other: Player, cells: str) -> None:
    """Let the two play these cells in turn; each waits until both see the mark."""
    for cell in map(int, cells):
        player.send(Choose(cell))
        for client in (player, other):
            await testing.snapshot(client, where=partial(is_marked, cell))
        player, other = other, player


def is_marked(cell: int, state: dict[str, dict[int, Any]]) -> bool:
    """Return whether somebody has set a mark there."""
    return state["table"][1].marks[cell] in "XO"


@testing.in_virtual_time
async def test_a_game_and_a_rematch_are_played_and_watched() -> None:
    """Two play, one watches; each sees the other's marks, and both want another game before it begins."""
    async with a_hall() as hall:
        ada, ben = await hall.join("Ada"), await hall.join("Ben")
        assert ada.room_id == ben.room_id
        cleo = await hall.join("Cleo", id=ada.room_id)
        await until(CHOOSE, ada, ben, cleo)
        ada.send(Choose(3))
        await until("Ada has chosen.", ada, ben, cleo)
        cleo.send(Choose(0))  # who watches chooses nothing
        ben.send(Choose(5))
        await until("10: Ada begins.", ada, ben, cleo)
        await turns(ada, ben, "03142")
        await until("Ada wins! Once more?", ada, ben, cleo)
        ben.send(Choose(0))
        await until("Ben has chosen.", ada, ben, cleo)
        assert cleo.state["table"][1].marks == "XXXOO    "
        ada.send(Choose(1))
        await until("3: Ben begins.", ada, ben, cleo)
        assert cleo.state["table"][1].score == "Ada: 1    Ben: 0"
        await turns(ben, ada, "4")
        await until("Ada's turn.", ada, ben, cleo)


@testing.in_virtual_time
async def test_a_client_comes_back_by_itself() -> None:
    """Nobody has to do anything after a lost connection, and the secret is still there."""
    async with a_hall() as hall:
        ada, ben = await hall.join("Ada"), await hall.join("Ben")
        await until(CHOOSE, ada, ben)
        ben.send(Choose(4))
        await until("Ben has chosen.", ada, ben)
        hall.network.cut()
        for client in (ada, ben):
            await testing.message(client, netlib.Connected, where=lambda event: event.resumed)
        ada.send(Choose(4))
        await until("10: Ada begins.", ada, ben)


@testing.in_virtual_time
async def test_who_leaves_is_named_and_the_last_one_ends_the_table() -> None:
    """The other is told, somebody new gets the seat, and who watches is told that the table is no more."""
    async with a_hall() as hall:
        ada, ben = await hall.join("Ada"), await hall.join("Ben")
        cleo = await hall.join("Cleo", id=ada.room_id)
        await until(CHOOSE, ada, ben)
        await ben.close()
        await until("Ben has left. Waiting for a second player.", ada, cleo)
        dora = await hall.join("Dora")
        assert dora.room_id == ada.room_id
        await dora.close()
        await ada.close()
        ended = await testing.message(cleo, netlib.Disconnected)
        assert ended.reason == "the room has ended"
        assert hall.server.rooms == []


@testing.in_virtual_time
async def test_bots_play_games() -> None:
    """The first opens a table, the second sits down there; they play one game after the other."""
    async with a_hall() as hall:
        playing = [hall.bot("Bot 1"), hall.bot("Bot 2")]
        await testing.until(lambda: len(hall.server.rooms) == 1 and len(hall.server.rooms[0].players) == 2)
        ada = await hall.join("Ada", id=hall.server.rooms[0].room_id)
        for _ in range(2):
            await testing.snapshot(
                ada, where=lambda state: "Once more?" in state["table"][1].news, timeout=60
            )
            await testing.snapshot(ada, where=lambda state: "begins" in state["table"][1].news, timeout=60)
    await asyncio.gather(*playing)


@testing.in_virtual_time
async def test_a_bot_sits_down_with_whoever_waits() -> None:
    """It waits before it wants another game, so that one sees who has won."""
    async with a_hall() as hall:
        ada = await hall.join("Ada")
        bot = hall.bot("Bot 1")
        await until(CHOOSE, ada)
        ada.send(Choose(0))
        await testing.snapshot(ada, where=lambda state: "begins" in state["table"][1].news)
        assert set(hall.server.rooms[0].metadata.values()) == {"Ada and Bot 1"}
    await bot


@pytest.mark.parametrize(
    ("lines", "cell"), [(rules.LINES, 2), (((0, 1, 5),), 5)], ids=["three in a row", "an odd line"]
)
def test_the_rule_is_in_one_place(monkeypatch: pytest.MonkeyPatch, lines: Any, cell: int) -> None:
    """Whoever changes the lines that win changes them for all: the game, its picture, and bots."""
    monkeypatch.setattr(rules, "LINES", lines)
    game, others = begun(), [3, 7]
    play(game, 0, others[0], 1, others[1])
    assert bots.best_cell(game.table.marks, random.Random(1)) == cell
    play(game, cell)
    assert game.table.news == "Ada wins! Once more?"
    assert winning_line(game.table.marks) == (0, 1, cell)
