"""When to try again: the first time at once, then after growing pauses of random length."""

from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from netlib.client import reconnect
from netlib.client.reconnect import FIRST_PAUSE, LONGEST_PAUSE

seeds = st.integers(0, 2**32)


def pauses(seed: int, count: int) -> list[float]:
    """Return the first pauses."""
    return list(islice(reconnect.pauses(seed), count))


@given(seed=seeds)
def test_pauses_grow_within_bounds(seed: int) -> None:
    """The first try is at once; then each is at least half of its longest, which doubles up to a bound."""
    first, *later = pauses(seed, 40)
    assert first == 0.0
    for number, pause in enumerate(later):
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**number)
        assert longest / 2 <= pause <= longest


@given(seed=seeds)
def test_no_pause_is_much_shorter_than_the_one_before(seed: int) -> None:
    """While the bound doubles, each pause is at least as long as the one before."""
    growing = pauses(seed, 6)
    assert all(after >= before for before, after in pairwise(growing))


def test_pauses_differ_between_clients() -> None:
    """All who are cut off together do not come back together."""
    assert len({pauses(seed, 2)[1] for seed in range(100)}) == 100


def test_a_seed_repeats_them() -> None:
    """So that a test, or a look at a problem, sees the same tries again."""
    assert pauses(7, 20) == pauses(7, 20)


def test_very_many_tries_are_no_problem() -> None:
    """The bound holds after days, too."""
    assert pauses(1, 5000)[-1] <= LONGEST_PAUSE
