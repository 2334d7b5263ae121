"""Being in a room, over as many connections as it takes."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import msgspec
from websockets.frames import CloseCode

from netlib.client.conversation import Conversation
from netlib.client.dial import Dialler, Line, Witness
from netlib.errors import ConnectError, ConnectionLost, Refused, RoomFull
from netlib.events import Interrupted, log
from netlib.session.sessions import is_final
from netlib.transport.conditioner import LinkConditions
from netlib.transport.loops import clock

FIRST_PAUSE = 0.25  # seconds; the longest that the second try waits
LONGEST_PAUSE = 4.0  # seconds
STEADY = 5.0  # seconds that a connection lasts after which the pauses begin anew
RETRIES = 3  # of a connection that is lost before the welcome


def pauses(seed: int | None) -> Iterator[float]:
    """The pauses before one try after another, in seconds: none before the first; it never ends.

    The longest that each may be doubles, up to `LONGEST_PAUSE`; a part of it is left to chance, so that all
    who were cut off together do not come back together.

    Args:
        seed: makes them repeatable.
    """
    longest, chance = FIRST_PAUSE, random.Random(seed)
    yield 0.0
    while True:
        yield chance.uniform(longest / 2, longest)
        longest = min(LONGEST_PAUSE, 2 * longest)


class Reconnecting(msgspec.Struct, frozen=True):
    """How coming back goes; times are those of `netlib.clock`.

    Args:
        since: when the connection was lost.
        tries: how many times we have tried, or are about to.
        next_try: when the newest try begins.
        reason: why the connection was lost, or why the last try failed.
    """

    since: float
    tries: int
    next_try: float
    reason: str


async def come_back(
    connect: Callable[[], Awaitable[None]],
    show: Callable[[Reconnecting | None], None],
    reason: str,
    patience: float,
    waits: Iterator[float],
) -> None:
    """Try to connect until it works: at once, then after growing pauses (see `pauses`).

    Args:
        connect: tries once.
        show: is told how it goes; None when it is over.
        reason: why the connection was lost.
        patience: seconds after which it is given up.
        waits: the pauses; those of an earlier loss may go on.

    Raises:
        Refused, ConnectionLost: the server said no, and will not change its mind.
        TimeoutError: it was given up.
    """
    since = clock()
    try:
        for tries, pause in enumerate(waits, 1):
            if clock() - since >= patience:
                raise TimeoutError
            show(Reconnecting(since, tries, clock() + pause, reason))
            await asyncio.sleep(pause)
            try:
                return await connect()
            except (ConnectError, ConnectionLost) as error:
                if _is_hopeless(error):
                    raise
                reason = str(error)
    finally:
        show(None)


def _is_hopeless(error: ConnectError | ConnectionLost) -> bool:
    if isinstance(error, ConnectionLost):
        return is_final(error.code)
    return isinstance(error, Refused) and not isinstance(error, RoomFull)


@dataclass(eq=False)
class Presence:
    """A client's connection, and its coming back when that is lost.

    Args:
        conversation: what is said on it; is told what happens.
        received: is given each message.
        dialler: opens a WebSocket; its timeout is also that of the welcome.
        link: simulated conditions at our end.
        reconnect_time: seconds for which we try to come back.
        witness: is told of each message as well.

    Attributes:
        line: the connection that we have, or are opening.
        reconnecting: how coming back goes; None while nothing is wrong.
        over: True when it has ended for good.
    """

    conversation: Conversation
    received: Callable[[Line, bytes], object]
    dialler: Dialler
    link: LinkConditions
    reconnect_time: float
    witness: Witness
    line: Line | None = None
    reconnecting: Reconnecting | None = None
    over: bool = False
    _url: str = ""
    _closing: bool = False
    _joined_at: float = float("-inf")
    _coming_back: asyncio.Task[None] | None = None
    _waits: Iterator[float] | None = None

    def change_link(self, conditions: LinkConditions) -> None:
        """Change the simulated conditions at our end; it takes effect at once."""
        self.link = conditions
        if self.line is not None and self.line.connection is not None:
            self.line.connection.link = conditions

    async def open(self, url: str) -> None:
        """Connect for the first time.

        A connection that is lost before the welcome is tried again: the same hello is the same player.

        Raises:
            ConnectError, ConnectionLost: see `netlib.errors`.
        """
        self._url, self._closing, self.over = url, False, False
        for tries, pause in enumerate(pauses(self.dialler.seed)):
            try:
                await self._connect()
                return
            except ConnectionLost as error:
                if tries >= RETRIES or self._stays_away(error.code):
                    raise
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Leave the room, if we are in it."""
        self._closing, line = True, self.line
        if line is not None and line.connection is not None:
            line.close(CloseCode.NORMAL_CLOSURE, "goodbye")
            await line.connection.wait_closed()

    def give_up(self, code: int, reason: str) -> None:
        """End it for good."""
        line, self.line = self.line, None
        if line is not None and line.connection is not None:
            line.connection.close(CloseCode.NORMAL_CLOSURE, reason)  # we leave
        if self._coming_back is not None:
            self._coming_back.cancel()
        self.end(code, reason)

    def end(self, code: int, reason: str) -> None:
        """It has ended for good; only the first time counts."""
        self.reconnecting = None
        if not self.over:
            self.over = True
            self.conversation.ended(code, reason)

    def _stays_away(self, code: int) -> bool:
        """Whether we do not come back after a connection that ended with this code."""
        return self._closing or self.reconnect_time <= 0 or is_final(code)

    async def _connect(self) -> None:
        conversation = self.conversation
        eased = conversation.relief.tell
        line = self.line = Line(self.received, self._lost, conversation.codec, self.witness, eased)
        try:
            connection = await self.dialler.dial(self._url, line, self.link)
            connection.metrics = conversation.metrics
            patience = self.dialler.timeout + self.link.latency + self.link.jitter
            await line.enter(connection, conversation.membership.hello(), self._url, patience)
        except BaseException:
            if self.line is line:
                self.line = None
            raise
        self._joined_at = clock()
        conversation.dispatcher.spawn(conversation.keep_going(connection))

    def _lost(self, line: Line, code: int, reason: str) -> None:
        """The connection has ended."""
        if line is not self.line:
            return
        log.info("the connection to %s has ended: %d %s", self._url, code, reason)
        self.line = None
        if self._stays_away(code):
            self.end(code, reason)
        else:
            why = reason or f"code {code}"
            self._show(Reconnecting(clock(), 1, clock(), why))  # the task begins only after this turn
            self._coming_back = self.conversation.dispatcher.spawn(self._come_back(code, reason, why))
            self.conversation.tell(Interrupted(code, reason))

    async def _come_back(self, code: int, reason: str, why: str) -> None:
        if clock() - self._joined_at >= STEADY or self._waits is None:
            self._waits = pauses(self.dialler.seed)
        try:
            await come_back(self._connect, self._show, why, self.reconnect_time, self._waits)
        except ConnectError as error:
            self.end(CloseCode.POLICY_VIOLATION, str(error))
        except ConnectionLost as error:
            self.end(error.code, error.reason)
        except TimeoutError:
            self.end(code, reason)

    def _show(self, reconnecting: Reconnecting | None) -> None:
        self.reconnecting = reconnecting
