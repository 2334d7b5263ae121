"""A state is divided by owner and place, or refused in words, and then the one before it stays."""

import threading
from typing import Any

import pytest

import netlib
from netlib.interest import Private
from netlib.interest.areas import FAR, Areas, Divider, cell_of


class Thing(netlib.Entity, frozen=True):
    x: float
    y: float


class Card(netlib.Entity, frozen=True):
    face: str


def divider() -> Divider:
    """Return one with a grid of things."""
    return Divider(10, {"things": ("x", "y")})


def test_a_state_is_divided_by_owner_and_place() -> None:
    """What has neither is everybody's; the names of all collections are known."""
    areas = divider().take(
        {"things": {1: Thing(-1, 25)}, "cards": {1: Card("up")}, "hand": Private({7: {1: Card("ace")}})}
    )
    assert areas == Areas(
        public={"cards": {1: Card("up")}},
        owned={7: {"hand": {1: Card("ace")}}},
        cells={(-1, 2): {"things": {1: Thing(-1, 25)}}},
        names=["things", "cards", "hand"],
    )


def test_an_area_in_which_nothing_changed_is_the_same_object() -> None:
    """So it costs nothing; one in which something did is another."""
    taker, still, card = divider(), Thing(1, 1), Card("ace")
    hands = Private({7: {1: card}, 8: {1: card}})
    first = taker.take({"things": {1: still, 2: Thing(50, 1)}, "hand": hands})
    second = taker.take({"things": {1: still, 2: Thing(51, 1)}, "hand": Private({**hands, 8: {}})})
    assert second.public is first.public
    assert [owner for owner in second.owned if second.owned[owner] is not first.owned[owner]] == [8]
    assert [cell for cell in second.cells if second.cells[cell] is not first.cells[cell]] == [(5, 0)]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"things": {1: {"x": 1}}}, r"things\[1\]\.y is None; a place on the grid is a finite number"),
        ({"things": {1: {"x": True, "y": 1}}}, r"things\[1\]\.x is True; a place"),
        ({"things": {1: {"x": "1", "y": 1}}}, r"things\[1\]\.x is '1'; a place"),
        ({"things": {1: Thing(float("nan"), 1)}}, r"things\[1\]\.x is nan"),
        ({"things": {"Ada": 3}}, "things is {'Ada': 3}; what has positions is made of entities"),
        ({"things": 3}, "things is 3; what has positions"),
        (
            {"hand": Private({"Ada": {}})},
            r"hand\['Ada'\] is {}; what is private goes by the players' numbers",
        ),
        ({"hand": Private({7: 3})}, r"hand\[7\] is 3; what is private"),
        ({"hand": Private({7: {"face": "ace"}})}, r"hand\[7\] is {'face': 'ace'}; what is private"),
        ({"hand": Private({7: {1: Private()}})}, r"hand\[1\] is Private"),
        ({"hand": Private({7: {1: Card("\ud800")}})}, "hand"),
        ({"tables": {1: {"hand": Private({"Ada": 3})}}}, r"tables\[1\].hand is Private"),
        (3, "the state is 3; it must be a dict"),
    ],
)
def test_what_cannot_be_divided_is_refused(state: Any, words: str) -> None:
    """In words, and never as what would be sent on to whoever asked; the next state is divided as ever."""
    taker, good = divider(), {"things": {1: Thing(1, 1)}, "hand": Private({7: {1: Card("ace")}})}
    taker.take(good)
    with pytest.raises(netlib.WrongArgument, match=words):
        taker.take(state)
    assert taker.take(good) == divider().take(good)


def test_the_grid_has_no_edge() -> None:
    """However far out a place is, it has a cell; there may be many to a step of a float."""
    assert cell_of(-0.5, 10, 10) == (-1, 1)
    assert cell_of(1e308, -1e308, 1e-300) == (FAR, -FAR)
    assert cell_of(float("inf"), float("-inf"), 1) == (FAR, -FAR)
    assert cell_of(1e308, -1e308, 1e308) == (1, -1)


def test_any_thread_may_take() -> None:
    """Each result is the whole of its own state."""
    taker, failed = divider(), []

    def take(number: int) -> None:
        for step in range(200):
            areas = taker.take({"things": {id: Thing(step, number * 10 + id) for id in range(number, 9)}})
            found = [id for area in areas.cells.values() for id in area["things"]]
            if sorted(found) != [*range(number, 9)]:
                failed.append(found)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
