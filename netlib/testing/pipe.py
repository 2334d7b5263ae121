"""One connection in memory, whole: its two ends, and what can happen to it on the way."""

from typing import Literal, TypeAlias

from netlib.testing.memory import End

Side: TypeAlias = Literal["client", "server"]
SIDES: tuple[Side, Side] = ("client", "server")


class Pipe:
    """One connection. The methods are those of `Cable`, for this connection alone.

    Args:
        client, server: its ends.
    """

    def __init__(self, client: End, server: End) -> None:
        client.other, server.other = server, client
        self._ends: dict[Side, End] = {"client": client, "server": server}

    @property
    def is_open(self) -> bool:
        """True until both ends have been told that it is over."""
        return not all(end.lost for end in self._ends.values())

    def open(self) -> None:
        """Tell both ends that they are connected."""
        for side in SIDES:
            self._ends[side].open()

    def hang_up(self) -> None:
        """The client does not want it any more."""
        self._ends["client"].abort()

    def carried(self, to: Side) -> int:
        return self._ends[to].incoming.carried

    def cut(self) -> None:
        self._ends["client"].cut()

    def cut_after(self, count: int, to: Side) -> None:
        way = self._ends[to].incoming
        way.breaks_at = way.carried + count

    def pull(self) -> None:
        for side in SIDES:
            self._ends[side].incoming.blocked.add("pulled")

    def plug(self) -> None:
        for side in SIDES:
            self._unblock(side, "pulled")

    def stall(self, side: Side) -> None:
        self._ends[side].incoming.blocked.add("stalled")

    def go_on(self, side: Side) -> None:
        self._unblock(side, "stalled")

    def _unblock(self, side: Side, why: str) -> None:
        self._ends[side].incoming.blocked.discard(why)
        self._ends[side].wake()
