"""The handshake: who comes in, and what the others are told."""

from typing import Any, TypeAlias

import pytest

from netlib.protocol.frames import PROTOCOL_VERSION, Hello, Refusal
from netlib.session.handshake import Limits, judge, no_place

RoomStatus: TypeAlias = dict[str, Any]


def room(**changes: Any) -> RoomStatus:
    return {"players": 0, "spectators": 0, "password": "", "limits": Limits(), **changes}


def hello(name: str = "Ada", *, protocol: int = PROTOCOL_VERSION, **fields: Any) -> Hello:
    return Hello(protocol, name, **fields)


def refused(hello: Hello, room: RoomStatus) -> Refusal | None:
    """Return why a newcomer is refused, if it is."""
    others = room["spectators" if hello.spectator else "players"]
    return judge(hello, room["password"]) or no_place(hello, room["limits"], others)


def code(hello: Hello, room: RoomStatus) -> str | None:
    refusal = refused(hello, room)
    assert refusal is None or refusal.message
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("hello", "room", "code", "texts"),
    [
        (hello(protocol=2), room(), "protocol", ["protocol 1, you speak 2", "install the same version"]),
        (hello(), room(password="sesame"), "password", ["has a password"]),
        (hello(password="Sesame"), room(password="sesame"), "password", ["wrong password"]),
        (hello(), room(players=2, limits=Limits(max_players=2)), "full", ["2 of 2"]),
        (hello(""), room(password="sesame", players=99), "password", []),
    ],
)
def test_a_refusal_says_what_to_do(hello: Hello, room: RoomStatus, code: str, texts: list[str]) -> None:
    """Versions, the password missing or wrong, how full; without the password a client learns no more."""
    refusal = refused(hello, room)
    assert refusal is not None
    assert refusal.code == code
    assert [text for text in texts if text not in refusal.message] == []


def test_a_good_hello_comes_in() -> None:
    """Version, name, password and place are fine; an open room asks for no password."""
    assert code(hello(), room()) is None
    assert code(hello(password="sesame"), room(password="sesame")) is None
    assert code(hello(password="left over"), room(password="")) is None
    assert code(hello(), room(players=1, limits=Limits(max_players=2))) is None


@pytest.mark.parametrize("password", ["pässwört", "🔑", "\ud800"])
def test_passwords_may_have_any_characters(password: str) -> None:
    """No character makes the comparison fail."""
    assert code(hello(password=password), room(password="sesame")) == "password"
    assert code(hello(password="pässwört"), room(password="pässwört")) is None


def test_spectators_have_places_of_their_own() -> None:
    """A room full of players can be watched, and spectators take no player's place."""
    full = room(players=2, spectators=0, limits=Limits(max_players=2, max_spectators=1))
    assert code(hello(spectator=True), full) is None
    watched = room(players=0, spectators=1, limits=Limits(max_players=2, max_spectators=1))
    assert code(hello(spectator=True), watched) == "full"
    assert code(hello(), watched) is None


@pytest.mark.parametrize("name", ["", " ", "a\x00b", "\u202eadA", "\ud800", "x" * 21, "x" * 10_000])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    """Empty, too long, or with something hidden: the name's own refusal."""
    assert code(hello(name), room()) == "name"
