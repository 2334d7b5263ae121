"""The client: one's own fighter is predicted, the others are interpolated, and a shot says what was seen."""

import pygame
from msgspec.structs import replace

import netlib
from examples.arena import rules
from examples.arena.rules import BLENDED, FLASH, RADIUS, RELOAD, TICK_RATE, Act, Fighter
from examples.running import Options, frames

MINE, OTHERS, BEAM = "#5ec8ff", "#ff8576", "#ffd75e"
KEYS = "WASD: run    mouse: aim and fire    L: lag compensation is "


class Player:
    """What a player sees and does. Bots play by it, without a window."""

    def __init__(self, client: netlib.Client[Fighter]) -> None:
        self.client, self.compensated = client, True
        self.ticks, self.making = netlib.Accumulator(1 / TICK_RATE), netlib.TickInput[Act]()
        self.me = netlib.Predictor(rules.step, fields=("x", "y", "reload"), snap_distance=50)
        self.others = netlib.InterpolationBuffer(BLENDED, tick_rate=TICK_RATE)
        self.shown: netlib.Sample | None = None  # of the others
        self.fighters: dict[int, Fighter] = {}  # everybody, as last drawn
        client.on(netlib.StateChanged, self.take_in)

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: the truth about oneself, and where the others were."""
        state, id = self.client.state, self.client.player_id
        self.others.add(event.tick, state, netlib.clock())
        self.me.reconcile(state["fighters"].get(id), self.client.last_input_seq)

    def act(self, dt: float, held: Act) -> None:
        """Send an input for each tick that the frame completes, and do here at once what it does there."""
        for _ in range(self.ticks.add(dt)):
            act = self.making.finish(held)
            seq = self.client.send_input(act, shown=self.shown if self.compensated else None)
            self.me.predict(replace(act, seq=seq))

    def see(self, dt: float, held: Act) -> None:
        """Everybody, as they are to be drawn in this frame."""
        self.shown = self.others.sample(netlib.clock())
        self.fighters = dict(self.shown.state["fighters"]) if self.shown else {}
        if me := self.me.displayed(dt, self.making.hold(held, self.ticks.alpha), self.ticks.alpha):
            self.fighters[self.client.player_id] = me


async def play(address: str, options: Options) -> None:
    """Play in a window until it is closed, or the server is gone."""
    async with netlib.connect(address, schema={"fighters": Fighter}, **options.connection) as client:
        player, screen = Player(client), pygame.display.set_mode((rules.WIDTH, rules.HEIGHT + 40))
        async for dt, events in frames(60):
            keys, aim = pygame.key.get_pressed(), pygame.mouse.get_pos()
            move = keys[pygame.K_d] - keys[pygame.K_a], keys[pygame.K_s] - keys[pygame.K_w]
            player.act(dt, held := Act(move, aim, pygame.mouse.get_pressed()[0]))
            player.see(dt, held)
            draw(screen, player)
            player.compensated ^= any(e.type == pygame.KEYDOWN and e.key == pygame.K_l for e in events)
            if not client.connected and not client.reconnecting:
                break


def draw(screen: pygame.Surface, player: Player) -> None:
    """Everybody with name, score and health, their shots, who is hit, and a line of text."""
    font, newest = pygame.font.Font(None, 22), player.client.state["fighters"]
    screen.fill("#10151f")
    for id, fighter in player.fighters.items():
        place, color = (fighter.x, fighter.y), MINE if id == player.client.player_id else OTHERS
        if fighter.reload > RELOAD - FLASH:
            pygame.draw.line(screen, BEAM, place, fighter.aim, 2)
        pygame.draw.circle(screen, color, place, RADIUS, 2)
        pygame.draw.circle(screen, color, place, RADIUS * fighter.health / rules.HEALTH)
        if id in newest and newest[id].hurt:
            pygame.draw.circle(screen, "white", place, RADIUS + 6, 3)
        label = font.render(f"{fighter.name}  {fighter.score}", True, color)
        screen.blit(label, label.get_rect(center=(fighter.x, fighter.y - 28)).clamp(screen.get_rect()))
    mode = "on" if player.compensated else "OFF"
    words = "The connection is lost: coming back …" if player.client.reconnecting else KEYS + mode
    pygame.draw.rect(screen, "#222a3a", (0, rules.HEIGHT, rules.WIDTH, 40))
    screen.blit(font.render(words, True, "white"), (12, rules.HEIGHT + 12))
