"""The client: one's own fighter is predicted, the others are interpolated, and a shot says what was seen."""

import argparse
from collections import deque

import pygame
from msgspec.structs import replace

import netlib
from examples.arena import rules
from examples.arena.rules import BLENDED, MAX_SPEED, RADIUS, TICK_RATE, Act, Fighter, Shot

FLASH = 0.2  # seconds for which a shot is drawn
MINE, OTHERS, BEAM = "#5ec8ff", "#ff8576", "#ffd75e"
KEYS = "WASD: run    mouse: aim and fire    L: lag compensation is "


class Player:
    """What a player sees and does. Bots in tests play by it, without a window."""

    def __init__(self, client: netlib.Client[Fighter]) -> None:
        self.client, self.compensated = client, True
        self.ticks, self.making = netlib.Accumulator(1 / TICK_RATE), netlib.TickInput[Act]()
        self.me = netlib.Predictor(rules.step, fields=("x", "y", "reload"), snap_distance=50)
        self.others = netlib.InterpolationBuffer(BLENDED, tick_rate=TICK_RATE, max_speed=MAX_SPEED)
        self.shown: netlib.Sample | None = None  # of the others
        self.fighters: dict[int, Fighter] = {}  # everybody, as last drawn
        self.shots = deque[tuple[float, Shot]](maxlen=32)  # and since when each is drawn
        client.on(netlib.StateChanged, self.take_in)
        client.on(Shot, lambda shot: self.shots.append((netlib.clock(), shot)))

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: the truth about oneself, and where the others were."""
        state, id = self.client.state, self.client.player_id
        self.others.add(event.tick, state, netlib.clock())
        self.me.reconcile(state["fighters"].get(id), self.client.last_input_seq)

    def act(self, dt: float, held: Act) -> None:
        """Send an input for each tick that the frame completes. One's own shot is drawn at once."""
        for _ in range(self.ticks.add(dt)):
            act, me = self.making.finish(held), self.me.predicted
            seq = self.client.send_input(act, shown=self.shown if self.compensated else None)
            if me and rules.fires(me, act):
                self.shots.append((netlib.clock(), rules.shoot(self.client.player_id, {}, act, me)))
            self.me.predict(replace(act, seq=seq))

    def see(self, dt: float, held: Act) -> None:
        """Everybody, as they are to be drawn in this frame."""
        self.shown = self.others.sample(netlib.clock())
        self.fighters = dict(self.shown.state["fighters"]) if self.shown else {}
        if me := self.me.displayed(dt, self.making.hold(held, self.ticks.alpha), self.ticks.alpha):
            self.fighters[self.client.player_id] = me


async def play(address: str, options: argparse.Namespace) -> None:
    """Play in a window until it is closed, or the time is over."""
    schema, name, link = {"fighters": Fighter}, options.name, options.link
    async with netlib.connect(address, name=name, schema=schema, messages=[Shot], link=link) as client:
        pygame.init()
        pygame.display.set_caption(f"Arena: {name}")
        screen = pygame.display.set_mode((rules.WIDTH, rules.HEIGHT + 40))
        player, end = Player(client), netlib.clock() + options.seconds
        async for dt in netlib.frames(60):
            player.act(dt, held := held_now())
            player.see(dt, held)
            draw(screen, player)
            pygame.display.flip()
            player.compensated ^= any(e.key == pygame.K_l for e in pygame.event.get(pygame.KEYDOWN))
            gone = not client.connected and not client.reconnecting
            if gone or netlib.clock() > end or pygame.event.get(pygame.QUIT):
                break
    if options.screenshot:
        pygame.image.save(screen, options.screenshot)


def held_now() -> Act:
    """What the player holds."""
    keys = pygame.key.get_pressed()
    move = keys[pygame.K_d] - keys[pygame.K_a], keys[pygame.K_s] - keys[pygame.K_w]
    return Act(move, pygame.mouse.get_pos(), pygame.mouse.get_pressed()[0])


def draw(screen: pygame.Surface, player: Player) -> None:
    """The shots, everybody with name, score and health, and a line of text."""
    font, me = pygame.font.Font(None, 22), player.client.player_id
    screen.fill("#10151f")
    for shot in (shot for since, shot in player.shots if netlib.clock() < since + FLASH):
        if (by := player.fighters.get(shot.by)) and (shot.by != me or not shot.seq):
            pygame.draw.line(screen, BEAM, (by.x, by.y), shot.end, 2)
        if hit := player.fighters.get(shot.victim):
            pygame.draw.circle(screen, "white", (hit.x, hit.y), RADIUS + 6, 3)
    for id, fighter in player.fighters.items():
        place, color = (fighter.x, fighter.y), MINE if id == me else OTHERS
        pygame.draw.circle(screen, color, place, RADIUS, 2)
        pygame.draw.circle(screen, color, place, RADIUS * fighter.health / rules.HEALTH)
        label = font.render(f"{fighter.name}  {fighter.score}", True, color)
        screen.blit(label, (min(fighter.x - RADIUS, rules.WIDTH - label.width), fighter.y - 2.2 * RADIUS))
    mode = "reconnecting" if player.client.reconnecting else "on" if player.compensated else "OFF"
    pygame.draw.rect(screen, "#222a3a", (0, rules.HEIGHT, rules.WIDTH, 40))
    screen.blit(font.render(KEYS + mode, True, "white"), (12, rules.HEIGHT + 12))
