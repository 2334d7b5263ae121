"""Step 11: the others move evenly, a little in the past, whatever the network does to the snapshots."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from itertools import accumulate, pairwise
from statistics import mean, median
from typing import Any, NamedTuple

from msgspec.structs import replace

from netlib.conditioner import LinkConditions
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import START_SECONDS, Program
from workshop.checking.verdict import Place, Wrong
from workshop.checks.scripted_room import ScriptedRoom
from workshop.game.entities import Player
from workshop.game.units import STEP_UNITS, UNIT

BEN, CY = 2, 3  # other players
START = (100 * UNIT, 800 * UNIT)  # where Ben begins to run to the right
TICK_RATE = 30.0
SPEED = STEP_UNITS * TICK_RATE  # Ben's, in units a second
REGULAR, UNEVEN = (3,), (1, 4)  # ticks from one snapshot to the next
BAD = LinkConditions(latency=0.1, jitter=0.03, loss=0.02)
WARM_UP = 0.4  # seconds until clocks and delays have been found
ENOUGH = 40  # frames for a verdict
MOST_LAG = 0.6  # seconds that the others may be drawn in the past; slow machines add to it
MOST_GUESS = 0.2  # seconds past the newest snapshot that may be guessed
MOST_JUMP = 0.35  # seconds of a way that one frame may make up for, after a loss
BINS = 8  # parts of the way between two snapshots
SILENCE = 0.6  # seconds
FAR = 60 * STEP_UNITS  # units; nobody runs that far in one snapshot
STILL = 5  # frames
SETTLING = 3.0  # seconds that anybody may take to get to where it stays
check = Check("step11_interpolation", files=["interpolation.py", "client.py"])


class Shown(NamedTuple):
    """Where a frame showed Ben, and when, in seconds of the room."""

    time: float
    x: int


class Track(ScriptedRoom):
    """A room in which Ben runs to the right, as evenly as can be.

    Args:
        gaps: ticks from one snapshot to the next, over and over.

    Attributes:
        sent: where the snapshots had Ben, and when they left.
    """

    def __init__(self, port: int, *, gaps: Sequence[int] = REGULAR, **more: Any) -> None:
        super().__init__(port, tick_rate=TICK_RATE, on_tick=self._run_on, **more)
        self._due = {tick % sum(gaps) for tick in accumulate(gaps)}
        self._period = sum(gaps)
        self.players[BEN] = Player("Ben", 1, *START)
        self.sent: list[Shown] = []
        self.runs_since: int | None = None

    def is_due(self) -> bool:
        return self.tick % self._period in self._due

    def publish(self, *, full: bool = False) -> None:
        super().publish(full=full)
        self.sent.append(Shown(self.time, self.players[BEN].x))

    def run(self) -> None:
        """Ben begins to run, from where he started."""
        self.runs_since = self.tick

    def stop(self) -> None:
        """Ben stands still."""
        self.runs_since = None

    def _run_on(self) -> None:
        if self.runs_since is not None:
            x = START[0] + (self.tick - self.runs_since) * STEP_UNITS
            self.players[BEN] = replace(self.players[BEN], x=x)

    def lag(self, shown: Shown) -> float:
        """How long ago Ben was there, in seconds."""
        assert self.runs_since is not None
        return shown.time - (self.runs_since + (shown.x - START[0]) / STEP_UNITS) / self.tick_rate


@contextlib.asynccontextmanager
async def watching(lab: Lab, **more: Any) -> AsyncIterator[tuple[Track, Program]]:
    """Their client in a room of ours, as soon as it shows Ben."""
    room = Track(lab.ports.free(), **more)
    program = lab.program("client", "--host", "127.0.0.1", "--port", room.port, window=True)
    async with room, program:
        expected = "the window shows another player, who was there before"
        if not await program.until(
            lambda: ben(room, program) or program.exit_code is not None, START_SECONDS
        ):
            raise Wrong(
                expected,
                f"no frame with it within {START_SECONDS:.0f} seconds",
                "sample has nobody in it, or what it returns is not drawn",
                place=sampling(lab),
                hint="sample returns all players by their id, those who stand still, too",
            )
        if program.exit_code is not None:
            raise program.ended_early(expected)
        yield room, program


@check.part("your own player still moves at once")
async def at_once(lab: Lab) -> None:
    """The server falls silent, and a key is pressed."""
    async with watching(lab) as (room, program):
        room.silent = True
        program.hold("right")
        if not await program.until(lambda: program.frames[-1].me and program.frames[-1].me[0] > room.me.x):
            raise not_at_once(lab)


@check.part("the others are drawn between the snapshots, each at its own time", after=[])
async def between(lab: Lab) -> None:
    """Snapshots come one and four ticks after the one before."""
    async with watching(lab, gaps=UNEVEN) as (room, program):
        way = await run(room, program, ENOUGH, 0.8)
        known = [sent.x for sent in room.sent]
        exact = [shown for shown in way if shown.x in known]
        if (lag := median(room.lag(shown) for shown in way)) > MOST_LAG:
            raise too_late(lab, lag)
        if len(exact) > len(way) / 2:
            behind = mean(age(room, shown) for shown in exact)
            raise too_few_kept(lab) if behind > 0.75 else newest_only(lab, len(exact) / len(way))
        parts = [part for shown in way if (part := place_between(known, shown.x))]
        (_, most), *_ = Counter(int(share * BINS) for _, share in parts).most_common(1)
        if most > len(parts) / 2:
            raise hardly_moves(lab)
        long = sum(length > 2 * STEP_UNITS for length, _ in parts) / len(parts)
        if long < 0.65:
            raise counted(lab, long)


@check.part("over a worse network nobody goes back, and nobody jumps", after=[between])
async def worse(lab: Lab) -> None:
    """100 ms, give or take 30, and 2 % of the snapshots are lost once."""
    async with watching(lab, link=BAD) as (room, program):
        way = await run(room, program, ENOUGH, 1.4)
        if back := [a.x - b.x for a, b in pairwise(way) if a.x - b.x > 1]:
            raise goes_back(lab, back)
        jumps = [b.x - a.x - SPEED * (b.time - a.time) for a, b in pairwise(way)]
        if max(jumps) > MOST_JUMP * SPEED:
            raise jumped(lab, max(jumps))
        if (lag := median(room.lag(shown) for shown in way)) > MOST_LAG:
            raise too_late(lab, lag)


@check.part("who comes is shown, who goes is gone, and who is put elsewhere does not slide", after=[between])
async def comings(lab: Lab) -> None:
    """Cy comes and goes; Ben stops, and is put far away and back."""
    async with watching(lab) as (room, program):
        room.players[CY] = Player("Cy", 2, START[0], START[1] + FAR)
        if not await program.until(lambda: CY in (program.frames[-1].scene or {}), SETTLING):
            raise not_shown(lab)
        del room.players[CY]
        if not await program.until(lambda: CY not in (program.frames[-1].scene or [CY]), SETTLING):
            raise ghost(lab)
        room.run()
        await program.until(lambda: ben(room, program)[-1].x > START[0] + 2 * STEP_UNITS)
        room.stop()
        if not await arrives(room, program):
            raise never_there(lab, room, program)
        await teleports(lab, room, program)


async def teleports(lab: Lab, room: Track, program: Program) -> None:
    """Put Ben elsewhere twice, and look whether a frame shows him on the way."""
    for way in (FAR, -FAR):
        before, since = room.players[BEN].x, len(ben(room, program))
        room.players[BEN] = replace(room.players[BEN], x=before + way)
        there = await arrives(room, program)
        seen = {shown.x for shown in ben(room, program)[since:]}
        if on_the_way := seen - {before, before + way}:
            raise slides(lab, len(on_the_way))
        if not there:
            raise never_there(lab, room, program)


@check.part("when nothing comes nobody runs away, and later it goes on", after=[between])
async def silence(lab: Lab) -> None:
    """In the middle of a run the server says nothing for a while."""
    async with watching(lab) as (room, program):
        await run(room, program, STILL, 0.1)
        room.silent, newest, since = True, room.sent[-1], room.time
        await program.until(lambda: room.time > since + SILENCE)
        furthest = max(shown.x for shown in ben(room, program))
        if furthest > newest.x + MOST_GUESS * SPEED:
            raise runs_away(lab, furthest - newest.x)
        room.silent, since = False, room.time
        if not await program.until(lambda: near_again(room, program, since), SETTLING):
            raise stays_behind(lab, room.lag(ben(room, program)[-1]))


def near_again(room: Track, program: Program, since: float) -> bool:
    """Whether Ben has been shown nearly where he is for a while, all of it after a moment."""
    begin = max(since, room.time - WARM_UP)
    lags = [room.lag(shown) for shown in ben(room, program) if shown.time > begin]
    return room.time > since + WARM_UP and len(lags) >= STILL and max(lags) < MOST_LAG


async def run(room: Track, program: Program, frames: int, seconds: float) -> list[Shown]:
    """Let Ben run, and return where he was shown, once that has become steady."""
    if room.runs_since is None:
        room.run()
        await program.until(lambda: room.lag(Shown(room.time, START[0])) > WARM_UP)
    since, begin = len(ben(room, program)), room.time
    await program.until(
        lambda: len(ben(room, program)) >= since + frames and room.time > begin + seconds, 2 * SETTLING
    )
    return ben(room, program)[since:]


async def arrives(room: Track, program: Program) -> bool:
    """Wait until Ben is shown, for some frames, exactly where he is."""
    goal = room.players[BEN].x
    still = [goal] * STILL
    return bool(await program.until(lambda: [it.x for it in ben(room, program)[-STILL:]] == still, SETTLING))


def ben(room: Track, program: Program) -> list[Shown]:
    """Where Ben was shown, frame by frame."""
    return [
        Shown(room.time_of(frame.time), frame.scene[BEN][0])
        for frame in program.frames
        if frame.scene and BEN in frame.scene
    ]


def place_between(known: Sequence[int], x: int) -> tuple[int, float] | None:
    """The way between two snapshots that has this place in it: its length, and the part of it until there."""
    for older, newer in pairwise(known):
        if older < x < newer:
            return newer - older, (x - older) / (newer - older)
    return None


def age(room: Track, shown: Shown) -> int:
    """How many newer snapshots had been sent when a place was shown that stands in one."""
    return sum(sent.x > shown.x and sent.time < shown.time for sent in room.sent)


def sampling(lab: Lab, pattern: str = r"^\0") -> Place | None:
    """A line of interpolation.py that matches, or where `sample` begins."""
    return lab.stage.find("interpolation.py", pattern) or lab.stage.function("interpolation.py", "sample")


def advancing(lab: Lab, pattern: str = r"moment = ") -> Place | None:
    """The line that sets the moment."""
    return lab.stage.find("interpolation.py", pattern) or lab.stage.function("interpolation.py", "advance")


def not_at_once(lab: Lab) -> Wrong:
    """One's own player waits."""
    return Wrong(
        "your own player moves as soon as the key is down, while the server says nothing",
        "it had not moved 5 seconds later",
        "your own player is interpolated like the others: so it is drawn in the past, too",
        place=lab.stage.function("client.py", "see"),
        hint="players | {self.client.player_id: me}: the predicted player takes the place of the past one",
    )


