"""Gem Rush, the client: when the connection is lost, it comes back. K cuts it, Esc ends the game.

Run it with ``python -m solutions.step12_reconnect.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import netlib
from solutions.step12_reconnect.session import Backoff, Enter, Entered
from workshop.game.entities import SCHEMA
from workshop.game.flags import client_options
from workshop.game.more_flags import with_seconds
from workshop.game.pane import Pane
from workshop.game.start import start
from workshop.game.window import opened


class Link:
    """The way to the server, over as many connections as it takes; ``connect`` begins one."""

    def __init__(self, connect: Callable[[], netlib.Client], backoff: Backoff, pane: Pane) -> None:
        self.connect, self.backoff, self.pane = connect, backoff, pane
        self.client: netlib.Client | None = None  # while there is a connection
        self.token, self.reason, self.next_try = "", "", 0.0

    def pauses(self) -> Iterator[float]:
        longest = self.backoff.first
        while True:
            yield longest * random.uniform(0.5, 1.0)
            longest = min(2 * longest, self.backoff.longest)

    async def keep(self) -> None:
        never, pauses = asyncio.Event(), self.pauses()
        while True:
            came = await self.one_connection()
            if came:
                pauses = self.pauses()
            pause = next(pauses)
            self.next_try = netlib.clock() + pause
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(never.wait(), pause)

    async def one_connection(self) -> bool:
        client = self.connect()
        try:
            await client.open()
            ended = asyncio.Event()
            client.on(netlib.Disconnected, lambda event: ended.set())
            answer = await client.request(Enter(token=self.token), timeout=3)
            self.token, client.player_id = answer.token, answer.player_id
            self.client = client
            self.pane.welcome(resumed=answer.resumed)
            while not ended.is_set():
                client.poll()
                await asyncio.sleep(0.05)
            self.reason = "The connection was cut."
            return True
        except (netlib.NetlibError, TimeoutError) as error:
            self.reason = f"{error}"
            return False
        finally:
            self.client = None
            await client.close()

    @property
    def notice(self) -> tuple[str, str] | None:
        """What the player should know, as a title and words; None while all is well."""
        wait = max(0.0, self.next_try - netlib.clock())
        title = f"Connection lost, trying again in {wait:.1f} s"
        return None if self.client else (title, f"{self.reason} Esc ends the game.")


async def run(
    url: str,
    first_pause: float,
    longest_pause: float,
    seconds: float | None,
    screenshot: Path | None,
    **more: Any,
) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    more |= {"messages": [Entered], "schema": SCHEMA, "reconnect_time": 0}  # netlib's own coming back is off
    with opened("Gem Rush", seen=seconds is None, screenshot=screenshot) as window:
        pane = await asyncio.to_thread(Pane, window)  # painting takes a moment
        connect = partial(netlib.connect, url, network=pane.cable, **more)
        link = Link(connect, Backoff(first_pause, longest_pause), pane)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(link.keep())
            await pane.play(link, seconds)
            keeping.cancel()
    return 0


if __name__ == "__main__":
    start(run(**with_seconds(client_options, first_pause=0.5, longest_pause=8.0)))
