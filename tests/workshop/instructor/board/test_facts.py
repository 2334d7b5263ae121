"""What the scripts are told: they read all of it, and repeat none of it."""

import re

import pytest

from workshop.game.rules.maps import make_map
from workshop.instructor.board.facts import map_as_json, measures, wire_as_json
from workshop.instructor.board.pages import STATIC

SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js"))


@pytest.mark.parametrize("name", [*measures(), *wire_as_json(), *map_as_json(make_map(1))])
def test_scripts_read_what_they_are_told(name: str) -> None:
    """Each measure, each rule of the wire and each part of a map is read by a script."""
    assert re.search(rf"\b{name}\b", SCRIPTS)


def test_scripts_repeat_no_measure() -> None:
    """No measure of the game stands in a script as a number. One of two digits may be something else."""
    numbers = {str(number) for number in measures().values() if number > 99}
    assert numbers.isdisjoint(re.findall(r"\d+", SCRIPTS.replace("_", "")))
