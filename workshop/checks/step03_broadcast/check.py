"""Step 03: what one client says all the others hear, whoever leaves, is cut off, or does not read."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.line_guest import Guest, guest
from workshop.checks.step03_broadcast.causes import (
    harmed,
    held_up,
    left_behind,
    miscounted,
    not_heard,
    not_told_of_cut,
    not_told_of_leave,
    taken_out_too_early,
    told_twice,
    unannounced,
    wrong_ears,
)

TALK = 100  # messages that somebody says who does not stop
LONG = "x" * 2**16  # in each of them, so that they fill every buffer on the way to one who does not read
CROWD = 8
AT_ONCE = 0.2  # seconds, for what must have arrived long ago
check = Check("step03_broadcast", files=["server.py", "client.py"])


@check.part("everybody hears who has joined, and how many are here")
async def joining(lab: Lab) -> None:
    """Ada comes, then Ben."""
    async with lab.server() as (program, port), guest(port, "Ada") as ada:
        if not await ada.hears("Ada has joined (1 here)"):
            raise unannounced(lab, program, ada, "Ada has joined (1 here)")
        async with guest(port, "Ben") as ben:
            for each in (ben, ada):
                if not await each.hears("Ben has joined (2 here)"):
                    raise unannounced(lab, program, each, "Ben has joined (2 here)")


@check.part("what one says, all the others hear")
async def talking(lab: Lab) -> None:
    """Ada speaks to Ben and Cleo, and Ben answers."""
    async with lab.server() as (_, port), guest(port, "Ada") as ada, guest(port, "Ben") as ben:
        await ben.hears("Ben has joined (2 here)")
        async with guest(port, "Cleo") as cleo:
            await cleo.hears("Cleo has joined (3 here)")
            await ada.says("hi")
            for each in (ben, cleo):
                if not await each.hears("Ada: hi"):
                    raise not_heard(lab, each, await ada.hears("Ada: hi", AT_ONCE))
            await ben.says("hello")
            if not await ada.hears("Ben: hello"):
                raise taken_out_too_early(lab, await ben.hears("Ada has left (2 here)", AT_ONCE))
            if ada.times("Ada: hi"):
                raise wrong_ears(lab)


@check.part("who leaves is taken out, and the others are told")
async def leaving(lab: Lab) -> None:
    """Ben leaves politely; then Cleo comes."""
    async with lab.server() as (program, port), guest(port, "Ada") as ada:
        await ada.hears("Ada has joined (1 here)")
        async with guest(port, "Ben") as ben:
            await ada.hears("Ben has joined (2 here)")
            await ben.leaves()
            told = await ada.hears("Ben has left (1 here)")
        if ada.deaf:
            raise not_told_of_leave(lab)
        async with guest(port, "Cleo"):
            if not await ada.hears("Cleo has joined (2 here)") or not told:
                raise miscounted(lab, ada, told)
        if ada.times("Ben has left (1 here)") > 1 or program.trouble("logged"):
            raise told_twice(lab, program, ada)


@check.part("one who is cut off is taken out, too, and harms nobody")
async def cut_off(lab: Lab) -> None:
    """Ben vanishes without a goodbye; Ada and Cleo go on."""
    async with lab.server() as (program, port), guest(port, "Ada") as ada, guest(port, "Ben") as ben:
        await ben.hears("Ben has joined (2 here)")
        async with guest(port, "Cleo") as cleo:
            await cleo.hears("Cleo has joined (3 here)")
            ben.vanishes()
            if not await ada.hears("Ben has left (2 here)"):
                raise not_told_of_cut(lab, ada, "Ben")
            await ada.says("who is still here")
            if not await cleo.hears("Ada: who is still here"):
                raise harmed(lab, program)
            program.interrupt()
            await program.ended()
            if cleo.times("Ben has left (2 here)") > 1 or program.trouble("logged"):
                raise told_twice(lab, program, cleo)


@check.part("one who does not read holds up nobody")
async def asleep(lab: Lab) -> None:
    """Cleo falls asleep; Ada says more than fits into all buffers on the way to her, and Ben hears it."""
    async with lab.server() as (_, port), guest(port, "Ada") as ada, guest(port, "Ben") as ben:
        await ben.hears("Ben has joined (2 here)")
        async with guest(port, "Cleo", narrow=True) as cleo:
            await cleo.hears("Cleo has joined (3 here)")
            cleo.falls_asleep()
            talking = asyncio.create_task(talk(ada))
            heard = await ben.hears(f"Ada: {TALK} {LONG}")
            talking.cancel()
            if not heard:
                raise held_up(lab, sum(text.startswith("Ada: ") for text in ben.heard), TALK)
            cleo.vanishes()
            if not await ben.hears("Cleo has left (2 here)"):
                raise not_told_of_cut(lab, ben, "Cleo")


@check.part("when many are cut off at once, nobody is left behind in the room")
async def crowd(lab: Lab) -> None:
    """Eight vanish while Ada speaks; then Ben comes, and hears how many are here."""
    async with lab.server() as (_, port), guest(port, "Ada") as ada, AsyncExitStack() as stack:
        names = [f"Guest{number}" for number in range(CROWD)]
        guests = [await stack.enter_async_context(guest(port, name)) for name in names]
        for name in names:
            await ada.hears_of(f"{name} has joined")
        for each in guests:
            each.vanishes()
        await ada.says("what was that")
        gone = [name for name in names if not ada.deaf and await ada.hears_of(f"{name} has left")]
        ben = await stack.enter_async_context(guest(port, "Ben"))
        if not await ben.hears("Ben has joined (2 here)") or gone != names:
            raise left_behind(lab, ada, ben)


async def talk(somebody: Guest) -> None:
    """Say one long thing after another."""
    for number in range(1, TALK + 1):
        await somebody.says(f"{number} {LONG}")
