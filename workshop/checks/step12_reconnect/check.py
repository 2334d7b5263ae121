"""Step 12: a lost connection comes back as the same player, with pauses that grow; strangers do not."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import pairwise
from statistics import median
from typing import Any, TypeAlias

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.comebacks import SEED, Cord, GraceRoom, guest
from workshop.checking.peers.waiting import until
from workshop.checking.program import PATIENCE, START_SECONDS, Program
from workshop.checks.step12_reconnect import causes as say

LONG, SHORT = 60.0, 0.7  # seconds of grace time: one that never ends here, and one that does
FIRST, LONGEST = 0.05, 1.0  # seconds of backoff
GROWN = 5  # from this pause on they have their full length, by doubling from FIRST to LONGEST
PAUSE = 3.0  # seconds that one can look at a window which waits
ENOUGH = 9  # pauses of each client that we look at
# Of a grown pause, that one at the beginning has at most: with all that a slow computer adds to both.
SHARE = 0.6
SPREAD = 0.2  # seconds by which pauses differ at least, when chance makes them
SCORE_SECONDS = 12.0  # for a round to begin, and a gem to be taken
Scenario: TypeAlias = Callable[[Lab], Coroutine[Any, Any, None]]

check = Check("step12_reconnect", files=["session.py", "server.py", "client.py"])


def begin(lab: Lab, scenario: Scenario) -> None:
    """Let a scenario run in a lab of its own, while other parts go on; see `outcome`."""
    own = Lab(lab.stage, lab.ports)
    task = asyncio.create_task(scenario(own))
    task.add_done_callback(lambda it: it.cancelled() or it.exception())  # nobody may ever ask for it
    lab.shared[scenario.__name__] = (own, task)


async def outcome(lab: Lab, scenario: Scenario) -> None:
    """Wait for the end of a scenario that has begun before.

    Raises:
        Wrong: as the scenario did.
    """
    own, task = lab.shared[scenario.__name__]
    lab.programs = own.programs
    await task


@contextlib.asynccontextmanager
async def serving(lab: Lab, grace: float = LONG) -> AsyncIterator[int]:
    """Their server; gives its port."""
    async with lab.server("--grace", grace, "--seed", SEED) as (_, port):
        yield port


@check.part("each newcomer gets a player of its own, and a token")
async def newcomers(lab: Lab) -> None:
    """Two newcomers, one after the other. What takes long begins now, beside all other parts."""
    for scenario in (backing_off, together):
        begin(lab, scenario)
    async with serving(lab) as port, guest(port, "Ada") as ada, guest(port, "Ben") as ben:
        if ada.id == ben.id or ben.answer.resumed:
            raise say.somebody_else(lab, "no token at all", "Ben", ben.id, ada.id)
        if not await ben.sees({ada.id, ben.id}):
            raise say.not_there(lab, sorted(ben.players), sorted({ada.id, ben.id}))
        if not ada.answer.token or ada.answer.token == ben.answer.token:
            raise say.no_own_token(lab, ada.answer.token)


@check.part("who loses the connection stays for the grace time", after=[newcomers])
async def stays(lab: Lab) -> None:
    """Ada is cut off; Ben looks on, until after she was noted as away, or some ticks longer."""
    async with serving(lab) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada:
            await ben.sees({ada.id, ben.id})
            ada.cut()
            await until(lambda: ada.id not in ben.players or ben.players[ada.id].away, 1.0)
        await ben.later(6)
        if ada.id not in ben.players:
            raise say.gone_at_once(lab, LONG)


@check.part("who comes back with its token is the same player, and there is no twin", after=[stays])
async def same_player(lab: Lab) -> None:
    """Ada walks, is cut off, and comes back."""
    async with serving(lab) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada:
            if not (await ada.walks(1.0) or await ada.walks(-1.0)):
                raise say.stuck(lab, "a newcomer")
            await ada.later(10)
            before = ada.players[ada.id]
            ada.cut()
        async with guest(port, "Ada", ada.answer.token) as back:
            await ben.later(4)
            if back.id != ada.id:
                raise say.twin(lab, ada.id, back.answer, twin=ada.id in ben.players)
            if not await ben.sees({ada.id, ben.id}):
                raise say.not_there(lab, sorted(ben.players), sorted({ada.id, ben.id}))
            if (after := ben.players[ada.id]).x != before.x:
                raise say.begins_anew(lab, (before.x, before.y), (after.x, after.y))
            if not (await back.walks(-1.0) or await back.walks(1.0)):
                raise say.stuck(lab, "a player who came back")


@check.part("nobody can guess a token", after=[newcomers])
async def secret(lab: Lab) -> None:
    """The same three people at two servers."""
    tokens = await asyncio.gather(tokens_of(lab), tokens_of(lab))
    names = ["Ada", "Ben", "Cleo"]
    for (id, token), name in zip(tokens[0].items(), names, strict=True):
        if token in (str(id), name):
            raise say.guessable(lab, token, "its own number" if token == str(id) else "its own name")
    if set(tokens[0].values()) & set(tokens[1].values()):
        raise say.guessable(lab, next(iter(tokens[0].values())), "the same one at each start of the server")
    one, two, three = tokens[0].values()
    shared = max(alike(one, two), alike(two, three))
    if min(map(len, (one, two, three))) < 12 or shared > len(two) / 3:
        raise say.guessable(lab, two, f"too short, or too much like the next one, {three!r}")


def alike(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


async def tokens_of(lab: Lab) -> dict[int, str]:
    """The tokens that three newcomers get at a new server, by player."""
    async with serving(lab) as port, contextlib.AsyncExitStack() as stack:
        came = [await stack.enter_async_context(guest(port, name)) for name in ("Ada", "Ben", "Cleo")]
        return {one.id: one.answer.token for one in came}


@check.part("with a token that the server does not know one is a newcomer", after=[same_player, secret])
async def strangers(lab: Lab) -> None:
    """Tokens that look like Ada's, or like something that one might try."""
    async with serving(lab) as port, guest(port, "Ada") as ada:
        token = ada.answer.token
        for tried in (str(ada.id), "Ada", token[:-1], token + "x", token.swapcase(), " ", "old-token"):
            try:
                async with guest(port, "Eve", tried) as eve:
                    if eve.id == ada.id or eve.answer.resumed:
                        raise say.somebody_else(lab, f"the token {tried!r}", "Eve", eve.id, ada.id)
            except say.REFUSED as error:
                raise say.refused(lab, tried, error) from error


