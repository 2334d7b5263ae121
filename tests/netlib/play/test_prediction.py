"""Prediction: own inputs show at once, the server's word counts, and a correction means something."""

from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from netlib.play.prediction import (
    FEWEST,
    HALF_LIFE,
    HISTORY,
    MAX_OLDER,
    MAX_PENDING,
    WINDOW,
    Predictor,
    TickInput,
    Verdict,
)
from netlib.protocol.messages import Input
from netlib.state.angle import Angle
from netlib.state.state import Entity
from netlib.transport.conditioner import PERFECT, LinkConditions
from tests.support.simulation import RATE, Simulation

SPEED = 128  # units in one tick


class Dot(Entity, frozen=True):
    x: int = 0
    y: int = 0
    score: int = 0
    name: str = "Ada"


class Push(Input, frozen=True):
    dx: float = 0.0
    dy: float = 0.0
    jump: bool = False


Dots: TypeAlias = Predictor[Dot, Push]


class Drop(Entity, frozen=True):
    height: float = 0.0


def step(dot: Dot, push: Push) -> Dot:
    return replace(dot, x=dot.x + round(push.dx * SPEED), y=dot.y + round(push.dy * SPEED))


def fall(drop: Drop, _: Push) -> Drop:
    return Drop(drop.height + 0.1)


RIGHT, LEFT, DOWN, REST = Push(dx=1.0), Push(dx=-1.0), Push(dy=1.0), Push()


@pytest.fixture
def predictor() -> Dots:
    """Give a predictor that has had its first snapshot, at 0, 0."""
    predictor = Predictor(step)
    predictor.reconcile(Dot(), 0)
    return predictor


def walk(predictor: Dots, *numbers: int, push: Push = RIGHT) -> None:
    for seq in numbers:
        predictor.predict(replace(push, seq=seq))


def displayed(predictor: Dots, dt: float = 0.0, held: Push | None = None, alpha: float = 0.0) -> Dot:
    drawn = predictor.displayed(dt, held, alpha)
    assert drawn is not None
    return drawn


def test_an_own_input_is_applied_at_once(predictor: Dots) -> None:
    """Nobody waits for the server; the input is kept until it has answered."""
    assert predictor.predict(replace(RIGHT, seq=1)) == predictor.predicted == Dot(SPEED)
    assert [input.seq for input in predictor.pending_inputs] == [1]
    assert predictor.truth == Dot()


def test_a_snapshot_that_agrees_changes_nothing(predictor: Dots) -> None:
    """What the server has applied is dropped, the rest is replayed, and nothing was wrong."""
    walk(predictor, 1, 2, 3)
    predictor.reconcile(Dot(2 * SPEED), 2)
    assert predictor.predicted == Dot(3 * SPEED)
    assert [input.seq for input in predictor.pending_inputs] == [3]
    assert (predictor.corrections, predictor.prediction_error, predictor.history) == (0, 0, [0])


def test_a_refused_move_is_corrected_and_the_rest_replayed(predictor: Dots) -> None:
    """The server's word counts; later inputs come on top of it, and the correction is counted once."""
    walk(predictor, 1, 2, 3)
    predictor.reconcile(Dot(0, 30), 1)
    assert predictor.predicted == Dot(2 * SPEED, 30)
    assert predictor.prediction_error == pytest.approx((SPEED**2 + 30**2) ** 0.5)
    predictor.reconcile(Dot(SPEED, 30), 2)
    predictor.reconcile(Dot(2 * SPEED, 30), 3)
    assert predictor.predicted == Dot(2 * SPEED, 30)
    assert predictor.corrections == 1
    assert predictor.prediction_error == 0
    assert predictor.history == [pytest.approx((SPEED**2 + 30**2) ** 0.5), 0, 0]


