"""Step 02: the server answers many messages and survives a client that is cut off; the client talks."""

from __future__ import annotations

import asyncio
import re

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong

WORDS = ("hello", "how are you", "good", "bye")
check = Check("step02_echo", files=["server.py", "client.py"])


@check.part("the server answers the first message")
async def first(lab: Lab) -> None:
    """One client, one message."""
    async with lab.server() as (_, port), connect(f"ws://127.0.0.1:{port}") as client:
        await client.send("hello")
        answer = await answered(client)
        if answer != "1: HELLO":
            raise Wrong(
                'the answer to "hello" is "1: HELLO"',
                f'it is "{answer}"',
                "the answer is made of something else than the number and the message in capitals",
                place=lab.stage.find("server.py", r"\.send\("),
                hint='send f"{count}: {message.upper()}"',
            )


@check.part("the server answers many messages on one connection")
async def many(lab: Lab) -> None:
    """One client, four messages."""
    async with lab.server() as (_, port), connect(f"ws://127.0.0.1:{port}") as client:
        for number, word in enumerate(WORDS, 1):
            await client.send(word)
            answer = await answered(client)
            if answer is None:
                raise one_only(lab, number)
            if answer != f"{number}: {word.upper()}":
                raise miscounted(lab, number, word, answer)


@check.part("two clients at once do not wait for each other, and each has its own count")
async def together(lab: Lab) -> None:
    """Ada connects and says nothing; Ben talks meanwhile."""
    async with lab.server() as (program, port), connect(f"ws://127.0.0.1:{port}") as ada:
        async with connect(f"ws://127.0.0.1:{port}") as ben:
            await ben.send("anybody here")
            heard = await answered(ben)
            if heard is None:
                raise held_up(lab, program)
            await ada.send("me")
            if (also := await answered(ada)) != "1: ME":
                raise shared(lab, also)


@check.part("a client that is cut off is noticed, and harms nobody", after=[many])
async def cut_off(lab: Lab) -> None:
    """One client vanishes without a goodbye after two messages; another one goes on."""
    async with lab.server() as (program, port), connect(f"ws://127.0.0.1:{port}") as other:
        victim = await connect(f"ws://127.0.0.1:{port}")
        for word in ("one", "two"):
            await victim.send(word)
            await answered(victim)
        victim.transport.abort()
        if not await program.until(lambda: said(program, r"left after 2 messages")):
            raise no_farewell(lab, program)
        if trouble := lab.trouble("logged"):
            raise Wrong(
                "a client that vanishes is normal: nothing is raised",
                f"your function raised {trouble.name}",
                "ConnectionClosed is not caught: leaving without a goodbye is no error of yours",
                place=trouble.place,
                hint="put try: around the loop, and except ConnectionClosed: behind it",
                sure=True,
            )
        await other.send("still here")
        await answered(other)


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
            await program.type(line)
            if not await program.until(lambda: said(program, rf"the server says answer {number}\b")):
                raise silent(lab, program, heard, number, line)
        await program.type("")
        if await program.ended() is None:
            raise never_ends(lab)


@check.part("the client's event loop goes on while it waits for the keyboard", after=[talks])
async def awake(lab: Lab) -> None:
    """Nobody types; the server pings."""
    pongs: asyncio.Queue[float] = asyncio.Queue()

    async def ping(connection: ServerConnection) -> None:
        pongs.put_nowait(await asyncio.wait_for(await connection.ping(), PATIENCE))

    port = lab.ports.free()
    async with serve(ping, "127.0.0.1", port), client_of(lab, port):
        try:
            await asyncio.wait_for(pongs.get(), 2 * PATIENCE)
        except TimeoutError:
            raise Wrong(
                "the client answers a ping while nobody types",
                f"no answer within {PATIENCE:.0f} seconds",
                "input() stops the event loop until somebody types",
                place=lab.stage.find("client.py", r"(?<!to_thread\()\binput\("),
                hint="return await asyncio.to_thread(input)",
                sure=True,
            ) from None


def client_of(lab: Lab, port: int) -> Program:
    """Their client, to be connected to a port of ours."""
    return lab.program("client", "--host", "127.0.0.1", "--port", port)


