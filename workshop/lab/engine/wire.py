"""What has crossed the driven player's wire, as marks for the time line."""

from msgspec.structs import replace

from workshop.lab.marks import Mark

KEPT = 34.0  # seconds: those of the recording, and of what was under way when it began


class WireLog:
    """Inputs and snapshots in the order in which they were sent; both ends are in this program."""

    def __init__(self) -> None:
        self._marks: dict[tuple[int, str, int], Mark] = {}
        self._connection = 0

    def renew(self) -> None:
        """There is another connection, on which numbers begin again."""
        self._connection += 1

    def sent(self, mark: Mark) -> None:
        """A message is under way from now on."""
        self._marks[self._connection, mark.kind, mark.number] = mark
        while (old := next(iter(self._marks.items())))[1].sent < mark.sent - KEPT:
            del self._marks[old[0]]

    def arrived(self, kind: str, number: int, when: float, replayed: int = 0, error: float = 0.0) -> None:
        """It is there; what the client has made of it is as in `Mark`."""
        name = self._connection, kind, number
        if name in self._marks:
            self._marks[name] = replace(self._marks[name], arrived=when, replayed=replayed, error=error)

    def at(self, now: float, seconds: float) -> list[Mark]:
        """What was sent in the last seconds before ``now`` over the newest connection, oldest first."""
        recent = [(name[0], mark) for name, mark in self._marks.items() if now - seconds <= mark.sent <= now]
        return [mark for connection, mark in recent if connection == recent[-1][0]]
