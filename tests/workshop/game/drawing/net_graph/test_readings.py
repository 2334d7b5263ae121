"""Readings: so many a second, so many seconds, and no spike is lost."""

import pytest

from netlib.transport.conditioner import PERFECT, LinkConditions
from workshop.game.drawing.net_graph.readings import SAMPLES_PER_SECOND, SPAN, History, Reading


def test_a_frame_is_not_a_sample() -> None:
    """However many frames there are, so many samples a second are kept, for so many seconds."""
    history = History()
    for frame in range(round(3 * SPAN * 60)):
        history.add(Reading(now=frame / 60))
    oldest, newest = history.samples[0].now, history.samples[-1].now
    assert SPAN - 0.1 <= newest - oldest <= SPAN
    assert len(history.samples) == pytest.approx(SPAN * SAMPLES_PER_SECOND, abs=3)


def test_a_spike_of_one_frame_is_kept() -> None:
    """A prediction error that was there in a single frame between two samples is in the next one."""
    history = History()
    for frame in range(60):
        history.add(Reading(now=frame / 60, prediction_error=500.0 if frame == 30 else 0.0))
    assert sum(it.prediction_error == 500.0 for it in history.samples) == 1
    assert sum(it.prediction_error == 0.0 for it in history.samples) == len(history.samples) - 1


def test_what_is_not_known_stays_unknown() -> None:
    """No prediction error is not an error of 0."""
    history = History()
    assert history.add(Reading(now=5.0))
    assert history.samples[0].prediction_error is None


def test_a_clock_that_goes_back_begins_anew() -> None:
    """Samples from the future would be drawn outside the graph."""
    history = History()
    history.add(Reading(now=100.0))
    history.add(Reading(now=1.0))
    assert [it.now for it in history.samples] == [1.0]


@pytest.mark.parametrize(
    ("server", "expected"), [(None, False), (PERFECT, False), (LinkConditions(latency=0.1), True)]
)
def test_the_server_simulates(server: LinkConditions | None, expected: bool) -> None:
    """Only a server that really makes the link worse counts."""
    assert Reading(now=0.0, server_conditions=server).server_simulates is expected
