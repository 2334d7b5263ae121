"""Step 06: the server decides. An input is a wish for one tick; whatever it asks for, it gets one step, and
one gem has one owner."""

import ast
import asyncio
import json
import time
from math import hypot

import msgspec

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.hands import Hand, Wish, between, far_from_all, hands, next_gem
from workshop.checking.peers.wish_room import SEED, SLOW_RATE, Heard, windowed
from workshop.checking.verdict import Wrong
from workshop.checks.step06_authority.causes import CAUSES
from workshop.game.rules.maps import Map, Point
from workshop.game.rules.navigation import Navigator
from workshop.game.rules.units import REACH, STEP_UNITS, TICK_RATE

WALL_SEED, PAIR_SEED = 11, 2313  # of maps with a wall that is near, and with two gems side by side
SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
HONEST = (0.6, 0.8)  # a direction between two sides, of length 1
ROUNDING = 3  # world units by which a step may differ
BURST = 8 + 3  # inputs that may be ahead of the ticks, and what two ends may count differently
STILL = 20  # ticks in which nothing is sent
COUNTED = 12  # ticks of our own server in which inputs are counted
MANY = 20  # inputs at once; as many steps are free to the right of the start
A_MOMENT = 0.5  # seconds for a cheat, which a client may have
CHEAT = 100_000.0
CLAIMED = 7  # what a field beside the wish claims to be, whatever it means
FILES = ["messages.py", "world.py", "server.py", "client.py"]
check = Check("step06_authority", files=FILES, causes=CAUSES)


@check.part("a Move says a direction, and whether its player wants a gem", todo="06.1")
async def messages(lab: Lab) -> None:
    """By itself it wants nothing."""
    async with lab.program("messages", driver="workshop.checks.step06_authority.wishes") as program:
        await program.ended()
        said, crash = "".join(program.lines), next(iter(program.troubles), None)
    if said != f"[[[0.0, 0.0], false], [{json.dumps(HONEST)}, true]]":
        expected = f"Move() is move=(0.0, 0.0), collect=False; Move(move={HONEST}, collect=True) is another"
        raise Wrong(expected, f"that raises {crash}" if crash else f"as JSON they are {said}", "odd_message")


@check.part("the client sends a direction and a wish, and never where it is", todo="06.1 06.2")
async def says_wishes(lab: Lab) -> None:
    """Right, then right and down, then Space is held."""
    async with windowed(lab) as (room, program):
        expected = "while the right arrow is held, the client sends inputs with move=(1, 0)"
        heard = await program.until(lambda: room.find(lambda it: it.move not in (None, [0, 0])))
        if claims := room.find(lambda it: it.x is not None):
            raise Wrong(f"{expected}, and no place", f"it sends x={claims.x}, y={claims.y}", "claims")
        if heard is None:
            raise Wrong(expected, "no input with a direction came", "no_wishes")
        if heard.move != [1, 0]:
            raise Wrong(expected, f"it sends move={heard.move}", "odd_wish")
        if heard.collect:
            expected = "the client sends collect=True while Space is held"
            raise Wrong(expected, "it sends it without", "odd_collect")
        program.hold("right", "down")
        heard = await program.until(lambda: room.find(lambda it: min(it.move or [0]) > 0))
        expected = "while right and down are held, the client sends a move to both, of length 1"
        if heard is None:
            raise Wrong(expected, f"it sends move={room.heard[-1].move}", "odd_wish")
        if hypot(*heard.move) > 1.02:
            saw = f"it sends move={heard.move}, which is {hypot(*heard.move):.2f} long"
            raise Wrong(expected, saw, "too_long")
        program.hold("left", "up")
        if not await program.until(lambda: room.find(lambda it: max(it.move or [0]) < 0)):
            expected = "while left and up are held, the client sends a move to both, which are negative"
            raise Wrong(expected, f"it sends move={room.heard[-1].move}", "odd_wish")
        program.hold("space")
        if not await program.until(lambda: room.find(lambda it: it.collect is True)):
            expected = "while Space is held, the client sends collect=True"
            raise Wrong(expected, f"it sends collect={room.heard[-1].collect}", "odd_collect")
        program.hold("right")
        if await program.until(lambda: not room.heard[-1].collect) is None:
            raise Wrong(expected, "it still does when Space is up again", "odd_collect")
        before = len(room.heard)
        program.hold("c")
        heard = await program.until(lambda: next(filter(asks_for_more, room.heard[before:]), None), A_MOMENT)
        if heard and (heard.move, heard.collect) != ([CHEAT, 0], True):
            saw = f"it sends move={heard.move}, collect={heard.collect}"
            raise Wrong(f"the cheat sends move=({CHEAT}, 0.0), collect=True", saw, "odd_cheat")


