"""Anything at all, made up by hypothesis: the server survives, and nobody else feels it."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.support.target import HANDSHAKE, UPGRADE, Target, a_target, cut_off, tcp
from tests.support.wire import joined, opened

pytestmark = pytest.mark.usefixtures("no_errors_logged")


@dataclass
class Arena:
    """A room with a witness that lives through many examples, each of which runs its loop for a while."""

    runner: asyncio.Runner
    target: Target


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    """Give a room for many examples."""
    with asyncio.Runner() as runner:
        stack = contextlib.AsyncExitStack()
        target = runner.run(stack.enter_async_context(a_target(messages_per_second=1e6, message_burst=1e6)))
        yield Arena(runner, target)
        runner.run(stack.aclose())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = (
    st.sampled_from(["hello", "ack", "ping", "input", "chat", "welcome", "snapshot", "joined"]) | st.text()
)
KEYS = st.sampled_from(["protocol", "name", "tick", "received", "time", "rtt", "seq", "move", "text", "from"])
OBJECTS = st.builds(lambda kind, rest: {**rest, "type": kind}, TYPES, st.dictionaries(KEYS, JSON_VALUES))
TEXTS = st.one_of(
    JSON_VALUES.map(json.dumps),
    OBJECTS.map(json.dumps),
    st.text(max_size=200).filter(lambda text: text.isprintable()),
)


@given(st.lists(st.one_of(TEXTS, st.binary(max_size=200)), max_size=8), st.booleans())
@settings(max_examples=25)
def test_any_messages(arena: Arena, data: list[str | bytes], hello: bool) -> None:
    """Whatever messages a client sends, before its hello or after it, the server and its witness go on."""

    async def attack() -> None:
        arena.target.failures.clear()
        async with (joined if hello else opened)(arena.target.url) as mallory:
            with contextlib.suppress(ConnectionError):
                for part in data:
                    await mallory.say(part)
        await survived(arena.target)

    arena.runner.run(attack())


async def test_broken_frame_right_behind_the_upgrade(target: Target) -> None:
    """A broken frame in the same segment as the WebSocket handshake ends that connection, quietly."""
    async with tcp(target) as (reader, writer):
        writer.write(HANDSHAKE.encode() + b"\0\0")
        await cut_off(reader)
    await target.unharmed()


@given(st.binary(max_size=400), st.sampled_from(["", "GET /", UPGRADE, HANDSHAKE]))
@settings(max_examples=25)
def test_any_bytes(arena: Arena, data: bytes, before: str) -> None:
    """Whatever bytes come over TCP, before, in or after a handshake, the server and its witness go on."""

    async def attack() -> None:
        arena.target.failures.clear()
        async with tcp(arena.target) as (reader, writer):
            writer.write(before.encode())
            if before == HANDSHAKE:
                await reader.readuntil(b"\r\n\r\n")
            writer.write(data)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        await survived(arena.target)

    arena.runner.run(attack())


async def survived(target: Target) -> None:
    """Check that the witness is answered and gets snapshots, and that nothing failed on the way."""
    await target.witness.answered()
    await target.witness.snapshot(full=False)
    target.witness.frames.clear()
    assert not target.failures
