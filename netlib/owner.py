"""Who is told what happens on a connection."""

from typing import Protocol


class Owner(Protocol):
    """Who is told what happens on a connection."""

    def connection_opened(self) -> None:
        """The WebSocket handshake is done."""

    def message_received(self, data: bytes, binary: bool) -> None:
        """One whole message arrived."""

    def connection_closed(self, code: int, reason: str) -> None:
        """The connection is gone; called once, and only when it was open."""
