"""Sessions and pauses of step 12, without a network."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions.step12_reconnect.session import Backoff, Sessions
from workshop.game.more_flags import with_seconds

GRACE = 10.0


def test_a_token_brings_the_same_player_back() -> None:
    """A client that shows its token over a new connection is the same player, no longer dropped."""
    sessions = Sessions(GRACE)
    ada, resumed = sessions.enter("", 1)
    assert not resumed
    sessions.drop(1, 5.0)
    back, resumed = sessions.enter(ada.token, 2)
    assert resumed and back.player_id == ada.player_id
    assert sessions.take_overdue(1000.0) == []


@pytest.mark.parametrize("token", ["", "1", "unknown"])
def test_an_unknown_token_is_a_newcomers(token: str) -> None:
    """A token that was never given begins a new session, with a number and a token of its own."""
    sessions = Sessions(GRACE)
    ada, _ = sessions.enter("", 1)
    eve, resumed = sessions.enter(token, 2)
    assert not resumed
    assert eve.player_id != ada.player_id and eve.token != ada.token


def test_an_old_connection_that_ends_late_drops_nobody() -> None:
    """Only the end of the connection that a session goes over now is its drop."""
    sessions = Sessions(GRACE)
    ada, _ = sessions.enter("", 1)
    sessions.enter(ada.token, 2)
    assert sessions.drop(1, 5.0) is None
    assert sessions.take_overdue(1000.0) == []


def test_the_grace_time_is_kept_to_the_end_and_no_longer() -> None:
    """A dropped session lasts for the grace time, is taken out once, and its token opens nothing then."""
    sessions = Sessions(GRACE)
    ada, _ = sessions.enter("", 1)
    sessions.drop(1, 5.0)
    assert sessions.take_overdue(5.0 + GRACE - 0.01) == []
    assert [session.player_id for session in sessions.take_overdue(5.0 + GRACE)] == [ada.player_id]
    assert sessions.take_overdue(1000.0) == []
    again, resumed = sessions.enter(ada.token, 2)
    assert not resumed and again.player_id != ada.player_id


@given(st.integers(1, 3000), st.floats(0.01, 2.0), st.floats(1.0, 50.0), st.integers())
def test_pauses_double_up_to_the_longest(tries: int, first: float, factor: float, seed: int) -> None:
    """Each pause is between half of its longest and all of it, also after thousands of tries."""
    random.seed(seed)
    backoff = Backoff(first, first * factor)
    backoff.tries = tries - 1
    longest = first * min(factor, 2.0 ** min(tries - 1, 16))
    assert longest / 2 * 0.999 <= backoff.next() <= longest * 1.001


def test_further_flags_stand_beside_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step's own times are parsed, and all other words are left to the usual flags."""
    monkeypatch.setattr("sys.argv", ["server", "--port", "7", "--longest-pause", "2.5"])
    found = with_seconds(lambda words: {"words": list(words)}, first_pause=0.5, longest_pause=8.0)
    assert found == {"words": ["--port", "7"], "first_pause": 0.5, "longest_pause": 2.5}
