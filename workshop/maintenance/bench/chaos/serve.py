"""The server of the chaos run, a process: ``python -m workshop.maintenance.bench.chaos.serve PORT PLAYERS``.

It is the finished game's server, with books. It prints the port on which it is open.
"""

import logging
import sys
from typing import NamedTuple

import netlib
from workshop.game.rules.world import World
from workshop.maintenance.bench.chaos import books
from workshop.maintenance.bench.chaos.books import Account, Ask, Books, Hush, News, Sequence, Token
from workshop.maintenance.bench.game_server import SEED, room

ROUND_SECONDS = 3600.0  # longer than any run: a new round would reset the scores
TOKEN_TICKS = 3  # ticks from one token to the next
NEWS_TICKS = 6
HEAVY_NEWS = 5  # every fifth is so large that it comes in parts, and is cut in their midst
BALLAST = bytes(200_000)


class Absence(NamedTuple):
    """What a player had when it lost its connection: points, and waiting inputs."""

    score: int
    inputs: int


class Witness:
    """Keeps the server's books, and sends the messages that are counted."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self._server, self._world = server, world
        self._accounts: dict[int, Account] = {}
        self._tokens: dict[int, Sequence] = {}
        self._absences: dict[int, Absence] = {}
        self._news = self._scores = 0
        self._hushed = False
        self.problems: list[str] = []
        server.on(netlib.Joined, self._joined)
        server.on(netlib.Dropped, self._dropped)
        server.on(netlib.Resumed, self._resumed)
        server.on(netlib.Left, self._left)
        server.on(Token, self._token)
        server.on(Hush, self._hush)
        server.on_tick(self._tick)
        server.on_request(Ask)(self._answer)

    def _joined(self, event: netlib.Joined) -> None:
        peer = event.peer
        if not peer.spectator:
            self._accounts[peer.id] = Account(peer.id, peer.name)
            self._tokens[peer.id] = Sequence(f"tokens of {peer.name} at the server")
            names = [player.name for player in self._world.players.values()]
            self.problems += [f"{name} has a twin" for name in books.twins(names)]

    def _dropped(self, event: netlib.Dropped) -> None:
        peer = event.peer
        if player := self._world.players.get(peer.id):
            self._absences[peer.id] = Absence(player.score, peer.inputs_waiting)

    def _resumed(self, event: netlib.Resumed) -> None:
        peer = event.peer
        before, player = self._absences.pop(peer.id, None), self._world.players.get(peer.id)
        if player is None or before is None:
            self._note(f"{peer.name} is back, and was not {'away' if player else 'in the game any more'}")
            return
        self._scores += before.score > 0
        self._note(books.score_problem(peer.name, before.score, player.score, inputs=before.inputs))

    def _left(self, event: netlib.Left) -> None:
        if event.peer.id in self._accounts:
            self._note(f"{event.peer.name} left the server for good: {event.code} {event.reason}")

    def _token(self, peer: netlib.Peer, token: Token) -> None:
        self._note(self._tokens[peer.id].take(token.number))
        self._accounts[peer.id].received = token.number

    def _hush(self, peer: netlib.Peer, message: Hush) -> None:
        self._hushed = True

    def _tick(self, dt: float) -> None:
        if self._hushed:
            return
        if self._server.tick % TOKEN_TICKS == 0:
            for peer in self._server.players:
                account = self._accounts[peer.id]
                account.sent += 1
                peer.send(Token(account.sent))
        if self._server.tick % NEWS_TICKS == 0:
            self._news += 1
            self._server.broadcast(News(self._news, b"" if self._news % HEAVY_NEWS else BALLAST))

    def _answer(self, peer: netlib.Peer, ask: Ask) -> Books:
        metrics = self._server.metrics
        return Books(
            accounts=list(self._accounts.values()),
            players=[player.name for player in self._world.players.values()],
            news=self._news,
            dropped=metrics.dropped,
            resumed=metrics.resumed,
            scores=self._scores,
            problems=self.problems,
        )

    def _note(self, problem: str) -> None:
        if problem:
            self.problems.append(problem)


class ErrorNotes(logging.Handler):
    """Counts what netlib logs as an error, such as a listener that fails, as a problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        self._problems.append(f"the server has logged: {record.getMessage()}")


async def main(port: int, players: int) -> None:
    """Serve until the parent ends this."""
    seats = 2 * players  # there must be room for twins, or none would be noticed
    limits = netlib.Limits(max_players=seats, max_connections=max(512, 2 * seats))
    world = World(seed=SEED, round_seconds=ROUND_SECONDS)
    server = room(limits, port=port, world=world)
    logging.getLogger("netlib").addHandler(ErrorNotes(Witness(server, world).problems))
    async with server:
        print(f"is open on port {server.port}", flush=True)
        await server.wait_stopped()


if __name__ == "__main__":
    netlib.run(main(int(sys.argv[1]), int(sys.argv[2])))
