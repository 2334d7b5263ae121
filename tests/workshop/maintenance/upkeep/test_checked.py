"""A check in a process of its own."""

from pathlib import Path

import pytest

from workshop import steps
from workshop.maintenance.upkeep import checked as module
from workshop.maintenance.upkeep.checked import BrokenCheck, checked


async def test_a_result() -> None:
    """What the check found comes back as it is."""
    result = await checked(steps.find("2").starter, "--first")
    assert result.failed is not None
    assert result.failed.failure is not None
    assert result.todo == "02.1"


async def test_a_check_that_breaks(tmp_path: Path) -> None:
    """A check that ends without a result says why."""
    with pytest.raises(BrokenCheck, match=r"There is no step 'nothing_here'"):
        await checked(tmp_path / "nothing_here")


async def test_a_check_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that takes too long is given up."""
    monkeypatch.setattr(module, "LIMIT_SECONDS", 0.01)
    with pytest.raises(BrokenCheck, match="had not ended"):
        await checked(steps.find("2").starter)
