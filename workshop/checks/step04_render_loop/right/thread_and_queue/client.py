"""The network in a thread, the window in the main one."""

import argparse
import json
import queue
import threading

import pygame
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from solutions.step04_render_loop.picture import Picture


def listen(connection: ClientConnection, arrived: queue.SimpleQueue[str | bytes | None]) -> None:
    """Put each message into the queue, and None at the end."""
    try:
        for message in connection:
            arrived.put(message)
    except ConnectionClosed:
        pass
    arrived.put(None)


def main(host: str, port: int) -> None:
    """Draw until the player quits."""
    arrived: queue.SimpleQueue[str | bytes | None] = queue.SimpleQueue()
    dots: list[tuple[float, float]] = []
    notice = ""
    clock = pygame.time.Clock()
    with connect(f"ws://{host}:{port}") as connection:
        threading.Thread(target=listen, args=(connection, arrived), daemon=True).start()
        picture = Picture()
        running = True
        while running:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    running = False
                if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
                    running = False
            while not arrived.empty():
                message = arrived.get()
                if message is None:
                    notice = "nobody there any more"
                else:
                    dots = [(x, y) for x, y in json.loads(message)["dots"]]
            picture.draw(dots, notice, min(clock.tick(60) / 1000, 0.1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    main(options.host, options.port)
