"""Step 03: all the others hear what one client says, though another leaves, is cut off, or does not read."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.line_guest import Guest, guest
from workshop.checking.program import Program
from workshop.checking.verdict import Wrong
from workshop.checks.step03_broadcast.causes import CAUSES

TALK = 100  # messages that somebody says who does not stop
LONG = "x" * 2**16  # in each of them, so that they fill every buffer on the way to one who does not read
SOON = 15.0  # seconds until all of them must have come; they take one, and on a busy machine some more
CROWD = 8
AT_ONCE = 0.2  # seconds, for what must have arrived long ago
check = Check("step03_broadcast", files=["server.py", "client.py"], causes=CAUSES)


@check.part("each newcomer is let in, and counted", todo="03.1")
async def entering(lab: Lab) -> None:
    """Three come one after the other; when the last is here, what the first has raised is heard."""
    async with AsyncExitStack() as stack, lab.server() as (program, port):
        for number, name in enumerate(("Ada", "Ben", "Cleo"), 1):
            somebody = await stack.enter_async_context(guest(port, name))
            words, text = f"{name} has joined", f"{name} has joined ({number} here)"
            await program.until(lambda: any(words in line for line in program.lines))  # noqa: B023
            lines = [line for line in program.lines if words in line]
            if not any(text in line for line in lines) and not await somebody.hears(text, AT_ONCE):
                saw = f'it prints "{lines[-1]}"' if lines else "nothing says so"
                raise Wrong(f'the server says "{text}"', saw, "odd_count" if lines else "unsaid")


@check.part("everybody hears who has joined, and how many are here", after=[entering], todo="03.1 03.2")
async def joining(lab: Lab) -> None:
    """Ada comes, then Ben."""
    async with room(lab, "Ada", "Ben"):
        pass


@check.part("what one client says, all the others hear", after=[joining], todo="03.2")
async def talking(lab: Lab) -> None:
    """Ada, Ben, Cleo and once more Ada speak, each to the two others."""
    async with room(lab, "Ada", "Ben", "Cleo") as (_, _, guests):
        for number, speaker in enumerate((*guests, guests[0]), 1):
            await speaker.says(f"line {number}")
            for each in guests:
                if each is not speaker:
                    await hears_of(each, speaker, f"line {number}")
        for each in guests:
            once(each, "Cleo has joined")
            if each.times(f"{each.name}: "):
                saw = f"{each.name} hears it, too"
                raise Wrong(f"all but {each.name} hear what {each.name} says", saw, "own_words")


async def hears_of(hearer: Guest, speaker: Guest, line: str) -> None:
    """Look whether somebody hears what another one has just said, with the name before it."""
    expected = f'when {speaker.name} says "{line}", {hearer.name} hears "{speaker.name}: {line}"'
    if await hearer.hears(line):
        if not hearer.times(f"{speaker.name}: {line}"):
            raise Wrong(expected, hearer.news, "no_name")
    elif await speaker.hears(line, AT_ONCE):
        raise Wrong(expected, f"{hearer.news}; {speaker.name} hears it", "echoed")
    else:
        left = await speaker.hears(f"{hearer.name} has left", AT_ONCE)
        saw = f'; {speaker.name} heard "{hearer.name} has left"' if left else ""
        raise Wrong(expected, f"{hearer.news}{saw}", "not_passed")


@check.part("a client that does not read holds up nobody", after=[joining], todo="03.2")
async def asleep(lab: Lab) -> None:
    """Cleo falls asleep; Ada says more than fits into all buffers on the way to her, and Ben hears it."""
    async with room(lab, "Ada", "Ben", "Cleo", narrow="Cleo") as (_, _, (ada, ben, cleo)):
        cleo.falls_asleep()
        talking, began = asyncio.create_task(talk(ada)), time.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ben.hears(f"Ada: {TALK} {LONG}"), SOON)
        talking.cancel()
        if (heard := ben.times("Ada: ")) < TALK:
            expected = f"Ben hears all {TALK} messages of Ada at once, although Cleo reads none"
            saw = f"he heard {heard} of them in {time.monotonic() - began:.0f} seconds"
            raise Wrong(expected, saw, "held_up")


@check.part("two clients with the same name are two", after=[joining], todo="03.1 03.2")
async def same_name(lab: Lab) -> None:
    """Two Adas; one hears the other."""
    async with room(lab, "Ada", "Ada", symptom="same_name") as (_, _, (first, second)):
        await second.says("it is me")
        await first.expects("Ada: it is me", "same_name")


@check.part("a client that leaves is taken out, and the others are told", after=[joining], todo="03.3 03.4")
async def leaving(lab: Lab) -> None:
    """Ben leaves politely; then Cleo comes."""
    async with room(lab, "Ada", "Ben") as (program, port, (ada, ben)):
        await ben.leaves()
        await ada.expects("Ben has left (1 here)", "unheard_leave")
        async with guest(port, "Cleo"):
            await ada.expects("Cleo has joined (2 here)", "stays")
        once(ada, "Ben has left")
        await closed(program)


@check.part("a client that is cut off is also taken out, and harms nobody", after=[leaving], todo="03.3 03.4")
async def cut_off(lab: Lab) -> None:
    """Ben vanishes without a goodbye; Ada and Cleo go on."""
    async with room(lab, "Ada", "Ben", "Cleo") as (program, _, (ada, ben, cleo)):
        ben.vanishes()
        for each in (ada, cleo):
            await each.expects("Ben has left (2 here)", "unheard_cut")
        await ada.says("who is still here")
        await cleo.expects("Ada: who is still here", "harmed")
        once(cleo, "Ben has left")
        await closed(program)


@check.part(
    "when many are cut off at once, nobody is left behind in the room", after=[cut_off], todo="03.3 03.4"
)
async def crowd(lab: Lab) -> None:
    """Eight vanish while Ada speaks; then Ben comes, and hears how many are here."""
    names = [f"Guest{number}" for number in range(CROWD)]
    async with room(lab, "Ada", *names) as (program, port, (ada, *guests)):
        for each in guests:
            each.vanishes()
        await ada.says("what was that")
        for name in names:
            await ada.expects(f"{name} has left", "left_behind")
        async with guest(port, "Ben") as ben:
            await ben.expects("Ben has joined (2 here)", "left_behind")
        await closed(program)
        if lost := [each for each in program.troubles if each.name.startswith("ConnectionClosed")]:
            expected = "a text to a client that is gone fails for nobody: nothing is raised"
            raise Wrong(expected, f"a task raised {lost[0]}, and nothing asked for it", "unasked")


@contextlib.asynccontextmanager
async def room(
    lab: Lab, *names: str, narrow: str = "", symptom: str = "unheard"
) -> AsyncIterator[tuple[Program, int, list[Guest]]]:
    """The stage's server, its port, and guests who have come one after the other, each told to all.

    The server ends before the guests leave: what it does then is the matter of other parts.
    """
    async with AsyncExitStack() as stack, lab.server() as (program, port):
        guests: list[Guest] = []
        for number, name in enumerate(names, 1):
            guests.append(await stack.enter_async_context(guest(port, name, narrow=name == narrow)))
            for each in guests[::-1]:
                await each.expects(f"{name} has joined ({number} here)", symptom)
        yield program, port, guests


async def closed(program: Program) -> None:
    """End the server as Ctrl-C does, and hear what it has raised."""
    program.interrupt()
    await program.ended()


def once(hearer: Guest, words: str) -> None:
    """Look whether somebody was told so once."""
    if (times := hearer.times(words)) > 1:
        raise Wrong(f'{hearer.name} hears "{words}" once', f"{hearer.name} heard it {times} times", "twice")


async def talk(somebody: Guest) -> None:
    """Say one long thing after another."""
    for number in range(1, TALK + 1):
        await somebody.says(f"{number} {LONG}")
