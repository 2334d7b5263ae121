"""netlib from elsewhere."""

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.processes import ROOT
from workshop.new_project.dependency import KIT, BadDependency, requirement


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("git+https://example.org/kit.git", KIT),
        ("https://example.org/kit-1.0-py3-none-any.whl", KIT),
        ("my-fork @ https://example.org/fork.zip", "my-fork"),
    ],
)
def test_a_url(typed: str, name: str) -> None:
    """It is one of the kit, unless another name stands before it."""
    found = Requirement(requirement(typed))
    assert (found.name, found.url) == (name, typed.rpartition(" @ ")[2])


def test_a_checkout() -> None:
    """Its name is that of its own pyproject.toml."""
    found = Requirement(requirement(str(ROOT)))
    assert (found.name, found.url) == (KIT, ROOT.as_uri())


def test_a_wheel(tmp_path: Path) -> None:
    """It has its name in its file's."""
    wheel = tmp_path / "pygame_multiplayer_workshop-0.1.0-py3-none-any.whl"
    wheel.touch()
    assert requirement(str(wheel)) == f"{KIT} @ {wheel.as_uri()}"


@pytest.mark.parametrize(
    ("pyproject", "why"),
    [
        (None, "no pyproject.toml that names a project"),
        ("[tool]", "no pyproject.toml that names a project"),
        ("[project", "no pyproject.toml that names a project"),
        ("[project]\nname='x'", "no folder netlib"),
    ],
)
def test_what_has_no_netlib_is_told(pyproject: str | None, why: str, tmp_path: Path) -> None:
    """Nothing is made that could not be installed; the sentence says what can be given."""
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    with pytest.raises(BadDependency, match=f"{why}.*Give the folder of a checkout"):
        requirement(str(tmp_path))
