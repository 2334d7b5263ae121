"""A bot that sits down at a table where somebody waits, and plays there: a client without a window."""

import random
from typing import Any

import netlib
from examples.tables.rules import SCHEMA, Choose, Table, next_mark, winning_line
from netlib.rooms import Join

LOOKS = 10.0  # a second, at the table
THINK, REST = 0.7, 3.0  # seconds from the last change until a bot makes its mark, or wants another game


async def play(address: str, name: str, **options: Any) -> None:
    """Play on the server at an address until it is gone. Options are those of `netlib.connect`."""
    chance, before, quiet = random.Random(name), Table(), 0.0
    async with netlib.connect(address, name=name, join=Join("table"), schema=SCHEMA, **options) as client:
        async for dt in netlib.frames(LOOKS):
            if not client.connected and not client.reconnecting:
                return
            table = client.state["table"].get(1, before)
            before, quiet = table, quiet + dt if table == before else 0.0
            if table.turn == client.player_id and quiet > THINK:
                client.send(Choose(best_cell(table.marks, chance)))
            elif not table.turn and not client.state["secrets"] and quiet > REST:
                client.send(Choose(chance.randrange(9)))


def best_cell(marks: str, chance: random.Random) -> int:
    """Return where to set the next mark: it wins, or the other's would win there; else anywhere."""
    free = [cell for cell in range(9) if marks[cell] == " "]
    mine = next_mark(marks)
    for mark in (mine, "XO"[mine == "X"]):
        for cell in free:
            if winning_line(marks[:cell] + mark + marks[cell + 1 :]):
                return cell
    return chance.choice(free)
