"""Exactly once, in order: random talk over random links that break in random ways, in virtual time.

``EXAMPLES=2000 pytest tests/netlib/session/test_exactly_once.py`` tries more of it.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

import netlib
from netlib import testing
from netlib.testing.pipe import SIDES, Side
from tests.support.sessions import Note, kinds, noted, numbers, opened

EXAMPLES = int(os.environ.get("EXAMPLES", settings().max_examples))
FOR_EVER = 1e5  # seconds, virtual: no session ends by itself here
HANDSHAKE = 1500  # bytes that a handshake and some messages have
LONGEST_OUTAGE = 25.0  # seconds: both sides have found out by then
PORT = 7000


@dataclass
class Talk:
    """A room, a player who comes and goes, another one who stays, and what each of them said and got."""

    network: testing.Network
    server: netlib.Server
    ada: netlib.Client
    cable: testing.Cable
    said_up: int = 0
    said_down: int = 0
    up: list[Any] = field(default_factory=list)
    down: list[Any] = field(default_factory=list)
    comings: list[Any] = field(default_factory=list)
    told_up: list[int] = field(default_factory=list)
    told_down: list[int] = field(default_factory=list)
    asked: list[asyncio.Future[Any]] = field(default_factory=list)

    @property
    def peer(self) -> netlib.Peer:
        """The player who comes and goes, as the server sees it."""
        return next(peer for peer in self.server.peers if peer.name == "Ada")


Step = Callable[[Talk], Any]


def say_up(count: int) -> Step:
    def step(talk: Talk) -> None:
        for number in range(talk.said_up, talk.said_up + count):
            talk.ada.send(Note(number), delivered=partial(talk.told_up.append, number))
        talk.said_up += count

    return step


def say_down(count: int, *, to_all: bool) -> Step:
    def step(talk: Talk) -> None:
        def told(number: int, _: netlib.Peer) -> None:
            talk.told_down.append(number)

        for number in range(talk.said_down, talk.said_down + count):
            if to_all:
                talk.server.broadcast(Note(number))
            else:
                talk.server.send(talk.peer, Note(number), delivered=partial(told, number))
        talk.said_down += count

    return step


def tell_a_story(talk: Talk) -> None:
    """Say something so long that it comes in parts; what is said after it waits behind it."""
    talk.server.send(talk.peer, Note(talk.said_down, "once upon a time " * 8000))
    talk.said_down += 1


def ask(*, up: bool) -> Step:
    def step(talk: Talk) -> None:
        question = netlib.Untyped("again", {"number": len(talk.asked)})
        asking = talk.ada.request(question, timeout=None) if up else talk.peer.request(question, timeout=None)
        talk.asked.append(asyncio.ensure_future(asking))

    return step


def wait(seconds: float) -> Step:
    return lambda _: asyncio.sleep(seconds)


def cut(talk: Talk) -> None:
    talk.cable.cut()


def cut_after(count: int, side: Side) -> Step:
    return lambda talk: talk.cable.cut_after(count, to=side)


def cut_and_cut_again(count: int, side: Side) -> Step:
    def step(talk: Talk) -> None:
        talk.cable.cut()
        talk.cable.cut_after(count, to=side)

    return step


def for_a_while(seconds: float, begin: Callable[[Talk], None], end: Callable[[Talk], None]) -> Step:
    def step(talk: Talk) -> None:
        begin(talk)
        asyncio.get_running_loop().call_later(seconds, end, talk)

    return step


def pull(seconds: float) -> Step:
    return for_a_while(seconds, lambda talk: talk.cable.pull(), lambda talk: talk.cable.plug())


def stall(seconds: float, side: Side) -> Step:
    return for_a_while(seconds, lambda talk: talk.cable.stall(side), lambda talk: talk.cable.go_on(side))


def forget_a_line(talk: Talk) -> None:
    """Pull out one connection for good: both sides have to find out, and the next one works."""
    for line in talk.cable.lines:
        line.pull()


def refuse(seconds: float) -> Step:
    return for_a_while(seconds, lambda talk: talk.cable.refuse(), lambda talk: talk.cable.accept())


def restart(seconds: float) -> Step:
    async def step(talk: Talk) -> None:
        await talk.server.stop()
        await asyncio.sleep(seconds)
        await talk.server.start()

    return step


sides = st.sampled_from(SIDES)
some = st.integers(1, 5)
bytes_of_a_handshake = st.integers(0, HANDSHAKE)
outages = st.one_of(st.floats(0, 2), st.floats(0, LONGEST_OUTAGE))
talking = st.one_of(
    st.builds(say_up, some),
    st.builds(say_down, some, to_all=st.booleans()),
    st.just(tell_a_story),
    st.builds(ask, up=st.booleans()),
)
breaking = st.one_of(
    st.just(cut),
    st.just(forget_a_line),
    st.builds(cut_after, bytes_of_a_handshake, sides),
    st.builds(cut_and_cut_again, bytes_of_a_handshake, sides),
    st.builds(pull, outages),
    st.builds(stall, outages, sides),
    st.builds(refuse, outages),
    st.builds(restart, outages),
)
waiting = st.builds(wait, st.one_of(st.floats(0, 0.3), st.floats(0, 3), outages))
schedules = st.lists(st.one_of(talking, talking, breaking, waiting), max_size=40)
links = st.builds(
    netlib.LinkConditions,
    latency=st.sampled_from([0.0, 0.02, 0.3]),
    jitter=st.sampled_from([0.0, 0.05]),
    loss=st.sampled_from([0.0, 0.1]),
)


async def begin(network: testing.Network, here: netlib.LinkConditions, there: netlib.LinkConditions) -> Talk:
    """Open a room with somebody in it, and prepare somebody to join."""
    server = await network.serve(
        port=PORT, tick_rate=10, link=there, seed=1, limits=netlib.Limits(grace_time=FOR_EVER)
    )
    server.on_tick(lambda _: server.publish({}))
    server.on_request("again")(lambda _, question: question)
    await network.join("Bob", messages=[Note], reconnect_time=FOR_EVER)
    cable = network.new_cable()
    ada = netlib.Client(
        f"ws://room:{PORT}",
        name="Ada",
        messages=[Note, "again"],
        network=cable,
        reconnect_time=FOR_EVER,
        link=here,
        seed=2,
    )
    ada.on_request("again")(lambda question: question)
    talk = Talk(network, server, ada, cable, up=noted(server, Note), down=noted(ada, Note))
    talk.comings = noted(server)
    return talk


async def finish(talk: Talk) -> None:
    """Let nothing break any more, and wait until everything has arrived."""
    talk.cable.plug()
    talk.cable.accept()
    await testing.until(
        lambda: len(talk.up) >= talk.said_up and len(talk.down) >= talk.said_down and talk.ada.connected,
        "everything arrives",
        timeout=300,
    )
    await asyncio.gather(*talk.asked)
    await asyncio.sleep(30)  # what comes twice may come late


def check(talk: Talk) -> None:
    """Each side got what the other has sent, once and in order; and there is still one Ada."""
    assert numbers(talk.up) == list(range(talk.said_up))
    assert numbers(talk.down) == list(range(talk.said_down))
    assert talk.told_up == list(range(talk.said_up))
    assert talk.told_down == sorted(set(talk.told_down))
    assert [reply.result()["number"] for reply in talk.asked] == list(range(len(talk.asked)))
    peers = [(peer.id, peer.name, peer.connected) for peer in talk.server.peers]
    assert peers == [(1, "Bob", True), (2, "Ada", True)]
    assert talk.ada.player_id == 2 and kinds(talk.comings).count("Joined") == 1
    assert "Left" not in kinds(talk.comings)
    books = talk.peer._seat.session.delivery, talk.ada._membership.delivery
    assert [book.waiting for book in books] == [0, 0]
    assert not talk.server.metrics.refused and not talk.ada.metrics.refused


async def scenario(
    joining: tuple[int, Side], steps: list[Step], here: netlib.LinkConditions, there: netlib.LinkConditions
) -> None:
    """Join over a connection that may break, do the steps, and check."""
    async with testing.Network() as network:
        talk = await begin(network, here, there)
        talk.cable.cut_after(joining[0], to=joining[1])
        await opened(talk.ada)
        for step in steps:
            done = step(talk)
            if done is not None:
                await done
        await finish(talk)
        check(talk)
        event(f"drops: {min(9, kinds(talk.comings).count('Dropped'))}")
        await talk.ada.close()


@given(joining=st.tuples(bytes_of_a_handshake, sides), steps=schedules, here=links, there=links)
@settings(max_examples=EXAMPLES)
def test_exactly_once_in_order(
    joining: tuple[int, Side], steps: list[Step], here: netlib.LinkConditions, there: netlib.LinkConditions
) -> None:
    """Whatever is said, and wherever the connection breaks: it arrives once, in order, from one player."""
    testing.run(scenario(joining, steps, here, there), limit=FOR_EVER)
