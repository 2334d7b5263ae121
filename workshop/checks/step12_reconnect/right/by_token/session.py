"""Sessions: a player's stay in the game, which outlives its connections. And when to try again.

Nothing here knows of windows, connections or clocks: times are arguments, in seconds.
"""

from __future__ import annotations

import random
import uuid
from math import inf

import msgspec

import netlib


class Enter(netlib.Message, frozen=True):
    """→ Let me in. ``token`` is what the server gave me last time; empty for a newcomer."""

    token: str = ""


class Entered(netlib.Message, frozen=True):
    """← Your player, and your token. ``resumed``: it is the player that you were before."""

    player_id: int
    token: str
    resumed: bool


class Session(msgspec.Struct):
    """One player's stay, at the server."""

    player_id: int
    token: str  # a secret between the server and this player's client
    peer_id: int  # the connection that it goes over now, or went over last
    dropped_at: float = inf  # since when it has no connection; inf while it has one


class Sessions:
    """Everybody's stay, by token."""

    def __init__(self, grace_time: float) -> None:
        self.grace_time = grace_time
        self.by_token: dict[str, Session] = {}
        self.token_of: dict[int, str] = {}
        self.count = 0

    def over(self, peer_id: int) -> Session | None:
        return self.by_token.get(self.token_of.get(peer_id, ""))

    def enter(self, token: str, peer_id: int) -> tuple[Session, bool]:
        resumed = token in self.by_token
        if not resumed:
            self.count += 1
            token = uuid.uuid4().hex
            self.by_token[token] = Session(self.count, token, peer_id)
        session = self.by_token[token]
        self.token_of.pop(session.peer_id, None)
        self.token_of[peer_id] = token
        session.peer_id = peer_id
        session.dropped_at = inf
        return session, resumed

    def drop(self, peer_id: int, now: float) -> Session | None:
        try:
            session = self.by_token[self.token_of.pop(peer_id)]
        except KeyError:
            return None
        session.dropped_at = now
        return session

    def take_overdue(self, now: float) -> list[Session]:
        tokens = [t for t, session in self.by_token.items() if session.dropped_at + self.grace_time <= now]
        return [self.by_token.pop(token) for token in tokens]


class Backoff:
    """How long a client waits before it tries to connect again, in seconds.

    The first pause is at most ``first``, each further one at most twice as long as the one before, and none
    longer than ``longest``. Half of it is certain, the rest is left to chance. ``tries`` have failed.
    """

    def __init__(self, first: float, longest: float) -> None:
        self.first, self.longest, self.tries = first, longest, 0

    def next(self) -> float:
        pause = self.first
        for _ in range(self.tries):
            pause = min(pause * 2, self.longest)
        self.tries += 1
        return pause * (1 + random.random()) / 2
