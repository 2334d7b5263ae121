"""Step 09: the link adds what it is told, keeps order and throughput; the round trip is measured."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from itertools import pairwise

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.echo_room import (
    EchoRoom,
    best_rate,
    in_game,
    press,
    rtt_between,
    shown_rtt,
    worst_rtt,
)
from workshop.checking.program import Program
from workshop.checks.step09_latency import causes as says

LATENCY = 0.4  # seconds of the slow link
NO_DELAY = 0.15  # seconds that a key may take to the server, and a snapshot to the screen, without any link
HALF = (0.19, 0.34)  # seconds that one way may take at that latency
CHANGED = (0.365, 0.56)  # the same after two presses of F4: the latency is 750 ms then
GAME_SECONDS = 10.0  # until the game must be shown
COUNTED, FEWEST = 1.0, 40  # seconds for which messages are counted; how many of the hundred must come
FEWEST_FRAMES = 10  # a second, at its best; any machine draws more
OLD = 0.8  # seconds; an older picture has waited in a queue
SHOWN = (0.39, 0.7)  # seconds of a shown round trip of 400 ms
QUICK, SLOWER = 0.05, 0.9  # seconds of a quick answer, and of a slow one
NEARER = 0.22  # seconds: from 400 ms, half the way to a quick answer
LATE_ANSWERS, THROWN = 3, 0.6  # answers; seconds of a round trip that only these can explain
JITTER, ORDERED = 0.08, 80  # seconds; inputs whose order is looked at
check = Check(
    "step09_latency", files=["link.py", "slow_client.py", "round_trip.py", "client.py", "messages.py"]
)


@check.part("without latency nothing is added")
async def off(lab: Lab) -> None:
    """No flag. A key is pressed; the other player runs; then the answers to echo requests vary."""
    async with playing(lab, answer_after=LATENCY) as (room, program):
        lab.shared["off"] = [program]
        out = await room.reaction(program, lambda best: best < NO_DELAY)
        back = await room.freshness(program, 0.0, NO_DELAY)
        if max(out, back) > NO_DELAY:
            raise says.not_off(lab, program, out, back)
        lab.shared["measured"] = await rtt_between(program, *SHOWN), shown_rtt(program.frames[-1]), room.asked
        if not lab.shared["measured"][0]:
            return
        room.answer_after = QUICK
        lab.shared["nearer"] = await rtt_between(program, 0.0, NEARER), shown_rtt(program.frames[-1])
        if lab.shared["nearer"][0]:
            lab.shared["worst"] = await worst_rtt(program, room, LATE_ANSWERS)
        else:
            lab.shared["asked"] = room.asked
            room.answer_after = SLOWER
            lab.shared["rises"] = await rtt_between(program, LATENCY + NEARER, 2.0)


@check.part("a hundred messages a second come through a slow link", after=[off])
async def throughput(lab: Lab) -> None:
    """400 ms of latency: inputs are counted, and how old the picture is. Then F4 makes it 750 ms."""
    async with playing(lab, "--latency", LATENCY * 1000) as (room, program):
        lab.shared["slow"] = [program]
        began = room.time
        if not await program.until(lambda: room.counted(COUNTED) >= FEWEST):
            raise says.collapsed(lab, f"{room.counted(COUNTED)} inputs came in a second")
        await program.until(lambda: room.time > began + 2 * COUNTED)
        if (rate := best_rate(program.frames)) < FEWEST_FRAMES:
            raise says.stands_still(lab, program, rate)
        if (age := await room.freshness(program, room.time - COUNTED / 2, OLD)) > OLD:
            raise says.collapsed(lab, f"after two seconds the picture was {age * 1000:.0f} ms old")
        lab.shared["out"] = await room.reaction(program, lambda best: HALF[0] < best < HALF[1])
        lab.shared["back"] = await room.freshness(program, began + COUNTED, HALF[1])
        if not all(HALF[0] < lab.shared[way] < HALF[1] for way in ("out", "back")):
            return
        lab.shared["with latency"] = await rtt_between(program, *SHOWN), shown_rtt(program.frames[-1])
        for _ in range(2):
            await press(program, "f4")
        changed_at = room.time
        lab.shared["out changed"] = await room.reaction(program, lambda best: CHANGED[0] < best < CHANGED[1])
        lab.shared["back changed"] = await room.freshness(program, changed_at + COUNTED, CHANGED[1])


@check.part("half of the latency is added to what is sent", after=[throughput])
async def half_out(lab: Lab) -> None:
    """Look at how long a key took to the server."""
    recall(lab, "slow")
    if not HALF[0] < lab.shared["out"] < HALF[1]:
        raise says.not_half(lab, lab.shared["out"], "from a key to its input at the server", "outgoing")


@check.part("half of the latency is added to what arrives", after=[throughput])
async def half_back(lab: Lab) -> None:
    """Look at how old the picture was."""
    recall(lab, "slow")
    if not HALF[0] < lab.shared["back"] < HALF[1]:
        raise says.not_half(lab, lab.shared["back"], "from a snapshot to the picture of it", "incoming")


@check.part("a change counts at once, for both directions, and does not add up", after=[half_out, half_back])
async def changed(lab: Lab) -> None:
    """Look at the same after F4 was pressed twice."""
    recall(lab, "slow")
    for which, direction in (("out changed", "outgoing"), ("back changed", "incoming")):
        if not CHANGED[0] < (seconds := lab.shared[which]) < CHANGED[1]:
            raise says.not_changed(lab, seconds, direction)


@check.part("jitter delays messages, and changes nothing in their order", after=[throughput])
async def order(lab: Lab) -> None:
    """Each message varies by up to 80 ms, and there is one every 10 ms."""
    async with playing(lab, "--latency", "100", "--jitter", JITTER * 1000) as (room, program):
        await program.until(lambda: len(room.inputs) >= ORDERED)
        numbers = [move.seq for move in room.inputs]
        if swapped := sum(after < before for before, after in pairwise(numbers)):
            raise says.out_of_order(lab, f"{swapped} of {len(numbers)} inputs came before an earlier one")
        if room.renewals > 1:
            raise says.out_of_order(lab, f"{room.renewals} snapshots did not fit to the one before them")
        if len(numbers) < ORDERED:
            raise says.collapsed(lab, f"only {len(numbers)} inputs came in some seconds")


@check.part("the round trip is measured", after=[off])
async def measured(lab: Lab) -> None:
    """Look at what was shown when the room answered after 400 ms."""
    recall(lab, "off")
    good, rtt, asked = lab.shared["measured"]
    if not good:
        raise says.mismeasured(lab, rtt, asked)


@check.part("the simulated latency is in the measured round trip", after=[measured, half_out, half_back])
async def with_latency(lab: Lab) -> None:
    """Look at what was shown over the slow link, when the room answered at once."""
    recall(lab, "slow")
    good, rtt = lab.shared["with latency"]
    if not good:
        raise says.past_the_link(lab, rtt)


@check.part("it is measured again and again", after=[measured])
async def again(lab: Lab) -> None:
    """Look whether it followed when the answers became quicker."""
    recall(lab, "off")
    good, rtt = lab.shared["nearer"]
    if not good:
        raise says.stays(lab, rtt, rises=lab.shared["rises"], asked=lab.shared["asked"])


@check.part("one late answer does not throw it", after=[again])
async def smoothed(lab: Lab) -> None:
    """Look at the most that was shown when some answers took a second longer."""
    recall(lab, "off")
    if lab.shared["worst"] > THROWN:
        raise says.thrown(lab, lab.shared["worst"])


@contextlib.asynccontextmanager
async def playing(
    lab: Lab, *flags: object, answer_after: float = 0.0
) -> AsyncIterator[tuple[EchoRoom, Program]]:
    """Their client, in the game of a scripted room.

    Raises:
        Wrong: it does not come there.
    """
    port = lab.ports.free()
    client = lab.program("client", "--host", "127.0.0.1", "--port", port, *flags, window=True)
    async with EchoRoom(port, answer_after=answer_after) as room, client as program:
        await program.until(lambda: in_game(program) or program.exit_code is not None, GAME_SECONDS)
        if not in_game(program):
            raise says.no_game(lab, program, " ".join(map(str, flags)))
        yield room, program


def recall(lab: Lab, part: str) -> None:
    """Take what the programs of an earlier part said, and what went wrong in them, for ours."""
    lab.programs += lab.shared[part]
