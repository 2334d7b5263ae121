"""Lists of rooms: what a server tells of each, and how a client asks for them."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from netlib.arguments import Positive, check
from netlib.errors import NotOurServer, Unreachable
from netlib.transport.address import read_address

PATH = "/rooms"
MAX_LIST = 4 * 1024 * 1024  # bytes that are read of a list
NO_LIST = "this server gave no list of rooms; perhaps it has a single one, or is another program's"


class Listing(msgspec.Struct, frozen=True):
    """One room in a list.

    Args:
        id: by which it can be joined.
        kind, name: what it is, and is called.
        players, max_players, spectators: how many are in it, those who are away included.
        locked: it is not given to those who ask for any room of its kind.
        metadata: what its game tells of it.
    """

    id: str
    kind: str
    name: str
    players: int
    max_players: int
    spectators: int = 0
    locked: bool = False
    metadata: Mapping[str, Any] = {}

    @property
    def has_seat(self) -> bool:
        """Whether one more player may come in."""
        return self.players < self.max_players


def chosen(rooms: Iterable[Listing], query: str) -> list[Listing]:
    """Those that a query wants: its ``kind``, and values of the metadata, as they are written in JSON."""
    wanted = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=32))
    kind = wanted.pop("kind", "")
    return [
        room
        for room in rooms
        if (not kind or room.kind == kind)
        and all(_text(room.metadata.get(k)) == v for k, v in wanted.items())
    ]


async def list_rooms(url: str, *, kind: str = "", timeout: float = 5.0, **metadata: Any) -> list[Listing]:
    """The rooms of a server that are not private, the fullest first.

    Args:
        url: as for `netlib.connect`.
        kind: only of this kind; empty for all.
        timeout: seconds.
        metadata: only rooms that tell this of themselves: ``board="3x3"``.

    Raises:
        Unreachable: nobody answers there.
        NotOurServer: no list came.
    """
    check("timeout", timeout, Positive)
    query = urlencode({"kind": kind, **{name: _text(value) for name, value in metadata.items()}})
    at = read_address(url)
    host = f"[{at.host}]" if ":" in at.host else at.host
    page = f"{'https' if at.secure else 'http'}://{host}:{at.port}{at.path.rstrip('/')}{PATH}?{query}"
    data = await asyncio.to_thread(_fetched, page, timeout)
    try:
        return msgspec.json.decode(data, type=list[Listing])
    except msgspec.DecodeError as error:
        raise NotOurServer(f"{NO_LIST} ({error})") from error


def _fetched(page: str, timeout: float) -> bytes:
    try:
        with urllib.request.urlopen(page, timeout=timeout) as answer:
            data: bytes = answer.read(MAX_LIST)
            return data
    except urllib.error.HTTPError as error:
        raise NotOurServer(f"{NO_LIST} ({error})") from error
    except (OSError, ValueError) as error:
        raise Unreachable(f"{page} does not answer ({error}); is the server running?") from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
