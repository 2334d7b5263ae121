"""What news makes of a place: the step, the state, the hand, the times."""

import pytest

from workshop.instructor.classroom.news import News
from workshop.instructor.classroom.place import Place, Work, after

ADA = Place("Ada", "proof", since=100.0)


def told(*news: News, now: float = 1000.0) -> Place:
    """Ada's place after this news."""
    place = ADA
    for each in news:
        place = after(place, each, now)
    return place


def checked(number: int, step: str = "one", *, passed: bool = False, seconds: float = 60.0) -> News:
    """A check's news."""
    return News(number, "check", step, passed=passed, seconds=seconds)


def test_a_step_is_begun_checked_and_passed() -> None:
    """Working until the check is passed, then done; the number of checks and the time are kept."""
    assert (ADA.step, ADA.state) == ("", "working")
    begun = told(News(1, "start", "one"))
    assert (begun.step, begun.state, begun.work) == ("one", "working", {})
    tried = after(begun, checked(2, seconds=30.0), 1000.0)
    assert (tried.state, tried.work) == ("working", {"one": Work(30.0, 1, False)})
    done = after(tried, checked(3, passed=True, seconds=90.0), 1000.0)
    assert (done.state, done.work) == ("done", {"one": Work(90.0, 2, True)})


def test_passed_stays_passed() -> None:
    """A later check of a passed step is counted, but changes neither its time nor that it is passed."""
    place = told(checked(1, passed=True, seconds=90.0), checked(2, seconds=900.0))
    assert (place.state, place.work) == ("done", {"one": Work(90.0, 2, True)})


def test_looking_back() -> None:
    """A check of a step that was passed before does not lead away from the current one; another's does."""
    place = told(checked(1, passed=True), News(2, "start", "two"), checked(3, passed=True))
    assert (place.step, place.state) == ("two", "working")
    assert told(News(1, "start", "one"), checked(2, "two")).step == "two"


def test_a_hand() -> None:
    """Stuck with words, until the hand is lowered."""
    stuck = told(News(1, "start", "one"), News(2, "stuck", words="line 12"))
    assert (stuck.step, stuck.state, stuck.words) == ("one", "stuck", "line 12")
    free = after(stuck, News(3, "unstuck"), 1000.0)
    assert (free.state, free.words) == ("working", "")


@pytest.mark.parametrize(
    ("news", "state"),
    [(checked(3, passed=True), "done"), (checked(3), "stuck"), (News(3, "start", "two"), "stuck")],
)
def test_passing_ends_being_stuck(news: News, state: str) -> None:
    """Passing the step lowers the hand; nothing else but `unstuck` does."""
    stuck = told(News(1, "start", "one"), News(2, "stuck", words="line 12"))
    assert after(stuck, news, 1000.0).state == state


def test_words_are_shown_on_one_line() -> None:
    """What cannot be shown is taken out; markup stays the text that it is."""
    assert told(News(1, "stuck", words="a\nb\x1b[31m  <b>&")).words == "a b [31m <b>&"


def test_since_when() -> None:
    """The time counts from when it happened, not from when it was told, and anew only with a new state."""
    begun = after(ADA, News(1, "start", "one", ago=50.0), 1000.0)
    assert begun.since == 950.0
    assert after(begun, checked(2), 1100.0).since == 950.0
    assert after(begun, checked(2, passed=True), 1100.0).since == 1100.0
    assert after(begun, News(2, "stuck", ago=1e9), 1100.0).since == 950.0, "not before the state that was"
