"""The keys of the network: sensible steps, from wherever one is."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.transport.conditioner import PERFECT, LinkConditions
from workshop.game.drawing.net_graph.link_keys import LINK_KEYS

LATENCY, JITTER, LOSS = (LINK_KEYS[key] for key in (pygame.K_F4, pygame.K_F5, pygame.K_F6))


def test_all_steps_up_and_down() -> None:
    """Each key goes through all its steps to the last, and back to nothing."""
    for key in LINK_KEYS.values():
        conditions, seen = PERFECT, [0.0]
        for _ in key.steps:
            conditions = key.stepped(conditions, 1)
            seen.append(key.shown(conditions))
        assert seen == [*key.steps, key.steps[-1]], "the last step stays"
        for _ in key.steps:
            conditions = key.stepped(conditions, -1)
        assert conditions == PERFECT


@pytest.mark.parametrize(
    ("latency", "way", "expected"),
    [(0.23, 1, 250), (0.23, -1, 200), (0.0004, 1, 50), (0.0004, -1, 0), (3.0, 1, 3000), (3.0, -1, 1000)],
)
def test_an_odd_value_goes_to_the_next_step(latency: float, way: int, expected: int) -> None:
    """What a flag has set goes to the next step in that direction, and never back to a milder one."""
    assert LATENCY.shown(LATENCY.stepped(LinkConditions(latency), way)) == expected


def test_a_key_changes_its_own_field() -> None:
    """The other conditions stay as they are, and the numbers are seconds and shares."""
    before = LinkConditions(0.1, 0.02, 0.05)
    assert LATENCY.stepped(before, 1) == LinkConditions(0.15, 0.02, 0.05)
    assert JITTER.stepped(before, 1) == LinkConditions(0.1, 0.04, 0.05)
    assert LOSS.stepped(before, -1) == LinkConditions(0.1, 0.02, 0.02)


def test_values_have_units() -> None:
    """What is shown is in milliseconds and percent, without needless decimals."""
    conditions = LinkConditions(0.15, 0.0005, 0.02)
    assert [key.words(conditions) for key in LINK_KEYS.values()] == ["150 ms", "0.5 ms", "2 %"]


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 0.99), st.sampled_from(sorted(LINK_KEYS)))
def test_up_is_never_better_and_down_never_worse(
    latency: float, jitter: float, loss: float, key: int
) -> None:
    """From any conditions, a step gives conditions that are possible, in the direction of the key."""
    before, link_key = LinkConditions(latency, jitter, loss), LINK_KEYS[key]
    up, down = (link_key.shown(link_key.stepped(before, way)) for way in (1, -1))
    assert down <= link_key.shown(before) <= up