@check.part("nobody else is told a token", after=[same_player])
async def discreet(lab: Lab) -> None:
    """All that Ben hears while Ada comes, is cut off, and comes back."""
    async with serving(lab) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada:
            await ben.sees({ada.id, ben.id})
            ada.cut()
        async with guest(port, "Ada", ada.answer.token) as back, guest(port, "Cleo") as cleo:
            await ben.sees({ada.id, ben.id, cleo.id})
            await ben.later(4)
            for who in (ben, cleo):
                if kind := who.was_told(ada.answer.token) or who.was_told(back.answer.token):
                    raise say.told_others(lab, kind)
            if not ben.was_told("Ada"):
                raise say.not_there(lab, sorted(ben.players), sorted({ada.id, ben.id}))


@check.part("an old connection that ends late does no harm", after=[same_player])
async def late_end(lab: Lab) -> None:
    """Ada comes back while her first connection is still open; it ends together with Cleo's."""
    async with (
        serving(lab, SHORT) as port,
        guest(port, "Ben") as ben,
        guest(port, "Ada") as old,
        guest(port, "Ada", old.answer.token) as ada,
        guest(port, "Cleo") as cleo,
    ):
        await ben.sees({ada.id, ben.id, cleo.id})
        old.cut()
        cleo.cut()
        await until(lambda: cleo.id not in ben.players, SHORT + 1.0)
        await ben.later(6)
        if ada.id not in ben.players:
            raise say.thrown_out(lab)
        if ben.players[ada.id].away or not (await ada.walks(1.0) or await ada.walks(-1.0)):
            raise say.stuck(lab, "a player whose old connection has ended")


