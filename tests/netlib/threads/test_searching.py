"""A search in a thread: rooms come and go, and nobody waits for it."""

import asyncio
import random
from typing import Any

import pytest

import netlib
from netlib import threads
from tests.support.processes import wait_until, wait_until_async
from tests.support.responders import Responder, info
from tests.support.rooms import LOOPBACK


class TestBrowser:
    @pytest.fixture
    def port(self) -> int:
        """A UDP port that is free, probably."""
        return random.randrange(20_000, 32_000)

    def test_rooms_come_and_go_without_asyncio(self, port: int) -> None:
        """The list follows what is there, and the changes can be polled, as events are."""
        room = info("room")
        searching = threads.BackgroundBrowser(ports=[port], interfaces=[LOOPBACK], interval=0.1)
        changes: list[Any] = []

        async def answer_until_found() -> None:
            async with Responder(lambda: room, ports=[port], host=LOOPBACK):
                await wait_until_async(lambda: searching.rooms, "the room")

        with searching:
            assert searching.rooms == []
            asyncio.run(answer_until_found())
            assert [found.name for found in searching.rooms] == ["room"]
            assert searching.problem is None
            wait_until(lambda: not searching.rooms, "the room's end")
            changes += searching.poll()
        assert [type(change) for change in changes] == [netlib.RoomFound, netlib.RoomLost]
        assert not searching.running

    def test_start_and_stop_never_wait(self, port: int) -> None:
        """A search may be stopped before it has begun, and begun again before it has ended."""
        searching = threads.BackgroundBrowser(ports=[port], interfaces=[LOOPBACK])
        searching.stop()
        for _ in range(20):
            searching.start()
            searching.start()
            searching.stop()
            searching.stop()
        assert searching.problem is None
