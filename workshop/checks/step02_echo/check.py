"""Step 02: the server answers many messages and survives a client that is cut off; the client talks."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checks.step02_echo.causes import (
    asleep,
    harmed,
    held_up,
    misanswered,
    miscounted,
    never_ends,
    no_farewell,
    not_caught,
    one_only,
    shared,
    silent,
)

WORDS = ("hello", "how are you", "good", "bye")
SLOW = 0.75  # seconds for four answers; together with a line that blocks, nobody's computer is to blame
BLOCKED = 1.5  # seconds that a client stands still, after which no answer to a ping is no accident
check = Check("step02_echo", files=["server.py", "client.py"])


@check.part("the server answers the first message")
async def first(lab: Lab) -> None:
    """One client, one message."""
    async with lab.server() as (_, port), guest(port) as client:
        answer = await asked(client, "hello")
        if answer != "1: HELLO":
            raise misanswered(lab, answer)


@check.part("the server answers many messages on one connection")
async def many(lab: Lab) -> None:
    """One client, four messages."""
    async with lab.server() as (_, port), guest(port) as client:
        answers = await asked_all(client, WORDS)
        for number, (word, answer) in enumerate(zip(WORDS, answers, strict=False), 1):
            if answer is None:
                raise one_only(lab, number, len(WORDS))
            if answer != f"{number}: {word.upper()}":
                raise miscounted(lab, number, word, answer)


@check.part("two clients at once do not wait for each other, and each has its own count")
async def together(lab: Lab) -> None:
    """Ada connects and says nothing; Ben talks meanwhile."""
    async with lab.server() as (program, port), guest(port) as ada, guest(port) as ben:
        began = time.monotonic()
        answers = await asked_all(ben, WORDS)
        blocked, took = program.trouble("blocked"), time.monotonic() - began
        if None in answers or (blocked and took > SLOW):
            raise held_up(lab, None in answers, took, blocked)
        if (answer := await asked(ada, "me")) != "1: ME":
            raise shared(lab, answer)


@check.part("the server says farewell to a client that leaves, and to one that is cut off")
async def leaving(lab: Lab) -> None:
    """One leaves politely after one message, one vanishes after two."""
    async with lab.server() as (program, port), guest(port) as polite, guest(port) as victim:
        await asked(polite, "one")
        await polite.close()
        if not await program.until(lambda: said(program, "left after 1 message")):
            raise no_farewell(lab, program, 1)
        await asked_all(victim, ("one", "two"))
        victim.transport.abort()
        if not await program.until(lambda: said(program, "left after 2 messages")):
            raise no_farewell(lab, program, 2)


@check.part("a client that is cut off harms nobody, and is no error")
async def cut_off(lab: Lab) -> None:
    """One client vanishes without a goodbye; another one goes on, until the server is closed."""
    async with lab.server() as (program, port), guest(port) as other, guest(port) as victim:
        await asked(victim, "one")
        victim.transport.abort()
        await program.until(lambda: said(program, "left after 1 message"))
        if await asked(other, "still here") != "1: STILL HERE":
            raise harmed(lab, program)
        program.interrupt()
        await program.ended()
        if trouble := program.trouble("logged"):
            raise not_caught(trouble)


@check.part("the client sends what is typed, and prints the answers", after=[])
async def talks(lab: Lab) -> None:
    """A scripted server answers; two lines are typed."""
    heard: list[str] = []

    async def answer(connection: ServerConnection) -> None:
        async for message in connection:
            heard.append(str(message))
            await connection.send(f"answer {len(heard)}")

    port = lab.ports.free()
    async with serve(answer, "127.0.0.1", port), client_of(lab, port) as program:
        for number, line in enumerate(("hi", "and bye"), 1):
            if not await typed(program, line, f"the server says answer {number}"):
                raise silent(lab, program, heard, number, line)
        await program.type("")
        if await program.ended() is None:
            raise never_ends(lab)


@check.part("the client's event loop goes on while it waits for the keyboard", after=[talks])
async def awake(lab: Lab) -> None:
    """Nobody types; the server pings once the client has begun to wait."""
    pongs: list[float] = []
    waiting = asyncio.Event()

    async def ping(connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            await waiting.wait()
            pongs.append(await (await connection.ping()))
            await connection.wait_closed()

    port = lab.ports.free()
    async with serve(ping, "127.0.0.1", port, close_timeout=0.1), client_of(lab, port) as program:
        await program.until(lambda: program.lines)
        waiting.set()
        await program.until(lambda: pongs or stuck(program), 2 * PATIENCE)
        if not pongs:
            raise asleep(lab, program)


def guest(port: int) -> connect:
    """A client of ours, to be used with ``async with``; it does not wait long for a goodbye."""
    return connect(f"ws://127.0.0.1:{port}", proxy=None, close_timeout=0.1)


async def asked(client: ClientConnection, word: str) -> str | None:
    """Send a word, and return the answer; None when none comes, or the connection is closed."""
    try:
        await client.send(word)
        return str(await asyncio.wait_for(client.recv(), PATIENCE))
    except (TimeoutError, ConnectionClosed):
        return None


async def asked_all(client: ClientConnection, words: Sequence[str]) -> list[str | None]:
    """Ask words one after the other, up to the first that gets no answer."""
    answers: list[str | None] = []
    while len(answers) < len(words) and None not in answers:
        answers.append(await asked(client, words[len(answers)]))
    return answers


def client_of(lab: Lab, port: int) -> Program:
    """Their client, to be connected to a port of ours."""
    return lab.program("client", "--host", "127.0.0.1", "--port", port)


async def typed(program: Program, line: str, answer: str) -> bool | None:
    """Type a line; true once the answer is printed."""
    await program.type(line)
    await program.until(lambda: said(program, answer) or program.exit_code is not None)
    if program.exit_code is not None:
        await program.ended()
    return said(program, answer)


def said(program: Program, words: str) -> bool:
    """True when a line that the program printed has the words."""
    return any(words in line for line in program.lines)


def stuck(program: Program) -> bool:
    """True when the program's event loop stands still for long."""
    return any(each.kind == "blocked" and float(each.name) > BLOCKED for each in program.troubles)