def asks_for_more(it: Heard) -> bool:
    """Whether an input asks for a gem, or for more than a step."""
    return bool(it.collect) or hypot(*it.move or [0]) > 2


@check.part("the client sends one input for each tick of the server", after=[says_wishes], todo="06.2")
async def at_pace(lab: Lab) -> None:
    """Count what comes in some ticks of our own server, which are slow; a slow computer gets three tries."""
    async with windowed(lab) as (room, program):
        await program.until(lambda: room.heard)
        for _ in range(3):
            began, heard, frames = room.server.tick, len(room.heard), len(program.frames)
            await program.until(lambda end=began + COUNTED: room.server.tick >= end)  # type: ignore[misc]
            ticks, inputs = room.server.tick - began, len(room.heard) - heard
            if 0.4 * ticks < inputs < 1.6 * ticks:
                return
        expected = f"about {ticks} inputs in {ticks} ticks: our server has {SLOW_RATE} a second, as it told"
        shown = len(program.frames) - frames
        symptom = "every_frame" if inputs > 0.8 * shown else "odd_pace"
        raise Wrong(f"{expected} the client", f"{inputs} inputs, and {shown} frames", symptom)


@check.part("the client draws its player where the server says", todo="06.2")
async def shows_truth(lab: Lab) -> None:
    """Our server puts the player somewhere else, while a key asks for the opposite."""
    async with windowed(lab) as (room, program):
        await program.until(lambda: program.frames and program.frames[-1].me)
        for place in room.map.spawns[20:22]:
            room.put(place)
            if not await program.until(lambda at=place: program.frames[-1].me == at):  # type: ignore[misc]
                expected = f"the window shows the player where the server has put it: {place}"
                raise Wrong(expected, f"it shows {program.frames[-1].me}", "own_place")


@check.part("an input moves its player by one step", todo="06.1 06.3 06.4")
async def one_step(lab: Lab) -> None:
    """One input to each of three sides, and one between two."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        for move in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), HONEST):
            moved = await ada.do(Wish(move=move))
            if not alike(moved, move):
                expected = f"move={move} moves the player by one step: {STEP_UNITS} world units"
                still = "the input was taken, and the player has not moved"
                saw = f"it moved by {moved}" if any(moved) else still
                length = hypot(*moved) / STEP_UNITS
                strange = "strange_step" if move != HONEST else "odd_diagonal"
                raise Wrong(expected, saw, "no_step" if not length else "jumped" if length > 3 else strange)


@check.part(
    "without an input nobody moves, and 30 ticks a second go on",
    after=[one_step],
    todo="06.3 06.4",
    timed=True,
)
async def stillness(lab: Lab) -> None:
    """One step, and then nothing for a while."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.do(Wish(move=(1.0, 0.0)))
        place, since, first = ada.place, time.monotonic(), ada.seen[-1].tick
        await ada.later(STILL)
        rate = (ada.seen[-1].tick - first) / (time.monotonic() - since)
        if ada.place != place:
            saw = f"without any more inputs it went on for {(ada.me.x - place[0]) / STEP_UNITS:.0f} steps"
            raise Wrong("one input moves the player by one step, and then it stands", saw, "runs_on")
        if not TICK_RATE / 1.6 < rate < TICK_RATE * 1.6:
            saw = f"{rate:.0f} ticks a second, so that everybody runs {rate / TICK_RATE:.1f} times as fast"
            raise Wrong(f"{TICK_RATE} ticks a second: the length of a step is made for that", saw, "odd_rate")


