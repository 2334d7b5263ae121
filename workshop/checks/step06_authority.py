"""Step 06: the server decides. An input is a wish for one tick; whatever it asks for, it gets one step, and
one gem has one owner."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from math import hypot
from typing import Any

import netlib
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import Program
from workshop.checking.verdict import Wrong
from workshop.checks.findings import wrong
from workshop.checks.hands import Hand, Wish, far_from_all, hands, next_gem
from workshop.game.entities import ROUND_ID, Player, Round
from workshop.game.maps import Point, make_map
from workshop.game.navigation import Navigator
from workshop.game.units import STEP_UNITS, TICK_RATE

SEED = 316  # of a map and gems among which the walks are short
ROUNDING = 3  # world units by which a step may differ
MANY = 20  # inputs at once; as many steps are free to the right of the start
BURST = 8 + 3  # inputs that may be ahead of the ticks, and what two ends may count differently
STILL = 20  # ticks in which nothing is sent
COUNTED = 12  # ticks of our own server in which inputs are counted
SLOW_RATE = 15  # ticks per second of our own server: fewer than any window has frames
check = Check("step06_authority", files=["messages.py", "world.py", "server.py", "client.py"])


class Claim(Wish, frozen=True, kw_only=True, omit_defaults=False):
    """A wish of nothing, with claims beside it."""

    x: int = 0
    y: int = 0
    gem: int = 0


@check.part("an input moves its player by one step")
async def one_step(lab: Lab) -> None:
    """One input to each of three sides."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        for move in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)):
            moved = await ada.do(Wish(move=move))
            if not alike(moved, move):
                raise strange_step(lab, move, moved)


@check.part("without an input nobody moves, and 30 ticks a second go on", after=[one_step])
async def stillness(lab: Lab) -> None:
    """One step, and then nothing for a while."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.do(Wish(move=(1.0, 0.0)))
        place, since, first = ada.place, time.monotonic(), ada.seen[-1].tick
        await ada.later(STILL)
        rate = (ada.seen[-1].tick - first) / (time.monotonic() - since)
        if ada.place != place:
            raise runs_on(lab, (ada.me.x - place[0]) / STEP_UNITS)
        if not TICK_RATE / 1.6 < rate < TICK_RATE * 1.6:
            raise odd_rate(lab, rate)


@check.part("every input counts, however many come at once", after=[stillness])
async def all_count(lab: Lab) -> None:
    """Six steps to the right in one go."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        moved = await ada.do(*[Wish(move=(1.0, 0.0))] * 6)
        if not alike(moved, (6.0, 0.0)):
            raise lost_inputs(lab, moved[0] / STEP_UNITS)


@check.part("nobody is faster than one step an input, whatever the input asks for", after=[stillness])
async def clamped(lab: Lab) -> None:
    """Moves that are nothing, too long, long on both axes, and short."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.do(Wish())
        for move in ((3.0, 0.0), (-100_000.0, 0.0), (1.0, 1.0)):
            moved = hypot(*await ada.do(Wish(move=move)))
            if moved > STEP_UNITS + ROUNDING:
                raise too_far(lab, move, moved / STEP_UNITS)
        if not alike(half := await ada.do(Wish(move=(-0.5, 0.0))), (-0.5, 0.0)):
            raise not_half(lab, hypot(*half) / STEP_UNITS)
        if trouble := lab.trouble("logged"):
            raise wrong(
                lab,
                "an input that wants nothing, move=(0, 0), is a normal one",
                f"your function raised {trouble.name}",
                "what is right for a direction is not possible with a length of 0",
                hint="look at this line with dx = 0 and dy = 0; max(1.0, length) is never 0",
            )


@check.part("more inputs than ticks make nobody faster", after=[all_count])
async def no_speed_hack(lab: Lab) -> None:
    """Many steps at once need nearly as many ticks."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        x, began = ada.me.x, ada.seen[-1].tick
        await ada.do(*[Wish(move=(1.0, 0.0))] * MANY)
        for seen in ada.seen:
            steps, ticks = (seen.x - x) / STEP_UNITS, seen.tick - began
            if steps > ticks * 1.05 + BURST:
                raise hacked(lab, steps, ticks)


@check.part("what a client says of its place and its gems is ignored", after=[stillness])
async def no_claims(lab: Lab) -> None:
    """An input that wants nothing, and claims another place and a gem."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        place, (id, gem) = ada.place, max(ada.gems.items())
        ada.send(Claim(x=gem.x, y=gem.y, gem=id))
        await ada.do(Wish())
        if ada.place != place:
            raise believed(lab, f"x={gem.x} and y={gem.y} beside move=(0, 0) put the player to {ada.place}")
        if ada.me.score or id not in ada.gems:
            raise believed(lab, f"gem={id} beside collect=false gave the player that gem")


@check.part("who presses out of reach gets nothing", after=[stillness])
async def out_of_reach(lab: Lab) -> None:
    """A press where no gem is near."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.walk(far_from_all(ada.map, ada.gems), Navigator(ada.map))
        before = set(ada.gems)
        await ada.do(Wish(collect=True))
        if ada.me.score or set(ada.gems) != before:
            raise from_afar(lab)


