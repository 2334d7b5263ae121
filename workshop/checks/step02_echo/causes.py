"""Step 02: what each failure most likely comes from."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Trouble, Wrong


def misanswered(lab: Lab, answer: str | None) -> Wrong:
    """The first message is not answered as agreed."""
    blocked = lab.trouble("blocked") if answer is None else None
    still = "the whole server stands still at this line, so that no client has its turn"
    send = lab.stage.find("server.py", r"\.send\(") or lab.stage.function("server.py", "echo")
    return Wrong(
        'the answer to "hello" is "1: HELLO"',
        "there is none" if answer is None else f'it is "{answer}"',
        still if blocked else "the answer is not made of the number and the message in capitals",
        place=blocked.place if blocked else send,
        hint="wait only with await" if blocked else 'send f"{count}: {str(message).upper()}"',
        sure=blocked is not None,
    )


def one_only(lab: Lab, number: int, messages: int) -> Wrong:
    """A message got no answer."""
    return Wrong(
        f"an answer to each of {messages} messages",
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


def held_up(lab: Lab, unanswered: bool, took: float, blocked: Trouble | None) -> Wrong:
    """The second client got no answers, or slow ones, while the first one said nothing."""
    how = "no answer" if unanswered else f"his four answers took {took:.1f} s"
    still = "the whole server stands still at this line, so that no client has its turn"
    return Wrong(
        "Ben gets his answers at once while Ada, who came first, says nothing",
        f"{how}; {blocked}" if blocked else how,
        still if blocked else "the server waits for one client before it turns to the next",
        place=blocked.place
        if blocked
        else lab.stage.find("server.py", r"[Ll]ock|[Ss]emaphore|async for|recv"),
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


def no_farewell(lab: Lab, program: Program, messages: int) -> Wrong:
    """The server has not said how many messages there were."""
    how = "is cut off" if messages > 1 else "leaves politely"
    skipped = "what stands behind the loop is skipped when the loop ends by an exception"
    only = "the farewell is not on the way that the function takes when the loop ends by itself"
    last = next((line for line in reversed(program.lines) if "left" in line or "cut off" in line), "")
    return Wrong(
        f'after a client {how}, the server says "a client has left after {messages} messages"',
        f'the last that it said is "{last}"' if last else "it said nothing about it",
        skipped if messages > 1 else only,
        place=lab.stage.find("server.py", r"left after"),
        hint="try: … finally: and the farewell in the finally; it runs whatever happens",
        sure=messages > 1,
    )


def harmed(lab: Lab, program: Program) -> Wrong:
    """A client got no answer after another one was cut off."""
    ended = f"the server ended with exit code {program.exit_code}"
    return Wrong(
        "when one client is cut off, another one is answered as before",
        ended if program.exit_code is not None else "it got no answer, or a wrong one",
        "what happens to one client reaches the others",
        place=lab.stage.find("server.py", r"except|finally"),
        hint="in echo(), touch nothing that other clients use",
    )


def not_caught(trouble: Trouble) -> Wrong:
    """Being cut off is an error in their program."""
    closed = "ConnectionClosed is not caught: leaving without a goodbye is no error of yours"
    return Wrong(
        "a client that vanishes is normal: nothing is raised",
        f"your function raised {trouble.name}",
        closed if "ConnectionClosed" in trouble.name else f"{trouble}",
        place=trouble.place,
        hint="put try: around the loop, and except ConnectionClosed: behind it",
        sure=True,
    )


def silent(lab: Lab, program: Program, heard: list[str], number: int, line: str) -> Wrong:
    """A typed line has not led to a printed answer."""
    expected = f'line {number}, "{line}", is sent, and the answer is printed'
    if "".join(heard[number - 1 : number]) != line:
        return Wrong(
            expected,
            f"the server got only {heard}" if heard else "the server got nothing",
            "the client does not send every line that is typed",
            place=lab.stage.find("client.py", r"\.send\(") or lab.stage.function("client.py", "talk"),
            hint="while line := await typed_line(): and in it await connection.send(line)",
        )
    printed = f'it printed "{program.lines[-1]}"' if program.lines else "it printed nothing"
    forgotten = "<coroutine" in printed
    return Wrong(
        expected,
        f'the server answered "answer {number}" to the client; {printed}',
        "recv() is called, and not awaited" if forgotten else "the answer is not printed as it came",
        place=lab.stage.find("client.py", r"\.recv\(") or lab.stage.function("client.py", "talk"),
        hint='answer = await connection.recv(), then print("the server says", answer)',
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


def asleep(lab: Lab, program: Program) -> Wrong:
    """The client has not answered a ping."""
    blocked = program.trouble("blocked")
    return Wrong(
        "the client answers a ping while nobody types",
        "it has not answered" + (f"; {blocked}" if blocked else ""),
        "input() stops the event loop until somebody types",
        place=blocked.place if blocked else lab.stage.find("client.py", r"\binput\("),
        hint="return await asyncio.to_thread(input)",
        sure=True,
    )
