"""Tag, served from a loop of our own, without threads or asyncio: python manual_server.py [PORT]"""

import sys

import pygame

import netlib
from netlib.threads import ManualServer

SIZE, SPEED, TICK_RATE = 400, 4, 30  # pixels, pixels per tick, ticks per second


class Move(netlib.Input, frozen=True):
    dx: int
    dy: int


class Player(netlib.Entity, frozen=True):
    x: int
    y: int
    it: bool = False


server = ManualServer(
    "Tag",
    host="127.0.0.1",
    port=int(sys.argv[1]) if len(sys.argv) > 1 else 0,
    tick_rate=TICK_RATE,
    input_type=Move,
    discoverable=False,
)
players: dict[int, Player] = {}


@server.on(netlib.Joined)
def joined(event: netlib.Joined) -> None:
    if not event.peer.spectator:
        place = len(players)
        players[event.peer.id] = Player(x=100 * place, y=0, it=place == 0)


@server.on(netlib.Left)
def left(event: netlib.Left) -> None:
    players.pop(event.peer.id, None)


@server.on_tick
def tick(dt: float) -> None:
    for peer in server.players:
        for move in peer.take_inputs():
            players[peer.id] = moved(players[peer.id], move)
    tag()
    server.publish({"players": players})


def moved(player: Player, move: Move) -> Player:
    x = player.x + SPEED * max(-1, min(move.dx, 1))
    y = player.y + SPEED * max(-1, min(move.dy, 1))
    return Player(max(0, min(x, SIZE)), max(0, min(y, SIZE)), player.it)


def tag() -> None:
    for hunter in [id for id, player in players.items() if player.it]:
        for id, player in players.items():
            if id != hunter and touch(player, players[hunter]):
                players[hunter] = Player(players[hunter].x, players[hunter].y)
                players[id] = Player(SIZE, SIZE, it=True)
                return


def touch(one: Player, other: Player) -> bool:
    return abs(one.x - other.x) < 20 and abs(one.y - other.y) < 20


def main() -> None:
    clock = pygame.time.Clock()
    with server:
        print(f"tag at {server.url}", flush=True)
        while server.running:
            server.update()
            clock.tick(TICK_RATE)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("the game is over", flush=True)
