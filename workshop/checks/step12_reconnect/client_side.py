"""What the client of step 12 must do: wait, show its token, begin anew; and both programs together."""

import contextlib
import time
from collections.abc import AsyncIterator

from workshop.checking.lab import Lab
from workshop.checking.peers.comebacks import Cord, GraceRoom, awaited, guest, playing, serving
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.checks.step12_reconnect.figures import (
    HALF,
    ODD,
    Pauses,
    countdown,
    judge_chance,
    judge_countdown,
    told,
)

QUICK = Pauses(0.05, 0.3)  # where their length does not matter
STEEP = Pauses(0.15, 9.0)  # they grow, and never reach their limit here
STEEPER = Pauses(0.3, 9.0)  # the same, in which a slow computer shows less
FLAT = Pauses(0.03, 0.4)  # they soon do
GROWN, ENOUGH = 4, 12  # the pauses of FLAT that are long, and how many there must be
WAIT = Pauses(2.4, 2.4)  # in one of them one can look at a window
EVER = Pauses(30.0, 30.0)  # nobody would wait for that
CUTS = 3  # after which a slow computer is no excuse
GEM_SECONDS = 12.0  # for a round to begin, and a gem to be taken
ENTERS = "the client enters, and plays"


@contextlib.asynccontextmanager
async def refusing(lab: Lab, port: int = 0) -> AsyncIterator[Cord]:
    """A cord at which every try fails."""
    async with Cord(lab.ports.free(), port) as cord:
        cord.refuses = True
        yield cord


async def enters(program: Program, room: GraceRoom, times: int, expected: str) -> None:
    """Wait until the client has entered so many times, and plays."""
    if not await awaited(program, lambda: len(room.playing) >= times):
        if len(room.shown) >= times:
            raise Wrong(expected, "it has entered, and sends no inputs", "does_not_play")
        raise Wrong(expected, f"for {PATIENCE:.0f} seconds it did not enter", "not_back")


async def waits(lab: Lab) -> None:
    """A pause of some time, with nobody there."""
    async with refusing(lab) as cord, playing(lab, cord, *WAIT) as program:
        if not await awaited(program, lambda: len(cord.tries) >= 2, 2.5 * WAIT.longest):
            expected = f"with pauses of {WAIT.longest} s at most, the client tries again and again"
            saw = f"after the first try {cord.waits:.0f} s went by without another"
            raise Wrong(expected, saw, "gives_up")
        began, end = cord.tries[:2]
        if end - began < WAIT.first * HALF:
            expected = f"with a pause of {WAIT.first} s at most, at least half of that lies between two tries"
            raise Wrong(expected, f"the next try came after {end - began:.2f} s", "no_pause")
        frames = [frame for frame in program.frames if began + ODD / 2 < frame.time < end]
        stood = program.trouble("blocked")
        if len(frames) < 5 or (stood and float(stood.name) > ODD):
            expected = "while the client waits for the next try, its window goes on"
            raise Wrong(expected, f"in {end - began:.1f} s it showed {len(frames)} frames", "frozen")
        judge_countdown([(end - it.time, left) for it in frames if (left := countdown(it.texts)) is not None])


async def closes(lab: Lab) -> None:
    """A pause that nobody would wait for."""
    async with refusing(lab) as cord, playing(lab, cord, *EVER) as program:
        program.hold("escape")
        if (code := await program.ended()) is None:
            expected = "Esc ends the program at once, also while it waits for the next try"
            raise Wrong(expected, f"{PATIENCE:.0f} seconds later the program still runs", "esc_waits")
        if code:
            raise program.ended_early("Esc ends the program, without an error")


async def pauses(lab: Lab) -> None:
    """Two clients, and nobody there: pauses that never reach their limit, and such that soon do."""
    async with (
        refusing(lab) as steep,
        refusing(lab) as flat,
        playing(lab, steep, *STEEP) as one,
        playing(lab, flat, *FLAT) as other,
    ):
        if took := await too_long(one, steep, STEEP.limit(4), steep.tries[0], 5):
            expected = f"the first pauses are {told(STEEP.whole(4))} at most"
            raise Wrong(expected, f"in {took:.1f} s these have ended: {told(steep.gaps)}", "too_long")
        STEEP.judge_short(steep.gaps)
        await awaited(other, lambda: len(flat.gaps) >= ENOUGH or flat.waits > 4 * FLAT.longest, 15.0)
        if len(flat.gaps) < ENOUGH:
            saw = f"the pauses were {told(flat.gaps)}, and then nobody came for {flat.waits:.1f} s"
            raise Wrong(f"no pause is longer than --longest-pause, here {FLAT.longest} s", saw, "no_limit")
        FLAT.judge_short(flat.gaps)
        judge_chance([*STEEP.shares(steep.gaps)[2:], *FLAT.shares(flat.gaps)[GROWN:]])


async def too_long(program: Program, cord: Cord, limit: float, began: float, tries: int) -> float:
    """The seconds from a moment until there were so many tries, when that was too long; 0 otherwise."""

    def took() -> float:
        return [*cord.tries[tries - 1 :], time.perf_counter()][0] - began

    await awaited(program, lambda: len(cord.tries) >= tries or took() > limit, 15.0)
    return took() if took() > limit else 0.0


