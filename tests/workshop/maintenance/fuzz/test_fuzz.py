"""The fuzz program: what it makes, and that it finds what is wrong."""

import asyncio
import logging
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from tests.support.rooms import a_room
from workshop.game.rules.messages import Chat
from workshop.maintenance.fuzz import garble, honest, lies, run
from workshop.maintenance.fuzz.attack import TOKEN, Attack
from workshop.maintenance.fuzz.run import Fuzz, Plan

HONEST = {"Ada", "Ben"}


def made(seed: int) -> list[bytes]:
    """Return one of each thing that an attack writes."""
    rng = Random(seed)
    binary = rng.random() < 0.5
    data = lies.encoded(rng, lies.lie(rng, "t" * 22), binary=binary)
    hello = lies.encoded(rng, lies.hello(rng, "t" * 22), binary=binary)
    return [garble.garbled_upgrade(rng), data, hello, *garble.garbled(rng, data, garble.TEXT)]


@given(st.integers())
def test_an_attack_can_be_made_again(seed: int) -> None:
    """The same seed gives the same bytes, whatever they are; making them never fails."""
    assert made(seed) == made(seed)


@pytest.mark.parametrize("codec", [netlib.JSON, netlib.MSGPACK], ids=repr)
def test_a_token_is_found_in_a_welcome(codec: netlib.Codec) -> None:
    """Attacks lie about sessions that are theirs, too."""
    found = TOKEN.search(codec.encode({"type": "welcome", "resume": "kJ2mDq0cZ5yWb1nT8sVx3A", "tick": 5}))
    assert found is not None
    assert found[1] == b"kJ2mDq0cZ5yWb1nT8sVx3A"


async def test_an_attack_ends_by_itself() -> None:
    """It is over soon, even when the server says nothing; its script shows what it wrote."""
    async with asyncio.timeout(60), a_room() as server:
        attack = Attack(seed=1, number=5)
        await attack.run(server.port)
    assert attack.sent
    assert attack.script().startswith("attack 5, in hexadecimal:\n  ")


async def test_nobody_is_disturbed() -> None:
    """A short run: attacks of all kinds, honest players who see and hear everything, and nothing left."""
    result = await Fuzz(Plan(seed=1, seconds=3.0)).run()
    assert (result.problems, result.suspects) == ([], [])
    assert result.attacks > run.AT_ONCE and result.written > 1000
    assert result.states and result.lines
    assert {"bad_message", "unknown_type", "no_hello", "websocket"} <= set(result.refused)
    assert result.joined > 2


def on_a_strangers_word(do: Callable[[netlib.Server], object]) -> Callable[[netlib.Server], object]:
    """Plant a fault: when an attacker's chat comes through, the server does this."""

    def prepare(server: netlib.Server) -> None:
        @server.on(Chat)
        def heard(peer: netlib.Peer, _: Chat) -> None:
            if peer.name not in HONEST:
                do(server)

    return prepare


def fail(_: netlib.Server) -> None:
    raise ZeroDivisionError


def kick(server: netlib.Server) -> None:
    for peer in server.peers:
        if peer.name == "Ben":
            peer.kick("a planted fault")


def stall(_: netlib.Server) -> None:
    until = time.thread_time() + 0.6
    while time.thread_time() < until:
        pass


def leave_a_task(_: netlib.Server) -> None:
    kept.append(asyncio.get_running_loop().create_task(asyncio.sleep(3600)))


def stop_the_time(server: netlib.Server) -> None:
    server.pause()


kept: list[asyncio.Task[None]] = []


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (fail, "ZeroDivisionError"),
        (kick, "Ben lost its connection"),
        (stall, "a tick had to wait for"),
        (leave_a_task, "tasks are left, and"),
        (stop_the_time, "saw no new state for"),
    ],
)
async def test_a_fault_is_found(
    do: Callable[[netlib.Server], object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault of each kind is a problem, and the attacks that may have done it are shown."""
    monkeypatch.setattr(run, "CLEAN_SECONDS", 3.0)
    monkeypatch.setattr(honest, "PATIENCE", 1.0)
    logging.getLogger("netlib").setLevel(logging.NOTSET)
    result = await Fuzz(Plan(seed=1, seconds=6.0), on_a_strangers_word(do)).run()
    for task in kept:
        task.cancel()
    kept.clear()
    assert any(said in problem for problem in result.problems), result.problems
    assert any(script.startswith("attack ") for script in result.suspects)


async def test_chosen_attacks_alone() -> None:
    """Attacks that are named by their numbers are made once each, however long that takes."""
    result = await Fuzz(Plan(seed=1, seconds=0.1, only=(3, 1, 4))).run()
    assert (result.attacks, result.problems) == (3, [])