@check.part("two grab one gem in the same tick, and one of them gets it", after=[out_of_reach])
async def one_owner(lab: Lab) -> None:
    """Ada and Ben walk to a gem and press; again, while the presses do not meet in one tick."""
    async with hands(lab, "Ada", "Ben", seed=SEED) as (ada, ben):
        ways = Navigator(ada.map)
        for _ in range(4):
            id = next_gem(ada.gems, ada.place)
            goal = (ada.gems[id].x, ada.gems[id].y)
            await asyncio.gather(ada.walk(goal, ways), ben.walk(goal, ways))
            before = (ada.me.score, ben.me.score)
            met = await press_together(ada, ben)
            gains = (ada.me.score - before[0], ben.me.score - before[1])
            if id in ada.gems or all(gains) or not any(gains):
                raise wrong_owner(lab, gains, still_there=id in ada.gems)
            if met:
                return


async def press_together(ada: Hand, ben: Hand) -> bool:
    """Both press directly after a tick. True when both presses counted in the same one."""
    await ada.later(1)
    pressed = (ada.send(Wish(collect=True)), ben.send(Wish(collect=True)))
    first, second = await asyncio.gather(ada.applied(pressed[0]), ben.applied(pressed[1]))
    await asyncio.gather(ada.later(2), ben.later(2))
    return first.tick == second.tick


@check.part("the client says once a tick what its player wants, and never where it is", after=[])
async def says_wishes(lab: Lab) -> None:
    """Right, then right and down, then Space is held. Our server counts in its own ticks, which are slow."""
    async with windowed(lab) as (room, program):
        heard = await program.until(lambda: room.find(lambda it: it.move != [0, 0]))
        if heard is None or heard.move is None:
            raise no_wishes(lab, heard)
        if heard.move != [1, 0]:
            raise odd_wish(lab, "right", "move=(1, 0)", heard)
        await at_pace(lab, room, program)
        program.hold("right", "down")
        heard = await program.until(lambda: room.find(lambda it: min(it.move or [0]) > 0))
        if heard is None or hypot(*heard.move) > 1.02:
            raise odd_wish(lab, "right and down", "a move to both, of length 1", heard or room.heard[-1])
        program.hold("space")
        if not await program.until(lambda: room.find(lambda it: it.collect is True)):
            raise odd_wish(lab, "Space", "collect=True", room.heard[-1])


async def at_pace(lab: Lab, room: Room, program: Program) -> None:
    """Count what comes in some ticks."""
    began, heard, frames = room.server.tick, len(room.heard), len(program.frames)
    await program.until(lambda: room.server.tick >= began + COUNTED)
    ticks, inputs, shown = room.server.tick - began, len(room.heard) - heard, len(program.frames) - frames
    if not 0.4 * ticks < inputs < 1.6 * ticks:
        raise odd_pace(lab, ticks, inputs, shown)


@check.part("the client draws its player where the server says", after=[])
async def shows_truth(lab: Lab) -> None:
    """Our server puts the player somewhere else, while a key asks for the opposite."""
    async with windowed(lab) as (room, program):
        await program.until(lambda: program.frames and program.frames[-1].me)
        for place in room.map.spawns[20:22]:
            room.put(place)
            if not await program.until(lambda at=place: program.frames[-1].me == at):  # type: ignore[misc]
                raise own_place(lab, place, program.frames[-1].me)


class Heard(netlib.Input, frozen=True, kw_only=True):
    """Whatever a client sends as its input."""

    move: Any = None
    collect: Any = None
    x: Any = None
    y: Any = None


class Ears(netlib.Server):
    """A server that notes every input when it comes."""

    def __init__(self, port: int, heard: list[Heard]) -> None:
        options = {"host": "127.0.0.1", "port": port, "discoverable": False}
        super().__init__("check", tick_rate=SLOW_RATE, input_type=Heard, **options)  # type: ignore[arg-type]
        self._heard = heard

    def message_received(self, caller: Any, message: Any) -> None:
        """Note an input, and go on as usual."""
        if isinstance(message, Heard):
            self._heard.append(message)
        super().message_received(caller, message)


