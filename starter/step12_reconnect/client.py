"""Gem Rush, the client: when the connection is lost, it comes back. K cuts it, Esc ends the game.

Run it with ``python -m starter.step12_reconnect.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import netlib
from starter.step12_reconnect.session import Backoff, Enter, Entered
from workshop.game.drawing.window import opened
from workshop.game.play.bare_window import BareWindow
from workshop.game.play.flags import client_options
from workshop.game.play.start import start
from workshop.game.play.step_flags import with_seconds
from workshop.game.rules.entities import SCHEMA


class Link:
    """The way to the server, over as many connections as it takes; ``connect`` begins one."""

    def __init__(self, connect: Callable[[], netlib.Client], backoff: Backoff, pane: BareWindow) -> None:
        self.connect, self.backoff, self.pane = connect, backoff, pane
        self.client: netlib.Client | None = None  # while there is a connection
        self.token, self.reason, self.next_try = "", "", 0.0

    async def keep(self) -> None:
        """Connect, again and again, until this is cancelled."""
        while True:
            try:
                await self.stay()
            except (netlib.NetlibError, TimeoutError) as error:
                self.reason = str(error)
            self.client = None
            # TODO 12.6: wait before the next try, as long as the backoff says. Let next_try be the end of
            # that pause (a time of netlib.clock): the window shows it, and goes on meanwhile.
            await asyncio.sleep(0)

    async def stay(self) -> None:
        """One connection, from its beginning to its end."""
        async with self.connect() as client:
            answer = await self.enter(client)
            self.pane.welcome(resumed=answer.resumed)
            client.player_id, self.client = answer.player_id, client
            async for _ in client:
                pass  # it goes on until the connection has ended
        self.reason = "The connection was cut."

    async def enter(self, client: netlib.Client) -> Entered:
        """Say who we are. Returns the server's answer: which player is ours."""
        # TODO 12.7: send self.token, and keep the one that comes in it. And the next time that the connection
        # is lost, the backoff begins with its first pause again: no try has failed yet.
        answer: Entered = await client.request(Enter())
        return answer

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
        pane = await asyncio.to_thread(BareWindow, window)  # painting takes a moment
        connect = partial(netlib.connect, url, network=pane.cable, **more)
        link = Link(connect, Backoff(first_pause, longest_pause), pane)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(link.keep())
            await pane.play(link, seconds)
            keeping.cancel()
    return 0


if __name__ == "__main__":
    start(run(**with_seconds(client_options, first_pause=0.5, longest_pause=8.0)))