def test_what_only_the_server_knows_is_taken_over_without_a_correction(predictor: Dots) -> None:
    """A score and a name come from the snapshot, and reach what is predicted and drawn."""
    walk(predictor, 1, 2)
    predictor.reconcile(Dot(SPEED, score=5, name="Ada 2"), 1)
    assert predictor.predicted == displayed(predictor) == Dot(2 * SPEED, score=5, name="Ada 2")
    assert predictor.corrections == 0


def test_the_first_snapshot_corrects_nothing() -> None:
    """Before it there is nothing to compare with, but inputs sent meanwhile are replayed on it."""
    predictor = Predictor(step)
    walk(predictor, 1, 2)
    assert predictor.predicted is None
    predictor.reconcile(Dot(500), 1)
    assert predictor.predicted == Dot(500 + SPEED)
    assert (predictor.corrections, predictor.history) == (0, [])


def test_a_snapshot_without_news_of_our_inputs_is_compared_with_what_was_confirmed(predictor: Dots) -> None:
    """Standing still is no correction; a new round that moves the player is one."""
    walk(predictor, 1, 2)
    predictor.reconcile(Dot(SPEED), 1)
    predictor.reconcile(Dot(SPEED, score=1), 1)
    assert predictor.corrections == 0
    predictor.reconcile(Dot(0, 800), 1)
    assert predictor.corrections == 1
    assert predictor.predicted == Dot(SPEED, 800)
    predictor.reconcile(Dot(0, 800, score=1), 1)
    assert predictor.corrections == 1


def test_the_same_snapshot_twice_counts_once(predictor: Dots) -> None:
    """A game may reconcile in every frame with the newest state that it has."""
    walk(predictor, 1)
    truth = Dot(7)
    for _ in range(5):
        predictor.reconcile(truth, 1)
    assert len(predictor.history) == predictor.corrections == 1


def test_an_older_snapshot_is_ignored(predictor: Dots) -> None:
    """What the server said before it said something newer is no news."""
    walk(predictor, 1, 2, 3)
    predictor.reconcile(Dot(2 * SPEED), 2)
    predictor.reconcile(Dot(SPEED), 1)
    assert predictor.predicted == Dot(3 * SPEED)
    assert (predictor.truth, predictor.corrections) == (Dot(2 * SPEED), 0)


def test_a_server_that_forgot_our_inputs_is_followed_again(predictor: Dots) -> None:
    """When only lower numbers come, it has begun anew: we do, too, and are not stuck."""
    walk(predictor, *range(1, 51))
    predictor.reconcile(Dot(50 * SPEED), 50)
    for turn in range(MAX_OLDER + 1):
        predictor.reconcile(Dot(turn), 0)
    assert predictor.predicted == Dot(MAX_OLDER)
    assert predictor.corrections == 0
    assert predictor.predict(replace(RIGHT, seq=1)) == Dot(MAX_OLDER + SPEED)


def test_a_few_older_snapshots_between_newer_ones_are_no_new_beginning(predictor: Dots) -> None:
    """Only an unbroken row of them is."""
    walk(predictor, *range(1, 51))
    for seq in range(1, 51):
        predictor.reconcile(Dot(seq * SPEED), seq)
        predictor.reconcile(Dot(-1), 0)
    assert predictor.predicted == Dot(50 * SPEED)
    assert len(predictor.history) == 50, "each of the newer ones was compared"


def test_an_answer_to_an_input_that_we_never_sent_is_believed(predictor: Dots) -> None:
    """There is nothing to compare; and an input that the server counts as used moves nobody."""
    walk(predictor, 1, 2)
    predictor.reconcile(Dot(77), 900)
    assert (predictor.predicted, predictor.corrections) == (Dot(77), 0)
    assert not predictor.pending_inputs
    walk(predictor, 3)
    assert predictor.predicted == Dot(77)
    walk(predictor, 901)
    assert predictor.predicted == Dot(77 + SPEED)


