"""The window, and the command line: ``python -m examples.pong --help``."""

import argparse
import asyncio
import contextlib

import pygame

import netlib
from examples.pong.game import Player, Pong
from examples.pong.rules import BALL, FACES, HEIGHT, PADDLE, POINTS, WIDTH, Move, Table

parser = argparse.ArgumentParser("python -m examples.pong", description="Pong for two, or against a bot.")
parser.add_argument("--server", action="store_true", help="the server alone, without a window")
parser.add_argument("--join", metavar="ADDRESS", help="a window alone, which joins a server: 192.168.1.5")
parser.add_argument("--name", default="player", help="how the other player sees you")
parser.add_argument("--port", type=int, default=8765, help="TCP port of the server (8765)")
for what, unit in (("latency", "MS"), ("jitter", "MS"), ("loss", "PERCENT")):
    parser.add_argument(f"--{what}", type=float, default=0, metavar=unit, help="of a link that is simulated")
parser.add_argument("--seconds", type=float, default=float("inf"), metavar="S", help="end by itself")
parser.add_argument("--screenshot", metavar="FILE.png", help="keep the window's last picture")


async def main(options: argparse.Namespace) -> None:
    """Open the server, a window, or both."""
    async with contextlib.nullcontext() if options.join else Pong(port=options.port).room:
        print(f"Joining {options.join}" if options.join else f"Pong on port {options.port}: --join ADDRESS")
        await (asyncio.sleep(options.seconds) if options.server else play(options))


async def play(options: argparse.Namespace) -> None:
    """Play in a window, over a link that is as bad as was asked."""
    address = options.join or f"127.0.0.1:{options.port}"
    link = netlib.LinkConditions(options.latency / 1000, options.jitter / 1000, options.loss / 100)
    async with netlib.connect(address, name=options.name, schema={"table": Table}, link=link) as client:
        player, end = Player(client), netlib.clock() + options.seconds
        pygame.display.set_caption(f"Pong: {client.name}")
        screen = pygame.display.set_mode((WIDTH, HEIGHT))
        async for dt in netlib.frames(60):
            over = netlib.Disconnected in map(type, client.poll()) or netlib.clock() > end
            if over or pygame.event.get(pygame.QUIT):
                break
            keys = pygame.key.get_pressed()
            move = Move(keys[pygame.K_DOWN] - keys[pygame.K_UP], again=keys[pygame.K_SPACE])
            player.move(dt, move)
            if table := player.see(dt, move):
                draw(screen, table, client)
    if options.screenshot:
        pygame.image.save(screen, options.screenshot)


def draw(screen: pygame.Surface, table: Table, client: netlib.Client[Table]) -> None:
    """Draw a frame: the score, what the player should know now, and the table."""
    won = "".join(name for name, points in zip(table.names, table.points, strict=True) if points == POINTS)
    now = f"{won} wins. Space: play again" if won else f"{client.name}, up and down move your paddle"
    now = now if client.connected else "The connection is lost; trying to come back …"
    score = f"{table.names[0]}  {table.points[0]} : {table.points[1]}  {table.names[1]}"
    screen.fill("gray12")
    for words, y in ((score, 24), (now, HEIGHT - 24)):
        text = pygame.font.Font(None, 32).render(words, True, "white")
        screen.blit(text, text.get_rect(center=(WIDTH // 2, y)))
    ball = table.x, table.y, BALL, "white"
    left = FACES["left"] - BALL, table.left, PADDLE, "tomato"
    right = FACES["right"] + BALL, table.right, PADDLE, "deepskyblue"
    for x, y, height, colour in (ball, left, right):
        pygame.draw.rect(screen, colour, (x - BALL // 2, y - height // 2, BALL, height))
    pygame.display.flip()


if __name__ == "__main__":
    pygame.font.init()
    try:
        netlib.run(main(parser.parse_args()))
    except netlib.NetlibError as error:
        parser.exit(2, f"{error}\n")
