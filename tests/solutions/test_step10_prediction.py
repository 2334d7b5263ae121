"""Prediction by hand: whatever the server has applied and however it disagrees, both meet in the end."""

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solutions.step10_prediction.prediction import Prediction, between
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step as step_on

MAP = make_map(5)
step = partial(step_on, map=MAP)
START = Player("Ada", 0, *MAP.spawns[0])
MOVES = st.lists(st.sampled_from([(0.0, 0.0), (1.0, 0.0), (0.0, -1.0), (-0.7, 0.7)]), min_size=1, max_size=30)


def predicting() -> Prediction:
    """Give a prediction that knows where the player starts."""
    prediction = Prediction(step)
    prediction.reconcile(START, 0)
    return prediction


@settings(deadline=None)
@given(MOVES, st.data())
def test_the_picture_is_the_truth_and_what_is_pending(
    moves: list[tuple[float, float]], data: st.DataObject
) -> None:
    """Wherever the server says that we were, the prediction is there, and all pending inputs further."""
    prediction = predicting()
    inputs = [prediction.predict(Move(move=move)) for move in moves]
    confirmed = data.draw(st.integers(0, len(moves)))
    expected = truth = Player("Ada", 0, *data.draw(st.sampled_from(MAP.spots)))
    prediction.reconcile(truth, confirmed)
    for input in inputs[confirmed:]:
        expected = step(expected, input)
    assert prediction.predicted == expected
    assert list(prediction.pending_inputs) == inputs[confirmed:]


@settings(deadline=None)
@given(MOVES)
def test_a_server_that_agrees_corrects_nothing(moves: list[tuple[float, float]]) -> None:
    """As long as both have the same rule, no snapshot moves anybody."""
    prediction, truth = predicting(), START
    for move in moves:
        truth = step(truth, prediction.predict(Move(move=move)))
    prediction.reconcile(truth, len(moves))
    assert prediction.prediction_error == 0
    assert prediction.predicted == truth


def test_a_correction_is_measured() -> None:
    """The prediction error is the distance by which a snapshot has moved the player."""
    prediction = predicting()
    prediction.reconcile(replace(START, x=START.x + 30, y=START.y - 40), 0)
    assert prediction.prediction_error == 50


def test_inputs_are_numbered_from_1() -> None:
    """The server takes 0 for no number."""
    prediction = predicting()
    assert [prediction.predict(Move()).seq for _ in range(3)] == [1, 2, 3]


def test_a_frame_lies_between_two_ticks() -> None:
    """At the start of a tick the player is where it was, at the end where it is."""
    there = replace(START, x=START.x + 128)
    assert [between(START, there, share).x - START.x for share in (0.0, 0.25, 1.0)] == [0, 32, 128]