def test_a_player_outside_the_state_is_not_predicted(predictor: Dots) -> None:
    """Out of the game nothing is drawn; back in it, the inputs sent meanwhile are replayed."""
    predictor.reconcile(Dot(), 0)
    predictor.reconcile(Dot(300), 0)
    walk(predictor, 1, 2)
    predictor.reconcile(None, 1)
    assert predictor.predicted is predictor.displayed(0.1, RIGHT, 0.5) is None
    walk(predictor, 3)
    predictor.reconcile(Dot(1000), 2)
    assert predictor.predicted == displayed(predictor) == Dot(1000 + SPEED)
    assert predictor.corrections == 1


def test_after_a_reset_the_next_snapshot_is_the_first(predictor: Dots) -> None:
    """A reconnect forgets what was pending, and keeps the figures."""
    walk(predictor, 1, 2)
    predictor.reconcile(Dot(5), 1)
    predictor.reset()
    assert predictor.truth is predictor.predicted is predictor.displayed(0.0) is None
    assert not predictor.pending_inputs
    predictor.reconcile(Dot(9000), 0)
    assert displayed(predictor) == Dot(9000)
    assert predictor.corrections == len(predictor.history) == 1


def test_without_an_answer_the_prediction_stands_still(predictor: Dots) -> None:
    """Nobody walks on for ever, and nothing grows, while the server is silent."""
    most = round(MAX_PENDING * RATE)
    walk(predictor, *range(1, 10 * most))
    assert predictor.stalled
    assert len(predictor.pending_inputs) == most
    assert predictor.predicted == displayed(predictor, 0.01, RIGHT, 0.9) == Dot(most * SPEED)
    predictor.reconcile(Dot(SPEED), 1)
    walk(predictor, 10 * most)
    assert predictor.predicted == Dot((most + 1) * SPEED), "it goes on after the answer"
    assert predictor.stalled


@pytest.mark.parametrize("numbers", [(0,), (1, 1), (5, 4)])
def test_an_input_without_a_number_of_its_own_is_a_mistake(predictor: Dots, numbers: tuple[int, ...]) -> None:
    """It could never be confirmed; the message says which number to use."""
    with pytest.raises(ValueError, match="send_input returned"):
        walk(predictor, *numbers)


def test_rounding_on_the_wire_is_no_correction() -> None:
    """We compare what the server could send, and go on from our own, unrounded value."""
    predictor = Predictor(fall, fields=("height",), rounded=lambda drop: Drop(round(drop.height * 2) / 2))
    predictor.reconcile(Drop(), 0)
    for seq in range(1, 41):
        predictor.predict(Push(seq=seq))
        predictor.reconcile(Drop(round(seq * 0.1 * 2) / 2), seq)
    assert predictor.corrections == 0
    assert predictor.predicted is not None
    assert predictor.predicted.height == pytest.approx(4.0)


def test_without_rounding_the_same_is_a_correction() -> None:
    """The test above can fail: it is ``rounded`` that makes the difference."""
    predictor = Predictor(fall, fields=("height",))
    predictor.reconcile(Drop(), 0)
    predictor.predict(Push(seq=1))
    predictor.reconcile(Drop(0.0), 1)
    assert predictor.corrections == 1


def test_a_correction_fades_from_the_screen(predictor: Dots) -> None:
    """It is drawn where it was, half of the way after one half-life, and there within a second."""
    walk(predictor, 1)
    predictor.reconcile(Dot(SPEED, 400), 1)
    assert predictor.predicted == Dot(SPEED, 400)
    assert displayed(predictor) == Dot(SPEED, 0)
    assert displayed(predictor, HALF_LIFE) == Dot(SPEED, 200)
    assert displayed(predictor, HALF_LIFE) == Dot(SPEED, 300)
    assert displayed(predictor, 1.0) == Dot(SPEED, 400)


