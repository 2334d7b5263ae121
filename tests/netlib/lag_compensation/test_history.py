"""History: the server sees what a shooter saw, never the future, and no further back than is kept."""

import math
import types
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import netlib
from netlib import testing, threads
from netlib.errors import WrongArgument
from netlib.lag_compensation import History
from netlib.protocol.codecs import CODECS
from netlib.protocol.messages import encode
from tests.support.processes import wait_until
from tests.support.rooms import LOOPBACK

RATE = 20.0
SECONDS = 0.5
BACK = RATE * SECONDS  # ticks that are kept
FIELDS = {"players": ("x", "y"), "doors": ()}
MAX_SPEED = 30 * RATE  # 30 units a tick


class Player(netlib.Entity):
    x: float
    y: int = 0
    name: str = ""


class Door(netlib.Entity):
    open: bool = False


class Fire(netlib.Input):
    aim: float = 0.0


def a_history(**options: Any) -> History:
    return History(RATE, FIELDS, **{"seconds": SECONDS, **options})


def a_walk(ticks: int, start: int = 0) -> History:
    """Return a history in which a player moves by ten units a tick."""
    history = a_history()
    for tick in range(start, start + ticks):
        history.add(tick, {"players": {1: Player(x=10.0 * tick)}})
    return history


def x_at(history: History, tick: float) -> float:
    place: float = history.at(tick)["players"][1].x
    return place


places = st.floats(-50, 50, width=16)
entities = st.builds(Player, x=places, y=st.integers(-50, 50), name=st.sampled_from("ab"))
worlds = st.fixed_dictionaries(
    {
        "players": st.dictionaries(st.integers(1, 3), entities, max_size=3),
        "doors": st.dictionaries(st.just(7), st.builds(Door, open=st.booleans()), max_size=1),
    }
)


@given(
    published=st.lists(st.tuples(st.integers(1, 3), worlds), min_size=1, max_size=12),
    first=st.integers(0, 50),
    frames=st.lists(st.floats(0, 0.2), min_size=1, max_size=8),
    later=st.floats(0, 0.3),
)
def test_history_says_what_a_screen_showed(
    published: list[tuple[int, dict[str, Any]]], first: int, frames: list[float], later: float
) -> None:
    """For a client that got all snapshots, the server sees at a shown tick exactly what was drawn there."""
    buffer = netlib.InterpolationBuffer(FIELDS, tick_rate=RATE, max_speed=MAX_SPEED)
    history, tick, compared = a_history(seconds=60, max_speed=MAX_SPEED), first, 0
    for gap, world in published:
        tick += gap
        buffer.add(tick, world, arrived=tick / RATE)
        history.add(tick, world)
        now = tick / RATE + later
        for dt in frames:
            now += dt
            drawn = buffer.sample(now)
            assert drawn is not None
            if first < drawn.tick <= tick and drawn.tick >= first + published[0][0]:
                assert history.at(drawn.tick) == drawn.state
                compared += 1
    assume(compared)


def test_between_two_ticks() -> None:
    """A shown tick lies between two; fields that are not named are as in the older one."""
    history = a_history()
    history.add(4, {"players": {1: Player(x=0.0, y=0, name="a")}, "doors": {7: Door()}})
    history.add(6, {"players": {1: Player(x=10.0, y=4, name="b")}, "doors": {7: Door(open=True)}})
    assert history.at(4.5) == {"players": {1: Player(x=2.5, y=1, name="a")}, "doors": {7: Door()}}


def test_who_teleports_is_not_met_on_the_way() -> None:
    """What moves further than `max_speed` in a tick stands where it was, until it is there."""
    history = a_history(max_speed=MAX_SPEED)
    history.add(1, {"players": {1: Player(x=0.0)}})
    history.add(2, {"players": {1: Player(x=500.0)}})
    assert [x_at(history, tick) for tick in (1.9, 2)] == [0.0, 500.0]


@pytest.mark.parametrize("tick", [20.001, 21, 1e9, 2.0**53, 1e300, math.inf, math.nan])
def test_never_in_the_future(tick: float) -> None:
    """A tick of tomorrow, or none at all, is the newest one."""
    assert x_at(a_walk(21), tick) == 200.0


@pytest.mark.parametrize("tick", [9.999, 3, 0, -0.0, -1, -1e300, -math.inf])
def test_no_further_back_than_is_kept(tick: float) -> None:
    """A tick of long ago is the oldest that is kept."""
    assert x_at(a_walk(21), tick) == 200.0 - 10 * BACK


def test_a_young_history_begins_with_its_first_state() -> None:
    """Before that there was nothing to see."""
    assert x_at(a_walk(2, start=5), 4.0) == 50.0


@given(tick=st.floats(), ticks=st.integers(1, 40))
def test_a_liar_gains_nothing_beyond_the_clamp(tick: float, ticks: int) -> None:
    """Whatever a client says it saw, it is judged by a moment of the last half second."""
    newest = ticks - 1
    assert max(0.0, newest - BACK) * 10 <= x_at(a_walk(ticks), tick) <= newest * 10


def test_ticks_may_be_far_apart() -> None:
    """A world that was published rarely is blended between what there was, as on screens."""
    history = a_history()
    history.add(0, {"players": {1: Player(x=0.0)}})
    history.add(100, {"players": {1: Player(x=100.0)}})
    assert [x_at(history, tick) for tick in (0, 95, 100)] == [90.0, 95.0, 100.0]