async def answered(client: ClientConnection) -> str | None:
    """The next message; None when none comes, or the connection is closed."""
    try:
        return str(await asyncio.wait_for(client.recv(), PATIENCE))
    except (TimeoutError, ConnectionClosed):
        return None


def said(program: Program, pattern: str) -> bool:
    """True when a line that the program printed matches."""
    return any(re.search(pattern, line) for line in program.lines)


def one_only(lab: Lab, number: int) -> Wrong:
    """A message got no answer."""
    return Wrong(
        f"an answer to each of {len(WORDS)} messages",
        f"no answer to message {number}",
        "the handler returns after one message, and with its end the connection is closed",
        place=lab.stage.find("server.py", r"\.recv\(|async for|while "),
        hint="async for message in connection: goes on until the client leaves",
    )


def miscounted(lab: Lab, number: int, word: str, answer: str) -> Wrong:
    """Later messages are answered differently from the first."""
    return Wrong(
        f'the answer to message {number} is "{number}: {word.upper()}"',
        f'it is "{answer}"',
        "the count does not grow by one with each message",
        place=lab.stage.find("server.py", r"count"),
        hint="count += 1 stands inside the loop, count = 0 before it",
    )


def held_up(lab: Lab, program: Program) -> Wrong:
    """The second client got no answer while the first one said nothing."""
    blocked = program.trouble("blocked")
    return Wrong(
        "Ben gets an answer while Ada, who came first, says nothing",
        f"no answer within {PATIENCE:.0f} seconds" + (f"; {blocked}" if blocked else ""),
        "the server waits for one client at a time: something in the handler does not give up its turn",
        place=blocked.place if blocked else lab.stage.find("server.py", r"Lock|lock|async for|recv"),
        hint="wait only with await or async for, and for nothing that another client has to do",
        sure=True,
    )


def shared(lab: Lab, answer: str | None) -> Wrong:
    """A client's count has another client's messages in it."""
    return Wrong(
        'Ada\'s first message is answered "1: ME", although Ben has talked before',
        f'the answer is "{answer}"',
        "all clients share one count: it lives outside of the handler",
        place=lab.stage.find("server.py", r"global |nonlocal |^count|next\("),
        hint="count = 0 as the first line of the handler: each call of it is one client",
        sure=True,
    )


def no_farewell(lab: Lab, program: Program) -> Wrong:
    """The server has not said how many messages there were."""
    last = next((line for line in reversed(program.lines) if "left" in line or "cut off" in line), "")
    return Wrong(
        'after a client is cut off, the server says "a client has left after 2 messages"',
        f'it said "{last}"' if last else "it said nothing about it",
        "what stands behind the loop is skipped when the loop ends by an exception",
        place=lab.stage.find("server.py", r"has left"),
        hint="try: … finally: and the farewell in the finally; it runs whatever happens",
        sure=True,
    )


def silent(lab: Lab, program: Program, heard: list[str], number: int, line: str) -> Wrong:
    """A typed line has not led to a printed answer."""
    expected = f'line {number}, "{line}", is sent, and the answer is printed'
    if "".join(heard[number - 1 : number]) != line:
        return Wrong(
            expected,
            f"the server got {heard}" if heard else "the server got nothing",
            "the client does not send every line that is typed",
            place=lab.stage.find("client.py", r"\.send\(|typed_line\(\)"),
            hint="while line := await typed_line(): and in it await connection.send(line)",
        )
    return Wrong(
        expected,
        f"the server answered, and the client printed {program.lines[-1:]}",
        "the answer is not received, or not printed as it came",
        place=lab.stage.find("client.py", r"\.recv\("),
        hint='answer = await connection.recv(), then print(f"the server says {answer}")',
    )


def never_ends(lab: Lab) -> Wrong:
    """An empty line has not ended the client."""
    return Wrong(
        "an empty line ends the client",
        f"it still runs {PATIENCE:.0f} seconds later",
        "the loop does not look at whether the line is empty",
        place=lab.stage.find("client.py", r"while "),
        hint="while line := await typed_line(): ends at an empty line, since it counts as false",
    )
