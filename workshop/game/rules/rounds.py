"""Rounds: waiting, countdown, playing, over, and again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from msgspec.structs import replace

from workshop.game.rules.entities import Phase, Player, Round
from workshop.game.rules.units import TICK_RATE

COUNTDOWN_SECONDS = 3.0
ROUND_SECONDS = 120.0
OVER_SECONDS = 8.0  # how long the winner is shown


class Lengths(msgspec.Struct, frozen=True):
    """How long each phase takes, in ticks."""

    countdown: int
    playing: int
    over: int

    @classmethod
    def of(cls, tick_rate: float = TICK_RATE, round_seconds: float = ROUND_SECONDS) -> Lengths:
        """The usual lengths at ``tick_rate`` ticks per second, with rounds of ``round_seconds``."""
        seconds = (COUNTDOWN_SECONDS, round_seconds, OVER_SECONDS)
        return cls(*(max(1, round(length * tick_rate)) for length in seconds))


def next_round(now: Round, tick: int, players: Mapping[int, Player], lengths: Lengths) -> Round:
    """The round at ``tick``; the same object while nothing changes."""
    if not players:
        return now if now.phase == "waiting" else Round(now.seed, now.number)
    if now.phase == "waiting":
        return _enter("countdown", replace(now, number=now.number + 1), tick + lengths.countdown)
    if tick < now.ends_at:
        return now
    if now.phase == "countdown":
        return _enter("playing", now, tick + lengths.playing)
    if now.phase == "playing":
        return _enter("over", replace(now, winner=winners(players.values())), tick + lengths.over)
    return _enter("countdown", replace(now, number=now.number + 1, winner=""), tick + lengths.countdown)


def _enter(phase: Phase, round: Round, ends_at: int) -> Round:
    return replace(round, phase=phase, ends_at=ends_at)


def winners(players: Collection[Player]) -> str:
    """The names of the players with most points: several for a draw, and none if nobody scored."""
    best = max((player.score for player in players), default=0)
    names = sorted(player.name for player in players if player.score == best)
    if best == 0:
        return ""
    return " and ".join(names) if len(names) <= 2 else f"{names[0]}, {names[1]} and {len(names) - 2} more"