@check.part("every input counts, however many come at once", after=[one_step], todo="06.3")
async def all_count(lab: Lab) -> None:
    """Six steps to the right in one go."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        moved = await ada.do(*[Wish(move=(1.0, 0.0))] * 6)
        if not alike(moved, (6.0, 0.0)):
            saw = f"they were {moved[0] / STEP_UNITS:.1f} steps"
            raise Wrong("six inputs that come at once are six steps", saw, "lost_inputs")


@check.part(
    "nobody is faster than one step an input, whatever the input asks for", after=[one_step], todo="06.4"
)
async def clamped(lab: Lab) -> None:
    """Moves that are nothing, too long, long on both axes, and short."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.do(Wish())
        for move in ((3.0, 0.0), (-100_000.0, 0.0), (0.0, 3.0), (0.0, -3.0), (1.0, 1.0)):
            steps = hypot(*await ada.do(Wish(move=move))) / STEP_UNITS
            if steps > 1 + ROUNDING / STEP_UNITS:
                why = ", since a diagonal is not faster" if move == (1.0, 1.0) else ""
                symptom = "fast_diagonal" if why else "too_far"
                raise Wrong(f"move={move} is one step at most{why}", f"it was {steps:.2f} steps", symptom)
        moved = await ada.do(Wish(move=(-0.5, 0.0)))
        if not alike(moved, (-0.5, 0.0)):
            expected = "move=(-0.5, 0) is half a step, as from a stick that is half pressed"
            raise Wrong(expected, f"it was {hypot(*moved) / STEP_UNITS:.2f} steps", "not_half")
        if lab.troubles("logged"):
            expected = "an input that wants nothing, move=(0, 0), is a normal one"
            raise Wrong(expected, "your program raised an exception at it", "nothing_raises")


@check.part("more inputs than ticks make nobody faster", after=[all_count], todo="06.3")
async def no_speed_hack(lab: Lab) -> None:
    """Many steps at once need nearly as many ticks."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        x, began = ada.me.x, ada.seen[-1].tick
        await ada.do(*[Wish(move=(1.0, 0.0))] * MANY)
        for seen in ada.seen:
            steps, ticks = (seen.x - x) / STEP_UNITS, seen.tick - began
            if steps > ticks * 1.05 + BURST:
                expected = (
                    f"{MANY} inputs at once take nearly as many ticks: sending more makes nobody faster"
                )
                raise Wrong(expected, f"{steps:.0f} steps in {ticks} ticks", "hacked")


@check.part(
    "what a client says of itself beside its wish has no effect", after=[one_step], todo="06.1 06.4 06.5"
)
async def no_claims(lab: Lab) -> None:
    """An input that wants nothing, then one that wants a step; both claim whatever else the message has."""
    claims = dict.fromkeys(claimed(lab), CLAIMED)
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        place, (id, gem) = ada.place, max(ada.gems.items())
        claims |= {"x": gem.x, "y": gem.y, "gem": id}
        expected = "an input says what a player wants; anything else in it has no effect"
        claim: type[Wish] = msgspec.defstruct(  # type: ignore[assignment]
            "Claim", [(name, int, value) for name, value in claims.items()], bases=(Wish,)
        )
        await ada.do(claim())
        if ada.place != place:
            saw = f"claims beside move=(0, 0), {claims}, put the player to {ada.place}"
            raise Wrong(expected, saw, "believed")
        if ada.me.score or id not in ada.gems:
            raise Wrong(expected, f"gem={id} beside collect=false gave the player that gem", "believed_gem")
        moved = hypot(*await ada.do(claim(move=(-1.0, 0.0)))) / STEP_UNITS
        if moved > 1 + ROUNDING / STEP_UNITS:
            saw = f"with {claims} beside it, move=(-1, 0) was {moved:.1f} steps"
            raise Wrong(expected, saw, "believed_factor")


def claimed(lab: Lab) -> list[str]:
    """The fields that their message has beside the wish, whatever they call them."""
    classes = [node for node in ast.walk(lab.stage.tree("messages.py")) if isinstance(node, ast.ClassDef)]
    fields = [
        it.target.id
        for each in classes
        for it in each.body
        if isinstance(it, ast.AnnAssign) and isinstance(it.target, ast.Name)
    ]
    return [name for name in fields if name not in ("move", "collect", "seq")]


@check.part("a press where no gem is in reach has no effect", after=[one_step], todo="06.5")
async def out_of_reach(lab: Lab) -> None:
    """A press where no gem is near."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.walk(far_from_all(ada.map, ada.gems), Navigator(ada.map))
        before = set(ada.gems)
        await ada.do(Wish(collect=True))
        if ada.me.score or set(ada.gems) != before:
            saw = "it took a gem from afar" if set(ada.gems) != before else "it gave points"
            raise Wrong("a press where no gem is near has no effect", saw, "from_afar")


