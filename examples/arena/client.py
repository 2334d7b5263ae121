"""The client: one's own fighter is predicted, the others are interpolated, and a shot says what was seen."""

import pygame
from msgspec.structs import replace

import netlib
from examples.arena import rules
from examples.arena.rules import (
    BLENDED,
    HEALTH,
    HEIGHT,
    MAX_SPEED,
    RADIUS,
    TICK_RATE,
    WIDTH,
    Act,
    Fighter,
    Shot,
)

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
        self.shots: list[tuple[float, Shot]] = []  # and until when each is drawn
        client.on(netlib.StateChanged, self.take_in)
        client.on(Shot, self.take_shot)

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: the truth about oneself, and where the others were."""
        self.others.add(event.tick, self.client.state, netlib.clock())
        me = self.client.state["fighters"].get(self.client.player_id)
        self.me.reconcile(me, self.client.last_input_seq)

    def take_shot(self, shot: Shot) -> None:
        """A shot, to be drawn for a while."""
        now = netlib.clock()
        self.shots = [*(each for each in self.shots if each[0] > now), (now + FLASH, shot)]

    def act(self, dt: float, held: Act) -> None:
        """Send an input for each tick that the frame completes. One's own shot is drawn at once."""
        for _ in range(self.ticks.add(dt)):
            act, me = self.making.finish(held), self.me.predicted
            seq = self.client.send_input(act, shown=self.shown if self.compensated else None)
            if me and rules.fires(me, act):
                self.take_shot(rules.shoot(self.client.player_id, {}, act, me))
            self.me.predict(replace(act, seq=seq))

    def see(self, dt: float, held: Act) -> None:
        """Everybody, as they are to be drawn in this frame."""
        self.shown = self.others.sample(netlib.clock())
        self.fighters = dict(self.shown.state["fighters"]) if self.shown else {}
        if me := self.me.displayed(dt, self.making.hold(held, self.ticks.alpha), self.ticks.alpha):
            self.fighters[self.client.player_id] = me


async def play(client: netlib.Client[Fighter], seconds: float) -> pygame.Surface:
    """Play in a window until it is closed, or for so many seconds. Returns what was drawn last."""
    pygame.init()
    pygame.display.set_caption(f"Arena: {client.name}")
    screen, font = pygame.display.set_mode((WIDTH, HEIGHT + 40)), pygame.font.Font(None, 22)
    player, end = Player(client), netlib.clock() + seconds
    async for dt in netlib.frames(60):
        for event in pygame.event.get((pygame.KEYDOWN, pygame.QUIT)):
            if event.type == pygame.QUIT:
                return screen
            player.compensated ^= event.key == pygame.K_l
        keys, aim = pygame.key.get_pressed(), pygame.mouse.get_pos()
        move = keys[pygame.K_d] - keys[pygame.K_a], keys[pygame.K_s] - keys[pygame.K_w]
        player.act(dt, held := Act(move, aim, pygame.mouse.get_pressed()[0]))
        player.see(dt, held)
        draw(screen, font, player)
        pygame.display.flip()
        if netlib.clock() > end:
            break
    return screen


def draw(screen: pygame.Surface, font: pygame.font.Font, player: Player) -> None:
    """The arena, and a line of text."""
    screen.fill("#10151f")
    me, text = player.client.player_id, KEYS + ("on" if player.compensated else "OFF")
    for until, shot in player.shots:
        by = player.fighters.get(shot.by)
        if by and until > netlib.clock() and (shot.by != me or not shot.seq):
            pygame.draw.line(screen, BEAM, (by.x, by.y), shot.end, 2)
        if shot.victim and until > netlib.clock():
            pygame.draw.circle(screen, "white", shot.end, 8)
    for id, fighter in player.fighters.items():
        place, color = (fighter.x, fighter.y), MINE if id == me else OTHERS
        pygame.draw.circle(screen, color, place, RADIUS, 2)
        pygame.draw.circle(screen, color, place, RADIUS * fighter.health / HEALTH)
        screen.blit(
            font.render(f"{fighter.name}  {fighter.score}", True, color), (place[0] - 25, place[1] - 38)
        )
    screen.blit(font.render(text, True, "white"), (12, HEIGHT + 12))
