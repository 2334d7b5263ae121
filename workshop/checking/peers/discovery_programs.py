"""The programs that the check of discovery runs, and what it reads from a lobby."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

import netlib
from workshop.checking.lab import Lab
from workshop.checking.peers.scripted_discovery import AnsweringRoom, described, own_ports
from workshop.checking.program import PATIENCE, START_SECONDS, Program
from workshop.checking.verdict import Wrong
from workshop.checking.wire import Frame
from workshop.game.rules.messages import Move
from workshop.game.rules.plain_rules import PlainRules

NAME = "Cave of the Check"
ASK_EVERY = 0.3  # seconds between two questions of the lobby
GONE_SECONDS = 3.5  # after its last answer, that a room may stay: five intervals are 1.5 s
FEWEST_FRAMES = 30  # in a second
NEWS, NEWS_SECONDS = "7 of 32", 3.0
ADDRESS = re.compile(r"\b127\.0\.0\.\d+:\d+\b")
TWO_NETWORKS = "workshop.checking.peers.two_networks"
NO_ROW = ("Address", "Going")  # how texts with an address begin that are no rows
EVERY_INTERFACE = ("0.0.0.0", "", "::")
NOISE = (b"", b"hello", b"\xff\x00\xfe" * 9, b"[]", b"{", b'{"netlib":"probe"}', b"[" * 900, b"x" * 60_000)
SURE_AFTER, SURE_BEFORE = 0.1, 1.2  # seconds after an answer in which its room must be listed
PAUSE = 0.25  # seconds without a frame, after which a lobby may not have read its answers yet


@contextlib.asynccontextmanager
async def room_server(lab: Lab) -> AsyncIterator[tuple[Program, int, range]]:
    """Their server, with UDP ports of its own: (program, TCP port, UDP ports)."""
    with own_ports() as ports:
        async with lab.server("--name", NAME, "--discovery-ports", as_flag(ports)) as (program, port):
            yield program, port, ports


@contextlib.asynccontextmanager
async def lobby(lab: Lab, ports: range) -> AsyncIterator[Program]:
    """Their client, which shows its lobby, on a machine that seems to have a network.

    Raises:
        Wrong: there is no frame.
    """
    flags = ("--discovery-ports", as_flag(ports), "--ask-every", ASK_EVERY)
    async with lab.program("client", *flags, window=True, driver=TWO_NETWORKS) as program:
        expected = "the client opens a window and draws frames"
        if not await program.reaches(lambda: program.frames, START_SECONDS, expected):
            raise Wrong(expected, "no frame was drawn", "no_frames")
        yield program


def answering(port: int, name: str, **options: Any) -> AnsweringRoom:
    """A room that answers at a UDP port, and says that its game is at that TCP port, too."""
    return AnsweringRoom(port, described(name, port), **options)


@contextlib.asynccontextmanager
async def game(
    lab: Lab, name: str = "Gem Rush", ports: Sequence[int] = ()
) -> AsyncIterator[tuple[netlib.Server, asyncio.Event]]:
    """A room of netlib with a game in it, and what is set when somebody has joined."""
    joined, port = asyncio.Event(), lab.ports.free()
    server = netlib.Server(
        name, host="127.0.0.1", port=port, input_type=Move, discoverable=bool(ports), discovery_ports=ports
    )
    PlainRules(server)
    server.on(netlib.Joined, lambda event: joined.set())
    async with server:
        yield server, joined


def as_flag(ports: range) -> str:
    """Ports as the command line has them."""
    return f"{ports[0]}-{ports[-1]}"


def newest(program: Program) -> Frame:
    """The newest frame."""
    return program.frames[-1]


def rows(frame: Frame) -> list[str]:
    """The addresses of the rooms that a frame lists, from top to bottom."""
    return [
        found[0]
        for text in frame.texts
        if not text.startswith(NO_ROW) and (found := ADDRESS.search(text)) is not None
    ]


def listed(program: Program) -> list[str]:
    """The addresses of the rooms that the newest frame lists."""
    return rows(newest(program))


def lists(program: Program, *rooms: AnsweringRoom) -> bool:
    """Whether the newest frame lists these rooms, each at the address from which it has answered."""
    return {room.address for room in rooms} <= set(listed(program))


def rows_at(program: Program, port: int) -> list[str]:
    """The addresses with a port that the newest frame lists."""
    return [row for row in listed(program) if row.endswith(f":{port}")]


def press(program: Program, key: str) -> None:
    """Press a key and let go."""
    program.hold(key)
    program.hold()


def type_in(program: Program, text: str) -> None:
    """Type a text into the window."""
    for character in text:
        press(program, character)


async def pace(program: Program) -> float:
    """How many frames a second it draws, at its best in the next seconds; it ends when these are enough."""
    first = len(program.frames)
    await program.until(lambda: best_rate(program.frames[first:]) >= FEWEST_FRAMES)
    return best_rate(program.frames[first:])


def best_rate(frames: Sequence[Frame]) -> float:
    """Frames in a second, over the best run of `FEWEST_FRAMES`, or over all when there are fewer."""
    times = [frame.time for frame in frames]
    run = min(FEWEST_FRAMES, max(1, len(times) - 1))
    lengths = [end - begin for begin, end in zip(times, times[run:], strict=False)]
    return run / min(lengths) if lengths and (run == FEWEST_FRAMES or min(lengths) > 1) else 0.0


def gaps(frames: Sequence[Frame], room: AnsweringRoom) -> int:
    """In how many frames a room is missing that has answered a moment ago, and lately.

    Frames directly after a pause do not count: the lobby may not have read its answers yet.
    """
    missing = 0
    for before, frame in pairwise(frames):
        ages = [frame.time - at for at in room.answered]
        told = any(SURE_AFTER < age < SURE_BEFORE for age in ages)
        missing += told and frame.time - before.time < PAUSE and room.address not in rows(frame)
    return missing


async def told_anew(program: Program, room: AnsweringRoom) -> str:
    """Let a room say that it has other players than before. Returns what the lobby says of it then."""
    room.info = msgspec.structs.replace(room.info, players=7)
    await program.until(lambda: NEWS in newest(program).texts, NEWS_SECONDS)
    words = [text for text in newest(program).texts if text.endswith(" of 32")]
    return NEWS if NEWS in words else " and ".join(sorted(set(words)))


async def until_frames(program: Program, more: int) -> None:
    """Wait for some more frames."""
    end = len(program.frames) + more
    await program.until(lambda: len(program.frames) >= end, PATIENCE)