def newest_only(lab: Lab, share: float) -> Wrong:
    """Nobody is drawn between two snapshots."""
    return Wrong(
        "another player who runs is shown at places between those of two snapshots",
        f"in {share:.0%} of the frames it is exactly where the newest snapshot had it; then it jumps",
        "the newest snapshot is drawn: it stands still until another one comes",
        place=sampling(lab, r"(older|newer|return).*snapshots\[-1\]"),
        hint="draw the moment that was DELAY ago: most times there is a snapshot on either side of it",
    )


def too_few_kept(lab: Lab) -> Wrong:
    """The moment is older than what is kept."""
    return Wrong(
        "another player who runs is shown at places between those of two snapshots",
        "most frames show it exactly where an older snapshot had it",
        "the snapshots around the moment are thrown away too early: all that is kept is later",
        place=lab.stage.find("interpolation.py", r"popleft|pop\(0\)|maxlen|del "),
        hint="drop a snapshot when it is older than KEEP seconds, which is much more than DELAY",
    )


def too_late(lab: Lab, lag: float) -> Wrong:
    """The delay is too large."""
    return Wrong(
        f"the others are drawn at most {MOST_LAG} seconds in the past",
        f"what is drawn happened {lag:.1f} seconds ago",
        "the delay is larger than needed: who aims at somebody aims at where they were",
        place=lab.stage.find("interpolation.py", r"^DELAY"),
        hint="DELAY covers the time between two snapshots, and how unevenly they come; no more",
    )