def test_corrections_add_up(predictor: Dots) -> None:
    """A second one while the first is still fading makes no jump, either."""
    predictor.reconcile(Dot(0, 400), 0)
    before = displayed(predictor, HALF_LIFE)
    predictor.reconcile(Dot(100, 300), 0)
    assert displayed(predictor) == before == Dot(0, 200)


def test_a_large_correction_is_shown_at_once() -> None:
    """Nobody glides across the map when a new round begins."""
    predictor = Predictor(step, snap_distance=300)
    predictor.reconcile(Dot(), 0)
    predictor.reconcile(Dot(400), 0)
    assert displayed(predictor) == Dot(400)
    predictor.reconcile(Dot(100), 0)
    assert displayed(predictor) == Dot(400)


def test_whole_numbers_stay_whole_and_floats_stay_floats(predictor: Dots) -> None:
    """An entity that is drawn fits its class, also while it is between two places."""
    predictor.reconcile(Dot(333), 0)
    drawn = displayed(predictor, 0.017, RIGHT, 1 / 3)
    assert (type(drawn.x), type(drawn.y)) == (int, int)
    falling = Predictor(fall, fields=("height",))
    falling.reconcile(Drop(1.0), 0)
    assert falling.displayed(0.0, REST, 0.5) == Drop(1.05), "what has a fraction is drawn with it"


