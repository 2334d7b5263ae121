"""Telling players something by message: what a room and those for programs without asyncio share."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Any, overload

from netlib.arguments import check
from netlib.protocol.messages import AnyMessage
from netlib.server.peer import Delivered, Peer


class Tells(ABC):
    """What can send to one player, and to all."""

    @overload
    def send(self, peer: Peer, message: AnyMessage, /, *, delivered: Delivered | None = None) -> None: ...
    @overload
    def send(self, peer: Peer, message: str, /, **fields: Any) -> None: ...
    def send(self, peer: Peer, message: AnyMessage | str, /, **keywords: Any) -> None:
        """Send to one client; a message, or the name of a declared one with its fields. See `Peer.send`."""
        check("the peer", peer, Peer)
        self._send(peer, message, keywords)

    @overload
    def broadcast(
        self, message: AnyMessage, /, *, exclude: Collection[Peer] = (), delivered: Delivered | None = None
    ) -> None: ...
    @overload
    def broadcast(self, message: str, /, **fields: Any) -> None: ...
    def broadcast(self, message: AnyMessage | str, /, **keywords: Any) -> None:
        """Send to everyone in the room, except those in ``exclude``; encoded once for each codec.

        With a name every keyword is a field; options go with what `message` makes of it:
        ``server.broadcast(server.message("shout", words="hi"), exclude=[peer])``.

        It never waits. What waits for each player is limited as for `Peer.send`, and what waits for all
        by `Limits.max_total_backlog`: beyond it the stay for which most waits ends. A program that says
        much to all waits in the `Peer.drain` of each now and then.

        Raises:
            UnknownType, BadMessage, WrongArgument, WrongCall: as for `Client.send`.
        """
        self._broadcast(message, keywords)

    @abstractmethod
    def _send(self, peer: Peer, message: AnyMessage | str, keywords: dict[str, Any]) -> None:
        """Send to a peer."""

    @abstractmethod
    def _broadcast(self, message: AnyMessage | str, keywords: dict[str, Any]) -> None:
        """Send to everyone."""