def hardly_moves(lab: Lab) -> Wrong:
    """Between two snapshots the moment stands."""
    return Wrong(
        "between two snapshots the player is shown at all parts of its way",
        "most frames show it at nearly the same part of its way; then it jumps",
        "the drawn moment hardly moves: seconds and ticks are mixed",
        place=lab.stage.find("client.py", r"\.add\(") or advancing(lab),
        hint="a snapshot's time is event.tick / self.client.tick_rate, in seconds as DELAY and dt are",
    )


def counted(lab: Lab, share: float) -> Wrong:
    """All snapshots last equally long."""
    return Wrong(
        "a way that took four times as long is drawn for four times as long",
        f"here snapshots are one and four ticks apart; the long ways got {share:.0%} of the frames, not 80 %",
        "snapshots are counted, and the times at which they were true are not used",
        place=lab.stage.function("interpolation.py", "add"),
        hint="share = (moment - older.time) / (newer.time - older.time), with the times given to add",
    )


def goes_back(lab: Lab, back: list[int]) -> Wrong:
    """The moment was set back."""
    return Wrong(
        "another player who runs to the right never goes to the left",
        f"it went back in {len(back)} frames, by up to {max(back) / UNIT:.3g} pixels",
        "the drawn moment is set anew with each snapshot: one that comes late sets it back",
        place=advancing(lab),
        hint="let the moment move on by itself, nudged(dt, late) in each frame, and never backwards",
    )


