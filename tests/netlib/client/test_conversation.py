"""What a client makes of a world that it cannot use."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

import netlib
from netlib.client import conversation
from netlib.testing import until
from tests.support.rooms import LOOPBACK

WELCOME = (
    '{"type":"welcome","player_id":7,"resume":"kJ2mDq0cZ5yWb1nT8sVx3A","resumed":false,"room":"Evil",'
    '"tick":10,"tick_rate":30,"server_time":1.0}'
)
GOOD = '{"type":"snapshot","tick":11,"full":true,"state":{"things":{"1":{"x":3}}}}'
WRONG = '{"type":"snapshot","tick":11,"full":true,"state":{"things":{"1":{"x":"three"}}}}'
NOT_JSON = '{"type":"snapshot","tick":11,"full":true,"state":{"things":{"1":{"x":NaN}}}}'


class Thing(netlib.Entity, frozen=True):
    x: int


@contextlib.asynccontextmanager
async def a_hostile_room(*said: str) -> AsyncIterator[int]:
    """Serve a room that says these frames to whoever comes, and nothing else; its port."""

    async def evil(socket: ServerConnection) -> None:
        await socket.recv()
        for frame in said:
            await socket.send(frame)
        await socket.wait_closed()

    protocol = Subprotocol("netlib.v1.json")
    async with serve(evil, LOOPBACK, 0, subprotocols=[protocol], compression=None) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def ended(*said: str) -> netlib.Disconnected | None:
    """Join a room that says these frames; return how that ended, or None when the last good one is there."""
    happened: list[Any] = []
    async with (
        a_hostile_room(WELCOME, *said) as port,
        netlib.connect(f"ws://{LOOPBACK}:{port}", schema={"things": Thing}) as client,
    ):
        client.on(netlib.Disconnected, happened.append)
        await until(lambda: happened or client.tick > 11, "an end, or a world")
    return happened[0] if happened and client.tick <= 11 else None


@pytest.mark.parametrize("said", [WRONG, NOT_JSON, "nonsense"])
async def test_a_first_world_that_cannot_be_used_ends_the_stay(
    said: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon, with a reason in words, and it is not tried again."""
    monkeypatch.setattr(conversation, "WORLD_TIME", 0.1)
    end = await ended(said)
    assert end is not None and end.code == 1007
    assert "does not fit this game" in end.reason or "this is not a JSON object" in end.reason
    assert not [it for it in caplog.records if it.exc_info]


async def test_later_ones_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once there is a world, one that does not fit is only logged; the next good one is taken."""
    monkeypatch.setattr(conversation, "WORLD_TIME", 0.0)
    assert await ended(GOOD, WRONG, "nonsense", GOOD.replace("11", "12")) is None


async def test_other_messages_may_be_strange() -> None:
    """A message of a game that this client does not know, or cannot read, is no reason to leave."""
    unknown, misfit = '{"type":"weather"}', '{"type":"pong","time":"noon"}'
    too_large = '{"type":"request","id":1,"body":{"type":"double","number":18446744073709551616}}'
    assert await ended(unknown, misfit, too_large, GOOD.replace("11", "12")) is None


@pytest.mark.parametrize("time", [-1e9, 1e9])
async def test_a_pong_of_another_time_is_no_measure(time: float, caplog: pytest.LogCaptureFixture) -> None:
    """It answers no ping of ours, and what a client says of its round trip can be sent for ever."""
    pong = f'{{"type":"pong","time":{time},"server_time":1.0}}'
    async with a_hostile_room(WELCOME, pong, GOOD) as port, netlib.connect(f"{LOOPBACK}:{port}") as client:
        await until(lambda: client.tick > 10, "the state")
        assert client.metrics.rtt is None or 0 <= client.metrics.rtt < 60
    assert not [it for it in caplog.records if it.exc_info]
