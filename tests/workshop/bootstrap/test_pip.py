"""Which pip installs into `.venv`: that of the Python outside, when it can."""

import sys
import venv
from pathlib import Path

import pytest

from workshop.bootstrap.interpreter import python_of
from workshop.bootstrap.pip import has_pip, outside_python, pip_for


@pytest.mark.parametrize(
    ("version", "expected"), [("22.2.2", False), ("22.3", True), ("26.1.dev0", True), (None, False)]
)
def test_a_pip_that_is_too_old(tmp_path: Path, version: str | None, expected: bool) -> None:
    """pip installs into another environment since 22.3; an older one is as good as none."""
    venv.create(tmp_path)
    if version:
        (site,) = [*tmp_path.glob("lib/python*/site-packages"), *tmp_path.glob("Lib/site-packages")]
        (site / "pip").mkdir()
        (site / "pip" / "__init__.py").write_text(f"__version__ = {version!r}\n", encoding="utf-8")
    assert has_pip(str(python_of(tmp_path))) is expected


def test_a_python_that_is_gone(tmp_path: Path) -> None:
    """A Python that was taken away has no pip."""
    assert not has_pip(str(tmp_path / "python"))


def test_outside_is_in_no_environment() -> None:
    """Also from within `.venv` the Python that it was made from is found, and its pip is the first choice."""
    assert not Path(outside_python()).is_relative_to(sys.prefix) or sys.prefix == sys.base_prefix
    outside, inside = outside_python(), Path("some/python")
    program = [outside, "-m", "pip", "--python"] if has_pip(outside) else [str(inside), "-m"]
    assert pip_for(inside)[: len(program)] == program