def jumped(lab: Lab, by: float) -> Wrong:
    """A frame made up for a long time."""
    return Wrong(
        "another player who runs evenly is shown so",
        f"in one frame it went {by / UNIT:.3g} pixels too far",
        "when a snapshot is late, the drawn moment leaps",
        place=advancing(lab),
        hint="the moment waits at the newest snapshot, and goes on from there",
    )


def not_shown(lab: Lab) -> Wrong:
    """A newcomer is not drawn."""
    return Wrong(
        "a player who joins is shown",
        f"it was not to be seen {SETTLING:.0f} seconds later",
        "players who are in one of the two snapshots alone are left out, or not expected",
        place=sampling(lab),
        hint="go through the players of the older snapshot; who is not in the newer one stays where it was",
    )


def ghost(lab: Lab) -> Wrong:
    """Somebody who left is still drawn."""
    return Wrong(
        "a player who has left is not shown any more",
        f"it was still there {SETTLING:.0f} seconds later",
        "what was drawn once is kept: nothing takes out those who have left",
        place=lab.stage.find("client.py", r"\.update\(|\|= |sample\(\)") or sampling(lab),
        hint="begin with an empty dictionary in each frame",
    )


def never_there(lab: Lab, room: Track, program: Program) -> Wrong:
    """Who stands is shown elsewhere."""
    off = abs(ben(room, program)[-1].x - room.players[BEN].x)
    return Wrong(
        "who has stopped is shown exactly where it stands",
        f"{SETTLING:.0f} seconds later it is shown {off / UNIT:.3g} pixels away",
        "a part of the rest of the way is drawn in each frame: fast at first, slower and slower, never there",
        place=sampling(lab, r"\* 0?\.\d"),
        hint="blend two snapshots by time; what was drawn before does not matter",
    )


def slides(lab: Lab, frames: int) -> Wrong:
    """A teleport is drawn as a way."""
    return Wrong(
        "who is put far away is shown there or here, and nowhere else",
        f"it was shown at {frames} places on the way",
        "two places are blended although nobody can run that fast: it slides through all that stands between",
        place=lab.stage.function("interpolation.py", "between") or sampling(lab),
        hint="if hypot(dx, dy) > TOP_SPEED * span: return older",
    )


def runs_away(lab: Lab, by: int) -> Wrong:
    """Without news somebody runs on."""
    return Wrong(
        "while no snapshot comes, a player waits where the newest one has it",
        f"{SILENCE} seconds later it is {by / UNIT:.3g} pixels past that place, and runs on",
        "the share grows beyond 1: nobody knows whether the player still runs",
        place=advancing(lab),
        hint="the moment never passes the newest snapshot: min(…, newest)",
    )


def stays_behind(lab: Lab, lag: float) -> Wrong:
    """A lost time is never made up for."""
    return Wrong(
        "when snapshots come again, the others are soon drawn as near to now as before",
        f"what is drawn happened {lag:.1f} seconds ago, and that does not get less",
        "the time in which nothing came stays lost: the moment stays behind",
        place=advancing(lab),
        hint="when the moment is later than MAX_LATE: self.moment = newest - DELAY, at once",
    )
