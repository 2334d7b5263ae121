"""The handshake: who comes in, under which name, and what the others are told."""

import unicodedata
from collections.abc import Collection
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlib.protocol.frames import PROTOCOL_VERSION, Hello, Refusal
from netlib.session.handshake import MAX_NAME, Limits, free_name, judge, name_problem, no_place

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


HIDDEN = ["", " ", "\t\n", "a\x00b", "a\nb", "\x1b[31m", "\u202eadA", "\u2028", "\u200b", "\ud800"]


@pytest.mark.parametrize("name", [*HIDDEN, "x" * 21, "x" * 10_000])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    """Empty, too long, or with control characters: the name's own refusal."""
    assert code(hello(name), room()) == "name"


@pytest.mark.parametrize(
    "name", ["Ada", "x", "Zoë", "王小明", "Ada Lovelace", "<b>Ada</b>", "🦊", "x" * MAX_NAME]
)
def test_a_name_that_can_be_shown_is_fine(name: str) -> None:
    """Letters of the whole world, signs and pictures are welcome."""
    assert name_problem(name) is None


@given(name=st.text(max_size=30))
def test_what_passes_as_a_name_is_short_and_visible(name: str) -> None:
    """No text whatever raises, and what passes has 1 to 20 characters, none of them hidden."""
    problem = name_problem(name)
    if problem is None:
        assert 1 <= len(name) <= MAX_NAME
        assert name.strip()
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
    else:
        assert "your name" in problem


names = st.text(st.sampled_from("Aaß İi🦊 2"), min_size=1, max_size=MAX_NAME).filter(
    lambda name: name_problem(name) is None
)


@given(name=names, taken=st.lists(names, max_size=8))
@example(name="x" * MAX_NAME, taken=["x" * MAX_NAME, "x" * 18 + " 2"])
@example(name="a" * 17 + " bb", taken=["a" * 17 + " bb"])
def test_a_free_name_is_free_and_still_a_name(name: str, taken: list[str]) -> None:
    """The given name is like nobody else's, can be shown, and begins like the wanted one."""
    given_name = free_name(name, taken)
    assert given_name.casefold() not in {other.casefold() for other in taken}
    assert name_problem(given_name) is None
    assert given_name == " ".join(given_name.split())
    if " ".join(name.split()).casefold() not in {other.casefold() for other in taken}:
        assert given_name == " ".join(name.split())


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("Ada", [], "Ada"),
        ("Ada", ["Ada"], "Ada 2"),
        ("ADA", ["Ada", "ada 2"], "ADA 3"),
        ("x" * 20, ["x" * 20], "x" * 18 + " 2"),
        ("  Ada   L ", [], "Ada L"),
        ("Ada  L", ["Ada L"], "Ada L 2"),
    ],
)
def test_a_taken_name_gets_a_number(name: str, taken: list[str], free: str) -> None:
    """Neither case nor spaces make another name, and a long one is cut for its number."""
    assert free_name(name, taken) == free


def test_a_hundred_players_of_one_name_find_one_each() -> None:
    """Numbers go on."""
    taken: Collection[str] = []
    for _ in range(100):
        taken = [*taken, free_name("x" * 20, taken)]
    assert len({name.casefold() for name in taken}) == 100
