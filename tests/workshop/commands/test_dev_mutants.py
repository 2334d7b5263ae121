"""`dev mutants`: which are run, what is printed of them, and when it is content."""

import pytest

from workshop import steps
from workshop.cli import run
from workshop.commands.dev import mutants as module
from workshop.maintenance.upkeep.mutants import Fate, Mutant, Outcome

STEP = steps.find("2")


@pytest.mark.parametrize(
    ("numbers", "holds"),
    [
        ({"placed": 97, "survived": 3}, True),
        ({"placed": 96, "survived": 4}, False),
        ({"placed": 96, "survived": 3, "broken": 1}, False),
        ({"placed": 50, "not found": 49, "misplaced": 1}, True),
        ({"placed": 90, "misplaced": 10}, False),
        ({}, True),
    ],
)
def test_when_it_holds(numbers: dict[Fate, int], holds: bool) -> None:
    """Enough are caught, and hardly any is placed in another piece."""
    mutant = Mutant(STEP, "solution", "server.py", "echo", "statement dropped", 1, "x", "pass", "pass")
    outcomes = [Outcome(mutant, fate) for fate, number in numbers.items() for _ in range(number)]
    assert module.holds(outcomes) == holds


def test_it_runs_a_sample(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A sample of the solution's mutants is run; the doubtful once more; survivors are named."""
    ran = list[int]()

    def checked(todo: list[Mutant], jobs: int) -> list[Outcome]:
        ran.append(len(todo))
        assert all(each.base == "solution" for each in todo)
        fates: list[Fate] = ["survived", "broken", "placed"] if jobs > 1 else ["placed"]
        return [Outcome(each, fate) for each, fate in zip(todo, fates, strict=True)]

    monkeypatch.setattr(module, "checked", checked)
    assert run(["dev", "mutants", "2", "--sample", "3", "--solutions-only", "--jobs", "4"]) == 1
    assert ran == [3, 1]
    said = capsys.readouterr()
    assert "survived: step02_echo solution" in said.err and "broken:" not in said.err
    row = next(line.split() for line in said.out.splitlines() if line.startswith("02"))
    assert [row[1], *row[3:]] == ["3", "2", "1", "2", "0", "0", "0"]
