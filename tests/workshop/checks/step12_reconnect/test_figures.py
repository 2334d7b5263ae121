"""What step 12 judges without running a program: pauses, countdowns and tokens."""

import uuid

import pytest

from workshop.checking.verdict import Wrong
from workshop.checks.step12_reconnect.figures import Pauses, alike, judge_chance, judge_countdown

PAUSES = Pauses(0.1, 0.4)


def test_whole_pauses() -> None:
    """They double from the first up to the longest."""
    assert PAUSES.whole(5) == [0.1, 0.2, 0.4, 0.4, 0.4]


def test_half_of_a_pause_is_certain() -> None:
    """A pause of less than half its length is wrong, however long the others are."""
    PAUSES.judge_short([0.05, 0.1, 0.2])
    with pytest.raises(Wrong, match=r"0\.10, 0\.20, 0\.18 s"):
        PAUSES.judge_short([0.1, 0.2, 0.18])


def test_chance() -> None:
    """One shorter pause shows that there is chance."""
    judge_chance([1.02, 0.6, 1.3])
    with pytest.raises(Wrong):
        judge_chance([1.02, 1.0, 1.3])


@pytest.mark.parametrize(
    ("seen", "symptom"),
    [
        ([(2.0, 2.1), (1.0, 0.9)], ""),
        ([(2.0, 0.0), (1.0, 0.0)], "at_zero"),
        ([(2.0, 1e9), (1.0, 1e9)], "other_time"),
        ([(2.0, 2.0), (1.9, 0.1)], "other_time"),
    ],
)
def test_countdown(seen: list[tuple[float, float]], symptom: str) -> None:
    """A countdown tells about as many seconds as there are to go."""
    found = ""
    try:
        judge_countdown(seen)
    except Wrong as wrong:
        found = wrong.symptom
    assert found == symptom


def test_tokens_that_are_alike() -> None:
    """A clock or a counter shows in two tokens, chance does not."""
    assert alike("1795900915123", "1795900915987")
    assert alike(str(uuid.uuid1()), str(uuid.uuid1()))
    assert not any(alike(str(uuid.uuid4()), str(uuid.uuid4())) for _ in range(200))
