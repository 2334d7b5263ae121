"""Tic-tac-toe: what travels, and the rules. There is no network here, and no window.

Who begins? Before each game both choose a number in secret, by a cell. When the two make an even sum, it is
the player who sat down first, else the other. Choosing again after a game asks for another one.
"""

from typing import Annotated, Any

from msgspec import Meta

import netlib

LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))
NEWS = ("", "Waiting for a second player.", "Choose a secret number. If the sum is even, {} begins.")


class Choose(netlib.Message, frozen=True):
    """→ A cell: they count from 0 at the top left, row by row. Before a game its number is my secret."""

    cell: Annotated[int, Meta(ge=0, le=8)]


class Table(netlib.Entity, frozen=True):
    """What everybody sees: the nine cells, the number of the player whose turn it is, and two texts."""

    marks: str = "123456789"  # before the first game: what may be chosen
    turn: int = 0  # nobody's: no game is played
    news: str = ""
    score: str = ""


class Secret(netlib.Entity, frozen=True):
    """The number that a player has chosen before a game, from 1. Nobody else is ever sent it."""

    number: int


SCHEMA: dict[str, type[Any]] = {"table": Table, "secrets": Secret}


def winning_line(marks: str) -> tuple[int, ...]:
    """The three cells that win; none as long as nobody has."""
    return next((line for line in LINES if {marks[cell] for cell in line} in ({"X"}, {"O"})), ())


def next_mark(marks: str) -> str:
    """The mark that comes next: X begins."""
    return "OX"[marks.count(" ") % 2]


class Game:
    """The game at one table: names, wins and secrets go by the players' numbers, in the order of sitting."""

    def __init__(self) -> None:
        self.table = Table()
        self.names, self.wins, self.secrets = dict[int, str](), dict[int, int](), dict[int, int]()

    def seat(self, names: dict[int, str]) -> None:
        """These have the seats now. Who comes or goes ends the game that was played."""
        if names != self.names:
            gone = "".join(f"{self.names[id]} has left. " for id in self.names if id not in names)
            self.table, self.secrets = Table(news=gone + NEWS[len(names)].format(*names.values())), {}
            self.names, self.wins = names, {id: self.wins.get(id, 0) for id in names}

    def choose(self, id: int, cell: int) -> None:
        """A player chooses a cell. What it may not do now changes nothing."""
        before, other = self.table.marks, sum(self.names) - id
        if self.table.turn == id and before[cell] == " ":
            marks = before[:cell] + next_mark(before) + before[cell + 1 :]
            won, full = winning_line(marks) != (), " " not in marks
            news = f"{self.names[id]} wins!" if won else "A draw!" if full else f"{self.names[other]}'s turn."
            self.table = Table(marks, 0 if won or full else other, news + " Once more?" * (won or full))
            self.wins[id] += won
        elif id in self.names and len(self.names) == 2 and not self.table.turn:
            self.secrets[id] = cell + 1
            self.table = Table(before, news=f"{self.names[id]} has chosen.")
            if len(self.secrets) == 2:
                first = list(self.names)[(total := sum(self.secrets.values())) % 2]
                self.table, self.secrets = Table(" " * 9, first, f"{total}: {self.names[first]} begins."), {}
