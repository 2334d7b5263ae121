"""Some of the players of a room, to tell them something together: a team, those near a fire."""

from collections.abc import Collection, Iterator

from netlib.arguments import check
from netlib.protocol.messages import AnyMessage
from netlib.server.peer import Delivered, Peer
from netlib.server.room import GameRoom, peers_of


class Group:
    """Peers of one room, each once. A peer that leaves the room for good is in no group of it any more.

    Args:
        room: whose; a `netlib.Server` is one, too.
    """

    def __init__(self, room: GameRoom) -> None:
        self._room = room
        self._peers: dict[int, Peer] = {}

    @property
    def peers(self) -> list[Peer]:
        """Those who are in it, in the order of their coming into it."""
        for peer in [peer for peer in self._peers.values() if not peer.joined]:
            del self._peers[peer.id]
        return list(self._peers.values())

    def __iter__(self) -> Iterator[Peer]:
        return iter(self.peers)

    def __len__(self) -> int:
        return len(self.peers)

    def __contains__(self, peer: object) -> bool:
        return isinstance(peer, Peer) and peer.joined and self._peers.get(peer.id) is peer

    def add(self, peer: Peer) -> None:
        """Take a peer in; one that has left, or is of another room, is not taken.

        Raises:
            WrongArgument: it is no peer.
        """
        check("the peer", peer, Peer)
        if peer in self._room.peers:
            self._peers[peer.id] = peer

    def discard(self, peer: Peer) -> None:
        """Let a peer go, if it is in."""
        if peer in self:
            del self._peers[peer.id]

    def broadcast(
        self, message: AnyMessage, *, exclude: Collection[Peer] = (), delivered: Delivered | None = None
    ) -> None:
        """Send to everyone in it but those in ``exclude``; see `netlib.Server.broadcast`."""
        others = [peer for peer in self._room.peers if peer not in self]
        self._room.broadcast(message, exclude=[*others, *peers_of(exclude)], delivered=delivered)
