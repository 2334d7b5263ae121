"""The bar of an installation from a folder of wheels."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.bootstrap.progress import bar, looked_at, packages_in, progress, share

PIP_SAYS = """Looking in links: /home/ann/pygame-workshop/wheelhouse
Obtaining file:///home/ann/pygame-workshop
Processing ./wheelhouse/pygame_ce-2.5.8-cp311-cp311-manylinux2014_x86_64.whl (from it)
Processing c:\\users\\ann\\pygame-workshop\\wheelhouse\\click-8.5.1-py3-none-any.whl
Processing ./wheelhouse/click-8.5.1-py3-none-any.whl
"""


def test_what_pip_has_looked_at() -> None:
    """Each wheel counts once, wherever it lies."""
    assert looked_at(PIP_SAYS) == 2
    assert looked_at("") == 0


def test_packages_of_several_pythons(tmp_path: Path) -> None:
    """A package that is there for three Pythons is one; what only builds is none."""
    for name in (
        "pygame_ce-2.5-cp311-x",
        "pygame_ce-2.5-cp312-x",
        "click-8-py3-none-any",
        "setuptools-80-py3-x",
    ):
        (tmp_path / f"{name}.whl").touch()
    assert packages_in(tmp_path) == 2


def test_progress_is_seen_in_the_files(tmp_path: Path) -> None:
    """What pip has looked at is a part, what is installed another."""
    log = tmp_path / "log"
    log.write_text(PIP_SAYS, encoding="utf-8")
    before = progress(tmp_path / ".venv", 4, log)
    (tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "click-8.5.1.dist-info").mkdir(
        parents=True
    )
    assert 0 < before < progress(tmp_path / ".venv", 4, log) < 1


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 30))
def test_it_is_whole_only_at_the_end(looked: int, installed: int, packages: int) -> None:
    """However wrong the number of packages was, the bar is never full before pip has ended."""
    assert 0 <= share(looked, installed, packages) < 1


@pytest.mark.parametrize(
    ("done", "text"), [(0, "[........................]   0%"), (0.5, "[############............]  50%")]
)
def test_a_bar(done: float, text: str) -> None:
    """A bar has letters that every terminal shows, and always the same width."""
    assert bar(done) == text
    assert len(bar(done)) == len(bar(0.99))