@check.part("after the grace time a player is removed, unless it is back", after=[same_player])
async def grace(lab: Lab) -> None:
    """Ada and Cleo are cut off; Ada comes back, Cleo does not."""
    async with serving(lab, SHORT) as port, guest(port, "Ben") as ben:
        async with guest(port, "Ada") as ada, guest(port, "Cleo") as cleo:
            await ben.sees({ada.id, ben.id, cleo.id})
            began = time.monotonic()
            ada.cut()
            cleo.cut()
        async with guest(port, "Ada", ada.answer.token) as back:
            in_time = time.monotonic() - began < SHORT / 2
            if not await until(lambda: cleo.id not in ben.players, SHORT + PATIENCE):
                raise say.ghost(lab, SHORT)
            if time.monotonic() - began < SHORT * 0.8:
                raise say.gone_at_once(lab, SHORT)
            await ben.later(12)
            if in_time and back.id not in ben.players:
                raise say.removed_though_back(lab)
        async with guest(port, "Cleo", cleo.answer.token) as again:
            if again.id == cleo.id or again.answer.resumed:
                raise say.too_late(lab)


@contextlib.asynccontextmanager
async def playing(
    lab: Lab, cord: Cord, first: float = FIRST, longest: float = LONGEST
) -> AsyncIterator[Program]:
    """Their client, at the end of a cord, with its first frame drawn."""
    flags = ("--first-pause", first, "--longest-pause", longest, "--name", "Ada")
    async with lab.program("client", "--host", "127.0.0.1", "--port", cord.port, *flags, window=True) as it:
        await it.until(lambda: (it.frames and cord.tries) or it.exit_code is not None, START_SECONDS)
        if it.exit_code is not None:
            raise it.ended_early("the client opens a window, and connects")
        if not it.frames or not cord.tries:
            raise say.never_came(lab, bool(it.frames))
        yield it


@check.part("the client shows the token that it was given", after=[])
async def shows_token(lab: Lab) -> None:
    """Its connection is cut twice."""
    port = lab.ports.free()
    async with (
        GraceRoom(port) as room,
        Cord(lab.ports.free(), port) as cord,
        playing(lab, cord) as program,
    ):
        for times in (1, 2, 3):
            if not await program.until(lambda times=times: len(room.playing) >= times):  # type: ignore[misc]
                raise say.not_back(lab, program, times)
            cord.cut()
        if room.shown[0] or any(token not in room.given for token in room.shown[1:]):
            raise say.wrong_token(lab, room.shown, list(room.given))


@check.part("when the server was restarted, the client is back by itself, as a newcomer", after=[shows_token])
async def restarted(lab: Lab) -> None:
    """Another server in the place of the first; then a cut, when the new token must be shown."""
    port = lab.ports.free()
    async with Cord(lab.ports.free(), port) as cord, contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(GraceRoom(port))
        program = await stack.enter_async_context(playing(lab, cord))
        await program.until(lambda: first.playing)
        await first.__aexit__()
        tries = len(cord.tries)
        await program.until(lambda: len(cord.tries) >= tries + 2, 4.0)
        second = GraceRoom(port, first_id=7)
        await stack.enter_async_context(second)
        if not await program.until(
            lambda: second.shown and program.frames[-1].scene == {7: program.frames[-1].me}
        ):
            raise say.not_back_after_restart(lab, program, bool(second.shown))
        cord.cut()
        await program.until(lambda: len(second.shown) >= 2)
        if second.shown[-1] not in second.given:
            raise say.kept_the_old(lab, second.shown, list(first.given))


@check.part(
    "it waits before each try; meanwhile the window is alive, says how long, and Esc closes it",
    after=[shows_token],
)
async def alive(lab: Lab) -> None:
    """Pauses of some seconds, with nobody there."""
    async with Cord(lab.ports.free(), lab.ports.free()) as cord:
        cord.refuses = True
        async with playing(lab, cord, PAUSE, PAUSE) as program:
            await program.until(lambda: len(cord.tries) >= 1)
            drawn, tries = len(program.frames), len(cord.tries)
            await program.until(lambda: len(program.frames) > drawn + 20 or len(cord.tries) > tries + 1, 8.0)
            if gap := next((b - a for a, b in pairwise(cord.tries) if b - a < PAUSE / 2 * 0.9), None):
                raise say.no_pause(lab, gap, PAUSE)
            if len(program.frames) - drawn <= 20:
                raise say.frozen(lab, program)
            waits = re.findall(r"in (\d+\.\d) s", " ".join(t for f in program.frames for t in f.texts))
            if waits and max(map(float, waits)) == 0.0 and len(cord.tries) <= tries + 1:
                raise say.says_nothing(lab)
            program.hold("escape")
            if (code := await program.ended()) is None:
                raise say.does_not_close(lab)
            if code:
                raise program.ended_early("Esc ends the program, without an error")


