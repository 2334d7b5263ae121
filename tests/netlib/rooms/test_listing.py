"""Lists of rooms: what they tell, how they are filtered, and what a query may be."""

import asyncio
from typing import Any

import msgspec
import pytest

import netlib
from netlib.rooms import Join, KindRoom, Listing, RoomServer, list_rooms
from netlib.rooms.room import MAX_METADATA
from tests.support.rooms import LOOPBACK, a_room, request, url


def a_server() -> RoomServer:
    """Return a server that has tables and arenas, on a free port."""
    server = RoomServer("hall", host=LOOPBACK, port=0, discoverable=False)
    server.kind("table", limits=netlib.Limits(max_players=2))(lambda room: None)
    server.kind("arena")(lambda room: None)
    return server


async def test_a_list_tells_of_all_rooms_that_are_not_private() -> None:
    """The fullest first; who watches and what the game says of its room are in it, too."""
    async with a_server() as server:
        empty = server.open_room("arena")
        table = server.open_room("table")
        table.metadata, table.locked = {"board": "3x3", "bet": 5}, True
        server.open_room("table", private=True)
        join = Join(code=table.code)
        async with (
            netlib.connect(url(server), name="Ada", join=join),
            netlib.connect(url(server), name="Eye", join=join, spectator=True),
        ):
            first, second = await list_rooms(url(server))
            assert first == Listing(
                table.room_id, "table", "table", 1, 2, 1, locked=True, metadata={"board": "3x3", "bet": 5}
            )
            assert (second.id, second.players, second.has_seat) == (empty.room_id, 0, True)
            assert [room.id for room in await list_rooms(url(server), kind="table")] == [first.id]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"board": "3x3"}, 1),
        ({"board": "4x4"}, 0),
        ({"bet": 5}, 1),
        ({"bet": "5"}, 1),
        ({"fast": True}, 1),
        ({"board": "3x3", "bet": 6}, 0),
        ({"nobody": "knows"}, 0),
        ({"kind": "arena"}, 0),
        ({"odd": "a&b=ü"}, 1),
    ],
)
async def test_a_list_is_filtered_by_what_games_say(wanted: dict[str, Any], found: int) -> None:
    """A value that is no string is compared as JSON."""
    async with a_server() as server:
        server.open_room("table").metadata = {"board": "3x3", "bet": 5, "fast": True, "odd": "a&b=ü"}
        assert len(await list_rooms(url(server), **wanted)) == found


@pytest.mark.usefixtures("no_errors_logged")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?" + "a&" * 1000, 400),
        ("?kind=%ff%00", 200),
        ("?kind=%F0%9F", 200),
        ("?=&&==", 200),
        ("?" * 50, 200),
    ],
)
async def test_a_strange_query_is_answered(query: str, status: int) -> None:
    """A thousand fields are refused, what is no text finds nothing; neither is an error of ours."""
    async with a_server() as server:
        server.open_room("table")
        answer = await request(server.port, f"GET /rooms{query} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())


async def test_who_has_no_list_is_told_so() -> None:
    """A server with one room has none; where nobody is, nobody answers."""
    async with a_room() as server:
        with pytest.raises(netlib.NotOurServer, match="single one"):
            await list_rooms(url(server))
        address = url(server)
    with pytest.raises(netlib.Unreachable, match="is the server running"):
        await list_rooms(address, timeout=1)


@pytest.mark.parametrize(
    "metadata", [{"x": {1, 2}.__iter__()}, {"x": "y" * MAX_METADATA}, ["x"], {"x": "\ud800"}]
)
def test_metadata_is_plain_and_small(metadata: Any) -> None:
    """What cannot be listed is refused where it is set, and what was there before stays."""
    room = a_server().open_room("table")
    room.metadata = {"board": "3x3"}
    with pytest.raises(netlib.WrongArgument, match="metadata"):
        room.metadata = metadata
    assert room.metadata == {"board": "3x3"}


def test_metadata_is_a_copy() -> None:
    """A dict that changes later does not change the list unseen."""
    room: KindRoom = a_server().open_room("table")
    told: dict[str, Any] = {"round": 1}
    room.metadata = told
    told["round"] = asyncio
    assert room.metadata == {"round": 1}


def test_what_a_room_tells_cannot_spoil_the_list() -> None:
    """Whatever a game does to what it has set, its room and all others can still be listed."""
    room: KindRoom = a_server().open_room("table")
    room.metadata = {"boards": ["3x3"]}
    with pytest.raises(TypeError):
        room.metadata["round"] = asyncio
    room.metadata["boards"].append(asyncio)
    for name in (5, "\ud800"):
        with pytest.raises(netlib.WrongArgument, match="name"):
            room.name = name  # type: ignore[assignment]
    room.locked = "yes"  # type: ignore[assignment]
    room.name, room.metadata = "Ada's", {**room.metadata, "round": 2}
    listing = msgspec.json.decode(msgspec.json.encode(room.listing), type=Listing)
    assert (listing.name, listing.locked) == ("Ada's", True)
    assert listing.metadata == {"boards": ["3x3"], "round": 2}
