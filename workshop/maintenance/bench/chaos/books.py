"""What must hold whatever breaks: no number is lost or doubled, each bot has one player, scores are kept.

Each bot and the server number what they send to each other in `Token`, and the server numbers what it sends
to all in `News`. Pure: numbers and names go in, problems come out in words.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import msgspec

import netlib


class Token(netlib.Message, frozen=True):
    """↔ The ``number``\\ th message of its sender to this receiver, from 1, in this life of the server."""

    number: int


class News(netlib.Message, frozen=True):
    """← The ``number``\\ th message of the server to all, in this life. ``ballast`` brings it into parts."""

    number: int
    ballast: bytes = b""


class Hush(netlib.Message, frozen=True):
    """→ Begin nothing new, so that what is under way can arrive."""


class Ask(netlib.Message, frozen=True):
    """→ A request for the server's books. The answer is `Books`."""


class Account(msgspec.Struct):
    """What the server knows about one bot."""

    id: int  # the player's number
    name: str
    sent: int = 0  # how many tokens the server has sent to the bot
    received: int = 0  # the newest token that the server got from it


class Books(netlib.Message, frozen=True):
    """← What the server's books say."""

    accounts: list[Account]  # one for each bot
    players: list[str]  # names of the players in the world
    news: int  # how many the server has sent
    dropped: int  # how often a player lost its connection
    resumed: int  # how often a player came back
    scores: int  # how many of those had points to lose
    problems: list[str]  # what went wrong, in words


class Sequence:
    """Numbers that must come one after another.

    Args:
        what: whose numbers these are, for the text of a problem.
        first: the number that must come first; None if any may.

    Attributes:
        last: the newest that came; 0 before the first.
    """

    def __init__(self, what: str, first: int | None = 1) -> None:
        self.last = 0
        self._what = what
        self._next = first

    def take(self, number: int) -> str:
        """Take the next number. Returns what is wrong with it; empty if nothing is."""
        expected, self._next, self.last = self._next, number + 1, number
        if expected is None or number == expected:
            return ""
        if number < expected:
            return f"{self._what}: {number} came again after {expected - 1}"
        return f"{self._what}: {number} came after {expected - 1}; {number - expected} lost"


def twins(names: Iterable[str]) -> list[str]:
    """The names that several bots have: the server calls a second "bot7" "bot7 2"."""
    count = Counter(name.partition(" ")[0] for name in names)
    return [name for name, number in count.items() if number > 1]


def score_problem(name: str, before: int, after: int, *, inputs: int) -> str:
    """What is wrong with a player's score after an absence; empty if nothing is.

    Args:
        before: the score when the player lost its connection.
        inputs: how many of its inputs were waiting then; each may still have earned something.
    """
    if after < before or (after > before and not inputs):
        return f"{name} was dropped with {before} points and is back with {after}"
    return ""


class Tally(msgspec.Struct, frozen=True):
    """What a bot's books say."""

    name: str
    sent: int  # how many tokens it has sent in this session
    received: int  # the newest token that it got
    news: int  # the newest news that it got
    players: frozenset[str]  # names of the players that it sees


def differences(books: Books, bots: Mapping[int, Tally]) -> list[str]:
    """How the server's books differ from those of the bots (by player id) once nothing is under way."""
    found = _strangers(books.players, [bot.name for bot in bots.values()])
    accounts = {account.id: account for account in books.accounts}
    for id, bot in bots.items():
        account = accounts.get(id, Account(id, bot.name))
        found += _differ(f"{bot.name} has sent", bot.sent, "the server got", account.received)
        found += _differ(f"{bot.name} got", bot.received, "the server has sent", account.sent)
        found += _differ(f"{bot.name} got news up to", bot.news, "the server has sent", books.news)
        found += [f"{bot.name} sees {problem}" for problem in _strangers(bot.players, books.players)]
    return found


def _differ(here: str, ours: int, there: str, theirs: int) -> list[str]:
    return [] if ours == theirs else [f"{here} {ours}, {there} {theirs}"]


def _strangers(seen: Collection[str], expected: Collection[str]) -> list[str]:
    unknown, missing = sorted(set(seen) - set(expected)), sorted(set(expected) - set(seen))
    found = [f"players who should not be: {', '.join(unknown)}"] if unknown else []
    return found + ([f"no player: {', '.join(missing)}"] if missing else [])