def test_little_is_kept() -> None:
    """An hour of play takes no more memory than the last half second."""
    assert len(a_walk(1000)._samples) == BACK + 1


def test_before_the_first_state_there_is_nobody() -> None:
    """An input that comes before the first tick hits nobody, and fails nothing."""
    assert a_history().seen(Fire(shown_tick=3.0)) == {"players": {}, "doors": {}}


def test_only_what_is_named_is_kept() -> None:
    """What a game publishes besides costs nothing; a collection that is not there is empty."""
    history = a_history()
    history.add(1, {"players": {1: Player(x=1.0)}, "countdown": 10, "walls": {5: Door()}})
    assert history.at(1) == {"players": {1: Player(x=1.0)}, "doors": {}}


def test_the_last_state_of_a_tick_counts() -> None:
    """A game may publish twice in a tick; history does not change with the game's own dict."""
    history, players = a_history(), {1: Player(x=1.0)}
    history.add(1, {"players": {1: Player(x=5.0)}})
    history.add(1, {"players": players})
    players[1] = Player(x=9.0)
    assert x_at(history, 1) == 1.0


def test_history_goes_forwards() -> None:
    """A tick that is older than the newest is a mistake of the game, and is told."""
    with pytest.raises(WrongArgument, match="tick 3 comes after 20"):
        a_walk(21).add(3, {})


@pytest.mark.parametrize("options", [{"seconds": 0}, {"seconds": math.nan}, {"max_speed": -1}])
def test_wrong_arguments(options: dict[str, float]) -> None:
    """Arguments are checked where they are given."""
    with pytest.raises(WrongArgument):
        a_history(**options)


def test_a_single_field_is_a_tuple_too() -> None:
    """A string would be blended letter by letter: it is refused, with how to write it."""
    with pytest.raises(WrongArgument, match=r'\("heading",\)'):
        History(30, {"players": "heading"})


def test_an_input_that_says_nothing_is_judged_by_the_newest_state() -> None:
    """So is one of a client that knows nothing of this."""
    history = a_walk(21)
    assert history.seen(Fire()) == history.at(20)
    assert history.seen(Fire(shown_tick=18.5)) == history.at(18.5)


# What an input says of it.


@pytest.mark.parametrize("name", ["seq", "shown_tick"])
@pytest.mark.parametrize("how", ["field", "plain", "method"])
def test_an_input_has_no_field_of_that_name(name: str, how: str) -> None:
    """A game that uses a reserved name is told at the class, however it does."""
    bodies: dict[str, dict[str, Any]] = {
        "field": {"__annotations__": {name: str}, name: ""},
        "plain": {name: 3},
        "method": {name: lambda self: 3},
    }
    with pytest.raises(WrongArgument, match=f"Turn has a field '{name}'"):
        types.new_class("Turn", (Fire,), exec_body=lambda names: names.update(bodies[how]))


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
def test_unused_it_costs_nothing_on_the_wire(codec: netlib.Codec) -> None:
    """An input without it is byte for byte what it was before there was lag compensation."""
    plain = {"type": "input", "aim": 1.5, "seq": 7}
    assert encode(codec, Fire(seq=7, aim=1.5)) == codec.encode(plain)
    told = {**plain, "shown_tick": 3.5}
    assert encode(codec, Fire(seq=7, shown_tick=3.5, aim=1.5)) == codec.encode(told)


def test_the_input_of_a_tick_says_one_thing() -> None:
    """`TickInput` averages what a player holds, and leaves alone what netlib fills in."""
    making = netlib.TickInput[Fire]()
    making.hold(Fire(aim=1.0, shown_tick=10.0), 0.5)
    assert making.finish(Fire(aim=2.0)) == Fire(aim=1.5)


def drawn(tick: float) -> netlib.Sample:
    return netlib.Sample(tick, {})


@testing.in_virtual_time
async def test_a_client_tells_what_was_drawn() -> None:
    """It says so for the inputs that it is told about, and never a tick before the first."""
    taken: list[Fire] = []
    async with testing.Network() as network:
        server = await network.serve(input_type=Fire)
        server.on_tick(lambda dt: taken.extend(server.players[0].take_inputs()) if server.players else None)
        client = await network.join()
        for shown in (drawn(12.25), None, drawn(-0.5), drawn(math.nan)):
            client.send_input(Fire(shown_tick=99.0), shown=shown)
        await testing.until(lambda: len(taken) == 4, "all inputs")
        with pytest.raises(WrongArgument, match="shown"):
            client.send_input(Fire(), shown=12.25)  # type: ignore[arg-type]
        with pytest.raises(netlib.BadMessage):
            client.send_input(Fire(), shown=drawn(1e300))
    assert taken == [
        Fire(seq=1, shown_tick=12.25),
        Fire(seq=2),
        *(Fire(seq=n, shown_tick=0.0) for n in (3, 4)),
    ]


def test_a_client_in_a_thread_tells_it_too() -> None:
    """`PolledClient` takes the same."""
    server = threads.BackgroundServer("room", host=LOOPBACK, port=0, discoverable=False, input_type=Fire)
    taken: list[Any] = []
    server.on_tick(lambda dt: taken.extend(input for peer in server.players for input in peer.take_inputs()))
    with server, threads.PolledClient(server.url) as client:
        assert [client.send_input(Fire(), shown=shown) for shown in (drawn(12.25), None)] == [1, 2]
        wait_until(lambda: len(taken) == 2, "both inputs")
    assert taken == [Fire(seq=1, shown_tick=12.25), Fire(seq=2)]
