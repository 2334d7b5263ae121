"""Sessions: a player's stay in the game, which outlives its connections. And when to try again.

Nothing here knows of windows, connections or clocks: times are arguments, in seconds.
"""

from __future__ import annotations

import itertools
import random
import secrets
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
    """Everybody's stay. Without a connection it lasts for ``grace_time`` seconds more."""

    def __init__(self, grace_time: float) -> None:
        self.grace_time = grace_time
        self._ids = itertools.count(1)
        self._sessions: list[Session] = []

    def over(self, peer_id: int) -> Session | None:
        """The session that goes over a connection; None when there is none."""
        return next((session for session in self._sessions if session.peer_id == peer_id), None)

    def enter(self, token: str, peer_id: int) -> tuple[Session, bool]:
        """Somebody comes over a new connection. Returns their session, and whether it has been resumed."""
        # TODO 12.1: does a session have this token? Then it goes on: peer_id is its connection now, and it is
        # not dropped any more (inf). Return it, and True. The rest is for a newcomer.
        # TODO 12.2: somebody may guess this token, and play as you. Let `secrets` make one.
        token = f"player {peer_id}"

        self._sessions.append(Session(next(self._ids), token, peer_id))
        return self._sessions[-1], False

    def drop(self, peer_id: int, now: float) -> Session | None:
        """A connection has ended. Returns the session that went over it, if there is one."""
        session = self.over(peer_id)
        if session:
            # TODO 12.3: note in dropped_at since when it has no connection.
            pass
        return session

    def take_overdue(self, now: float) -> list[Session]:
        """Take out the sessions whose grace time is over, and return them."""
        # TODO 12.4: find the sessions that have had no connection for the grace time, or longer.
        overdue: list[Session] = []
        self._sessions = [session for session in self._sessions if session not in overdue]
        return overdue


class Backoff:
    """How long a client waits before it tries to connect again, in seconds.

    The first pause is at most ``first``, each further one at most twice as long as the one before, and none
    longer than ``longest``. Half of it is certain, the rest is left to chance. ``tries`` have failed.
    """

    def __init__(self, first: float, longest: float) -> None:
        self.first, self.longest, self.tries = first, longest, 0

    def next(self) -> float:
        """A try has failed. Returns the seconds to wait before the next one."""
        self.tries += 1
        # TODO 12.5: twice as long with each try, but never longer than `longest`. Return half of it and a
        # random part of the other half: else all the clients of a server come back in the same moment.
        return self.first