@check.part("the pauses between two tries grow, and have a limit", after=[shows_token])
async def backoff(lab: Lab) -> None:
    """It has begun with the first part."""
    await outcome(lab, backing_off)


async def backing_off(lab: Lab) -> None:
    """Two clients, and somebody who ends every connection; then a server, and a cut."""
    port = lab.ports.free()
    async with Cord(lab.ports.free(), port) as one, Cord(lab.ports.free(), port) as two:
        one.refuses = two.refuses = True
        async with playing(lab, one) as program, playing(lab, two):
            gaps = [await gaps_of(program, cord) for cord in (one, two)]
            for each in gaps:
                judge(lab, each)
            grown = [gap for each in gaps for gap in each[GROWN:]]
            if min(grown) > LONGEST * 0.98 and max(grown) - min(grown) < SPREAD:
                raise say.no_chance(lab, min(grown), LONGEST)
            async with GraceRoom(port) as room:
                one.refuses = False
                pauses = [await pause_after_cut(program, one, room) for _ in range(3)]
                if median(pauses) > median(grown) * SHARE:
                    raise say.not_reset(lab, median(pauses), FIRST)


async def gaps_of(program: Program, cord: Cord) -> list[float]:
    """Seconds between the tries, as soon as there are enough, or one is far too long."""

    def enough() -> bool:
        return len(cord.tries) > ENOUGH or (
            bool(cord.tries) and time.perf_counter() - cord.tries[-1] > 5 * LONGEST
        )

    await program.until(enough, 15.0)
    tries = cord.tries[: ENOUGH + 1]
    if len(tries) <= ENOUGH:
        tries = [*tries, time.perf_counter()]
    return [b - a for a, b in pairwise(tries)]


def judge(lab: Lab, gaps: list[float]) -> None:
    """Look at the pauses of one client.

    Only what is too short, or far too long, or in no proportion is wrong: a slow computer makes all longer.
    """
    if max(gaps) > 4 * LONGEST:
        raise say.no_limit(lab, gaps, LONGEST)
    if min(gaps[GROWN:]) < LONGEST / 2 * 0.9:
        raise say.too_fast(lab, gaps)
    if median(gaps[:3]) > median(gaps[GROWN:]) * SHARE:
        raise say.no_growth(lab, gaps, FIRST)


async def pause_after_cut(program: Program, cord: Cord, room: GraceRoom) -> float:
    """Let it in, cut it off, and return the seconds until it comes again."""
    came = len(room.playing)
    await program.until(lambda: len(room.playing) > came)
    tries, cut_at = len(cord.tries), time.perf_counter()
    cord.cut()
    await program.until(lambda: len(cord.tries) > tries)
    return cord.tries[-1] - cut_at


@check.part(
    "both together: the cable is pulled, and the player keeps its place and its score",
    after=[same_player, shows_token],
)
async def both(lab: Lab) -> None:
    """It has begun with the first part."""
    await outcome(lab, together)


async def together(lab: Lab) -> None:
    """Their client at their server: it takes a gem, K is pressed, and Ben looks on."""
    async with serving(lab) as port, Cord(lab.ports.free(), port) as cord, playing(lab, cord) as program:
        program.hold("space")
        await program.until(lambda: sum(program.frames[-1].score.values()) > 0, SCORE_SECONDS)
        async with guest(port, "Ben") as ben:
            await until(lambda: len(ben.players) == 2)
            before, tries = sum(p.score for p in ben.players.values()), len(cord.tries)
            program.hold("k")
            await program.until(lambda: len(cord.tries) > tries)
            await until(lambda: not any(player.away for player in ben.players.values()), PATIENCE)
            await ben.later(6)
            scores = {id: player.score for id, player in ben.players.items() if id != ben.id}
            if len(scores) != 1 or sum(scores.values()) < max(before, 1):
                raise say.lost_score(lab, before, scores)