async def shows(lab: Lab) -> None:
    """Its connection is cut, and cut again, when the next tries fail."""
    port = lab.ports.free()
    async with (
        GraceRoom(port) as room,
        Cord(lab.ports.free(), port) as cord,
        playing(lab, cord, *QUICK) as it,
    ):
        await enters(it, room, 1, ENTERS)
        if room.shown[0]:
            saw = f"it showed {room.shown[0]!r}"
            raise Wrong("a client that comes for the first time shows an empty token", saw, "made_up")
        cord.cut()
        await enters(it, room, 2, "after its connection was cut, the client comes back")
        judge_token(room, "after a cut", "wrong_token")
        cord.refuses, tries = True, len(cord.tries)
        cord.cut()
        if not await awaited(it, lambda: len(cord.tries) >= tries + 2):
            saw = f"in {PATIENCE:.0f} seconds there were {len(cord.tries) - tries} tries"
            raise Wrong("when a try fails, the client tries again", saw, "gives_up")
        cord.refuses = False
        await enters(it, room, 3, "after tries that failed, the client comes back")
        judge_token(room, "after tries that failed", "forgets")


def judge_token(room: GraceRoom, when: str, symptom: str) -> None:
    """Look at the token that was shown last."""
    if (shown := room.shown[-1]) not in room.given:
        saw = f"it showed {shown!r}" if shown else "it showed an empty token, as if it had never been here"
        raise Wrong(f"{when} the client shows the token that it was given", saw, symptom)


async def restarted(lab: Lab) -> None:
    """Another server instead of the first; then a cut, when the new token must be shown."""
    port = lab.ports.free()
    async with Cord(lab.ports.free(), port) as cord, contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(GraceRoom(port))
        program = await stack.enter_async_context(playing(lab, cord, *QUICK))
        await enters(program, first, 1, ENTERS)
        await first.__aexit__()
        tries = len(cord.tries)
        await awaited(program, lambda: len(cord.tries) >= tries + 2)
        second = await stack.enter_async_context(GraceRoom(port, first_id=7))
        await enters(program, second, 1, "when there is a server again, the client comes by itself")
        if not await awaited(program, lambda: program.frames[-1].scene == {7: program.frames[-1].me}):
            expected = "the window shows the player that the new server gave to the client, and nobody else"
            saw = f"the players in it are {[*(program.frames[-1].scene or {})]}"
            raise Wrong(expected, saw, "old_player")
        cord.cut()
        await enters(program, second, 2, "after another cut the client comes back")
        if (shown := second.shown[-1]) not in second.given:
            old = ", which is from before the restart" if shown in first.given else ""
            expected = "the restarted server gave a new token, and that one counts from now on"
            raise Wrong(expected, f"after the next cut the client showed {shown!r}{old}", "kept_the_old")


async def anew(lab: Lab) -> None:
    """Some tries fail, one does not, and then the connection is cut; again, if the computer was too slow."""
    port = lab.ports.free()
    async with GraceRoom(port) as room, refusing(lab, port) as cord, playing(lab, cord, *STEEPER) as it:
        await awaited(it, lambda: len(cord.tries) > 2, 15.0)
        for times in range(1, CUTS + 1):
            cord.refuses = False
            await enters(it, room, times, f"after tries that failed, {ENTERS}")
            cord.refuses, tries, began = True, len(cord.tries), time.perf_counter()
            cord.cut()
            if not (took := await too_long(it, cord, STEEPER.limit(3), began, tries + 3)):
                return
            came = len(cord.tries) - tries
            if times == CUTS or not came:
                expected = f"after a connection that was good the pauses are {told(STEEPER.whole(3))} at most"
                raise Wrong(expected, f"{took:.1f} s after a cut it has tried {came} times", "not_anew")


async def both(lab: Lab) -> None:
    """Their client at their server: it takes a gem, K is pressed, and Ben looks on."""
    async with serving(lab) as port, Cord(lab.ports.free(), port) as cord, playing(lab, cord, *QUICK) as it:
        it.hold("space")
        if not await awaited(it, lambda: sum(it.frames[-1].score.values()), GEM_SECONDS):
            saw = f"{GEM_SECONDS:.0f} seconds later the window shows no points"
            raise Wrong("a client that holds Space beside a gem takes it", saw, "no_gem")
        async with guest(port, "Ben") as ben:
            await until(lambda: len(ben.players) > 1)
            before, tries = sum(player.score for player in ben.players.values()), len(cord.tries)
            it.hold("k")
            if not await awaited(it, lambda: len(cord.tries) > tries):
                saw = f"{PATIENCE:.0f} seconds later the client has not connected again"
                raise Wrong("K pulls the cable, and the client comes back", saw, "not_back")
            await until(lambda: not any(player.away for player in ben.players.values()))
            await ben.later(6)
            others = [player for id, player in ben.players.items() if id != ben.id]
            if len(others) != 1 or others[0].away or others[0].score < before:
                expected = f"a player with {before} points pulls the cable, and is back with them, alone"
                there = " and ".join(f"one with {it.score}{', away' * it.away}" for it in others) or "nobody"
                raise Wrong(expected, f"beside Ben there is {there}", "not_itself")