class Room:
    """A room of ours for their client, who stands where we say."""

    def __init__(self, port: int) -> None:
        self.map, self.heard = make_map(SEED), list[Heard]()
        self.server = Ears(port, self.heard)
        self._round = Round(SEED, phase="playing", ends_at=10_000)
        self._players: dict[int, Player] = {}
        self.server.on(netlib.Joined, self._joined)
        self.server.on_tick(self._tick)

    def put(self, place: Point) -> None:
        """Let everybody stand at a place."""
        for id in self._players:
            self._players[id] = Player("Ada", 1, *place)

    def find(self, fits: Callable[[Heard], bool]) -> Heard | None:
        """The first input that fits."""
        return next((it for it in self.heard if fits(it)), None)

    def _joined(self, event: netlib.Joined) -> None:
        self._players[event.peer.id] = Player("Ada", 1, *self.map.spawns[0])

    def _tick(self, dt: float) -> None:
        for peer in self.server.players:
            peer.take_inputs()
        state: dict[str, Mapping[int, netlib.Entity]] = {
            "players": self._players,
            "resources": {},
            "round": {ROUND_ID: self._round},
        }
        self.server.publish(state)


@contextlib.asynccontextmanager
async def windowed(lab: Lab) -> AsyncIterator[tuple[Room, Program]]:
    """Their client in a room of ours, with the right arrow held."""
    room = Room(port := lab.ports.free())
    address = ("--host", "127.0.0.1", "--port", port, "--name", "Ada")
    async with room.server, lab.program("client", *address, window=True) as program:
        await program.until(lambda: program.frames or program.exit_code is not None, 15.0)
        if not program.frames:
            raise program.ended_early("the client opens a window, and plays")
        program.hold("right")
        yield room, program


def alike(moved: tuple[int, int], steps: tuple[float, float]) -> bool:
    """Whether a player has moved so many steps to the right and down."""
    return all(abs(a - b * STEP_UNITS) <= ROUNDING for a, b in zip(moved, steps, strict=True))


def strange_step(lab: Lab, move: tuple[float, float], moved: tuple[int, int]) -> Wrong:
    """A single input moved its player by something else than a step."""
    expected = f"move={move} moves the player by one step: {STEP_UNITS} world units"
    if hypot(*moved) > 3 * STEP_UNITS:
        return wrong(
            lab,
            expected,
            f"it jumped by {moved}",
            "the server takes the player's place out of the message, as if the client knew it",
            place=lab.stage.find("world.py", r"move\.x|\.x\b.*=.*move")
            or lab.stage.function("world.py", "run"),
            hint="an input has a direction, move.move: the new place follows from it and from the old one",
        )
    return wrong(
        lab,
        expected,
        f"it moved by {moved}" if any(moved) else "the input was taken, and the player has not moved",
        "what the input asks for is not made into one step of the player",
        place=lab.stage.function("world.py", "run"),
        hint="self.players[player_id] = moved(player, dx, dy, self.map), with dx and dy of move.move",
    )


def runs_on(lab: Lab, steps: float) -> Wrong:
    """The player moved without an input."""
    return wrong(
        lab,
        "one input moves the player by one step, and then it stands",
        f"without any more inputs it went on for {steps:.0f} steps",
        "a tick without an input repeats an earlier one",
        place=lab.stage.find("server.py", r"take_inputs"),
        hint="no input, no step: apply only what peer.take_inputs() gives in this tick",
    )


def odd_rate(lab: Lab, rate: float) -> Wrong:
    """The ticks come at another pace."""
    return wrong(
        lab,
        f"{TICK_RATE} ticks a second: the length of a step is made for that",
        f"{rate:.0f} ticks a second, so that everybody runs {rate / TICK_RATE:.1f} times as fast",
        "the server was given another tick_rate",
        place=lab.stage.find("server.py", r"tick_rate"),
        hint="netlib.Server(…, tick_rate=TICK_RATE)",
    )


def lost_inputs(lab: Lab, steps: float) -> Wrong:
    """Of several inputs some had no effect."""
    return wrong(
        lab,
        "six inputs that come at once are six steps",
        f"they were {steps:.1f} steps",
        "of the inputs that a tick takes only one is applied: unlike places, wishes add up",
        place=lab.stage.find("server.py", r"take_inputs"),
        hint="for move in peer.take_inputs(): applies them all, one after the other",
    )


def too_far(lab: Lab, move: tuple[float, float], steps: float) -> Wrong:
    """An input moved its player further than a step."""
    diagonal = move[0] == move[1]
    return wrong(
        lab,
        f"move={move} is one step at most" + (", since a diagonal is not faster" if diagonal else ""),
        f"it was {steps:.2f} steps",
        "each axis is limited by itself, so that both together are longer than a step"
        if diagonal
        else "the server goes as far as the client asks for",
        place=lab.stage.function("world.py", "run"),
        hint="length = max(1.0, hypot(dx, dy)), and then dx / length and dy / length",
    )


