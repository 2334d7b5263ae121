"""Pong for two, or against a bot."""

import pygame

import netlib
from examples.options import Options
from examples.pong import bots
from examples.pong.game import Player, Pong
from examples.pong.rules import BALL, FACES, HEIGHT, PADDLE, POINTS, WIDTH, Move, Table
from examples.running import frames, run


async def play(address: str, options: Options) -> None:
    """Play in a window until it is closed, or the server is gone."""
    async with netlib.connect(address, schema={"table": Table}, **options.connection) as client:
        player, screen = Player(client), pygame.display.set_mode((WIDTH, HEIGHT))
        async for dt, _ in frames(60):
            if netlib.Disconnected in map(type, client.poll()):
                break
            keys = pygame.key.get_pressed()
            move = Move(keys[pygame.K_DOWN] - keys[pygame.K_UP], again=keys[pygame.K_SPACE])
            player.move(dt, move)
            if table := player.see(dt, move):
                draw(screen, table, client)


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


if __name__ == "__main__":
    run("examples.pong", __doc__, lambda **place: Pong(**place).room, play, bots.play)
