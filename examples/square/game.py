"""Each player moves a square, and everybody sees all: the server decides, the windows ask and draw."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any

import pygame
from msgspec import Meta

import netlib
from examples.running import Options, frames

WIDTH, HEIGHT, SIDE = 800, 600, 60  # pixels
SPEED = 8  # pixels a tick
FPS = 30  # frames a second: one input for each tick of the server
HELP = "The arrow keys move your square, the one with the white frame."


class Square(netlib.Entity):
    """A player's square, as the server publishes it: where its top left corner is, in pixels."""

    x: int = (WIDTH - SIDE) // 2
    y: int = (HEIGHT - SIDE) // 2


class Walk(netlib.Input):
    """What a player asks for in one tick; anything but -1, 0 and 1 is refused on arrival."""

    dx: Annotated[int, Meta(ge=-1, le=1)] = 0
    dy: Annotated[int, Meta(ge=-1, le=1)] = 0


def walked(square: Square, walk: Walk) -> Square:
    """Return where a square is one input later: what leaves on one side comes in on the other."""
    return Square((square.x + SPEED * walk.dx) % WIDTH, (square.y + SPEED * walk.dy) % HEIGHT)


def make_server(**options: Any) -> netlib.Server:
    """Make a server: in each tick it applies what came, and tells everybody where the squares are."""
    server = netlib.Server("Square", input_type=Walk, **options)
    squares: defaultdict[int, Square] = defaultdict(Square)

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            for walk in peer.take_inputs():
                squares[peer.id] = walked(squares[peer.id], walk)
        server.publish({"squares": {peer.id: squares[peer.id] for peer in server.players}})

    return server


async def play(address: str, options: Options) -> None:
    """Join the server at an address, until the window is closed or the server ends."""
    async with netlib.connect(address, schema={"squares": Square}, **options.connection) as client:
        screen = pygame.display.set_mode((WIDTH, HEIGHT))
        async for _ in frames(FPS):
            if netlib.Disconnected in map(type, client.poll()):
                return
            right, down = arrow_keys()
            client.send_input(Walk(right, down))
            seen = {id: (square.x, square.y) for id, square in client.state["squares"].items()}
            draw(screen, seen, client.player_id, client.connected)


def arrow_keys() -> tuple[int, int]:
    """Return which way the arrow keys point: right and down, each -1, 0 or 1."""
    keys = pygame.key.get_pressed()
    return keys[pygame.K_RIGHT] - keys[pygame.K_LEFT], keys[pygame.K_DOWN] - keys[pygame.K_UP]


def draw(screen: pygame.Surface, places: Mapping[int, tuple[int, int]], mine: int, connected: bool) -> None:
    """Draw a frame: the squares by their players' numbers, and a line that says what to do."""
    screen.fill("gray12")
    for id, place in places.items():
        pygame.draw.rect(screen, "tomato" if id % 2 else "deepskyblue", (place, (SIDE, SIDE)))
        pygame.draw.rect(screen, "white" if id == mine else "gray12", (place, (SIDE, SIDE)), width=4)
    words = HELP if len(places) > 1 else f"{HELP} Nobody else is here yet."
    words = words if connected else "The connection is lost; trying to come back …"
    screen.blit(pygame.font.Font(None, 26).render(words, True, "white"), (16, 16))
