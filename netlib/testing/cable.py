"""What connects one player to a network in memory, and everything that can happen to it."""

import asyncio
import ssl as tls
from collections.abc import Callable

from netlib.testing.machine import HOST, Machine, refused
from netlib.testing.memory import End
from netlib.testing.pipe import Pipe, Side
from netlib.transport.tcp import ConnectionT, Listening, Make, Network


class Cable(Network):
    """One player's cable: a `netlib.transport.tcp.Network` of its own, for ``Client(network=…)``.

    A test does with it what happens to cables. It outlives its connections: what is pulled out
    stays so for a client that tries to come back.

    Args:
        machine: where it leads.
        host: the IP address from which its player connects.
    """

    def __init__(self, machine: Machine, host: str = HOST) -> None:
        self._machine, self._host = machine, host
        self._lines: list[Pipe] = []
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._refusing = False
        self._cuts: dict[Side, int] = {}

    # What a test can do to it.

    @property
    def lines(self) -> list[Pipe]:
        """Its open connections, the oldest first: several, when an end does not know that it is over."""
        self._lines = [line for line in self._lines if line.is_open]
        return list(self._lines)

    def carried(self, *, to: Side) -> int:
        """How many bytes have arrived at one end of its newest connection; 0 without one."""
        return self.lines[-1].carried(to) if self.lines else 0

    def cut(self) -> None:
        """End its connections without a word: both sides are told at once, as by a reset."""
        for line in self.lines:
            line.cut()

    def cut_after(self, count: int, *, to: Side) -> None:
        """Cut the connection as soon as so many more bytes have arrived at one end of it.

        Without an open connection this is meant for the next one.
        """
        if self.lines:
            self.lines[-1].cut_after(count, to)
        else:
            self._cuts[to] = count

    def pull(self) -> None:
        """Pull it out: nothing arrives, nobody is told, connecting takes for ever; until `plug`."""
        self._plugged.clear()
        for line in self.lines:
            line.pull()

    def plug(self) -> None:
        """Plug it in again. What was written meanwhile arrives, as TCP would send it again."""
        self._plugged.set()
        for line in self.lines:
            line.plug()

    def stall(self, side: Side) -> None:
        """Let one side stop reading, as a program that hangs; what it sends still arrives. See `go_on`."""
        for line in self.lines:
            line.stall(side)

    def go_on(self, side: Side) -> None:
        """Let a side that has stalled read again."""
        for line in self.lines:
            line.go_on(side)

    def refuse(self) -> None:
        """Refuse new connections, as a closed port does, until `accept`; open ones stay."""
        self._refusing = True

    def accept(self) -> None:
        """Let new connections through again."""
        self._refusing = False

    # What netlib asks of a network.

    async def listen(
        self, make: Make, *, host: str | None, port: int, next_port: bool, ssl: tls.SSLContext | None
    ) -> Listening:
        """See `netlib.transport.tcp.Network`."""
        return self._machine.listen(make, port=port, next_port=next_port, ssl=ssl)

    async def connect(
        self, make: Callable[[], ConnectionT], host: str, port: int, *, ssl: tls.SSLContext | None
    ) -> ConnectionT:
        """See `netlib.transport.tcp.Network`."""
        await self._plugged.wait()
        if self._refusing:
            raise refused()
        make_other = self._machine.answer(port, secure=ssl is not None)
        connection = make()
        here, there = (self._host, self._machine.free_port()), (HOST, port)
        client = End(connection, local=here, remote=there)
        line = self._lay(client, End(make_other(), local=there, remote=here))
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            line.hang_up()
            raise
        return connection

    def _lay(self, client: End, server: End) -> Pipe:
        line = Pipe(client, server)
        for side, count in self._cuts.items():
            line.cut_after(count, side)
        self._cuts.clear()
        self._lines = [*self.lines, line]
        line.open()
        return line
