"""Steps of which the first TODOs are done."""

from pathlib import Path

import pytest

from workshop import steps
from workshop.checking.assignment import Assignment
from workshop.checking.stage import Stage
from workshop.course.todos import todos
from workshop.maintenance.upkeep import half_done
from workshop.maintenance.upkeep.stages import programs
from workshop.steps import Step


@pytest.mark.parametrize("step", steps.all_steps()[1:], ids=lambda step: step.id)
def test_what_is_left(step: Step, tmp_path: Path) -> None:
    """With some TODOs done exactly the others stand as they came, and the next one is the first of them."""
    assignment, stops = Assignment(programs(step.starter)), list(half_done.stops(step))
    for done in (0, *stops):
        folder = half_done.build(step, done, tmp_path / f"{done}")
        left = [todo for spot in assignment.untouched(Stage(folder)) for todo in spot.todos]
        assert left == todos(step)[done:]
        assert left[0] == half_done.next_after(step, done)
        assert "solutions." not in "".join(programs(folder).values())
    assert stops == sorted(set(stops))


def test_todos_of_one_block() -> None:
    """TODOs that share a block are done together, and a step in which all are done is not begun."""
    assert list(half_done.stops(steps.find("2"))) == [2, 3]
    assert list(half_done.stops(steps.find("14"))) == [1, 4, 5, 6]
