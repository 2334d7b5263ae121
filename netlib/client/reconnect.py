"""Being in a room, over as many connections as it takes."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

import msgspec
from websockets.frames import CloseCode

from netlib.client.dial import ClientConnection, Line, Witness
from netlib.errors import ConnectError, ConnectionLost, Refused, RoomFull
from netlib.events import Interrupted
from netlib.play.metrics import LinkMetrics
from netlib.protocol.codecs import Codec
from netlib.session.sessions import Membership, is_final
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import Owner
from netlib.transport.loops import clock
from netlib.transport.mailbox import Happened

FIRST_PAUSE = 0.25  # seconds; the longest that the second try waits
LONGEST_PAUSE = 4.0  # seconds


class Backoff:
    """The pauses before one try after another.

    Args:
        seed: makes them repeatable.

    Attributes:
        tries: how many pauses were given.
    """

    def __init__(self, *, seed: int | None = None) -> None:
        self.tries = 0
        self._random = random.Random(seed)

    def next(self) -> float:
        """Seconds to wait before the next try; 0 before the first."""
        self.tries += 1
        if self.tries == 1:
            return 0.0
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self.tries - 2, 16))
        return self._random.uniform(longest / 2, longest)


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
    seed: int | None,
) -> None:
    """Try to connect until it works: at once, then after growing pauses (see `Backoff`).

    Args:
        connect: tries once.
        show: is told how it goes; None when it is over.
        reason: why the connection was lost.
        patience: seconds after which it is given up.
        seed: makes the pauses repeatable.

    Raises:
        Refused, ConnectionLost: the server said no, and will not change its mind.
        TimeoutError: it was given up.
    """
    since, backoff = clock(), Backoff(seed=seed)
    try:
        while clock() - since < patience:
            pause = backoff.next()
            show(Reconnecting(since, backoff.tries, clock() + pause, reason))
            await asyncio.sleep(pause)
            try:
                return await connect()
            except (ConnectError, ConnectionLost) as error:
                if _is_hopeless(error):
                    raise
                reason = str(error)
        raise TimeoutError
    finally:
        show(None)


def _is_hopeless(error: ConnectError | ConnectionLost) -> bool:
    if isinstance(error, ConnectionLost):
        return is_final(error.code)
    return isinstance(error, Refused) and not isinstance(error, RoomFull)


RETRIES = 3  # of a connection that is lost before the welcome

log = logging.getLogger("netlib")


class Occupant(Protocol):
    """A client, as its connection knows it."""

    metrics: LinkMetrics

    @property
    def spawn(self) -> Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]: ...
    @property
    def tell(self) -> Callable[[Happened], object]: ...
    def ended(self, code: int, reason: str) -> None: ...
    async def keep_going(self, line: Line, connection: ClientConnection) -> None: ...


class Presence:
    """A client's connection, and its coming back when that is lost.

    Args:
        url: the server's address.
        occupant: is told what happens.
        received: is given each message.
        membership: its session, which says the hello.
        dial: opens a WebSocket, as `netlib.client.dial.dial` does.
        codec: how messages are encoded.
        link: simulated conditions at our end.
        timeout: seconds to wait for a welcome.
        reconnect_time: seconds for which we try to come back.
        seed: makes all chances repeatable.
        witness: is told of each message as well.

    Attributes:
        reconnecting: how coming back goes; None while nothing is wrong.
        over: True when it has ended for good.
    """

    def __init__(
        self,
        url: str,
        occupant: Occupant,
        received: Callable[[Line, bytes], object],
        membership: Membership,
        dial: Callable[..., Awaitable[ClientConnection]],
        *,
        codec: Codec,
        link: LinkConditions,
        timeout: float,
        reconnect_time: float,
        seed: int | None,
        witness: Witness,
    ) -> None:
        self.reconnecting: Reconnecting | None = None
        self.over = False
        self._url, self._occupant, self._received = url, occupant, received
        self._membership = membership
        self._dial = dial
        self._codec = codec
        self._link = link
        self._timeout = timeout
        self._reconnect_time = reconnect_time
        self._seed = seed
        self._witness = witness
        self._line: Line | None = None
        self._closing = False
        self._coming_back: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """True while messages can be sent."""
        return self._line is not None and self._line.is_open

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at our end; setting them takes effect at once."""
        return self._link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._link = conditions
        if self._line is not None and self._line.connection is not None:
            self._line.connection.link = conditions

    def send_encoded(self, data: bytes) -> None:
        """Send what is already encoded, if we are connected."""
        if self._line is not None and self._line.is_open:
            self._line.send_encoded(data)

    async def open(self) -> None:
        """Connect for the first time.

        A connection that is lost before the welcome is tried again: the same hello is the same player.

        Raises:
            ConnectError, ConnectionLost: see `netlib.errors`.
        """
        self._closing = self.over = False
        backoff = Backoff(seed=self._seed)
        while True:
            try:
                return await self._connect()
            except ConnectionLost as error:
                if backoff.tries >= RETRIES or self._reconnect_time <= 0 or is_final(error.code):
                    raise
            await asyncio.sleep(backoff.next())

    async def close(self) -> None:
        """Leave the room, if we are in it."""
        self._closing = True
        if self._line is not None:
            await self._line.close()

    def give_up(self, code: int, reason: str) -> None:
        """End it for good."""
        line, self._line = self._line, None
        if line is not None and line.connection is not None:
            line.connection.close(code, reason)
        if self._coming_back is not None:
            self._coming_back.cancel()
        self.end(code, reason)

    def end(self, code: int, reason: str) -> None:
        """It has ended for good; only the first time counts."""
        self.reconnecting = None
        if not self.over:
            self.over = True
            self._occupant.ended(code, reason)

    # What the line tells.

    def line_received(self, line: Line, data: bytes) -> None:
        """A message arrived."""
        if line is self._line:
            self._received(line, data)

    def line_lost(self, line: Line, code: int, reason: str) -> None:
        """The connection has ended."""
        if line is not self._line:
            return
        log.info("the connection to %s has ended: %d %s", self._url, code, reason)
        self._line = None
        if self._closing or self._reconnect_time <= 0 or is_final(code):
            self.end(code, reason)
        else:
            self._coming_back = self._occupant.spawn(self._come_back(code, reason))
            self._occupant.tell(Interrupted(code, reason))

    async def _connect(self) -> None:
        line = self._line = Line(self, self._codec, self._witness)
        try:
            connection = await line.open(
                self._dialled,
                self._membership.hello(),
                self._occupant.metrics,
                url=self._url,
                timeout=self._timeout + self._link.latency + self._link.jitter,
            )
        except BaseException:
            if self._line is line:
                self._line = None
            raise
        self._occupant.spawn(self._occupant.keep_going(line, connection))

    async def _dialled(self, owner: Owner) -> ClientConnection:
        return await self._dial(self._url, owner, link=self._link, seed=self._seed, timeout=self._timeout)

    async def _come_back(self, code: int, reason: str) -> None:
        why = reason or f"code {code}"
        try:
            await come_back(self._connect, self._show, why, self._reconnect_time, self._seed)
        except ConnectError as error:
            self.end(CloseCode.POLICY_VIOLATION, str(error))
        except ConnectionLost as error:
            self.end(error.code, error.reason)
        except TimeoutError:
            self.end(code, reason)

    def _show(self, reconnecting: Reconnecting | None) -> None:
        self.reconnecting = reconnecting
