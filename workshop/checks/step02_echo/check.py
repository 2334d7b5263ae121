"""Step 02: the server answers many messages and survives a client that is cut off; the client talks."""

import asyncio
import contextlib
import time

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step02_echo.causes import CAUSES

WORDS = ("hello", "how are you", "good", "bye")
SLOW = 0.75  # seconds for four answers; together with a line that blocks, nobody's computer is to blame
BLOCKED = 1.5  # seconds that a client stands still, after which no answer to a ping is no accident
CUT = "a client was cut off"
check = Check("step02_echo", files=["server.py", "client.py"], causes=CAUSES)


@check.part("the server answers the first message", todo="02.1")
async def first(lab: Lab) -> None:
    """One client, one message."""
    async with lab.server() as (_, port), guest(port) as client:
        await answered(client, "hello", "1: HELLO", "answer")


@check.part("the server answers many messages on one connection", after=[first], todo="02.1")
async def many(lab: Lab) -> None:
    """One client, four messages."""
    async with lab.server() as (_, port), guest(port) as client:
        for number, word in enumerate(WORDS, 1):
            await answered(client, word, f"{number}: {word.upper()}", "more")


@check.part(
    "two clients at once do not wait for each other, and each has its own count", after=[many], todo="02.1"
)
async def together(lab: Lab) -> None:
    """Ada connects and says nothing; Ben talks meanwhile."""
    async with lab.server() as (program, port), guest(port) as ada, guest(port) as ben:
        began = time.monotonic()
        for number, word in enumerate(WORDS, 1):
            await answered(ben, word, f"{number}: {word.upper()}", "turn", "while Ada is here and silent, ")
        if (took := time.monotonic() - began) > SLOW and (blocked := program.trouble("blocked")):
            saw = f"Ben's four answers took {took:.1f} s; {blocked}"
            raise Wrong("Ben gets his answers at once while Ada is here", saw, "slow")
        await answered(ada, "me", "1: ME", "count", "for Ada, although Ben has talked before, ")


@check.part("the server says farewell once to a client that leaves", after=[first], todo="02.2")
async def leaving(lab: Lab) -> None:
    """One leaves without a word, one after one message; the second farewell shows what came of the first."""
    async with lab.server() as (program, port), guest(port) as silent, guest(port) as polite:
        await silent.close()
        await farewell(program, 0, "leaves")
        await answered(polite, "one", "1: ONE", "answer")
        await polite.close()
        await farewell(program, 1, "leaves")
        once(program, 0)
        if said(program, CUT):
            saw = f'the server printed "{CUT}"'
            raise Wrong("nobody was cut off: both have said goodbye", saw, "cut_untrue")


@check.part(
    "a client that is cut off gets its farewell, harms nobody, and is no error", after=[first], todo="02.2"
)
async def cut_off(lab: Lab) -> None:
    """One client vanishes without a goodbye; another one goes on, until the server is closed."""
    async with lab.server() as (program, port), guest(port) as other, guest(port) as victim:
        await answered(victim, "one", "1: ONE", "answer")
        victim.transport.abort()
        await farewell(program, 1, "is cut off")
        if not await program.until(lambda: said(program, CUT)):
            raise Wrong(f'after a client is cut off, the server prints "{CUT}"', last(program), "cut_unsaid")
        await answered(other, "still here", "1: STILL HERE", "harm", "when another client is cut off, ")
        once(program, 1)
        program.interrupt()
        await program.ended()  # what was raised is told then


async def farewell(program: Program, messages: int, how: str) -> None:
    """Wait until the server has said how many messages there were."""
    if not await program.until(lambda: said(program, f"left after {messages} message")):
        expected = f'when a client {how}, the server prints "a client has left after {messages} messages"'
        raise Wrong(expected, last(program), "cut_farewell" if "cut" in how else "no_farewell")


def once(program: Program, messages: int) -> None:
    """Look whether it has said that once."""
    times = sum(f"left after {messages} message" in line for line in program.lines)
    if times != 1:
        saw = f'it printed "a client has left after {messages} messages" {times} times'
        raise Wrong("the server says farewell to each client once", saw, "twice")


