"""An honest player: it walks, chats and watches, and notices when anything fails to come."""

import asyncio
import itertools
from typing import Any

import netlib
from netlib.transport.loops import clock
from workshop.game.play.ticks import ticks
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES, Chat, Move

PATIENCE = 5.0  # seconds without a new tick, or until one's own line of chat is back, that are too many
CHAT_EVERY = 1.3  # seconds between two lines; the room lets one a second pass
DIRECTIONS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))


class Honest:
    """One honest player.

    Attributes:
        lines: how many lines of its chat came back.
        ticks: how many states it saw.
        problems: what disturbed it, in words.
    """

    def __init__(self, url: str, name: str, codec: Any) -> None:
        self.client = netlib.Client(
            url, name=name, codec=codec, messages=MESSAGES, schema=SCHEMA, reconnect_time=0
        )
        self.lines = self.ticks = 0
        self.problems: list[str] = []
        self._name = name
        self._waiting: dict[str, float] = {}
        self._heard, self._seen = clock(), False
        self.client.on(netlib.StateChanged, self._changed)
        self.client.on(Chat, self._chat)
        self.client.on(netlib.ServerError, self._refused)

    async def play(self) -> None:
        """Play until cancelled."""
        directions = itertools.cycle(DIRECTIONS)
        said = clock()
        async for _ in ticks(self.client.tick_rate):
            if not self.client.connected:
                return
            self.client.send_input(Move(move=next(directions)))
            if clock() - said > CHAT_EVERY:
                said = clock()
                self._say(said)

    def look(self) -> None:
        """Note what fails to come."""
        now = clock()
        if not self.client.connected:
            self._note("lost its connection")
        elif now - self._heard > PATIENCE:
            self._note(f"saw no new state for {now - self._heard:.1f} s")
        if self._waiting and now - min(self._waiting.values()) > PATIENCE:
            self._note("did not hear its own line of chat")
            self._waiting.clear()

    def _say(self, now: float) -> None:
        text = f"{self._name} {now}"
        self._waiting[text] = now
        self.client.send(Chat(text))

    def _changed(self, _: netlib.StateChanged) -> None:
        self._heard = clock()
        self.ticks += 1
        here = self.client.player_id in self.client.state.get("players", {})
        if self._seen and not here:
            self._note("has vanished from the state")
        self._seen = here

    def _chat(self, line: Chat) -> None:
        if self._waiting.pop(line.text, None) is not None:
            self.lines += 1

    def _refused(self, error: netlib.ServerError) -> None:
        self._note(f"was refused something: {error.code}, {error.message}")

    def _note(self, problem: str) -> None:
        if (words := f"{self._name} {problem}") not in self.problems:
            self.problems.append(words)


async def settled(players: list[Honest], timeout: float = PATIENCE) -> bool:
    """Whether all see the same state within so many seconds; the room is to be paused before."""
    deadline = clock() + timeout
    while clock() < deadline:
        first, *others = [player.client for player in players]
        if all((one.tick, one.state) == (first.tick, first.state) for one in others):
            return True
        await asyncio.sleep(0.02)
    return False