def not_half(lab: Lab, steps: float) -> Wrong:
    """A short move was not a short step."""
    return wrong(
        lab,
        "move=(-0.5, 0) is half a step, as from a stick that is half pressed",
        f"it was {steps:.2f} steps",
        "the direction is made as long as a step, also when it is shorter",
        place=lab.stage.function("world.py", "run"),
        hint="divide by max(1.0, length): only what is too long becomes shorter",
    )


def hacked(lab: Lab, steps: float, ticks: int) -> Wrong:
    """Many inputs at once were many steps at once."""
    return wrong(
        lab,
        f"{MANY} inputs at once take nearly as many ticks, or who sends more would be faster",
        f"{steps:.0f} steps in {ticks} ticks",
        "all inputs that wait are applied at once, past the limit that take_inputs keeps",
        place=lab.stage.find("server.py", r"while |_inputs\b|inputs_waiting"),
        hint="call peer.take_inputs() once a tick: it gives one or two, and keeps the rest",
    )


def believed(lab: Lab, saw: str) -> Wrong:
    """A claim had an effect."""
    return wrong(
        lab,
        "an input says what a player wants; anything else in it has no effect",
        saw,
        "the server believes what a client claims about itself",
        place=lab.stage.find("world.py", r"move\.(x|y|gem)")
        or lab.stage.find("messages.py", r"\b(x|y|gem):"),
        hint="take these fields out of the message: what is not there cannot be believed",
    )


def from_afar(lab: Lab) -> Wrong:
    """A press without a gem in reach had an effect."""
    return wrong(
        lab,
        "a press where no gem is near has no effect",
        "it took a gem from afar",
        "nothing asks whether the gem is in reach of the player",
        place=lab.stage.function("world.py", "collect"),
        hint="found = nearest_in_reach(player.x, player.y, self.gems) is None when there is none",
    )


def wrong_owner(lab: Lab, gains: tuple[int, int], *, still_there: bool) -> Wrong:
    """A gem for two, or for nobody."""
    expected = "Ada and Ben press beside the same gem: one gets it, the other nothing, and it is gone"
    saw = f"Ada got {gains[0]} points and Ben {gains[1]}"
    place = lab.stage.function("world.py", "collect")
    if not any(gains):
        cause = "a press beside a gem is not made into points for the player"
        return wrong(lab, expected, saw, cause, place=place, hint="add WORTH['gem'] to the player's score")
    if still_there:
        cause = "points are given, and nobody takes the gem away"
        return wrong(
            lab, expected, f"{saw}; the gem still lies there", cause, place=place, hint="del self.gems[found]"
        )
    return wrong(
        lab,
        expected,
        saw,
        "both were found to be in reach before the gem was taken away from the first",
        place=lab.stage.find("server.py", r"collect") or place,
        hint="for each player in turn: look for a gem, and delete it at once, before the next one looks",
    )


def no_wishes(lab: Lab, heard: Heard | None) -> Wrong:
    """There is no direction in what the client sends."""
    claims = heard is not None and heard.x is not None
    return wrong(
        lab,
        "while the right arrow is held, the client sends inputs with move=(1, 0)",
        f"it sends x={heard.x}, y={heard.y}" if heard and claims else "no input with a direction came",
        "the client works out where it is, and says that" if claims else "what is held is not sent",
        place=lab.stage.function("client.py", "wanted"),
        hint="return Move(move=direction(held_keys()), …), and self.client.send_input(…)",
    )


def odd_wish(lab: Lab, keys: str, wanted: str, heard: Heard) -> Wrong:
    """Some keys are not said as they should be."""
    return wrong(
        lab,
        f"while {keys} is held, the client sends {wanted}",
        f"it sends move={heard.move}, collect={heard.collect}",
        "what the keys mean is not what is sent",
        place=lab.stage.function("client.py", "wanted"),
        hint="direction(held_keys()) is the move; whether Space is held is the collect",
    )


def odd_pace(lab: Lab, ticks: int, inputs: int, frames: int) -> Wrong:
    """Too many inputs, or too few."""
    per_frame = inputs > 0.8 * frames
    return wrong(
        lab,
        f"about {ticks} inputs in {ticks} ticks: our server has {SLOW_RATE} a second, as it told the client",
        f"{inputs} inputs, and {frames} frames",
        "an input is sent in every frame: a faster screen would make a faster player"
        if per_frame
        else "the client sends at a pace of its own, not at the server's",
        place=lab.stage.find("client.py", r"send_input|Accumulator"),
        hint="netlib.Accumulator(1 / client.tick_rate).add(dt) says how many ticks a frame completes",
    )


def own_place(lab: Lab, place: Point, shown: Point | None) -> Wrong:
    """The window shows something else than what the server said."""
    return wrong(
        lab,
        f"the window shows the player where the server has put it: {place}",
        f"it shows {shown}",
        "the client draws what it believes itself",
        place=lab.stage.find("client.py", r"scene_of\(|Scene\("),
        hint='draw self.client.state["players"]',
    )
