"""What only few commands need is installed when one of them asks: here by pip, from a folder of wheels."""

import venv
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.wheels import a_wheel, only_from
from workshop import extras

PROJECT = '[project]\nname = "x"\n[project.optional-dependencies]\ntest = ["pytest>=1", "lonely>=1"]\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout whose extra names a package that only a folder of wheels has."""
    a_wheel(tmp_path / "wheels", "lonely")
    for name, text in only_from(tmp_path / "wheels").items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("PATH", "")  # there may be a uv on it, which does not know of that folder
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    monkeypatch.setattr(extras, "ROOT", tmp_path)
    return tmp_path


def test_what_is_missing_is_installed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the checkout's own `.venv` the missing package is installed, and nothing else."""
    venv.create(root / ".venv")
    monkeypatch.setattr(extras, "is_inside", lambda _: True)
    extras.need("test")
    assert [info.name for info in (root / ".venv").rglob("*.dist-info")] == ["lonely-1.0.dist-info"]


def test_it_cannot_be_had(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a connection the sentences of the first start come, as an error of ours."""
    venv.create(root / ".venv")
    monkeypatch.setattr(extras, "is_inside", lambda _: True)
    next((root / "wheels").iterdir()).unlink()
    with pytest.raises(extras.NotInstalled, match="no internet here"):
        extras.need("test")


def test_an_environment_of_their_own(root: Path) -> None:
    """Into it nothing is put: the command to type is told."""
    with pytest.raises(extras.NotInstalled, match=r'-m pip install "lonely>=1"$'):
        extras.need("test")


def test_nothing_is_missing(root: Path) -> None:
    """An extra that is there, or none at all, costs nothing."""
    extras.need("")
    assert extras.is_here(Requirement("pytest>=1"))
    assert not extras.is_here(Requirement("pytest>=999"))