@check.part("the client sends what is typed, and prints the answers", todo="02.3")
async def talks(lab: Lab) -> None:
    """A scripted server answers; two lines are typed, and then an empty one."""
    heard: list[str] = []

    async def answer(connection: ServerConnection) -> None:
        async for message in connection:
            heard.append(str(message))
            await connection.send(f"answer {len(heard)}")

    port = lab.ports.free()
    async with serve(answer, "127.0.0.1", port), client_of(lab, port) as program:
        for number, line in enumerate(("hi", "and bye"), 1):
            expected = f'line {number}, "{line}", is sent, and "the server says answer {number}" is printed'
            await typed(program, line, f"the server says answer {number}", expected)
            if heard[number - 1 :] != [line]:
                await program.type("")  # a thread that waits for the keyboard keeps what was raised to itself
                raise Wrong(expected, f"the server got {heard or 'nothing'}", "not_sent")
            if not said(program, f"the server says answer {number}"):
                raise Wrong(expected, f'the server sent "answer {number}"; {last(program)}', "not_printed")
        await program.type("")
        ended = await program.until(lambda: "" in heard or program.exit_code is not None)
        expected = "an empty line is not sent: it ends the client"
        if "" in heard:
            raise Wrong(expected, "the server got an empty message", "empty_sent")
        if not ended or await program.ended() is None:
            raise Wrong(expected, f"it still runs {PATIENCE:.0f} seconds later", "never_ends")


@check.part("the client's event loop goes on while it waits for the keyboard", todo="02.4")
async def awake(lab: Lab) -> None:
    """Nobody types; the server pings once the client has begun to wait."""
    pongs: list[float] = []
    here, waiting = asyncio.Event(), asyncio.Event()

    async def ping(connection: ServerConnection) -> None:
        here.set()
        with contextlib.suppress(ConnectionClosed):
            await waiting.wait()
            pongs.append(await (await connection.ping()))
            await connection.wait_closed()

    port = lab.ports.free()
    async with serve(ping, "127.0.0.1", port, close_timeout=0.1), client_of(lab, port) as program:
        if not await program.until(lambda: here.is_set() and program.lines):
            raise Wrong("the client connects, and prints that", last(program), "not_connected")
        waiting.set()
        await program.until(lambda: pongs or stuck(program) or program.exit_code is not None, 2 * PATIENCE)
        if not pongs:
            expected, ended = "the client answers a ping while nobody types", program.exit_code is not None
            raise program.ended_early(expected) if ended else Wrong(expected, "it has not", "no_pong")


def guest(port: int) -> connect:
    """A client of ours, to be used with ``async with``; it does not wait long for a goodbye."""
    return connect(f"ws://127.0.0.1:{port}", proxy=None, close_timeout=0.1)


async def answered(client: ClientConnection, word: str, answer: str, about: str, when: str = "") -> None:
    """Send a word, and look at what comes back.

    Raises:
        Wrong: nothing, as the symptom "no_" and what it is about, or something else, as "odd_" and that.
    """
    expected, heard = f'{when}the answer to "{word}" is "{answer}"', ""
    try:
        await client.send(word)
        heard = str(await asyncio.wait_for(client.recv(), PATIENCE))
    except TimeoutError:
        raise Wrong(expected, f"nothing came for {PATIENCE:.0f} seconds", f"no_{about}") from None
    except ConnectionClosed:
        raise Wrong(expected, "none: the connection was closed", f"no_{about}") from None
    if heard != answer:
        raise Wrong(expected, f'it is "{heard}"', f"odd_{about}")


def client_of(lab: Lab, port: int) -> Program:
    """Their client, to be connected to a port of ours."""
    return lab.program("client", "--host", "127.0.0.1", "--port", port)


async def typed(program: Program, line: str, answer: str, expected: str) -> None:
    """Type a line, and wait until the answer is printed."""
    await program.type(line)
    await program.until(lambda: said(program, answer) or program.exit_code is not None)
    if program.exit_code is not None:
        await program.ended()
        if not said(program, answer):
            raise program.ended_early(expected)


def said(program: Program, words: str) -> bool:
    """True when a line that the program printed has the words."""
    return any(words in line for line in program.lines)


def last(program: Program) -> str:
    """What it has printed last, as part of a sentence."""
    return f'the last that it printed is "{program.lines[-1]}"' if program.lines else "it printed nothing"


def stuck(program: Program) -> bool:
    """True when the program's event loop stands still for long."""
    return any(each.kind == "blocked" and float(each.name) > BLOCKED for each in program.troubles)
