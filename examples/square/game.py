"""Each player moves a square, and everybody sees all: the server decides, the windows ask and draw."""

import argparse
import asyncio
import contextlib
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated

import pygame
from msgspec import Meta

import netlib

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


async def serve(port: int, meanwhile: Callable[[], Awaitable[object]]) -> None:
    """Let others join at a port: apply what they ask for, and tell everybody where the squares are."""
    async with netlib.Server("Squares", input_type=Walk, port=port) as server:
        squares: defaultdict[int, Square] = defaultdict(Square)

        @server.on_tick
        def tick(dt: float) -> None:
            for peer in server.players:
                for walk in peer.take_inputs():
                    squares[peer.id] = walked(squares[peer.id], walk)
            server.publish({"squares": {peer.id: squares[peer.id] for peer in server.players}})

        await meanwhile()


async def play(screen: pygame.Surface, address: str, name: str) -> None:
    """Join the server at an address, until the window is closed or the server ends."""
    async with netlib.connect(address, name=name, schema={"squares": Square}) as client:
        async for _ in netlib.frames(FPS):
            if pygame.event.get(pygame.QUIT) or netlib.Disconnected in map(type, client.poll()):
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
    pygame.display.flip()


async def play_in_window(options: argparse.Namespace) -> None:
    """Open a window and play in it; its last picture is kept if that was asked for."""
    pygame.font.init()
    pygame.display.set_caption(f"Squares: {options.name}")
    screen = pygame.display.set_mode((WIDTH, HEIGHT))
    try:
        await play(screen, options.join or f"127.0.0.1:{options.port}", options.name)
    finally:
        if options.screenshot:
            pygame.image.save(screen, options.screenshot)


async def start(options: argparse.Namespace) -> None:
    """Open the server, a window, or both, for as long as was asked."""
    program = asyncio.Event().wait if options.server else partial(play_in_window, options)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(options.seconds):
            await (program() if options.join else serve(options.port, program))


def main(options: argparse.Namespace) -> None:
    """Run the program; Ctrl-C ends it, and what goes wrong is said in a sentence."""
    try:
        netlib.run(start(options))
    except netlib.NetlibError as error:
        sys.exit(str(error))
