"""A player of tag, in pygame's own loop: python polled_client.py ADDRESS [NAME] [left|right]

The arrow keys move. A third argument moves by itself, for when there is no keyboard.
"""

import sys

import pygame

import netlib
from netlib.threads import PolledClient

SIZE, FPS = 400, 60  # pixels, frames per second
AUTOPILOT = {"left": -1, "right": 1}


class Move(netlib.Input, frozen=True):
    dx: int
    dy: int


class Player(netlib.Entity, frozen=True):
    x: int
    y: int
    it: bool = False


def intent(autopilot: int) -> Move:
    keys = pygame.key.get_pressed()
    dx = keys[pygame.K_RIGHT] - keys[pygame.K_LEFT] + autopilot
    return Move(dx=dx, dy=keys[pygame.K_DOWN] - keys[pygame.K_UP])


def draw(screen: pygame.Surface, client: PolledClient) -> None:
    screen.fill("black")
    for id, player in client.state["players"].items():
        color = "red" if player.it else "yellow" if id == client.player_id else "grey"
        pygame.draw.rect(screen, color, (player.x, player.y, 20, 20))
    pygame.display.flip()


def play(client: PolledClient, autopilot: int) -> None:
    screen, clock = pygame.display.set_mode((SIZE + 20, SIZE + 20)), pygame.time.Clock()
    was_it = False
    while not pygame.event.get(pygame.QUIT):
        for event in client.poll():
            match event:
                case netlib.StateChanged():
                    client.send_input(intent(autopilot))
                case netlib.Disconnected(reason=reason):
                    print(f"the game has ended: {reason}", flush=True)
                    return
        me = client.state["players"].get(client.player_id)
        if me and me.it != was_it:
            was_it = me.it
            print("I am it!" if was_it else "I am free!", flush=True)
        draw(screen, client)
        clock.tick(FPS)


def main(address: str, name: str = "Ada", autopilot: str = "") -> None:
    client = PolledClient(address, name=name, schema={"players": Player}, reconnect_time=1)
    ok, message = client.connect()
    print(message, flush=True)
    if not ok:
        sys.exit(1)
    pygame.init()
    try:
        play(client, AUTOPILOT.get(autopilot, 0))
    except KeyboardInterrupt:
        pass
    finally:
        client.close()
        pygame.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