def test_between_two_ticks_the_held_input_is_drawn_in_part(predictor: Dots) -> None:
    """Half of a tick later, half of its step; what is predicted has not moved."""
    assert displayed(predictor, 0.01, RIGHT, 0.5) == Dot(SPEED // 2)
    assert predictor.predicted == predictor.displayed(0.01, RIGHT) == Dot()
    walk(predictor, 1)
    assert displayed(predictor, 0.01, RIGHT, 0.0) == Dot(SPEED), "a tick begins where the last one was drawn"


def test_what_is_drawn_stops_at_what_stops_the_step() -> None:
    """It is the game's own step that looks ahead, so nobody is drawn inside a wall."""
    predictor: Dots = Predictor(lambda dot, push: replace(dot, x=min(step(dot, push).x, 40)))
    predictor.reconcile(Dot(), 0)
    assert displayed(predictor, 0.0, RIGHT, 1.0) == Dot(40)


def test_switched_off_the_truth_is_drawn_and_on_again_is_clean(predictor: Dots) -> None:
    """Off: where the server has us. On: where we are, with all inputs since, and no correction."""
    walk(predictor, 1)
    predictor.enabled = False
    walk(predictor, 2, 3)
    assert displayed(predictor, 0.01, RIGHT, 0.5) == Dot()
    predictor.reconcile(Dot(SPEED), 1)
    assert displayed(predictor, 0.01, RIGHT, 0.5) == Dot(SPEED)
    predictor.enabled = True
    assert displayed(predictor) == Dot(3 * SPEED)
    assert predictor.corrections == 0


def test_what_was_corrected_while_it_was_off_does_not_glide_later(predictor: Dots) -> None:
    """Switching it on shows the predicted place at once."""
    predictor.enabled = False
    predictor.reconcile(Dot(300), 0)
    displayed(predictor)
    predictor.enabled = True
    assert displayed(predictor) == Dot(300)


def test_what_was_held_for_half_of_a_tick_counts_half() -> None:
    """A key that went down in mid-tick moves the player by half of a step."""
    making: TickInput[Push] = TickInput()
    assert making.hold(REST, 0.5) == REST
    assert making.finish(RIGHT) == Push(dx=0.5)
    assert making.finish(RIGHT) == RIGHT, "the next tick begins from nothing"


def test_what_is_not_a_float_is_what_was_held_last() -> None:
    """A button is not averaged."""
    making: TickInput[Push] = TickInput()
    making.hold(Push(dx=1.0, jump=True), 0.5)
    assert making.finish(Push(dx=0.0)) == Push(dx=0.5)
    making.hold(Push(), 0.5)
    assert making.finish(Push(jump=True)) == Push(jump=True)


class Stick(Input, frozen=True):
    move: tuple[float, float] = (0.0, 0.0)
    word: tuple[str, ...] = ()


def test_a_direction_in_a_tuple_is_averaged() -> None:
    """Its whole numbers, too, as long as they meet a float; words are left alone."""
    making: TickInput[Stick] = TickInput()
    making.hold(Stick(move=(0.0, -1.0), word=("a",)), 0.75)
    assert making.finish(Stick(move=(1, 0), word=("b",))) == Stick(move=(0.25, -0.75), word=("b",))


def test_a_frame_without_time_changes_nothing() -> None:
    """Two frames in the same moment, at the start of a tick or in it, divide by nothing."""
    making: TickInput[Push] = TickInput()
    assert making.hold(RIGHT, 0.0) == RIGHT
    assert making.hold(LEFT, 0.0) == LEFT
    assert making.hold(RIGHT, 0.5) == RIGHT
    assert making.hold(LEFT, 0.5) == RIGHT


directions = st.sampled_from([RIGHT, LEFT, DOWN, REST, Push(dx=0.6, dy=-0.8)])


@given(moments=st.lists(st.tuples(st.floats(0, 1), directions), max_size=8), last=directions)
def test_what_was_drawn_is_what_the_tick_sends(moments: list[tuple[float, Push]], last: Push) -> None:
    """However often keys change, the drawn way is the sum of its parts, and ends where the step does."""
    making: TickInput[Push] = TickInput()
    before = way = 0.0
    for alpha, held in sorted(moments, key=lambda moment: moment[0]):
        way += (alpha - before) * held.dx
        before = alpha
        assert making.hold(held, alpha).dx * alpha == pytest.approx(way, abs=1e-9)
    assert making.finish(last).dx == pytest.approx(way + (1 - before) * last.dx, abs=1e-9)


def compared(predictor: Dots, snapshots: int, *, wrong: Callable[[int], Dot]) -> None:
    """Let the server answer so many inputs, each time off by what ``wrong`` says."""
    for _ in range(snapshots):
        assert predictor.truth is not None
        seq, old = predictor._confirmed_seq + 1, predictor.truth
        walk(predictor, seq, push=RIGHT)
        by = wrong(seq)
        predictor.reconcile(Dot(old.x + SPEED + by.x, old.y + by.y), seq)


def test_no_correction_is_matched(predictor: Dots) -> None:
    """Before the first snapshot, and while all agree."""
    assert predictor.verdict == Verdict("matched")
    compared(predictor, 2 * WINDOW, wrong=lambda seq: Dot())
    assert predictor.verdict == Verdict("matched")


def test_a_rare_correction_is_jitter_and_is_forgotten(predictor: Dots) -> None:
    """One lost input is told with its field and size, for as long as it is recent."""
    compared(predictor, WINDOW, wrong=lambda seq: Dot(-SPEED if seq == 5 else 0))
    assert predictor.verdict == Verdict("jitter", "x", SPEED)
    compared(predictor, WINDOW, wrong=lambda seq: Dot())
    assert predictor.verdict == Verdict("matched")


def test_a_correction_now_and_then_is_no_divergence(predictor: Dots) -> None:
    """A link that loses three inputs a second never looks like another step."""
    compared(predictor, 3 * WINDOW, wrong=lambda seq: Dot(-SPEED if seq % 10 == 0 else 0))
    assert predictor.verdict == Verdict("jitter", "x", SPEED)


def test_corrections_that_keep_coming_are_a_divergence(predictor: Dots) -> None:
    """The field that differs most is named."""
    compared(predictor, FEWEST - 1, wrong=lambda seq: Dot(1, 3))
    assert predictor.verdict.kind == "jitter", "too few to tell"
    compared(predictor, 1, wrong=lambda seq: Dot(1, 3))
    assert predictor.verdict == Verdict("diverging", "y", 3)


def test_the_history_has_an_end(predictor: Dots) -> None:
    """A game that runs for days keeps no more than a graph can show."""
    compared(predictor, HISTORY + 20, wrong=lambda seq: Dot(seq % 2))
    assert len(predictor.history) == HISTORY
    assert predictor.history[-2:] == [1, 0]
    assert predictor.corrections == HISTORY // 2 + 10


legs = st.lists(st.tuples(directions, st.floats(0.01, 0.6)), min_size=1, max_size=8)
links = st.builds(LinkConditions, st.floats(0, 0.6), st.floats(0, 0.2), st.floats(0, 0.3))
frame_rates = st.sampled_from([20.0, 30.0, 59.94, 60.0, 144.0])


def simulation(
    link: LinkConditions, *, fps: float = 60.0, seed: int = 0, rule: Callable[[Dot, Push], Dot] = step
) -> Simulation[Dot, Push]:
    return Simulation(Predictor(step), rule, Dot(), link=link, fps=fps, seed=seed)


@given(script=legs, link=links, fps=frame_rates, seed=st.integers(0, 2**32))
def test_prediction_ends_at_the_truth(
    script: list[tuple[Push, float]], link: LinkConditions, fps: float, seed: int
) -> None:
    """Whatever the link does, when inputs stop the client is where the server has it."""
    game = simulation(link, fps=fps, seed=seed)
    for held, seconds in script:
        game.play(held, seconds)
    game.run_dry()
    assert not game.predictor.pending_inputs
    assert game.predictor.predicted == game.predictor.truth == game.truth
    assert displayed(game.predictor, 30 * HALF_LIFE) == game.truth
    assert game.queue.dropped or not game.predictor.corrections, "only what was dropped is corrected"


@given(script=legs, latency=st.floats(0, 0.6), fps=frame_rates, seed=st.integers(0, 2**32))
def test_on_a_steady_link_nothing_is_ever_corrected(
    script: list[tuple[Push, float]], latency: float, fps: float, seed: int
) -> None:
    """At any constant latency the server uses every input, and agrees with every prediction."""
    game = simulation(LinkConditions(latency), fps=fps, seed=seed)
    for held, seconds in script:
        game.play(held, seconds)
    game.run_dry()
    assert (game.predictor.corrections, game.queue.dropped) == (0, 0)
    assert game.predictor.verdict == Verdict("matched")


@pytest.mark.parametrize(("by", "field"), [(Dot(1, 0), "x"), (Dot(0, 1), "y")], ids="xy")
@pytest.mark.parametrize("latency", [0.0, 0.1, 0.5])
def test_a_server_that_steps_differently_is_found_out(latency: float, by: Dot, field: str) -> None:
    """One unit is enough: the counter rises, and the verdict names the field."""

    def other(dot: Dot, push: Push) -> Dot:
        moved = step(dot, push)
        return replace(moved, x=moved.x + by.x, y=moved.y + by.y)

    game = simulation(LinkConditions(latency), rule=other)
    game.play(RIGHT, 1.0)
    assert game.predictor.corrections >= 10
    assert (game.predictor.verdict.kind, game.predictor.verdict.field) == ("diverging", field)


@pytest.mark.parametrize("fps", [30.0, 60.0, 144.0, 240.0])
def test_walking_is_even_at_any_frame_rate(fps: float) -> None:
    """With a direction held, each frame moves by the same way, but for the rounding to whole units."""
    game = simulation(LinkConditions(0.25), fps=fps)
    game.play(RIGHT, 3.0)
    way = SPEED * RATE / fps
    ways = [after.x - before.x for before, after in pairwise(game.drawn[round(fps) :])]
    assert min(ways) > way - 1.01
    assert max(ways) < way + 1.01


@pytest.mark.parametrize("fps", [60.0, 144.0])
@pytest.mark.parametrize("latency", [0.0, 0.1, 0.25, 0.5])
@pytest.mark.parametrize("turn", [LEFT, DOWN, REST])
@settings(max_examples=12)
@given(seed=st.integers(0, 1000), wait=st.floats(0.7, 0.8))
def test_each_change_of_input_shows_in_the_next_frame(
    turn: Push, latency: float, fps: float, seed: int, wait: float
) -> None:
    """Starting, turning and stopping: at any latency the first frame after it moves as told."""
    game = simulation(LinkConditions(latency), fps=fps, seed=seed)
    way = SPEED * RATE / fps
    for held in (REST, RIGHT, turn):
        game.play(held, wait)
        shown = len(game.drawn)
        game.play(held, 1.5 / fps)
        before, after = game.drawn[shown - 1 : shown + 1]
        assert after.x - before.x == pytest.approx(held.dx * way, abs=1.01)
        assert after.y - before.y == pytest.approx(held.dy * way, abs=1.01)


def test_nobody_is_drawn_going_back_when_a_key_comes_up() -> None:
    """Stopping at any moment of a tick, the drawn player goes forward or stands, but for the rounding."""
    for part in range(20):
        game = simulation(PERFECT, fps=144.0, seed=part)
        game.play(REST, 0.2)
        game.play(RIGHT, 0.5 + part / 20 / RATE)
        game.play(REST, 0.5)
        assert all(before.x <= after.x + 1 for before, after in pairwise(game.drawn))
        assert game.drawn[-1] == game.predictor.predicted == game.truth


class Turn(Input, frozen=True):
    """A wish to turn, and where the mouse points."""

    by: float = 0.0
    aim: Annotated[float, Angle()] = 0.0


class Ship(Entity, frozen=True):
    heading: Annotated[float, Angle()] = 0.0


def turned(ship: Ship, turn: Turn) -> Ship:
    return Ship((ship.heading + turn.by) % 360)


def test_a_turn_past_the_end_of_the_range_is_drawn_the_short_way() -> None:
    """From 350 on to 10 degrees, and not back through 180."""
    predictor: Predictor[Ship, Turn] = Predictor(turned, fields=["heading"])
    predictor.reconcile(Ship(350.0), 0)
    drawn = predictor.displayed(0.0, Turn(by=20.0), 0.25)
    assert drawn == Ship(355.0)


def test_a_corrected_angle_comes_over_the_short_way() -> None:
    """The truth is 20 degrees on: it is drawn where it was, and turns there through 0."""
    predictor: Predictor[Ship, Turn] = Predictor(turned, fields=["heading"])
    predictor.reconcile(Ship(350.0), 0)
    predictor.predict(Turn(seq=1))
    predictor.reconcile(Ship(10.0), 1)
    headings = [predictor.displayed(dt).heading for dt in (0.0, HALF_LIFE, 60.0)]  # type: ignore[union-attr]
    assert headings == pytest.approx([-10.0, 0.0, 10.0])
    assert (predictor.corrections, predictor.prediction_error) == (1, 20.0)


def test_a_whole_turn_is_no_correction() -> None:
    """0 and 360 degrees are the same angle."""
    predictor: Predictor[Ship, Turn] = Predictor(turned, fields=["heading"])
    predictor.reconcile(Ship(360.0), 0)
    predictor.predict(Turn(seq=1))
    predictor.reconcile(Ship(360.0), 1)
    assert predictor.corrections == 0


def test_what_was_aimed_at_is_averaged_the_short_way() -> None:
    """Half a tick at 350 and half of one at 10 degrees is a tick at 0."""
    tick: TickInput[Turn] = TickInput()
    tick.hold(Turn(aim=350.0), 0.0)
    tick.hold(Turn(aim=350.0), 0.5)
    assert tick.finish(Turn(aim=10.0)).aim % 360 == pytest.approx(0.0)
