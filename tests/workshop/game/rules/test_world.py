"""The world: who gets what, what returns, what is refused."""

from typing import Any

from msgspec.structs import replace

from workshop.game.rules.entities import Player, Resource
from workshop.game.rules.messages import Move
from workshop.game.rules.rounds import COUNTDOWN_SECONDS
from workshop.game.rules.units import REACH, TICK_RATE
from workshop.game.rules.world import RESOURCES, RESPAWN_SECONDS, World

GRAB = Move(collect=True)
PLAYING = round(COUNTDOWN_SECONDS * TICK_RATE) + 2  # a tick at which the first round is played


def playing_world(players: int = 2) -> World:
    """A world in its first round, with everybody and one gem at the same place, and nothing else."""
    world = World(seed=1)
    for id in range(1, players + 1):
        world.add_player(id, f"player {id}")
    for tick in range(1, PLAYING + 1):
        world.advance(tick)
    x, y = world.map.spots[0]
    world.resources = {1000: Resource("gem", x, y)}
    world.players = {id: Player(f"player {id}", id, x, y) for id in world.players}
    return world


def scores(world: World) -> list[int]:
    return [player.score for player in world.players.values()]


def test_one_gem_is_collected_once() -> None:
    """Two press at once: the first that is applied gets it, the other nothing."""
    world = playing_world()
    assert world.apply(2, GRAB) is None
    assert world.apply(1, GRAB) == "out_of_reach"
    assert scores(world) == [0, 5]
    assert world.refused == {"out_of_reach": 1}


def test_the_turn_rotates() -> None:
    """The first in line changes with every tick, so nobody wins all races."""
    world = playing_world(3)
    orders = []
    for tick in range(PLAYING + 1, PLAYING + 4):
        world.advance(tick)
        orders.append(world.turn_order()[0])
    assert sorted(orders) == [1, 2, 3]


def test_the_nearest_in_reach_is_taken() -> None:
    """Of two resources in reach the nearer one is taken; beyond reach nothing is."""
    world = playing_world(1)
    x, y = world.players[1].x, world.players[1].y
    near, far = Resource("wood", x + REACH // 2, y), Resource("gem", x, y + REACH)
    world.resources = {1: Resource("gem", x + REACH + 1, y), 2: near, 3: far}
    assert [world.apply(1, GRAB) for _ in range(3)] == [None, None, "out_of_reach"]
    assert scores(world) == [6]


def test_a_resource_returns_under_a_new_number() -> None:
    """What was collected comes back after its time, at a place of the map, with an id never used before."""
    world = playing_world(1)
    used = set(range(world._last_resource_id + 1)) | {1000}
    world.apply(1, GRAB)
    due = PLAYING + round(RESPAWN_SECONDS["gem"] * TICK_RATE)
    world.advance(due - 1)
    assert not world.resources
    world.advance(due)
    ((id, resource),) = world.resources.items()
    assert id not in used and resource.kind == "gem"
    assert (resource.x, resource.y) in world.map.spots


def test_nothing_is_collected_before_the_round() -> None:
    """During the countdown a wish to collect is refused and counted."""
    world = World(seed=1)
    world.add_player(1, "Ada")
    world.advance(1)
    assert world.apply(1, GRAB) == "no_round"
    assert world.refused["no_round"] == 1


def test_a_move_that_is_too_fast_is_clamped_and_counted() -> None:
    """The player moves one step, and the host can see that somebody tried more."""
    world = playing_world(1)
    assert world.apply(1, Move(move=(100_000, 0))) == "too_fast"
    assert world.refused["too_fast"] == 1


def test_an_input_of_nobody_changes_nothing() -> None:
    """An input that arrives after its player has left is refused."""
    world = playing_world()
    world.remove_player(1)
    world.remove_player(1)
    assert world.apply(1, GRAB) == "no_player"
    assert list(world.players) == [2]


def test_a_new_round_begins_at_zero_with_everything_there() -> None:
    """Scores begin anew, and what was collected has returned."""
    world = World(seed=2, round_seconds=1)
    world.add_player(1, "Ada")
    for tick in range(1, 700):
        before = world.round
        world.advance(tick)
        if world.round.number == 2 and world.round.phase == "playing" != before.phase:
            break
        world.players[1] = Player("Ada", 0, *world.map.spots[tick % 96], score=world.players[1].score)
        world.apply(1, GRAB)
    assert scores(world) == [0]
    assert len(world.resources) == sum(RESOURCES.values())


def test_a_round_can_be_started_anew() -> None:
    """The scores are 0 at once, nobody has won, and with players the next countdown begins."""
    world = World(seed=2, round_seconds=60)
    world.add_player(1, "Ada")
    for tick in range(1, 200):
        world.advance(tick)
    world.players[1] = Player("Ada", 0, *world.map.spots[0], score=7)
    world.restart_round()
    assert scores(world) == [0] and world.round.phase == "waiting" and not world.round.winner
    world.advance(200)
    assert (world.round.phase, world.round.number) == ("countdown", 2)


def test_a_player_gets_another_name() -> None:
    """Only its name is another; a player who is not there gets none."""
    world = World(seed=2)
    before = world.add_player(1, "Ada")
    world.rename(1, "Zoe")
    world.rename(9, "Nobody")
    assert world.players == {1: Player("Zoe", before.colour, before.x, before.y)}


def test_players_start_apart_and_in_different_colours() -> None:
    """Thirty-two players stand on different free places, each in a colour of its own."""
    world = World(seed=3)
    players = [world.add_player(id, f"p{id}") for id in range(1, 33)]
    assert len({player.colour for player in players}) == 32
    assert len({(player.x, player.y) for player in players}) == 32
    assert world.add_player(33, "one more").colour == 0


def test_an_unchanged_entity_is_the_same_object() -> None:
    """Deltas rely on it: only what changed is a new object."""
    world = playing_world()
    before = dict(world.players)
    world.apply(1, Move(move=(0, 1)))
    assert world.players[1] is not before[1] and world.players[2] is before[2]


def test_pings_are_shown_in_milliseconds() -> None:
    """A round trip in seconds becomes a ping; an unknown one is 0, and the same one changes nothing."""
    world = playing_world()
    world.set_ping(1, 0.0426)
    assert world.players[1].ping == 43
    before = world.players[1]
    world.set_ping(1, 0.0431)
    world.set_ping(2, 0.0002)
    assert world.players[2].ping == 1
    world.set_ping(99, 1.0)
    assert world.players[1] is before


def test_the_same_seed_and_inputs_make_the_same_game() -> None:
    """A game can be repeated exactly."""

    def played() -> Any:
        world = World(seed=9)
        world.add_player(1, "Ada")
        for tick in range(1, 400):
            world.apply(1, Move(move=((tick % 60) / 30 - 1, 1 if tick % 90 < 45 else -1), collect=True))
            world.advance(tick)
        return world.state

    assert played() == played()


def test_a_player_who_is_away_stays() -> None:
    """A player without a connection is marked, keeps place and score, and is nobody else's trouble."""
    world = World(seed=1)
    ada = world.add_player(1, "Ada")
    world.set_away(1, True)
    assert world.players[1] == replace(ada, away=True)
    world.set_away(1, False)
    assert world.players[1] == ada
    world.set_away(2, True)
    assert world.players.keys() == {1}
