"""What step 10 shows beside its lesson: how large a correction was, and frames between two ticks."""

from msgspec.structs import replace

from solutions.step10_prediction.prediction import Prediction, between
from workshop.game.rules.entities import Player

START = Player("Ada", 0, 1000, 1000)


def test_a_correction_is_measured() -> None:
    """The prediction error is the distance by which a snapshot has moved the player."""
    prediction = Prediction(lambda player, _: player)  # where nobody moves
    for place in (START, replace(START, x=START.x + 30, y=START.y - 40)):
        prediction.reconcile(place, 0)
    assert prediction.prediction_error == 50


def test_a_frame_lies_between_two_ticks() -> None:
    """At the start of a tick the player is where it was, at the end where it is."""
    there = replace(START, x=START.x + 128)
    assert [between(START, there, share).x - START.x for share in (0.0, 0.25, 1.0)] == [0, 32, 128]
