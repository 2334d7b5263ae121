"""What the host puts on the board, and for how long it stands there."""

import pytest

from netlib.errors import RequestFailed
from workshop.instructor.board.messages import BoardOrder
from workshop.instructor.board.screen import OVER_SECONDS, Screen
from workshop.instructor.classroom.host_memory import OnBoard
from workshop.steps import all_steps


@pytest.fixture
def screen() -> Screen:
    """Give the screen of a class of thirty."""
    return Screen(OnBoard(), lambda board: None, 30)


def test_a_word_is_signed_and_stands_until_it_is_taken_off(screen: Screen) -> None:
    """The host's word has the host's name, without what nobody sees; an empty one takes it off."""
    screen.obey(BoardOrder("say", "look\u200b here "), "Kim", 0.0)
    shown = screen.at(9_999.0)
    assert (shown.word, shown.by) == ("look here", "Kim")
    screen.obey(BoardOrder("say"), "Kim", 0.0)
    assert not screen.at(0.0).word


def test_a_word_that_nobody_sees_is_refused(screen: Screen) -> None:
    """Only hidden characters are no word; what stood on the board stays."""
    screen.obey(BoardOrder("say", "look"), "Kim", 0.0)
    with pytest.raises(RequestFailed):
        screen.obey(BoardOrder("say", "\u200b \n"), "Kim", 0.0)
    assert screen.at(0.0).word == "look"


def test_a_countdown_ends(screen: Screen) -> None:
    """A countdown counts seconds, says for a while that it is over, and then is gone; 0 ends it at once."""
    screen.obey(BoardOrder("countdown", number=60), "Kim", 100.0)
    assert [screen.at(now).countdown for now in (100.0, 130.0, 165.0)] == [60, 30, -5]
    assert screen.at(161.0 + OVER_SECONDS).countdown is None
    screen.obey(BoardOrder("countdown", number=60), "Kim", 500.0)
    screen.obey(BoardOrder("countdown"), "Kim", 501.0)
    assert screen.at(502.0).countdown is None


def test_the_step_that_the_class_is_on(screen: Screen) -> None:
    """The host names a step by its id; an unknown one is refused in a sentence; empty means none."""
    step = all_steps()[3]
    screen.obey(BoardOrder("step", step.id), "Kim", 0.0)
    assert screen.at(0.0).step == f"{step.number} {step.title}"
    with pytest.raises(RequestFailed, match="no step"):
        screen.obey(BoardOrder("step", "step99_magic"), "Kim", 0.0)
    screen.obey(BoardOrder("step"), "Kim", 0.0)
    assert not screen.at(0.0).step


def test_how_many_are_expected(screen: Screen) -> None:
    """The host says for how many people the board waits."""
    assert screen.at(0.0).expected == 30
    screen.obey(BoardOrder("expect", number=12), "Kim", 0.0)
    assert screen.at(0.0).expected == 12


def test_it_is_as_it_was_left() -> None:
    """What is kept is all that stood there; a countdown went on meanwhile."""
    kept: list[OnBoard] = []
    before = Screen(OnBoard(), kept.append, 30)
    for order in (
        BoardOrder("say", "look"),
        BoardOrder("countdown", number=600),
        BoardOrder("step", all_steps()[3].id),
        BoardOrder("expect", number=0),
    ):
        before.obey(order, "Kim", 100.0)
    later = Screen(kept[-1], kept.append, 30)
    assert later.at(400.0) == before.at(400.0)
    assert (later.at(400.0).countdown, later.at(400.0).expected) == (300, 0)