@check.part("a press takes a gem in reach, and another one comes in its place", after=[one_step], todo="06.5")
async def takes(lab: Lab) -> None:
    """Twice."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        ways = Navigator(ada.map)
        for _ in range(2):
            await takes_one(ada, ways)


async def takes_one(ada: Hand, ways: Navigator) -> None:
    """Walk to a gem that lies alone, and press once."""
    id, score = next_gem(ada.gems, ada.place), ada.me.score
    await ada.walk((ada.gems[id].x, ada.gems[id].y), ways)
    before = set(ada.gems)
    if id not in before or ada.me.score != score:
        raise Wrong("a gem is taken by a press", "it was gone before Ada pressed", "taken_unasked")
    await ada.do(Wish(collect=True))
    await ada.later(2)
    if id in ada.gems or ada.me.score <= score:
        still = "still lies there" if id in ada.gems else "is gone"
        saw = f"the score was {score} and is {ada.me.score}, and the gem {still}"
        symptom = "gem_stays" if ada.me.score > score else "no_points"
        raise Wrong("a press beside a gem gives points, and the gem is gone", saw, symptom)
    if len(ada.gems) < len(before):
        saw = f"there were {len(before)} gems, and two ticks later there are {len(ada.gems)}"
        raise Wrong("for each gem that is taken another one comes", saw, "none_comes")


@check.part("of two gems in reach a press takes the nearer one", after=[one_step], todo="06.5", early=True)
async def nearest(lab: Lab) -> None:
    """Ada presses where two gems are just in reach: the nearer one came later; in another room, earlier."""
    for later in (True, False):
        async with hands(lab, "Ada", seed=PAIR_SEED) as (ada,):
            if found := between(ada.gems, ada.map, later=later):
                await press_between(ada, *found)


async def press_between(ada: Hand, near: int, far: int, place: Point) -> None:
    """Of two gems in reach of a place the nearer one is taken."""
    await ada.walk(place, Navigator(ada.map))
    await ada.step_to(place)
    ways = {id: round(hypot(it.x - ada.me.x, it.y - ada.me.y)) for id, it in ada.gems.items()}
    if not ways[near] < ways[far] <= REACH:
        return  # their steps are others
    await ada.do(Wish(collect=True))
    taken = {id for id in (near, far) if id not in ada.gems}
    if taken != {near}:
        expected = f"of two gems, {ways[near]} and {ways[far]} world units away, a press takes the nearer one"
        saw = "it took both" if len(taken) == 2 else "it took the other one" if taken else "it took none"
        symptom = "several" if len(taken) == 2 else "farther" if taken else "none_of_two"
        raise Wrong(expected, saw, symptom)


@check.part("walls stop everybody", after=[one_step], todo="06.4", early=True)
async def walled(lab: Lab) -> None:
    """Ada runs to the nearest wall, and on."""
    async with hands(lab, "Ada", seed=WALL_SEED) as (ada,):
        count, move = min(steps_to_wall(ada.map, ada.place, move) for move in SIDES)
        await ada.do(*[Wish(move=move)] * (count + 3))
        if not ada.map.is_free(*ada.place):
            expected = f"a wall stops Ada, who runs to move={move}"
            raise Wrong(expected, f"it is in the wall, at {ada.place}", "through_walls")


def steps_to_wall(map: Map, place: Point, move: tuple[float, float]) -> tuple[int, tuple[float, float]]:
    """How many whole steps are free to a side, and the side."""
    count = 0
    while map.is_free(
        *(round(at + way * (count + 1) * STEP_UNITS) for at, way in zip(place, move, strict=True))
    ):
        count += 1
    return count, move


@check.part("two grab one gem in the same tick, and one of them gets it", after=[one_step], todo="06.5")
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
                expected = "Ada and Ben press beside one gem: one gets it, the other nothing, and it is gone"
                saw = f"Ada got {gains[0]} points and Ben {gains[1]}"
                raise Wrong(expected, saw, "two_owners" if all(gains) else "no_owner")
            if met:
                return


async def press_together(ada: Hand, ben: Hand) -> bool:
    """Both press directly after a tick. True when both presses counted in the same one."""
    await ada.later(1)
    pressed = (ada.send(Wish(collect=True)), ben.send(Wish(collect=True)))
    first, second = await asyncio.gather(ada.applied(pressed[0]), ben.applied(pressed[1]))
    await asyncio.gather(ada.later(2), ben.later(2))
    return first.tick == second.tick


def alike(moved: tuple[int, int], steps: tuple[float, float]) -> bool:
    """Whether a player has moved so many steps to the right and down."""
    return all(abs(a - b * STEP_UNITS) <= ROUNDING for a, b in zip(moved, steps, strict=True))
